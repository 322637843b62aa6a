import { defaultWaterfall } from "../../models/claim.js";
import { isCurrency } from "../../models/currency.js";
import { recordId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { facilityDocumentOf, findFacility, insertFacility } from "../store/facility.js";
import { openLedger } from "../store/ledger.js";
import { insertPortfolio } from "../store/portfolio.js";
import { implement } from "./act.js";

/** A facility is a portfolio of its own kind, with a ledger from the start. Refuses `currency_unknown`, `already_exists`. */
export const openFacility = implement("open-facility", async ({ tx, desk, now }, input) => {
  const { terms } = input;
  if (!isCurrency(terms.currency)) throw new Refusal("currency_unknown", `"${terms.currency}"`);
  const portfolioId = recordId("pf", desk.clock(), desk.randomBytes(10));
  await insertPortfolio(tx, {
    portfolioId,
    name: input.name,
    seller: input.seller,
    externalId: input.external_id ?? null,
    currency: terms.currency,
    state: "owned",
    kind: "factoring",
    carryingMethod: "cost_recovery",
    waterfall: defaultWaterfall,
    overpayment: "unapplied",
    createdAt: now,
  });
  await openLedger(tx, portfolioId, now);
  await insertFacility(tx, { portfolioId, terms, openedAt: now });
  return facilityDocumentOf(await findFacility(tx, portfolioId));
});
