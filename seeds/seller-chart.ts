import type { LedgerAccount } from "../models/ledger-account.js";

/** What a seller books when it factors: accounts of its own books, for the journal that it is given of a facility. */
export const sellerChart = [
  { code: "100", name: "Cash", path: "assets:cash", kind: "asset" },
  { code: "110", name: "Accounts receivable", path: "assets:accounts receivable", kind: "asset" },
  { code: "120", name: "Due from factor", path: "assets:due from factor", kind: "asset" },
  { code: "200", name: "Due to factor", path: "liabilities:due to factor", kind: "liability" },
  { code: "210", name: "Recourse liability", path: "liabilities:recourse", kind: "liability" },
  { code: "220", name: "Advances from factor", path: "liabilities:advances from factor", kind: "liability" },
  { code: "400", name: "Returns and allowances", path: "income:returns and allowances", kind: "income" },
  { code: "500", name: "Loss on sale of receivables", path: "expenses:loss on sale", kind: "expense" },
  { code: "510", name: "Factoring charges", path: "expenses:factoring charges", kind: "expense" },
  { code: "520", name: "Bad debts", path: "expenses:bad debts", kind: "expense" },
] as const satisfies readonly LedgerAccount[];

export type SellerAccount = (typeof sellerChart)[number]["code"];
