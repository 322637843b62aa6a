import { Refusal } from "../../models/refusal.js";
import { listClaimEvents as listStored } from "../store/claim-event.js";
import { findPortfolio } from "../store/portfolio.js";
import { receivableNumbers } from "../store/receivable.js";
import { implement } from "./act.js";

/** Refuses `not_found`, `receivable_unknown`. */
export const listClaimEvents = implement("list-claim-events", async ({ tx }, input) => {
  const portfolio = await findPortfolio(tx, input.portfolio_id);
  const { account_number: account, cursor, limit } = input;
  if (account === undefined) return listStored(tx, portfolio, { cursor, limit });
  const receivableNo = (await receivableNumbers(tx, portfolio.portfolioId, [account])).get(account);
  if (receivableNo === undefined) {
    throw new Refusal("receivable_unknown", `the portfolio has no account number ${account}`);
  }
  return listStored(tx, portfolio, { receivableNo, cursor, limit });
});
