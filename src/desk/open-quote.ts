import { Refusal } from "../../models/refusal.js";
import { type Quote, quoteStateAt } from "../store/quote.js";

/** Guards of every act that closes a quote, in this order: `quote_not_open`, `quote_expired`. */
export function assertOpen(quote: Quote, now: string): void {
  const state = quoteStateAt(quote, now);
  if (state === "expired") throw new Refusal("quote_expired", `the quote expired at ${quote.expiresAt}; it is ${now}`);
  if (state !== "issued") throw new Refusal("quote_not_open", `the quote was ${state} at ${quote.closedAt}`);
}
