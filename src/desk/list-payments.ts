import { parseChildId } from "../../models/record-id.js";
import { listPayments as readPage } from "../store/payment.js";
import { findPortfolio } from "../store/portfolio.js";
import { implement } from "./act.js";

export const listPayments = implement("list-payments", async ({ tx }, input) => {
  const portfolio = await findPortfolio(tx, input.portfolio_id);
  const { batch_id, ...filter } = input;
  if (batch_id === undefined) return readPage(tx, portfolio, filter);
  const key = parseChildId("ba", batch_id);
  return readPage(tx, portfolio, { ...filter, batchNo: key?.portfolioId === portfolio.portfolioId ? key.number : 0 });
});
