import { Refusal } from "../../models/refusal.js";
import { formatDay, parseDay } from "../calendar/day.js";
import { formatMinor, sumMinor } from "../money/money.js";
import { readInvoicesOf } from "../store/factored-invoice.js";
import { implement } from "./act.js";
import { type Accrual, accrual, bookInvoiceEvents, facilityOfInput, openFacilityBook } from "./facility-book.js";

/** Accrues fees and interest of every open invoice through a day. Refuses `not_found`, `effective_date_refused`. */
export const accrueFactoringFees = implement("accrue-factoring-fees", async (context, input) => {
  const { tx, today } = context;
  const book = await openFacilityBook(context, facilityOfInput(input));
  const { facility } = book;
  const day = parseDay(input.through);
  if (day > today) {
    throw new Refusal("effective_date_refused", `${input.through} lies in the future; today is ${formatDay(today)}`);
  }
  const invoices = await readInvoicesOf(tx, { portfolioId: facility.portfolioId, state: "purchased" });
  const due = invoices.filter(({ accruedOn }) => accruedOn! < input.through);
  const accruals = due.map((invoice) => accrual(invoice, facility, day));
  const posted = accruals.filter(
    (one): one is Accrual & { draft: NonNullable<Accrual["draft"]> } => one.draft !== null,
  );
  await bookInvoiceEvents(context, book, {
    events: posted.map(({ invoice, draft, amountMinor }) => ({
      invoiceNo: invoice.invoiceNo,
      draft,
      amountMinor,
      on: input.through,
    })),
    invoices: accruals.map(({ invoice }) => invoice),
  });
  return {
    facility_id: input.facility_id,
    through: input.through,
    invoices: posted.length,
    accrued: formatMinor(sumMinor(posted.map(({ amountMinor }) => amountMinor)), facility.currency),
  };
});
