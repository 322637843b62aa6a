import { formatMinor } from "../money/money.js";
import { findQuote } from "../store/quote.js";
import { implement } from "./act.js";
import { priceAgain } from "./price-again.js";

export const repriceQuote = implement("reprice-quote", async ({ tx }, input) => {
  const quote = await findQuote(tx, input.quote_id);
  const { valuation } = await priceAgain(tx, quote);
  return {
    quote_id: input.quote_id,
    price: formatMinor(quote.priceMinor, quote.currency),
    price_again: valuation.document.bid.price,
    same: true as const,
  };
});
