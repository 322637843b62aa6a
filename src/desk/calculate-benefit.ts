import { Refusal, type RefusalItem } from "../../models/refusal.js";
import { annualBenefit as benefitOf, receivablesOf } from "../factoring/annual-benefit.js";
import { monthlyCosts, netAnnualCost, prepaidInterestProceeds } from "../factoring/cost-comparison.js";
import { saleEntry as saleEntryOf } from "../factoring/sale-entry.js";
import {
  compareShares,
  exactly,
  type Fraction,
  fraction,
  less,
  product,
  shareOf,
  shareText,
  times,
} from "../money/fraction.js";
import { type Minor, minor } from "../money/money.js";
import type { Answered, Asked } from "./calculate-fees.js";
import { type Figures, figuresIn, rateOr } from "./calculated-figures.js";

export function annualBenefit(asked: Asked<"annual-benefit">): Answered<"annual-benefit"> {
  const figures = figuresIn(asked.currency);
  const salesMinor = figures.read(asked.annual_credit_sales);
  const current =
    asked.current_receivables === undefined
      ? receivablesOf(salesMinor, asked.current_days!, asked.days_in_year)
      : exactly(figures.read(asked.current_receivables));
  const revised = revisedReceivables(asked, { salesMinor, current, figures });
  const adminSavingMinor = figures.read(asked.admin_saving);
  const found = benefitOf({
    salesMinor,
    current,
    revised,
    overdraftRate: fraction(asked.overdraft_rate),
    advanceRate: fraction(asked.advance_rate),
    advanceInterestRate: fraction(asked.advance_interest_rate),
    feeRate: fraction(asked.fee_rate),
    badDebtRateSaved: fraction(asked.bad_debt_rate_saved),
    adminSavingMinor,
  });
  const show = (amount: Fraction) => figures.showExact(amount, asked.places);
  return {
    current_receivables: show(current),
    revised_receivables: show(revised),
    finance_saving: show(found.financeSaving),
    extra_interest: show(found.extraInterest),
    fee: show(found.fee),
    bad_debt_saving: show(found.badDebtSaving),
    admin_saving: show(exactly(adminSavingMinor)),
    net_benefit: show(found.netBenefit),
  };
}

function revisedReceivables(
  asked: Asked<"annual-benefit">,
  { salesMinor, current, figures }: { salesMinor: Minor; current: Fraction; figures: Figures },
): Fraction {
  if (asked.revised_receivables !== undefined) return exactly(figures.read(asked.revised_receivables));
  if (asked.revised_days !== undefined) return receivablesOf(salesMinor, asked.revised_days, asked.days_in_year);
  return less(current, product(current, rateOr(asked.receivables_reduction_rate)));
}

export function netCostPct(asked: Asked<"net-cost-pct">): Answered<"net-cost-pct"> {
  const { read, showExact } = figuresIn(asked.currency);
  const found = netAnnualCost({
    monthlyMinor: read(asked.monthly_receivables),
    advanceRate: fraction(asked.advance_rate),
    annualRate: fraction(asked.annual_rate),
    feeRate: fraction(asked.fee_rate),
    savingsMinor: read(asked.annual_savings),
  });
  const { usable, netCost } = found;
  if (usable.numerator === 0n) throw new Refusal("rate_undefined", "nothing is usable: a cost over zero has no rate");
  const perUsable = { numerator: usable.denominator, denominator: usable.numerator };
  return {
    usable_funds: showExact(usable),
    interest: showExact(found.interest),
    fee: showExact(found.fee),
    net_cost: showExact(netCost),
    cost_pct: shareText(times(product(netCost, perUsable), 100), 2),
  };
}

export function proceeds(asked: Asked<"proceeds">): Answered<"proceeds"> {
  const { read, showExact } = figuresIn(asked.currency);
  const found = prepaidInterestProceeds({
    faceMinor: read(asked.face),
    reserveRate: fraction(asked.reserve_rate),
    feeRate: fraction(asked.fee_rate),
    annualRate: fraction(asked.annual_rate),
    months: asked.months,
  });
  return {
    gross_proceeds: showExact(found.gross, asked.places),
    annual_interest: showExact(found.annualInterest, asked.places),
    net_proceeds: showExact(found.net, asked.places),
  };
}

export function monthlyCompare(asked: Asked<"monthly-compare">): Answered<"monthly-compare"> {
  const { read, showExact } = figuresIn(asked.currency);
  const { factor, bank } = monthlyCosts({
    salesMinor: read(asked.monthly_sales),
    creditShare: fraction(asked.credit_share),
    factorFee: fraction(asked.factor_fee),
    factorMonthlyRate: fraction(asked.factor_monthly_rate),
    borrowedMinor: read(asked.borrowed),
    bankAnnualRate: fraction(asked.bank_annual_rate),
    bankMonthlyFee: fraction(asked.bank_monthly_fee),
    creditDepartmentMinor: read(asked.credit_dept),
    badDebtRate: fraction(asked.bad_debt_rate),
  });
  const side = compareShares(factor, bank);
  const cheaper = side < 0 ? "factor" : side > 0 ? "bank" : "neither";
  return { factor_cost: showExact(factor), bank_cost: showExact(bank), cheaper };
}

export function saleEntry(asked: Asked<"sale-entry">): Answered<"sale-entry"> {
  const { read, readOr, show } = figuresIn(asked.currency);
  const faceMinor = read(asked.face);
  const part = (rate: string | undefined, amount: string | undefined) =>
    rate === undefined ? readOr(amount) : shareOf(faceMinor, fraction(rate));
  const entry = saleEntryOf({
    faceMinor,
    feeMinor: part(asked.fee_rate, asked.fee),
    retentionMinor: part(asked.retention_rate, asked.retention),
    recourseLiabilityMinor: read(asked.recourse_liability),
  });
  return {
    cash: show(entry.cashMinor),
    due_from_factor: show(entry.dueFromFactorMinor),
    loss_on_sale: show(entry.lossOnSaleMinor),
    recourse_liability: show(entry.recourseLiabilityMinor),
    accounts_receivable: show(entry.accountsReceivableMinor),
  };
}

/** @throws Refusal `entry_unbalanced` that names every entry whose debits are not its credits */
export function journal(asked: Asked<"journal">): Answered<"journal"> {
  const { readOr, show } = figuresIn(asked.currency);
  const faults: RefusalItem[] = [];
  for (const [i, { name, lines }] of asked.entries.entries()) {
    let [debits, credits] = [0n, 0n];
    for (const { debit, credit } of lines) {
      debits += readOr(debit);
      credits += readOr(credit);
    }
    if (debits === credits) continue;
    const [left, right, gap] = [minor(debits), minor(credits), minor(debits - credits)].map(show);
    const detail = `"${name}": debits ${left}, credits ${right}, difference ${gap}`;
    faults.push({ pointer: `/entries/${i}`, code: "entry_unbalanced", detail });
  }
  if (faults.length > 0) throw new Refusal("entry_unbalanced", faults[0]!.detail, faults);
  return Object.fromEntries(asked.entries.map(({ name }) => [name, "balanced" as const]));
}
