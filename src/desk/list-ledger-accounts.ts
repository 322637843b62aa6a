import { chartOf } from "../../seeds/chart-of-accounts.js";
import { findPortfolio } from "../store/portfolio.js";
import { implement } from "./act.js";

export const listLedgerAccounts = implement("list-ledger-accounts", async ({ tx }, input) => {
  const kind = input.portfolio_id === undefined ? input.kind : (await findPortfolio(tx, input.portfolio_id)).kind;
  return { kind, accounts: chartOf(kind).map((account) => ({ ...account })) };
});
