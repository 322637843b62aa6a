import type { FactoringTerms } from "../../models/factoring-terms.js";
import { allocate } from "../money/allocation.js";
import { fraction, shareOf } from "../money/fraction.js";
import { lesserMinor, type Minor, minor, parseMinor, sumMinor, zeroMinor } from "../money/money.js";
import { dilutionReserve } from "./borrowing-base.js";
import { chargesPer, type LaterCharge } from "./charges.js";
import { type FeeSchedule, feeSchedule, type Interest, interestOf } from "./fee-schedule.js";
import { payoutCharge, releaseParts } from "./reserve.js";

/** An invoice or credit that is bought, with what is paid for it and what is held back. */
export interface FundedLine {
  /** place of the invoice in the schedule */
  readonly index: number;
  readonly faceMinor: Minor;
  readonly advanceMinor: Minor;
  readonly reserveMinor: Minor;
  /** days from funding to the due date, 1 at least */
  readonly dueDays: number;
  /** days from funding to the payment that is expected, 1 at least */
  readonly expectedDays: number;
}

/** What is bought on a schedule, on what terms: everything that a cost can be reckoned from. */
export interface Funding {
  readonly lines: readonly FundedLine[];
  readonly fees: FeeSchedule;
  readonly interest: Interest;
  /** face of everything that is bought */
  readonly faceMinor: Minor;
  readonly advanceMinor: Minor;
  readonly reserveMinor: Minor;
  readonly chargesMinor: Minor;
  readonly feeAtFundingMinor: Minor;
  readonly netFundedMinor: Minor;
  /** charges of the facility that fall due beside it */
  readonly laterCharges: readonly LaterCharge[];
  /** what a payment to the seller costs: that of the release, which comes with the last payment of a debtor */
  readonly payoutMinor: Minor;
}

/** The least that an eligible invoice is known by before it is funded. */
export interface Fundable {
  readonly index: number;
  readonly faceMinor: Minor;
  readonly eligibleMinor: Minor;
  readonly dueDays: number;
  readonly expectedDays: number;
}

/** What limits the advances on a schedule beside what is eligible. */
export interface Limits {
  readonly dilutionReserveMinor: Minor;
  /** what the facility's limit leaves; null: no limit */
  readonly roomMinor: Minor | null;
  readonly overAdvanceMinor: Minor;
}

/**
 * What the terms hold back for dilution, and what the limit of the facility leaves. The reserve comes off the advance whole, as it
 * does off the borrowing base: the same as an advance rate that is cut by the excess, one for one [S72].
 */
export function limitsOf(eligibleMinor: Minor, terms: FactoringTerms): Limits {
  const { currency, opened, eligibility } = terms;
  const rates = { dilution: fraction(eligibility.dilution_rate), norm: fraction(eligibility.dilution_norm) };
  const held = dilutionReserve(eligibleMinor, rates);
  if (opened.facility_limit === null) {
    return { dilutionReserveMinor: held, roomMinor: null, overAdvanceMinor: zeroMinor };
  }
  const room = parseMinor(opened.facility_limit, currency) - parseMinor(opened.funds_employed, currency);
  return {
    dilutionReserveMinor: held,
    roomMinor: minor(room > 0n ? room : 0n),
    overAdvanceMinor: minor(room < 0n ? -room : 0n),
  };
}

/**
 * Funds what is eligible: the advance is the advance rate of the eligible part of each invoice, and the rest of its
 * face is the reserve. Where the limit or the dilution reserve allows less, the advances are cut in proportion; where it
 * allows nothing, or credits outweigh, nothing is bought. Credits take their share off the advance, and earn no fee.
 */
export function funding(fundable: readonly Fundable[], limits: Limits, terms: FactoringTerms): Funding {
  const rate = fraction(terms.advance_rate);
  const full = fundable.map(({ eligibleMinor }) => shareOf(eligibleMinor, rate));
  const advances = cut(full, limits);
  const lines = fundable.flatMap((line, i): FundedLine[] => {
    const advanceMinor = advances[i];
    if (advanceMinor === undefined) return [];
    const { index, faceMinor, dueDays, expectedDays } = line;
    return [{ index, faceMinor, advanceMinor, reserveMinor: minor(faceMinor - advanceMinor), dueDays, expectedDays }];
  });
  const fees = feeSchedule(terms.fee_schedule, terms.currency);
  const ofSchedule = upfrontCharges(lines, terms);
  const advanceMinor = sumMinor(lines.map((line) => line.advanceMinor));
  const atFunding = terms.fee_schedule.collected_at === "funding";
  const feeAtFundingMinor = atFunding ? sumMinor(lines.map((line) => feeOn(line, fees, 0))) : zeroMinor;
  const payoutMinor = sumMinor(chargesPer(terms, "payout").map(({ amountMinor }) => amountMinor));
  const paid = (chargeMinor: bigint) => minor(advanceMinor - feeAtFundingMinor - ofSchedule - chargeMinor);
  const chargesMinor = minor(ofSchedule + payoutCharge(payoutMinor, paid));
  return {
    lines,
    fees,
    interest: interestOf(terms.interest),
    faceMinor: sumMinor(lines.map((line) => line.faceMinor)),
    advanceMinor,
    reserveMinor: sumMinor(lines.map((line) => line.reserveMinor)),
    chargesMinor,
    feeAtFundingMinor,
    netFundedMinor: minor(advanceMinor - chargesMinor - feeAtFundingMinor),
    laterCharges: [],
    payoutMinor,
  };
}

