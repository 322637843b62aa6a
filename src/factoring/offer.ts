import type { ExpectedFinding, FactoringOffer } from "../../models/factoring-offer.js";
import type { FactoringTerms } from "../../models/factoring-terms.js";
import type { UsedModel } from "../../models/quote.js";
import { Refusal } from "../../models/refusal.js";
import { addDays, type Day, formatDay } from "../calendar/day.js";
import { formatMinor, type Minor, minor, parseMinor, zeroMinor } from "../money/money.js";
import { alternatives } from "./alternatives.js";
import { apr } from "./annual-rate.js";
import { assumptionRows } from "./assumption-rows.js";
import type { Base, Reason } from "./borrowing-base.js";
import { type ChargeCourse, contradiction, courseOf, type LaterCharge, laterCharges } from "./charges.js";
import { type CheapestSet, cheapestSet } from "./cheapest-set.js";
import { costByDay, longestCurveDays, rateOfFace } from "./cost-by-day.js";
import { disclosures } from "./disclosure.js";
import { eventChargesShown } from "./event-charges.js";
import {
  averageDays,
  costOn,
  type Fundable,
  type FundedLine,
  type Funding,
  feeOn,
  funding,
  interestOn,
  limitsOf,
} from "./funding.js";
import { type KnownDebtor, type OfferedInvoice, openMinor, recourseDay, scheduleBase } from "./schedule-base.js";

export interface OfferOrder {
  readonly terms: FactoringTerms;
  /** the terms as they were given, to say which of them were defaults */
  readonly givenTerms: unknown;
  /** day of funding */
  readonly asOf: Day;
  readonly invoices: readonly OfferedInvoice[];
  /** the factor's debtors; null where they are not given */
  readonly debtors: ReadonlyMap<string, KnownDebtor> | null;
  /** cash that is to be raised, with the invoices that cost least; null: all that is eligible is offered */
  readonly targetMinor: Minor | null;
  /** of a facility on the books; null: it is opened with this offer */
  readonly course: ChargeCourse | null;
  /** where the expected days to pay come from, in words */
  readonly expectedFrom: string;
  /** the stored model they come from, where they do */
  readonly expectedModel?: UsedModel | undefined;
  /** what that model lacks of these invoices */
  readonly expectedFindings?: readonly ExpectedFinding[] | undefined;
}

/**
 * What a factor offers on a schedule of invoices: how much today, how much is held back, what it costs by the day on
 * which debtors pay, what that is as a yearly rate, and what else could be done with the same invoices.
 *
 * Pure: the same order gives the same document.
 *
 * @throws Refusal `assumption_out_of_range` for charges that contradict each other
 */
export function offer(order: OfferOrder): FactoringOffer {
  const { terms, asOf, invoices } = order;
  const wrong = contradiction(terms);
  if (wrong !== undefined) throw new Refusal("assumption_out_of_range", wrong);
  const base = scheduleBase(invoices, order.debtors, { terms, asOf });
  const limits = limitsOf(base.eligibleMinor, terms);
  const fundable = fundableOf(order, base);
  const all = { ...funding(fundable, limits, terms), laterCharges: chargesOf(order, fundable) };
  const target = order.targetMinor === null ? null : targeted(all, order.targetMinor, terms);
  const funded = target?.funded ?? all;
  const due = costOn(funded, byDueDate, terms);
  const show = (amount: bigint) => formatMinor(amount, terms.currency);
  return {
    offer: {
      name: terms.name ?? null,
      currency: terms.currency,
      as_of: formatDay(asOf),
      invoices: invoices.length,
      invoices_funded: funded.lines.length,
      gross: show(base.grossMinor),
      eligible: show(base.eligibleMinor),
      purchased: show(funded.faceMinor),
      advance_rate: terms.advance_rate,
      dilution_reserve: show(limits.dilutionReserveMinor),
      facility_room: limits.roomMinor === null ? null : show(limits.roomMinor),
      over_advance: show(limits.overAdvanceMinor),
      gross_advance: show(funded.advanceMinor),
      upfront_charges: show(funded.chargesMinor),
      facility_charges: show(due.chargesMinor - due.payoutMinor - funded.chargesMinor),
      fee_at_funding: show(funded.feeAtFundingMinor),
      net_funded: show(funded.netFundedMinor),
      reserve: show(funded.reserveMinor),
      recourse: recourseWords(terms),
      expires_on: formatDay(addDays(asOf, terms.valid_days)),
    },
    target: target === null ? null : target.document,
    expected: expectedCase(funded, order),
    invoices: invoiceRows(order, base, funded),
    base: base.steps.map(({ step, removedMinor, remainingMinor }) => ({
      step,
      removed: show(removedMinor),
      remaining: show(remainingMinor),
    })),
    cost_by_day: costByDay(funded, terms),
    event_charges: eventChargesShown(terms),
    disclosure: disclosures(funded, terms),
    alternatives: alternatives(funded, terms),
    assumptions: assumptionRows(terms, order.givenTerms),
  };
}

