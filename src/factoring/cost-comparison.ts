import { exactly, type Fraction, less, plus, product, shareOf, times } from "../money/fraction.js";
import { type Minor, minor } from "../money/money.js";

/** Small comparisons that textbooks and sellers make. Fractions are exact minor units: who shows them rounds them, once. */

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
}): { usable: Fraction; interest: Fraction; fee: Fraction; netCost: Fraction } {
  const monthly = exactly(of.monthlyMinor);
  const usable = product(monthly, of.advanceRate);
  const interest = product(usable, of.annualRate);
  const fee = times(product(monthly, of.feeRate), 12);
  return { usable, interest, fee, netCost: less(plus(interest, fee), exactly(of.savingsMinor)) };
}

/** Face less reserve and fee, and that less interest for the months until the debtors pay [S25]. */
export function prepaidInterestProceeds(of: {
  faceMinor: Minor;
  reserveRate: Fraction;
  feeRate: Fraction;
  annualRate: Fraction;
  months: number;
}): { gross: Fraction; annualInterest: Fraction; net: Fraction } {
  const face = exactly(of.faceMinor);
  const gross = less(face, product(face, plus(of.reserveRate, of.feeRate)));
  const annualInterest = product(gross, of.annualRate);
  return { gross, annualInterest, net: less(gross, times(annualInterest, of.months, 12)) };
}

/** A month with a factor, and a month with a bank and an own credit department [S26]. */
export function monthlyCosts(of: {
  salesMinor: Minor;
  creditShare: Fraction;
  factorFee: Fraction;
  factorMonthlyRate: Fraction;
  borrowedMinor: Minor;
  bankAnnualRate: Fraction;
  bankMonthlyFee: Fraction;
  creditDepartmentMinor: Minor;
  badDebtRate: Fraction;
}): { factor: Fraction; bank: Fraction } {
  const sales = product(exactly(of.salesMinor), of.creditShare);
  const borrowed = exactly(of.borrowedMinor);
  const bankRate = plus(times(of.bankAnnualRate, 1, 12), of.bankMonthlyFee);
  const ownCosts = plus(exactly(of.creditDepartmentMinor), product(sales, of.badDebtRate));
  return {
    factor: plus(product(sales, of.factorFee), product(borrowed, of.factorMonthlyRate)),
    bank: plus(product(borrowed, bankRate), ownCosts),
  };
}
