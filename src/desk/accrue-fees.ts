import { childId } from "../../models/record-id.js";
import { formatMinor } from "../money/money.js";
import { readInvoices } from "../store/invoice.js";
import { implement } from "./act.js";
import { accrueInvoices, assertFacilityDay, facilityPortfolio, openFacilityBook } from "./facility-book.js";

/**
 * Charges fees and interest of all open invoices up to a day; run again it posts what has changed, and nothing where
 * nothing has. Invoices bought after the day are left alone.
 *
 * Guards in this order: the facility (`not_found`), the day (`effective_date_refused`), the month (`period_closed`).
 */
export const accrueFees = implement("accrue-fees", async (context, input) => {
  const book = await openFacilityBook(context, facilityPortfolio(input.facility_id));
  const { through } = input;
  assertFacilityDay(context, through);
  const { portfolioId, currency } = book.facility;
  const open = await readInvoices(context.tx, portfolioId, { state: "purchased" });
  // one that was charged further already is not charged back to the day
  const invoices = open.filter(({ purchasedOn, accruedOn }) => purchasedOn! <= through && accruedOn! <= through);
  for (const invoice of invoices) book.invoices.set(invoice.invoiceNo, invoice);
  const done = await accrueInvoices(context, book, { invoices, on: through });
  return {
    facility_id: input.facility_id,
    currency,
    through,
    invoices: done.invoices,
    fee: formatMinor(done.feeMinor, currency),
    interest: formatMinor(done.interestMinor, currency),
    earned: formatMinor(done.earnedMinor, currency),
    entry_id: done.sequence === null ? null : childId("en", portfolioId, done.sequence),
  };
});