/** All charges by a day: those taken at funding, and those of the facility that have fallen due by it. */
function chargesBy({ chargesMinor, laterCharges, lines }: Funding, day: number): Minor {
  if (lines.length === 0) return chargesMinor;
  let sum: bigint = chargesMinor;
  for (const charge of laterCharges) if (charge.day <= day) sum += charge.amountMinor;
  return minor(sum);
}

/** What a schedule has cost beside fee and interest once all of it is paid, and what comes back of its reserve. */
export interface Settled {
  readonly chargesMinor: Minor;
  /** the part of them that the payment of the release costs */
  readonly payoutMinor: Minor;
  readonly releaseMinor: Minor;
}

/** The same by a day. The reserve comes back in one payment: of parts each would cost what a payment does. */
export function settledOn(
  funded: Funding,
  { owedMinor, day }: { owedMinor: Minor; day: number },
  terms: FactoringTerms,
): Settled {
  const byDay = chargesBy(funded, day);
  const taken = owedMinor - funded.feeAtFundingMinor + byDay - funded.chargesMinor;
  const before = minor(funded.reserveMinor - taken);
  const payoutMinor = payoutCharge(funded.payoutMinor, (chargeMinor) => {
    const rest = minor(before - chargeMinor);
    return rest <= 0n ? rest : releaseParts(rest, { due: null, escrowMinor: 0n }, terms).cashMinor;
  });
  return { chargesMinor: minor(byDay + payoutMinor), payoutMinor, releaseMinor: minor(before - payoutMinor) };
}

/** The day on which the last line is paid, each on its own. */
function lastDayOf({ lines }: Funding, dayOf: (line: FundedLine) => number): number {
  return Math.max(0, ...lines.filter(({ faceMinor }) => faceMinor > 0n).map(dayOf));
}

/** Advances brought down to what may be paid out; an empty list where that is nothing. */
function cut(full: readonly Minor[], { dilutionReserveMinor, roomMinor }: Limits): readonly (Minor | undefined)[] {
  const total = sumMinor(full);
  // credits outweigh: nobody is paid less than nothing
  if (total < 0n) return [];
  const held = minor(total - dilutionReserveMinor);
  const allowed = roomMinor === null ? held : lesserMinor(held, roomMinor);
  if (allowed >= total) return full;
  if (allowed <= 0n) return [];
  const credits = full.reduce((sum, advance) => sum + (advance < 0n ? advance : 0n), 0n);
  const weights = full.map((advance) => (advance > 0n ? advance : 0n));
  const parts = allocate(minor(allowed - credits), weights);
  return full.map((advance, i) => (advance < 0n ? advance : parts[i]!));
}

/** Charges of the schedule and of each invoice bought, taken out of the advance. Those of the facility are `laterCharges`. */
function upfrontCharges(lines: readonly { faceMinor: Minor }[], terms: FactoringTerms): Minor {
  if (lines.length === 0) return zeroMinor;
  const bought = BigInt(lines.filter(({ faceMinor }) => faceMinor > 0n).length);
  let sum = 0n;
  for (const { amount, per } of terms.charges) {
    const charge = parseMinor(amount, terms.currency);
    if (per === "schedule") sum += charge;
    if (per === "invoice") sum += charge * bought;
  }
  return minor(sum);
}

/** The fee on one line when it is paid on that day. */
export function feeOn(line: { faceMinor: Minor; advanceMinor: Minor }, fees: FeeSchedule, day: number): Minor {
  return line.faceMinor > 0n ? fees.feeOn(line, day) : zeroMinor;
}

/** Interest on one line for so many days. */
export function interestOn(line: { advanceMinor: Minor }, interest: Interest, days: number): Minor {
  return shareOf(line.advanceMinor, interest.shareFor(days));
}

/** The fee on everything bought, all of it paid on one day. */
export function feeOnDay({ lines, fees }: Funding, day: number): Minor {
  return sumMinor(lines.map((line) => feeOn(line, fees, day)));
}

/** The same of the interest: the share of a day is reckoned once for all lines. */
export function interestOnDay({ lines, interest }: Funding, day: number): Minor {
  const share = interest.shareFor(day);
  return sumMinor(lines.map((line) => shareOf(line.advanceMinor, share)));
}

/** What everything bought costs and brings back, each line paid on its own day; `owedMinor` is fee and interest. */
export function costOn(
  funded: Funding,
  dayOf: (line: FundedLine) => number,
  terms: FactoringTerms,
): Settled & { readonly owedMinor: Minor } {
  let owed = 0n;
  for (const line of funded.lines) {
    const day = dayOf(line);
    owed += feeOn(line, funded.fees, day) + interestOn(line, funded.interest, day);
  }
  const owedMinor = minor(owed);
  return { owedMinor, ...settledOn(funded, { owedMinor, day: lastDayOf(funded, dayOf) }, terms) };
}

/** Days weighted by the advances (by the faces where nothing is advanced), rounded half up; 1 at least. */
export function averageDays(funded: Funding, dayOf: (line: FundedLine) => number): number {
  const weight = (line: FundedLine) => (funded.advanceMinor > 0n ? line.advanceMinor : line.faceMinor);
  let [sum, weights] = [0n, 0n];
  for (const line of funded.lines) {
    if (line.faceMinor <= 0n) continue;
    sum += weight(line) * BigInt(dayOf(line));
    weights += weight(line);
  }
  if (weights <= 0n) return 1;
  return Math.max(1, Number((2n * sum + weights) / (2n * weights)));
}
