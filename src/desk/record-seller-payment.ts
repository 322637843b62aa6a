import { Refusal } from "../../models/refusal.js";
import { sellerDebts, sellerPaid } from "../ledger/factoring-events.js";
import { formatMinor } from "../money/money.js";
import { readBalances } from "../store/ledger.js";
import { implement } from "./act.js";
import { actDone, assertFacilityDay, facilityPortfolio, openFacilityBook, postEvent } from "./facility-book.js";
import { movementMinor } from "./portfolio-book.js";

/**
 * The seller pays what it owes. Guards in this order: the facility, the day (`effective_date_refused`), the amount
 * (`amount_invalid`, `amount_not_available` for more than is owed), the month (`period_closed`).
 */
export const recordSellerPayment = implement("record-seller-payment", async (context, input) => {
  const book = await openFacilityBook(context, facilityPortfolio(input.facility_id));
  const { portfolioId, currency } = book.facility;
  const { paid_on: on, settles } = input;
  assertFacilityDay(context, on);
  const amountMinor = movementMinor(input.amount, currency);
  const owed = (await readBalances(context.tx, portfolioId)).get(sellerDebts[settles]) ?? 0n;
  if (amountMinor > owed) {
    throw new Refusal("amount_not_available", `the seller owes ${formatMinor(owed, currency)} ${currency}`);
  }
  const draft = sellerPaid(settles, amountMinor);
  const reason = input.note ?? null;
  const sequence = await postEvent(context, book, { draft, on, sourceKind: "seller_payment", reason, moves: [] });
  return actDone(book, { on, amountMinor, invoices: 0, sequences: [sequence] });
});
