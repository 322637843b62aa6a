import { findQuote, quoteDocumentOf, readSnapshot } from "../store/quote.js";
import { implement } from "./act.js";

export const showQuote = implement("show-quote", async ({ tx, now }, input) => {
  const quote = await findQuote(tx, input.quote_id);
  return { ...quoteDocumentOf(quote, now), snapshot: await readSnapshot(tx, quote) };
});
