import { Refusal, type RefusalItem } from "../../models/refusal.js";
import { annualBenefit as benefitOf, receivablesOf } from "../factoring/annual-benefit.js";
import { monthlyCosts, netAnnualCost, prepaidInterestProceeds } from "../factoring/cost-comparison.js";
import { saleEntry as saleEntryOf } from "../factoring/sale-entry.js";
import { fraction, shareOf } from "../money/fraction.js";
import { type Minor, minor } from "../money/money.js";
import type { Answered, Asked } from "./calculate-fees.js";
import { type Figures, figuresIn, percentage, rateOr } from "./calculated-figures.js";

export function annualBenefit(asked: Asked<"annual-benefit">): Answered<"annual-benefit"> {
  const figures = figuresIn(asked.currency);
  const salesMinor = figures.read(asked.annual_credit_sales);
  const currentMinor =
    asked.current_receivables === undefined
      ? receivablesOf(salesMinor, asked.current_days!, asked.days_in_year)
      : figures.read(asked.current_receivables);
  const revisedMinor = revised(asked, { salesMinor, currentMinor, figures });
  const found = benefitOf({
    salesMinor,
    currentMinor,
    revisedMinor,
    overdraftRate: fraction(asked.overdraft_rate),
    advanceRate: fraction(asked.advance_rate),
    advanceInterestRate: fraction(asked.advance_interest_rate),
    feeRate: fraction(asked.fee_rate),
    badDebtRateSaved: fraction(asked.bad_debt_rate_saved),
    adminSavingMinor: figures.read(asked.admin_saving),
  });
  const show = (amount: Minor) => figures.showTo(amount, asked.places);
  return {
    current_receivables: show(currentMinor),
    revised_receivables: show(revisedMinor),
    finance_saving: show(found.financeSavingMinor),
    extra_interest: show(found.extraInterestMinor),
    fee: show(found.feeMinor),
    bad_debt_saving: show(found.badDebtSavingMinor),
    admin_saving: show(found.adminSavingMinor),
    net_benefit: show(found.netBenefitMinor),
  };
}

function revised(
  asked: Asked<"annual-benefit">,
  { salesMinor, currentMinor, figures }: { salesMinor: Minor; currentMinor: Minor; figures: Figures },
): Minor {
  if (asked.revised_receivables !== undefined) return figures.read(asked.revised_receivables);
  if (asked.revised_days !== undefined) return receivablesOf(salesMinor, asked.revised_days, asked.days_in_year);
  return minor(currentMinor - shareOf(currentMinor, rateOr(asked.receivables_reduction_rate)));
}

export function netCostPct(asked: Asked<"net-cost-pct">): Answered<"net-cost-pct"> {
  const { read, show } = figuresIn(asked.currency);
  const found = netAnnualCost({
    monthlyMinor: read(asked.monthly_receivables),
    advanceRate: fraction(asked.advance_rate),
    annualRate: fraction(asked.annual_rate),
    feeRate: fraction(asked.fee_rate),
    savingsMinor: read(asked.annual_savings),
  });
  if (found.usableMinor === 0n) throw new Refusal("rate_undefined", "nothing is usable: a cost over zero has no rate");
  return {
    usable_funds: show(found.usableMinor),
    interest: show(found.interestMinor),
    fee: show(found.feeMinor),
    net_cost: show(found.netCostMinor),
    cost_pct: percentage(found.netCostMinor, found.usableMinor)!,
  };
}

export function proceeds(asked: Asked<"proceeds">): Answered<"proceeds"> {
  const { read, showTo } = figuresIn(asked.currency);
  const found = prepaidInterestProceeds({
    faceMinor: read(asked.face),
    reserveRate: fraction(asked.reserve_rate),
    feeRate: fraction(asked.fee_rate),
    annualRate: fraction(asked.annual_rate),
    months: asked.months,
  });
  return {
    gross_proceeds: showTo(found.grossMinor, asked.places),
    annual_interest: showTo(found.annualInterestMinor, asked.places),
    net_proceeds: showTo(found.netMinor, asked.places),
  };
}

export function monthlyCompare(asked: Asked<"monthly-compare">): Answered<"monthly-compare"> {
  const { read, show } = figuresIn(asked.currency);
  const { factorMinor, bankMinor } = monthlyCosts({
    creditSalesMinor: shareOf(read(asked.monthly_sales), fraction(asked.credit_share)),
    factorFee: fraction(asked.factor_fee),
    factorMonthlyRate: fraction(asked.factor_monthly_rate),
    borrowedMinor: read(asked.borrowed),
    bankAnnualRate: fraction(asked.bank_annual_rate),
    bankMonthlyFee: fraction(asked.bank_monthly_fee),
    creditDepartmentMinor: read(asked.credit_dept),
    badDebtRate: fraction(asked.bad_debt_rate),
  });
  const cheaper = factorMinor < bankMinor ? "factor" : bankMinor < factorMinor ? "bank" : "neither";
  return { factor_cost: show(factorMinor), bank_cost: show(bankMinor), cheaper };
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
