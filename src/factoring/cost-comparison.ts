import { type Fraction, plus, shareOf, times } from "../money/fraction.js";
import { type Minor, minor } from "../money/money.js";

/** Small comparisons that textbooks and sellers make; each rounded half up, part by part. */

/** A year of a facility: what is out on average, and what it costs. */
export function facilityYear(of: {
  monthlyFaceMinor: Minor;
  advanceRate: Fraction;
  days: number;
  feeRate: Fraction;
  perInvoiceMinor: Minor;
  invoicesPerYear: number;
}): { averageEmployedMinor: Minor; annualCostMinor: Minor } {
  const annualFace = minor(of.monthlyFaceMinor * 12n);
  const costs = shareOf(annualFace, of.feeRate) + of.perInvoiceMinor * BigInt(of.invoicesPerYear);
  return {
    averageEmployedMinor: shareOf(annualFace, times(of.advanceRate, of.days, 365)),
    annualCostMinor: minor(costs),
  };
}

/** What is left of the face after fees that are all taken before. */
export function prepaidProceeds(of: { faceMinor: Minor; first: Fraction; monthly: Fraction; months: number }): Minor {
  return minor(of.faceMinor - shareOf(of.faceMinor, plus(of.first, times(of.monthly, of.months))));
}

/** Interest and fee of a year less savings, over the funds that the advance makes usable [S23]. */
export function netAnnualCost(of: {
  monthlyMinor: Minor;
  advanceRate: Fraction;
  annualRate: Fraction;
  feeRate: Fraction;
  savingsMinor: Minor;
}): { usableMinor: Minor; interestMinor: Minor; feeMinor: Minor; netCostMinor: Minor } {
  const usableMinor = shareOf(of.monthlyMinor, of.advanceRate);
  const interestMinor = shareOf(usableMinor, of.annualRate);
  const feeMinor = shareOf(of.monthlyMinor, times(of.feeRate, 12));
  return { usableMinor, interestMinor, feeMinor, netCostMinor: minor(interestMinor + feeMinor - of.savingsMinor) };
}

/** Face less reserve and fee, and that less interest for the months until the debtors pay [S25]. */
export function prepaidInterestProceeds(of: {
  faceMinor: Minor;
  reserveRate: Fraction;
  feeRate: Fraction;
  annualRate: Fraction;
  months: number;
}): { grossMinor: Minor; annualInterestMinor: Minor; netMinor: Minor } {
  const grossMinor = minor(of.faceMinor - shareOf(of.faceMinor, of.reserveRate) - shareOf(of.faceMinor, of.feeRate));
  return {
    grossMinor,
    annualInterestMinor: shareOf(grossMinor, of.annualRate),
    netMinor: minor(grossMinor - shareOf(grossMinor, times(of.annualRate, of.months, 12))),
  };
}

/** A month with a factor, and a month with a bank and an own credit department [S26]. */
export function monthlyCosts(of: {
  creditSalesMinor: Minor;
  factorFee: Fraction;
  factorMonthlyRate: Fraction;
  borrowedMinor: Minor;
  bankAnnualRate: Fraction;
  bankMonthlyFee: Fraction;
  creditDepartmentMinor: Minor;
  badDebtRate: Fraction;
}): { factorMinor: Minor; bankMinor: Minor } {
  const { creditSalesMinor: sales, borrowedMinor: borrowed } = of;
  const bank =
    shareOf(borrowed, times(of.bankAnnualRate, 1, 12)) +
    shareOf(borrowed, of.bankMonthlyFee) +
    of.creditDepartmentMinor +
    shareOf(sales, of.badDebtRate);
  return {
    factorMinor: minor(shareOf(sales, of.factorFee) + shareOf(borrowed, of.factorMonthlyRate)),
    bankMinor: minor(bank),
  };
}
