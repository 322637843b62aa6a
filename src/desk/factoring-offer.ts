import type { FactoringOffer, LedgerDebtor } from "../../models/factoring-offer.js";
import { longestTermsDays } from "../../models/invoice.js";
import { Refusal } from "../../models/refusal.js";
import { parseDay } from "../calendar/day.js";
import { offer } from "../factoring/offer.js";
import type { KnownDebtor } from "../factoring/schedule-base.js";
import { type Minor, parseMinor, zeroMinor } from "../money/money.js";
import type { Asked } from "./calculate-fees.js";

/** An offer on invoices that come as JSON. */
export function factoringOffer(asked: Asked<"factoring-offer">): FactoringOffer {
  const { terms, invoices } = asked;
  const read = (amount: string) => parseMinor(amount, terms.currency);
  refuseFarDays(invoices);
  const known = invoices.some((invoice) => invoice.expected_days_to_pay !== undefined);
  return offer({
    terms,
    givenTerms: terms,
    asOf: parseDay(terms.as_of!),
    invoices: invoices.map((invoice) => ({
      invoiceNumber: invoice.invoice_number,
      debtorId: invoice.debtor_id,
      issuedOn: parseDay(invoice.invoice_date),
      dueOn: parseDay(invoice.due_date),
      amountMinor: read(invoice.amount),
      paidMinor: read(invoice.paid_amount),
      hasPurchaseOrder: (invoice.purchase_order ?? "") !== "",
      hasProofOfDelivery: (invoice.proof_of_delivery || false) !== false,
      country: invoice.country?.toUpperCase() || null,
      disputed: invoice.disputed || Number(invoice.disputed_amount ?? 0) > 0,
      disputedMinor: disputedPart(invoice.disputed_amount, terms.currency),
      verified: invoice.verified,
      debtorType: invoice.debtor_type || null,
      alreadyAssigned: invoice.already_assigned,
      settled: false,
      expectedDays: invoice.expected_days_to_pay ?? null,
    })),
    debtors: asked.debtors === undefined ? null : knownDebtors(asked.debtors, terms.currency),
    targetMinor: asked.target_cash === undefined ? null : read(asked.target_cash),
    course: null,
    expectedFrom: known ? "as was said of each invoice, or on the due date" : "on the due date",
  });
}

function refuseFarDays(invoices: Asked<"factoring-offer">["invoices"]): void {
  const items = invoices.flatMap(({ invoice_date: issued, due_date: due }, i) =>
    isFarDay(issued, due)
      ? [{ pointer: `/invoices/${i}/due_date`, code: "due_date_far", detail: farDayWords(issued), value: due }]
      : [],
  );
  const [first] = items;
  if (first !== undefined)
    throw new Refusal("invalid_request", `${first.pointer}: ${first.detail}`, items.slice(0, 100));
}

const farDayWords = (issued: string) => `must be at most ten years after the invoice date, ${issued}`;

/** Whether an invoice is due so late that it can only be a slip of the pen. */
export function isFarDay(issued: string, due: string): boolean {
  return parseDay(due) - parseDay(issued) > longestTermsDays;
}

/** How much of an invoice is disputed; null where that is not said, or nothing: then all of it is, or none. */
export function disputedPart(amount: string | undefined, currency: string): Minor | null {
  const part = amount === undefined ? zeroMinor : parseMinor(amount, currency);
  return part > 0n ? part : null;
}

/** The factor's debtors by id. Throws `already_exists` for one that stands among them twice. */
export function knownDebtors(rows: readonly LedgerDebtor[], currency: string): Map<string, KnownDebtor> {
  const read = (amount: string) => parseMinor(amount, currency);
  const debtors = new Map<string, KnownDebtor>();
  for (const row of rows) {
    if (debtors.has(row.debtor_id)) {
      throw new Refusal("already_exists", `a debtor stands among the factor's debtors twice: ${row.debtor_id}`);
    }
    debtors.set(row.debtor_id, {
      outstandingMinor: read(row.outstanding),
      overAgeMinor: read(row.over_age),
      limitMinor: row.credit_limit === null ? null : read(row.credit_limit),
      payableMinor: read(row.payable_to_debtor),
      debtorType: row.debtor_type,
    });
  }
  return debtors;
}
