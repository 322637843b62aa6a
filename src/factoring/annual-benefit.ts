import { type Fraction, shareOf, times } from "../money/fraction.js";
import { type Minor, minor } from "../money/money.js";

/** A business that sells on credit and pays for its receivables with an overdraft, beside the same with a factor. */
export interface FactoringYear {
  readonly salesMinor: Minor;
  /** receivables now and with the factor; equal where the factor does not make debtors pay sooner */
  readonly currentMinor: Minor;
  readonly revisedMinor: Minor;
  readonly overdraftRate: Fraction;
  readonly advanceRate: Fraction;
  readonly advanceInterestRate: Fraction;
  /** of sales */
  readonly feeRate: Fraction;
  /** of sales, that the factor bears or saves */
  readonly badDebtRateSaved: Fraction;
  readonly adminSavingMinor: Minor;
}

export interface AnnualBenefit {
  readonly financeSavingMinor: Minor;
  readonly extraInterestMinor: Minor;
  readonly feeMinor: Minor;
  readonly badDebtSavingMinor: Minor;
  readonly adminSavingMinor: Minor;
  readonly netBenefitMinor: Minor;
}

/**
 * Whether a factor is worth it over a year, against an overdraft:
 *
 *     net = (R0 - R1) x overdraft + bad debts saved + admin saved - R1 x advance x (factor's rate - overdraft) - sales x fee
 *
 * The one formula of every examination question [S15]-[S21]. Each part is rounded half up to the minor unit.
 */
export function annualBenefit(year: FactoringYear): AnnualBenefit {
  const financeSavingMinor = shareOf(minor(year.currentMinor - year.revisedMinor), year.overdraftRate);
  const advanced = shareOf(year.revisedMinor, year.advanceRate);
  const extraInterestMinor = shareOf(advanced, difference(year.advanceInterestRate, year.overdraftRate));
  const feeMinor = shareOf(year.salesMinor, year.feeRate);
  const badDebtSavingMinor = shareOf(year.salesMinor, year.badDebtRateSaved);
  const gains = financeSavingMinor + badDebtSavingMinor + year.adminSavingMinor;
  return {
    financeSavingMinor,
    extraInterestMinor,
    feeMinor,
    badDebtSavingMinor,
    adminSavingMinor: year.adminSavingMinor,
    netBenefitMinor: minor(gains - extraInterestMinor - feeMinor),
  };
}

/** Receivables of so many days of sales. */
export function receivablesOf(salesMinor: Minor, days: number, daysInYear: number): Minor {
  return shareOf(salesMinor, times({ numerator: 1n, denominator: 1n }, days, daysInYear));
}

function difference(a: Fraction, b: Fraction): Fraction {
  const numerator = a.numerator * b.denominator - b.numerator * a.denominator;
  return { numerator, denominator: a.denominator * b.denominator };
}
