import { defaultWaterfall } from "../../models/claim.js";
import { isCurrency } from "../../models/currency.js";
import { recordId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { insertPortfolio, type Portfolio, portfolioDocumentOf } from "../store/portfolio.js";
import { implement } from "./act.js";

/** Refuses `currency_unknown`, `already_exists`. */
export const createPortfolio = implement("create-portfolio", async ({ tx, desk, now }, input) => {
  if (!isCurrency(input.currency)) throw new Refusal("currency_unknown", `"${input.currency}"`);
  const portfolio: Portfolio = {
    portfolioId: recordId("pf", desk.clock(), desk.randomBytes(10)),
    name: input.name,
    seller: input.seller,
    externalId: input.external_id ?? null,
    currency: input.currency,
    state: "open",
    kind: "purchased_debt",
    carryingMethod: "cost_recovery",
    waterfall: defaultWaterfall,
    overpayment: "unapplied",
    createdAt: now,
  };
  await insertPortfolio(tx, portfolio);
  return portfolioDocumentOf(portfolio, undefined);
});
