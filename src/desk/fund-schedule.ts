import type { FactoringOffer } from "../../models/factoring-offer.js";
import { Refusal } from "../../models/refusal.js";
import { formatDay, parseDay } from "../calendar/day.js";
import { feeSchedule } from "../factoring/fee-schedule.js";
import { invoicesPurchased } from "../ledger/factoring-events.js";
import { type Minor, parseMinor, zeroMinor } from "../money/money.js";
import type { Facility } from "../store/facility.js";
import { type FactoredInvoice, readInvoicesOf, updateInvoices } from "../store/factored-invoice.js";
import { findOffer, findSchedule, markFunded, scheduleDocumentOf } from "../store/factoring-schedule.js";
import { implement } from "./act.js";
import { openSchedule } from "./facility-book.js";
import { offerOn } from "./offer-schedule.js";
import { addEntries } from "./portfolio-book.js";

/**
 * Pays the newest offer of an approved schedule. What was shown is what is paid: where the books have changed since so
 * that the same offer would not be made, it has to be made again.
 *
 * Guards in this order: the schedule (`not_found`, `schedule_not_ready`: not approved, or funded already), the offer
 * (`offer_missing`, `offer_expired`), the day (`effective_date_refused`), the offer against the books (`conflict`),
 * `nothing_to_fund`.
 */
export const fundSchedule = implement("fund-schedule", async (context, input) => {
  const { tx, today } = context;
  const { book, schedule } = await openSchedule(context, input.schedule_id);
  const { facility } = book;
  if (schedule.state !== "approved") {
    const said = schedule.state === "funded" ? `it was funded on ${schedule.fundedOn}` : `it is ${schedule.state}`;
    throw new Refusal("schedule_not_ready", `${said}; only one that is approved can be funded`);
  }
  const { document, expiresOn } = await findOffer(tx, schedule);
  if (formatDay(today) > expiresOn) throw new Refusal("offer_expired", `the offer stood until ${expiresOn}`);
  if (input.funded_on !== document.offer.as_of || parseDay(input.funded_on) > today) {
    const said = `the offer is for funding on ${document.offer.as_of}; today is ${formatDay(today)}`;
    throw new Refusal("effective_date_refused", `${input.funded_on}: ${said}`);
  }
  const again = await offerOn(tx, {
    facility,
    schedule,
    asOf: parseDay(input.funded_on),
    targetCash: document.target?.target_cash,
  });
  if (again.offer.net_funded !== document.offer.net_funded || again.offer.reserve !== document.offer.reserve) {
    const said = `${document.offer.net_funded} was offered, ${again.offer.net_funded} would be now`;
    throw new Refusal("conflict", `the books have changed since the offer: ${said}; offer again`);
  }
  if (document.offer.invoices_funded === 0) throw new Refusal("nothing_to_fund", "no invoice of it is bought");

  const read = (amount: string) => parseMinor(amount, facility.currency);
  const netFundedMinor = read(document.offer.net_funded);
  const draft = invoicesPurchased({
    netFundedMinor,
    reserveMinor: read(document.offer.reserve),
    feeTakenMinor: read(document.offer.fee_at_funding),
    chargesMinor: read(document.offer.upfront_charges),
  });
  const sequence = await addEntries(context, book, [
    { ...draft, effectiveOn: input.funded_on, sourceKind: "factoring_schedule" },
  ]);
  const { portfolioId, scheduleNo } = schedule;
  const invoices = await readInvoicesOf(tx, { portfolioId, scheduleNo });
  await updateInvoices(tx, portfolioId, bought(invoices, { document, facility, fundedOn: input.funded_on }));
  await markFunded(tx, schedule, { fundedOn: input.funded_on, netFundedMinor, sequence });
  return scheduleDocumentOf(await findSchedule(tx, portfolioId, scheduleNo), facility.currency);
});

/** The invoices of a schedule after funding, in the order of the offer's rows; those that are not bought are free again. */
function bought(
  invoices: readonly FactoredInvoice[],
  { document, facility, fundedOn }: { document: FactoringOffer; facility: Facility; fundedOn: string },
): FactoredInvoice[] {
  const { terms, currency } = facility;
  const fees = feeSchedule(terms.fee_schedule, currency);
  const read = (amount: string): Minor => parseMinor(amount, currency);
  return invoices.map((invoice, i) => {
    const row = document.invoices[i]!;
    if (!row.selected) return { ...invoice, state: "not_bought" };
    const lot = {
      faceMinor: invoice.amountMinor,
      advanceMinor: read(row.advance),
      reserveMinor: read(row.reserve),
    };
    const feeTakenMinor = terms.fee_schedule.collected_at === "funding" ? fees.feeOn(lot, 0) : zeroMinor;
    return { ...invoice, ...lot, feeTakenMinor, state: "purchased", fundedOn, accruedOn: fundedOn };
  });
}
