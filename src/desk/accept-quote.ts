import { Refusal } from "../../models/refusal.js";
import { formatDay } from "../calendar/day.js";
import { lockPortfolio } from "../store/portfolio.js";
import { closeQuote, findQuote, lockQuote } from "../store/quote.js";
import { implement } from "./act.js";
import { bookPurchase } from "./book-purchase.js";
import { bookInterest } from "./carrying-book.js";
import { assertOpen } from "./open-quote.js";
import { valueAgain } from "./price-again.js";

/**
 * Accepts a quote and books the purchase, in one transaction.
 *
 * Guards in this order: the quote (`not_found`), its state (`quote_not_open`, `quote_expired`), its price
 * (`quote_price_zero`), the portfolio (`portfolio_already_bought`), the days (`effective_date_refused`). Two acceptances at once: the
 * second waits for the portfolio's row, and then finds the quote accepted.
 */
export const acceptQuote = implement("accept-quote", async (context, input) => {
  const { tx, now, today } = context;
  const { portfolioId } = await findQuote(tx, input.quote_id);
  const portfolio = await lockPortfolio(tx, portfolioId);
  const quote = await lockQuote(tx, input.quote_id);
  assertOpen(quote, now);
  if (quote.priceMinor === 0n) throw new Refusal("quote_price_zero", "the quote is at 0: there is nothing to pay");
  if (portfolio.state === "owned") {
    throw new Refusal("portfolio_already_bought", `portfolio ${portfolioId} has been bought`);
  }
  const closingOn = input.closing_on ?? formatDay(today);
  const cutOffOn = input.cut_off_on ?? quote.asOf;
  if (closingOn > formatDay(today)) {
    throw new Refusal(
      "effective_date_refused",
      `closing_on ${closingOn} lies in the future; today is ${formatDay(today)}`,
    );
  }
  if (cutOffOn > closingOn) {
    throw new Refusal("effective_date_refused", `cut_off_on ${cutOffOn} lies after closing_on ${closingOn}`);
  }
  // the price is the one that was quoted, also where a later release would price otherwise
  const valued = await valueAgain(tx, quote);
  const { allocation, put_back_days: putBackDays, put_back_basis: putBackBasis } = input;
  const terms = { closingOn, cutOffOn, allocation, putBackDays, putBackBasis };
  const purchase = await bookPurchase(context, { quote, valued, terms });
  await closeQuote(tx, quote, { state: "accepted", at: now, note: null });
  // the effective rate is fixed when the portfolio is bought
  if (portfolio.carryingMethod === "effective_interest") await bookInterest(tx, portfolioId);
  return purchase;
});