const byDueDate = ({ dueDays }: FundedLine): number => dueDays;
const byExpectation = ({ expectedDays }: FundedLine): number => expectedDays;

/** Charges of the facility beside the schedule, as far as its cost is looked at. */
function chargesOf({ course, terms, asOf }: OfferOrder, fundable: readonly Fundable[]): LaterCharge[] {
  const days = fundable.reduce((most, line) => Math.max(most, line.dueDays, line.expectedDays), longestCurveDays);
  return laterCharges(course ?? courseOf(terms, asOf), { fundedOn: asOf, days });
}

function fundableOf({ invoices, asOf }: OfferOrder, base: Base): Fundable[] {
  return invoices.flatMap((invoice, index): Fundable[] => {
    const eligibleMinor = base.eligible[index]!;
    if (eligibleMinor === 0n) return [];
    const dueDays = Math.max(1, invoice.dueOn - asOf);
    return [{ index, faceMinor: openMinor(invoice), eligibleMinor, dueDays, expectedDays: expectedDay(invoice, asOf) }];
  });
}

/** Days from funding to the payment: by the debtor's behaviour where it is known, to the due date otherwise; 1 at least. */
function expectedDay(invoice: OfferedInvoice, asOf: Day): number {
  const day = invoice.expectedDays === null ? invoice.dueOn : invoice.issuedOn + Math.round(invoice.expectedDays);
  return Math.max(1, day - asOf);
}

interface Target {
  readonly funded: Funding;
  readonly document: NonNullable<FactoringOffer["target"]>;
}

/**
 * The invoices that raise the cash at the least expected cost. Each brings its advance less what is taken of it; charges of
 * the schedule, and credits (which always come along), are raised on top. Eligibility is that of the whole schedule.
 */
function targeted(all: Funding, targetMinor: Minor, terms: FactoringTerms): Target {
  const credits = all.lines.filter(({ faceMinor }) => faceMinor < 0n);
  const debits = all.lines.filter(({ faceMinor }) => faceMinor >= 0n);
  const perInvoice = terms.charges
    .filter(({ per }) => per === "invoice")
    .reduce((sum, { amount }) => sum + parseMinor(amount, terms.currency), 0n);
  const perSchedule = all.chargesMinor - perInvoice * BigInt(debits.length);
  const atFunding = terms.fee_schedule.collected_at === "funding";
  const owed = credits.reduce((sum, { advanceMinor }) => sum - advanceMinor, 0n);
  const candidates = debits.map((line) => ({
    cashMinor: minor(line.advanceMinor - perInvoice - (atFunding ? feeOn(line, all.fees, 0) : 0n)),
    costMinor: minor(lineCost(line, all) + perInvoice),
  }));
  const found: CheapestSet = cheapestSet(candidates, targetMinor + perSchedule + owed);
  const chosen = new Set([...credits, ...found.taken.map((k) => debits[k]!)].map(({ index }) => index));
  const funded = withLines(
    all,
    all.lines.filter(({ index }) => chosen.has(index)),
    { perInvoice, perSchedule, atFunding },
  );
  const { owedMinor, chargesMinor } = costOn(funded, byExpectation, terms);
  const show = (amount: bigint) => formatMinor(amount, terms.currency);
  return {
    funded,
    document: {
      target_cash: show(targetMinor),
      reached: found.reached && funded.netFundedMinor >= targetMinor,
      proved_cheapest: found.proved,
      expected_cost: show(owedMinor + chargesMinor),
    },
  };
}

