import { closeQuote, lockQuote, quoteDocumentOf } from "../store/quote.js";
import { implement } from "./act.js";
import { assertOpen } from "./open-quote.js";

export const declineQuote = implement("decline-quote", async ({ tx, now }, input) => {
  const quote = await lockQuote(tx, input.quote_id);
  assertOpen(quote, now);
  await closeQuote(tx, quote, { state: "declined", at: now, note: input.reason ?? null });
  return quoteDocumentOf({ ...quote, state: "declined", closedAt: now }, now);
});
