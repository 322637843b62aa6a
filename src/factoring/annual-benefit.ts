import { exactly, type Fraction, less, plus, product, times } from "../money/fraction.js";
import type { Minor } from "../money/money.js";

/** A business that sells on credit and pays for its receivables with an overdraft, beside the same with a factor. */
export interface FactoringYear {
  readonly salesMinor: Minor;
  /** receivables now and with the factor, exact minor units; equal where the factor does not make debtors pay sooner */
  readonly current: Fraction;
  readonly revised: Fraction;
  readonly overdraftRate: Fraction;
  readonly advanceRate: Fraction;
  readonly advanceInterestRate: Fraction;
  /** of sales */
  readonly feeRate: Fraction;
  /** of sales, that the factor bears or saves */
  readonly badDebtRateSaved: Fraction;
  readonly adminSavingMinor: Minor;
}

/** In minor units, exact: whoever shows a figure rounds it, once. */
export interface AnnualBenefit {
  readonly financeSaving: Fraction;
  readonly extraInterest: Fraction;
  readonly fee: Fraction;
  readonly badDebtSaving: Fraction;
  readonly netBenefit: Fraction;
}

/**
 * Whether a factor is worth it over a year, against an overdraft:
 *
 *     net = (R0 - R1) x overdraft + bad debts saved + admin saved - R1 x advance x (factor's rate - overdraft) - sales x fee
 *
 * The one formula of every examination question [S15]-[S21]. Nothing is rounded on the way: the figures are a comparison and
 * no postings, and printed answers come of unrounded receivables.
 */
export function annualBenefit(year: FactoringYear): AnnualBenefit {
  const sales = exactly(year.salesMinor);
  const financeSaving = product(less(year.current, year.revised), year.overdraftRate);
  const dearer = less(year.advanceInterestRate, year.overdraftRate);
  const extraInterest = product(product(year.revised, year.advanceRate), dearer);
  const fee = product(sales, year.feeRate);
  const badDebtSaving = product(sales, year.badDebtRateSaved);
  const gains = plus(plus(financeSaving, badDebtSaving), exactly(year.adminSavingMinor));
  return { financeSaving, extraInterest, fee, badDebtSaving, netBenefit: less(gains, plus(extraInterest, fee)) };
}

/** Receivables of so many days of sales, in minor units. */
export function receivablesOf(salesMinor: Minor, days: number, daysInYear: number): Fraction {
  return times(exactly(salesMinor), days, daysInYear);
}
