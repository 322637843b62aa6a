import { parseChildId } from "../../models/record-id.js";
import { findPortfolio } from "../store/portfolio.js";
import { findReceivable } from "../store/receivable.js";
import { implement } from "./act.js";

export const showReceivable = implement("show-receivable", async ({ tx }, input) => {
  const portfolio = await findPortfolio(tx, input.portfolio_id);
  if (input.receivable_id === undefined) {
    return findReceivable(tx, portfolio, { accountNumber: input.account_number });
  }
  const key = parseChildId("rc", input.receivable_id);
  // an id of another portfolio is no receivable of this one
  const receivableNo = key?.portfolioId === portfolio.portfolioId ? key.number : 0;
  return findReceivable(tx, portfolio, { receivableNo });
});