function lineCost(line: FundedLine, { fees, interest }: Funding): bigint {
  return feeOn(line, fees, line.expectedDays) + interestOn(line, interest, line.expectedDays);
}

/** The same funding with fewer lines. */
function withLines(
  all: Funding,
  lines: readonly FundedLine[],
  { perInvoice, perSchedule, atFunding }: { perInvoice: bigint; perSchedule: bigint; atFunding: boolean },
): Funding {
  const sum = (of: (line: FundedLine) => bigint) => minor(lines.reduce((total, line) => total + of(line), 0n));
  const bought = BigInt(lines.filter(({ faceMinor }) => faceMinor > 0n).length);
  const chargesMinor = minor(lines.length === 0 ? 0n : perSchedule + perInvoice * bought);
  const feeAtFundingMinor = atFunding ? sum((line) => feeOn(line, all.fees, 0)) : zeroMinor;
  const advanceMinor = sum((line) => line.advanceMinor);
  return {
    ...all,
    lines,
    faceMinor: sum((line) => line.faceMinor),
    advanceMinor,
    reserveMinor: sum((line) => line.reserveMinor),
    chargesMinor,
    feeAtFundingMinor,
    netFundedMinor: minor(advanceMinor - chargesMinor - feeAtFundingMinor),
  };
}

function expectedCase(funded: Funding, order: OfferOrder): FactoringOffer["expected"] {
  const { terms, expectedFrom, expectedModel, expectedFindings = [] } = order;
  const { owedMinor: owed, chargesMinor, releaseMinor } = costOn(funded, byExpectation, terms);
  const cost = minor(owed + chargesMinor);
  const days = averageDays(funded, byExpectation);
  const show = (amount: bigint) => formatMinor(amount, terms.currency);
  return {
    basis: expectedFrom,
    ...(expectedModel === undefined ? {} : { model: expectedModel }),
    ...(expectedFindings.length === 0 ? {} : { findings: [...expectedFindings] }),
    days,
    fee: show(owed),
    cost: show(cost),
    release: show(releaseMinor),
    fee_rate_of_face: rateOfFace(owed, funded),
    apr_of_advance: apr({ financedMinor: funded.netFundedMinor, chargeMinor: cost, days }, 6),
  };
}

function invoiceRows(order: OfferOrder, base: Base, funded: Funding): FactoringOffer["invoices"] {
  const { terms, invoices, asOf } = order;
  const lines = new Map(funded.lines.map((line) => [line.index, line]));
  const show = (amount: bigint) => formatMinor(amount, terms.currency);
  return invoices.map((invoice, i) => {
    const line = lines.get(i);
    const eligibleMinor = base.eligible[i]!;
    return {
      invoice_number: invoice.invoiceNumber,
      debtor_id: invoice.debtorId,
      amount: show(openMinor(invoice)),
      eligible: eligibleMinor > 0n,
      eligible_amount: show(eligibleMinor),
      selected: line !== undefined,
      advance: show(line?.advanceMinor ?? 0n),
      reserve: show(line?.reserveMinor ?? 0n),
      due_in_days: invoice.dueOn - asOf,
      expected_days_to_pay: Math.round(invoice.expectedDays ?? invoice.dueOn - invoice.issuedOn),
      expected_days_from_funding: expectedDay(invoice, asOf),
      expected_fee: show(line === undefined ? 0n : lineCost(line, funded)),
      recourse_on: recourseDay(invoice, terms),
      reasons: [...creditReason(invoice), ...base.reasons[i]!].map(({ code, step, removedMinor, message }) => ({
        code,
        step,
        removed_amount: show(removedMinor),
        message,
      })),
    };
  });
}

/** A credit is not eligible either, and no step takes it: it is said of it before all steps. */
function creditReason(invoice: OfferedInvoice): Reason[] {
  if (openMinor(invoice) >= 0n) return [];
  const message = "a credit: it takes its share off the advance, and bears no fee";
  return [{ code: "credit_note", step: 0, removedMinor: zeroMinor, message }];
}

function recourseWords({ recourse }: FactoringTerms): string {
  if (recourse.kind === "none") return "without recourse: the factor bears a debtor's failure to pay, not disputes";
  const from = recourse.from === "invoice_date" ? "invoice date" : "due date";
  return `with recourse: an invoice unpaid ${recourse.days} days after the ${from} goes back`;
}
