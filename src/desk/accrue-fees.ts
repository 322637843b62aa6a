import { childId } from "../../models/record-id.js";
import { formatMinor } from "../money/money.js";
import { chargeDocumentOf } from "../store/facility-charge.js";
import { implement } from "./act.js";
import { type AccruedInvoices, assertFacilityDay, facilityPortfolio, openFacilityBook } from "./facility-book.js";
import { chargeThrough } from "./facility-charges.js";

/**
 * Charges fees and interest of all open invoices up to a day, and what else the facility owes by it; run again it posts what
 * has changed, and nothing where nothing has. Invoices bought after the day are left alone.
 *
 * Guards in this order: the facility (`not_found`), the day (`effective_date_refused`), the month (`period_closed`).
 */
export const accrueFees = implement("accrue-fees", async (context, input) => {
  const book = await openFacilityBook(context, facilityPortfolio(input.facility_id));
  const { through } = input;
  assertFacilityDay(context, through);
  const { portfolioId, currency } = book.facility;
  const charged = await chargeThrough(context, book, { through, withFees: true });
  const done = charged.accrued;
  const sum = (of: (one: AccruedInvoices) => bigint) =>
    formatMinor(
      done.reduce((all, one) => all + of(one), 0n),
      currency,
    );
  const last = done.findLast(({ sequence }) => sequence !== null)?.sequence ?? null;
  return {
    facility_id: input.facility_id,
    currency,
    through,
    invoices: Math.max(...done.map(({ invoices }) => invoices)),
    fee: sum(({ feeMinor }) => feeMinor),
    interest: sum(({ interestMinor }) => interestMinor),
    earned: sum(({ earnedMinor }) => earnedMinor),
    entry_id: last === null ? null : childId("en", portfolioId, last),
    charged: formatMinor(charged.amountMinor, currency),
    charges: charged.charges.map((charge) => chargeDocumentOf(charge, book.facility)),
  };
});
