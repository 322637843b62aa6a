import type { ActParsed } from "../../models/acts.js";
import { facilityOfPortfolio } from "../../models/facility.js";
import { TapeFindings } from "../../models/findings-table.js";
import type { PaymentCard } from "../../models/payment-card.js";
import { Refusal } from "../../models/refusal.js";
import { formatDay, parseDay } from "../calendar/day.js";
import { fitPayment, thinBelow } from "../payment/fit.js";
import {
  type LearnedFacility,
  type LearnedInvoice,
  readLearnedFacilities,
  readPaymentHistory,
} from "../store/payment-history.js";
import { implement } from "./act.js";
import { sellerKey } from "./debtor-naming.js";
import type { Context } from "./desk.js";
import { facilityPortfolio } from "./facility-book.js";
import { findingsPart } from "./findings-part.js";
import { knownAtOf } from "./known-at.js";
import { keepModel } from "./register-model.js";
import { canonicalText, hashText } from "./request-hash.js";
import { type StoredInvoice, storedColumns } from "./stored-columns.js";

/** Findings listed in the answer at most; the counts are of all. */
const mostFindings = 100;

const limits = [
  "Invoices are known from the day they were bought: what was paid before that is not in the books, and looks rarer than it is.",
  "An invoice that went back to the seller counts as unpaid until that day, and as not watched since; one that was written off as unpaid until the day of the fit.",
];

/**
 * Learns from facilities' own invoices how debtors pay, as `fit payment` does from a file, and keeps the card as a version.
 *
 * Guards in this order: the day (`effective_date_refused`), each facility (`not_found`), `currency_mismatch`,
 * `history_unusable` with fewer settled invoices than a price may rest on.
 */
export const fitPaymentBehaviour = implement("fit-payment-behaviour", async (context, input) => {
  const asOf = input.as_of === undefined ? context.today : parseDay(input.as_of);
  if (asOf > context.today) {
    const today = formatDay(context.today);
    throw new Refusal("effective_date_refused", `${input.as_of} lies in the future; today is ${today}`);
  }
  const morning = asOf < context.today ? `${formatDay(asOf)}T00:00:00Z` : undefined;
  const knownAt = await knownAtOf(context, { known_at: input.known_at ?? morning });
  const facilities = await facilitiesOf(context, input, knownAt);
  const { currency } = facilities[0]!;
  const day = formatDay(asOf);
  const sellers = new Map(facilities.map(({ portfolioId, seller }) => [portfolioId, sellerKey(seller)]));
  const read = await readPaymentHistory(context.tx, { facilities, asOf: day, knownAt });
  const invoices = eachOnce(read, sellers).map(storedOf);
  const settled = invoices.filter(({ settledOn }) => settledOn !== null).length;
  if (settled < thinBelow) {
    const books = facilities.length === 1 ? "the facility" : `the ${facilities.length} facilities`;
    throw new Refusal(
      "history_unusable",
      `${settled} of ${invoices.length} invoices of ${books} were settled before ${day}; a model to price by needs ${thinBelow}`,
    );
  }
  const findings = new TapeFindings();
  const sha256 = hashText(
    canonicalText(invoices.map(({ portfolioId: _, ...invoice }) => Object.values(invoice).map(String))),
  );
  const file = { name: "the facilities' books", sha256 };
  const fitted = fitPayment({ columns: storedColumns(invoices, currency), findings, asOf, file });
  const card: PaymentCard = {
    ...fitted,
    data: { ...fitted.data, facilities: facilities.map((facility) => learnedOf(facility, invoices)) },
    limits: [...fitted.limits, ...limits],
  };
  const kept = await keepModel(context, { kind: "payment_behaviour", name: input.name, card, fittedOn: day });
  const { kind: _, ...document } = kept;
  const { model: __, ...shown } = card;
  return { ...document, known_at: knownAt, card: shown, findings: findingsPart(findings, mostFindings) };
});

/** The facilities asked for; throws `not_found` and `currency_mismatch`. */
async function facilitiesOf(
  { tx }: Context,
  { facility_ids, currency }: ActParsed<"fit-payment-behaviour">,
  knownAt: string,
): Promise<LearnedFacility[]> {
  const all = await readLearnedFacilities(tx, { currency, knownAt });
  if (facility_ids === undefined) {
    const begun = all.filter(({ sequence }) => sequence > 0n);
    if (begun.length > 0) return begun;
    throw new Refusal("history_unusable", `no facility in ${currency} had anything booked by ${knownAt}`);
  }
  const asked = [...new Set(facility_ids)].sort().map((id) => {
    const facility = all.find(({ portfolioId }) => portfolioId === facilityPortfolio(id));
    if (facility === undefined) throw new Refusal("not_found", `there is no facility ${id}`);
    return { id, facility };
  });
  const [first] = asked;
  const other = asked.find(({ facility }) => facility.currency !== first!.facility.currency);
  if (other === undefined) return asked.map(({ facility }) => facility);
  const said = `${first!.id} is in ${first!.facility.currency}, ${other.id} in ${other.facility.currency}`;
  throw new Refusal("currency_mismatch", said);
}

/** An invoice that was given back and bought again is one invoice: what became of it last counts. */
function eachOnce(invoices: readonly LearnedInvoice[], sellers: ReadonlyMap<string, string>): LearnedInvoice[] {
  const last = new Map<string, LearnedInvoice>();
  for (const invoice of invoices) {
    const key = JSON.stringify([sellers.get(invoice.portfolioId), invoice.debtorId, invoice.invoiceNumber]);
    const known = last.get(key);
    if (known === undefined || known.boughtOn <= invoice.boughtOn) last.set(key, invoice);
  }
  const kept = new Set(last.values());
  return invoices.filter((invoice) => kept.has(invoice));
}

type Learned = StoredInvoice & { readonly portfolioId: string };

/**
 * What became of an invoice, seen from its debtor. Paid to the seller in place of the factor is paid. A charge-back or a
 * buy-back is the seller's money: the debtor had not paid by then, and nobody watched since. A loss is not paid at all.
 */
function storedOf(invoice: LearnedInvoice): Learned {
  const { openMinor, givenBackOn, isLost, lessOpenOn } = invoice;
  const isSettled = openMinor === "0" && givenBackOn === null && !isLost;
  return {
    portfolioId: invoice.portfolioId,
    invoiceNumber: invoice.invoiceNumber,
    debtorId: invoice.debtorId,
    issuedOn: invoice.issuedOn,
    dueOn: invoice.dueOn,
    amountMinor: BigInt(invoice.amountMinor),
    paidMinor: BigInt(invoice.paidMinor),
    country: invoice.country,
    debtorType: invoice.debtorType,
    disputed: invoice.disputed,
    settledOn: isSettled ? lessOpenOn : null,
    watchedUntil: givenBackOn,
  };
}

function learnedOf({ portfolioId, sequence }: LearnedFacility, invoices: readonly Learned[]) {
  const own = invoices.filter((invoice) => invoice.portfolioId === portfolioId);
  const settled = own.filter(({ settledOn }) => settledOn !== null).length;
  const givenBack = own.filter(({ watchedUntil }) => watchedUntil !== null).length;
  return {
    facility_id: facilityOfPortfolio(portfolioId),
    entries: Number(sequence),
    invoices: own.length,
    settled,
    open: own.length - settled - givenBack,
    given_back: givenBack,
  };
}
