import { parseChildId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { findPortfolio } from "../store/portfolio.js";
import { listResaleReceivables as listStored } from "../store/resale.js";
import { implement } from "./act.js";

export const listResaleReceivables = implement("list-resale-receivables", async ({ tx }, input) => {
  const key = parseChildId("rs", input.resale_id);
  if (key === undefined) throw new Refusal("not_found", `there is no resale ${input.resale_id}`);
  const portfolio = await findPortfolio(tx, key.portfolioId);
  return listStored(tx, { portfolio, sequence: key.number }, input);
});
