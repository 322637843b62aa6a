import type { LedgerAccount } from "../models/ledger-account.js";
import type { PortfolioKind } from "../models/portfolio.js";

/**
 * The chart of a portfolio of purchased debt.
 *
 * The 1-5 accounts are the investment: what we paid, got and spent. The 9 accounts are memorandum: what the debtors
 * owe us, kept in the same books but never added to the investment; 9900 is their counter-account, so that they
 * balance among themselves. Gross movements stand in accounts of their own (4000 collections, 4100 refunds), and the
 * cost they use up beside them (4900, 4910), so that every figure of the net-back report is the turnover of one account.
 */
export const purchasedDebtChart = [
  { code: "1000", name: "Cash", path: "assets:cash", kind: "asset" },
  { code: "1100", name: "Agency clearing", path: "assets:agency clearing", kind: "asset" },
  { code: "1150", name: "Seller recourse receivable", path: "assets:seller recourse", kind: "asset" },
  { code: "1160", name: "Payments held by the seller", path: "assets:payments held by seller", kind: "asset" },
  { code: "1300", name: "Court costs advanced", path: "assets:court costs advanced", kind: "asset" },
  { code: "1500", name: "Purchased portfolios", path: "assets:purchased portfolios", kind: "asset" },
  { code: "1900", name: "Suspense", path: "assets:suspense", kind: "asset" },
  { code: "1950", name: "Transfers between portfolios", path: "assets:portfolio transfers", kind: "asset" },
  { code: "2000", name: "Costs payable", path: "liabilities:costs payable", kind: "liability" },
  { code: "2050", name: "Commission payable", path: "liabilities:commission payable", kind: "liability" },
  { code: "2100", name: "Unapplied cash", path: "liabilities:unapplied cash", kind: "liability" },
  { code: "3900", name: "Currency translation", path: "equity:currency translation", kind: "equity" },
  { code: "4000", name: "Collections", path: "income:collections", kind: "income" },
  { code: "4100", name: "Refunds for put-backs", path: "income:put-back refunds", kind: "income" },
  { code: "4200", name: "Proceeds of resale", path: "income:resale proceeds", kind: "income" },
  { code: "4500", name: "Portfolio revenue", path: "income:portfolio revenue", kind: "income" },
  {
    code: "4510",
    name: "Change in current-period recoveries",
    path: "income:changes in recoveries:current",
    kind: "income",
  },
  { code: "4520", name: "Change in future recoveries", path: "income:changes in recoveries:future", kind: "income" },
  { code: "4530", name: "Impairment", path: "income:impairment", kind: "income" },
  { code: "4900", name: "Cost recovered from collections", path: "income:cost recovered:collections", kind: "income" },
  { code: "4910", name: "Cost of receivables put back", path: "income:cost recovered:put-backs", kind: "income" },
  { code: "4920", name: "Court costs recovered", path: "income:cost recovered:court costs", kind: "income" },
  { code: "4930", name: "Cost of receivables sold", path: "income:cost recovered:resales", kind: "income" },
  { code: "5000", name: "Commission", path: "expenses:commission", kind: "expense" },
  { code: "5100", name: "Court costs", path: "expenses:court", kind: "expense" },
  { code: "5200", name: "Agency invoices", path: "expenses:agency invoices", kind: "expense" },
  { code: "5300", name: "Servicing", path: "expenses:servicing", kind: "expense" },
  { code: "5400", name: "Media", path: "expenses:media", kind: "expense" },
  { code: "5500", name: "Data", path: "expenses:data", kind: "expense" },
  { code: "5600", name: "Costs of purchase", path: "expenses:purchase", kind: "expense" },
  { code: "5900", name: "Other costs", path: "expenses:other", kind: "expense" },
  { code: "9000", name: "Claims: principal", path: "memo:claims:principal", kind: "memo" },
  { code: "9010", name: "Claims: interest", path: "memo:claims:interest", kind: "memo" },
  { code: "9020", name: "Claims: fees", path: "memo:claims:fees", kind: "memo" },
  { code: "9030", name: "Claims: court costs", path: "memo:claims:court costs", kind: "memo" },
  { code: "9900", name: "Claims, counter-account", path: "memo:claims counter", kind: "memo" },
] as const satisfies readonly LedgerAccount[];

/**
 * The chart of a factoring facility. Codes that it shares with the chart above mean the same there.
 *
 * Bought invoices stand at face (1200) beside what is held back of them (2200): the difference is what is out. Where the
 * recourse makes it a loan, that difference is one account (1250) and the face is a memorandum (9100).
 */
export const factoringChart = [
  { code: "1000", name: "Cash", path: "assets:cash", kind: "asset" },
  { code: "1150", name: "Seller recourse receivable", path: "assets:seller recourse", kind: "asset" },
  { code: "1160", name: "Payments held by the seller", path: "assets:payments held by seller", kind: "asset" },
  { code: "1170", name: "Charges due from sellers", path: "assets:charges due from sellers", kind: "asset" },
  { code: "1200", name: "Purchased invoices", path: "assets:purchased invoices", kind: "asset" },
  { code: "1250", name: "Advances on invoices", path: "assets:advances on invoices", kind: "asset" },
  { code: "1900", name: "Suspense", path: "assets:suspense", kind: "asset" },
  { code: "2110", name: "Unapplied receipts", path: "liabilities:unapplied receipts", kind: "liability" },
  { code: "2200", name: "Reserve payable", path: "liabilities:reserve payable", kind: "liability" },
  { code: "2210", name: "Escrow reserve", path: "liabilities:escrow reserve", kind: "liability" },
  { code: "2300", name: "Deferred fees", path: "liabilities:deferred fees", kind: "liability" },
  { code: "2400", name: "Receipts due to the seller", path: "liabilities:due to seller", kind: "liability" },
  { code: "4600", name: "Factoring fees", path: "income:factoring fees", kind: "income" },
  { code: "4610", name: "Interest on funds employed", path: "income:interest on funds employed", kind: "income" },
  { code: "4620", name: "Charges to sellers", path: "income:charges", kind: "income" },
  { code: "4630", name: "Minimum fees", path: "income:minimum fees", kind: "income" },
  { code: "4640", name: "Termination fees", path: "income:termination fees", kind: "income" },
  { code: "5700", name: "Credit losses", path: "expenses:credit losses", kind: "expense" },
  { code: "9100", name: "Assigned invoices", path: "memo:assigned invoices", kind: "memo" },
  { code: "9900", name: "Claims, counter-account", path: "memo:claims counter", kind: "memo" },
] as const satisfies readonly LedgerAccount[];

export type AccountCode = (typeof purchasedDebtChart)[number]["code"] | (typeof factoringChart)[number]["code"];

const charts: Readonly<Record<PortfolioKind, readonly LedgerAccount[]>> = {
  purchased_debt: purchasedDebtChart,
  factoring: factoringChart,
};

/** The chart that portfolios of a kind are kept in. */
export function chartOf(kind: PortfolioKind): readonly LedgerAccount[] {
  return charts[kind];
}

/** Every account of every chart, by its code: a code means the same in all of them. */
export const everyAccount: ReadonlyMap<string, LedgerAccount> = new Map(
  Object.values(charts)
    .flat()
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map((account) => [account.code, account]),
);
