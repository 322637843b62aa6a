import { Refusal } from "../../models/refusal.js";
import { instantText } from "../calendar/day.js";
import { parseMinor } from "../money/money.js";
import { lockPortfolio, nextNumber } from "../store/portfolio.js";
import { insertQuote, type Quote, quoteDocumentOf, supersedeQuotes } from "../store/quote.js";
import { implement } from "./act.js";
import { valueStored } from "./value-stored.js";

const dayMs = 86_400_000;

/**
 * Prices the stored rows and keeps what the price came from. The quote that was open is superseded. A price of zero is
 * an answer as well; it can be declined and not accepted.
 *
 * Guards in this order: the portfolio (`not_found`), `portfolio_already_bought`, then the tape and the strategy (`nothing_to_price`,
 * `assumption_out_of_range`).
 */
export const issueQuote = implement("issue-quote", async ({ tx, desk, now }, input) => {
  const portfolio = await lockPortfolio(tx, input.portfolio_id);
  if (portfolio.state === "owned") {
    throw new Refusal("portfolio_already_bought", `portfolio ${portfolio.portfolioId} has been bought`);
  }
  const { tape, asOf, assumptions, models, valuation } = await valueStored(tx, input);
  const { document } = valuation;
  await supersedeQuotes(tx, portfolio.portfolioId, now);
  const quote: Quote = {
    portfolioId: portfolio.portfolioId,
    quoteNo: await nextNumber(tx, portfolio.portfolioId, "quote"),
    state: "issued",
    currency: portfolio.currency,
    priceMinor: parseMinor(document.bid.price, portfolio.currency),
    faceMinor: parseMinor(document.accounts.face, portfolio.currency),
    receivables: document.accounts.priced,
    centsPerDollar: document.bid.cents_per_dollar,
    targetIrr: String(document.bid.target_irr),
    asOf,
    issuedAt: now,
    expiresAt: instantText(desk.clock() + input.valid_days * dayMs),
    closedAt: null,
    note: input.note ?? null,
  };
  const snapshot = {
    tape_sha256: tape.sha256,
    layout: tape.layout,
    as_of: asOf,
    priors_version: document.priors_version,
    assumptions,
    valuation: document,
    ...(models.length === 0 ? {} : { models: [...models] }),
  };
  await insertQuote(tx, quote, snapshot);
  return { ...quoteDocumentOf(quote, now), snapshot };
});
