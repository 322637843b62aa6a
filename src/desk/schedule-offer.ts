import { createHash } from "node:crypto";
import type { FactoringOffer } from "../../models/factoring-offer.js";
import { type Day, formatDay, parseDay } from "../calendar/day.js";
import { offer } from "../factoring/offer.js";
import type { KnownDebtor, OfferedInvoice } from "../factoring/schedule-base.js";
import { formatMinor, type Minor, minor } from "../money/money.js";
import { type Facility, readDebtors } from "../store/facility.js";
import { type Invoice, readFundsEmployed, readOutstanding } from "../store/invoice.js";
import type { Tx } from "../store/transaction.js";
import { readCourse } from "./facility-charges.js";

/** An invoice as eligibility sees it. `openMinor` of one that was bought is what is left of it. */
export function offeredInvoice(invoice: Invoice): OfferedInvoice {
  const bought = invoice.state === "purchased";
  return {
    invoiceNumber: invoice.invoiceNumber,
    debtorId: invoice.debtorId,
    issuedOn: parseDay(invoice.invoiceOn),
    dueOn: parseDay(invoice.dueOn),
    amountMinor: minor(bought ? invoice.now.open : invoice.amountMinor),
    paidMinor: minor(bought ? 0n : invoice.paidBeforeMinor),
    hasPurchaseOrder: invoice.purchaseOrder !== null,
    hasProofOfDelivery: invoice.hasProof,
    country: invoice.country,
    disputed: invoice.disputed,
    debtorType: invoice.debtorType,
    alreadyAssigned: false,
    settled: false,
    expectedDays: null,
  };
}

/**
 * What the factor knows of the debtors of invoices: limits, contra, and what is open of them over all facilities (over
 * the others, where the invoices at hand are this one's). `lock` holds the debtors, so that two facilities cannot use the same limit at once.
 */
export async function knownDebtors(
  tx: Tx,
  facility: Facility,
  of: { invoices: readonly Invoice[]; asOf: Day; lock: boolean; elsewhere?: true },
): Promise<Map<string, KnownDebtor>> {
  const { currency, terms } = facility;
  const debtorIds = [...new Set(of.invoices.map(({ debtorId }) => debtorId))];
  const debtors = await readDebtors(tx, { debtorIds, currency, lock: of.lock });
  const outstanding = await readOutstanding(tx, {
    debtorIds,
    currency,
    asOf: formatDay(of.asOf),
    overAgeDays: terms.eligibility.over_age_days,
    ageFrom: terms.eligibility.age_from,
    ...(of.elsewhere === true ? { exceptPortfolioId: facility.portfolioId } : {}),
  });
  return new Map(
    [...debtors].map(([id, { payableMinor, creditLimitMinor, debtorType }]) => {
      const open = outstanding.get(id);
      return [
        id,
        {
          payableMinor: minor(payableMinor),
          limitMinor: creditLimitMinor === null ? null : minor(creditLimitMinor),
          outstandingMinor: minor(open?.openMinor ?? 0n),
          overAgeMinor: minor(open?.overAgeMinor ?? 0n),
          debtorType,
        },
      ];
    }),
  );
}

/** The offer on the invoices of a schedule, as the books stand. */
export async function reckonOffer(
  tx: Tx,
  facility: Facility,
  of: { invoices: readonly Invoice[]; asOf: Day; targetMinor: Minor | null; lock: boolean },
): Promise<FactoringOffer> {
  const employedMinor = await readFundsEmployed(tx, facility.portfolioId);
  const { terms, currency } = facility;
  const opened = { ...terms.opened, funds_employed: formatMinor(employedMinor, currency) };
  return offer({
    terms: { ...terms, opened },
    givenTerms: terms,
    asOf: of.asOf,
    invoices: of.invoices.map(offeredInvoice),
    debtors: await knownDebtors(tx, facility, of),
    targetMinor: of.targetMinor,
    course: await readCourse(tx, facility.portfolioId),
    expectedFrom: "due dates",
  });
}

/** SHA-256 of the document as it is kept. */
export function offerHash(document: FactoringOffer): string {
  return createHash("sha256").update(JSON.stringify(document)).digest("hex");
}
