import { parseChildId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { listRefusals } from "../store/payment.js";
import { findPortfolio } from "../store/portfolio.js";
import { implement } from "./act.js";

export const listPaymentRefusals = implement("list-payment-refusals", async ({ tx }, input) => {
  const { portfolioId } = await findPortfolio(tx, input.portfolio_id);
  const key = parseChildId("ba", input.batch_id);
  if (key?.portfolioId !== portfolioId) throw new Refusal("not_found", `the portfolio has no batch ${input.batch_id}`);
  return listRefusals(tx, { portfolioId, batchNo: key.number }, input);
});
