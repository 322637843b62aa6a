import type { FactoringOffer } from "../../models/factoring-offer.js";
import { type Day, formatDay, parseDay } from "../calendar/day.js";
import { offer } from "../factoring/offer.js";
import type { KnownDebtor, OfferedInvoice } from "../factoring/schedule-base.js";
import { formatMinor, type Minor, minor } from "../money/money.js";
import { type Facility, readDebtors } from "../store/facility.js";
import { type PastMoment, readDebtorsAt, readOutstandingAt } from "../store/facility-past.js";
import { readFundsEmployed, readOutstanding, type SubmittedInvoice } from "../store/invoice.js";
import type { Tx } from "../store/transaction.js";
import { readCourse } from "./facility-charges.js";
import { paymentModelInUse, paymentModelWords, withExpectedDays } from "./payment-in-use.js";

/** An invoice of a schedule that is not bought yet, as eligibility sees it. */
export function offeredInvoice(invoice: SubmittedInvoice): OfferedInvoice {
  return {
    invoiceNumber: invoice.invoiceNumber,
    debtorId: invoice.debtorId,
    issuedOn: parseDay(invoice.invoiceOn),
    dueOn: parseDay(invoice.dueOn),
    amountMinor: minor(invoice.amountMinor),
    paidMinor: minor(invoice.paidBeforeMinor),
    hasPurchaseOrder: invoice.purchaseOrder !== null,
    hasProofOfDelivery: invoice.hasProof,
    country: invoice.country,
    disputed: invoice.disputed,
    disputedMinor: invoice.disputedMinor === null ? null : minor(invoice.disputedMinor),
    verified: invoice.verified,
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
  of: {
    invoices: readonly { debtorId: string }[];
    asOf: Day;
    lock: boolean;
    elsewhere?: true;
    /** as it stood then, in place of now; of other facilities alone */
    past?: PastMoment | undefined;
  },
): Promise<Map<string, KnownDebtor>> {
  const { currency, terms } = facility;
  const debtorIds = [...new Set(of.invoices.map(({ debtorId }) => debtorId))];
  const { over_age_days: overAgeDays, age_from: ageFrom } = terms.eligibility;
  const { past } = of;
  const asked = { debtorIds, currency, overAgeDays, ageFrom };
  const others = of.elsewhere === true ? { exceptPortfolioId: facility.portfolioId } : {};
  // in this order: what is outstanding is read with the debtors held
  const [debtors, outstanding] = await Promise.all(
    past === undefined
      ? [
          readDebtors(tx, { debtorIds, currency, lock: of.lock }),
          readOutstanding(tx, { ...asked, ...others, asOf: formatDay(of.asOf) }),
        ]
      : [
          readDebtorsAt(tx, { debtorIds, currency, at: past }),
          readOutstandingAt(tx, { ...asked, exceptPortfolioId: facility.portfolioId, at: past }),
        ],
  );
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

/**
 * The offer on the invoices of a schedule, as the books stand. Payments are expected by the stored model that is named, by the
 * request or by the terms, and on the due dates where none is. Throws what `paymentModelInUse` throws.
 */
export async function reckonOffer(
  tx: Tx,
  facility: Facility,
  of: { invoices: readonly SubmittedInvoice[]; asOf: Day; targetMinor: Minor | null; paymentModel: string | undefined },
): Promise<FactoringOffer> {
  const { terms, currency } = facility;
  const { asOf, targetMinor } = of;
  const modelId = of.paymentModel ?? terms.payment_model;
  const [employedMinor, debtors, course, payment] = await Promise.all([
    readFundsEmployed(tx, facility.portfolioId),
    knownDebtors(tx, facility, { ...of, lock: false }),
    readCourse(tx, facility.portfolioId),
    modelId === undefined ? undefined : paymentModelInUse(tx, modelId, { currency, asOf }),
  ]);
  const submitted = of.invoices.map(offeredInvoice);
  const expected = payment === undefined ? undefined : withExpectedDays(submitted, payment.model, { currency, asOf });
  return offer({
    terms: { ...terms, opened: { ...terms.opened, funds_employed: formatMinor(employedMinor, currency) } },
    givenTerms: terms,
    asOf,
    invoices: expected?.invoices ?? submitted,
    debtors,
    targetMinor,
    course,
    expectedFrom: payment === undefined ? "due dates" : paymentModelWords(payment.used),
    expectedModel: payment?.used,
    expectedFindings: expected?.findings,
  });
}
