import type { Alternative } from "../../models/factoring-offer.js";
import type { FactoringTerms } from "../../models/factoring-terms.js";
import { exactly, type Fraction, fraction, plainShare, shareOf, times } from "../money/fraction.js";
import { estimateToMinor, formatMinor, type Minor, minor, minorToEstimate, zeroMinor } from "../money/money.js";
import { annualBenefit } from "./annual-benefit.js";
import { apr } from "./annual-rate.js";
import { rateOfFace } from "./cost-by-day.js";
import { averageDays, costOn, type Funding } from "./funding.js";

/** What the business could do with the same invoices, side by side, each debtor paying on the day that is expected. */
export function alternatives(funded: Funding, terms: FactoringTerms): Alternative[] {
  if (funded.lines.length === 0) return [];
  const book = bookOf(funded, terms);
  return [factoring(book, "recourse"), factoring(book, "non_recourse"), overdraft(book), sale(book), placement(book)];
}

interface Book {
  readonly funded: Funding;
  readonly terms: FactoringTerms;
  /** cost of the offer, without what it asks for bearing the risk */
  readonly costMinor: Minor;
  readonly days: number;
  /** what debtors are expected never to pay */
  readonly lossMinor: Minor;
}

function bookOf(funded: Funding, terms: FactoringTerms): Book {
  const { owedMinor, chargesMinor } = costOn(funded, ({ expectedDays }) => expectedDays, terms);
  return {
    funded,
    terms,
    costMinor: minor(owedMinor + chargesMinor),
    days: averageDays(funded, ({ expectedDays }) => expectedDays),
    lossMinor: shareOf(funded.faceMinor, fraction(terms.comparison.bad_debt_rate)),
  };
}

/** A rate for people: "0.125" is "12.5 %". */
const percent = (rate: string) => `${plainShare(times(fraction(rate), 100))} %`;

interface Way {
  readonly kind: Alternative["kind"];
  readonly name: string;
  readonly offered?: boolean;
  readonly cashMinor: Minor;
  readonly costMinor: Minor;
  readonly lossMinor: Minor;
  readonly benefitMinor?: Minor;
  readonly note: string;
}

function row({ funded, terms, days }: Book, way: Way): Alternative {
  const show = (amount: bigint) => formatMinor(amount, terms.currency);
  return {
    kind: way.kind,
    name: way.name,
    offered: way.offered ?? false,
    cash_today: show(way.cashMinor),
    cost: show(way.costMinor),
    expected_loss: show(way.lossMinor),
    keeps: show(funded.faceMinor - way.costMinor - way.lossMinor),
    cost_rate_of_face: rateOfFace(way.costMinor, funded),
    apr: apr({ financedMinor: way.cashMinor, chargeMinor: way.costMinor, days }, 6),
    days,
    annual_net_benefit: way.benefitMinor === undefined ? null : show(way.benefitMinor),
    note: way.note,
  };
}

function factoring(book: Book, kind: "recourse" | "non_recourse"): Alternative {
  const { funded, terms } = book;
  const premium = shareOf(funded.faceMinor, fraction(terms.comparison.non_recourse_rate));
  const offeredKind = terms.recourse.kind === "full" ? "recourse" : "non_recourse";
  const step = kind === offeredKind ? 0n : kind === "non_recourse" ? premium : -premium;
  const cost = book.costMinor + step;
  return row(book, {
    kind,
    name: kind === "recourse" ? "factor with recourse" : "factor without recourse",
    offered: kind === offeredKind,
    cashMinor: funded.netFundedMinor,
    costMinor: minor(cost > 0n ? cost : 0n),
    lossMinor: kind === "recourse" ? book.lossMinor : zeroMinor,
    note:
      kind === "recourse"
        ? "what debtors never pay comes back to you"
        : "the factor bears a debtor's failure to pay; disputes stay with you",
  });
}

function overdraft(book: Book): Alternative {
  const { funded, terms, days } = book;
  const rate = fraction(terms.comparison.overdraft_rate);
  return row(book, {
    kind: "overdraft",
    name: "borrow the same cash on an overdraft",
    cashMinor: funded.netFundedMinor,
    costMinor: shareOf(funded.netFundedMinor, times(rate, days, 365)),
    lossMinor: book.lossMinor,
    benefitMinor: benefitOf(book, rate),
    note: `at ${percent(terms.comparison.overdraft_rate)} a year, if the bank lends it; the annual benefit is that of factoring all year instead`,
  });
}

/**
 * Factoring all year in place of the overdraft, by the annual-benefit formula: sales are such that these invoices are what
 * is always open, and the factor does not make debtors pay sooner.
 */
function benefitOf({ funded, terms, days, costMinor, lossMinor }: Book, overdraftRate: Fraction): Minor {
  const sales = shareOf(funded.faceMinor, { numerator: 365n, denominator: BigInt(days) });
  const perFace = (part: Minor): Fraction =>
    funded.faceMinor > 0n ? { numerator: part, denominator: funded.faceMinor } : fraction("0");
  const { netBenefit } = annualBenefit({
    salesMinor: sales,
    current: exactly(funded.faceMinor),
    revised: exactly(funded.faceMinor),
    overdraftRate,
    advanceRate: perFace(funded.netFundedMinor),
    // what it costs, interest among it, is in the fee
    advanceInterestRate: fraction("0"),
    feeRate: perFace(costMinor),
    badDebtRateSaved: terms.recourse.kind === "none" ? perFace(lossMinor) : fraction("0"),
    adminSavingMinor: zeroMinor,
  });
  return shareOf(minor(1n), netBenefit);
}

function sale(book: Book): Alternative {
  const { funded, terms, days, lossMinor } = book;
  const paid = minorToEstimate(funded.faceMinor - lossMinor, terms.currency);
  const worth = paid / (1 + Number(terms.comparison.sale_rate)) ** (days / 365);
  const price = estimateToMinor(worth, terms.currency, "down");
  return row(book, {
    kind: "sell",
    name: "sell the invoices outright",
    cashMinor: price,
    costMinor: minor(funded.faceMinor - price),
    lossMinor: zeroMinor,
    note: `to a buyer who asks for ${percent(terms.comparison.sale_rate)} a year and bears all risk; an estimate`,
  });
}

function placement(book: Book): Alternative {
  const { funded, terms, lossMinor } = book;
  const collected = minor(funded.faceMinor - lossMinor);
  return row(book, {
    kind: "place",
    name: "place with an agency",
    cashMinor: zeroMinor,
    costMinor: shareOf(collected, fraction(terms.comparison.agency_rate)),
    lossMinor,
    note: `at a commission of ${percent(terms.comparison.agency_rate)}; meant for overdue invoices, and brings nothing today`,
  });
}
