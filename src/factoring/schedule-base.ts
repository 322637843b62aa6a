import type { Eligibility, FactoringTerms } from "../../models/factoring-terms.js";
import { addDays, type Day, formatDay } from "../calendar/day.js";
import { fraction } from "../money/fraction.js";
import { displayMinor, lesserMinor, type Minor, minor, parseMinor, zeroMinor } from "../money/money.js";
import { type Base, type BaseDebtor, type BasePosition, borrowingBase } from "./borrowing-base.js";

/** An invoice as far as its eligibility goes. */
export interface JudgedInvoice {
  readonly debtorId: string;
  readonly issuedOn: Day;
  readonly dueOn: Day;
  /** below zero on a credit note */
  readonly amountMinor: Minor;
  readonly paidMinor: Minor;
  readonly hasPurchaseOrder: boolean;
  readonly hasProofOfDelivery: boolean;
  /** ISO 3166, two letters; null where it is not known */
  readonly country: string | null;
  readonly disputed: boolean;
  /** how much of it is, where it is disputed; null: all of it */
  readonly disputedMinor: Minor | null;
  /** whether a person has verified it */
  readonly verified: boolean;
  /** as the seller writes it */
  readonly debtorType: string | null;
  readonly alreadyAssigned: boolean;
  /** whether the file says that it was settled by the day of funding */
  readonly settled: boolean;
}

/** One invoice that is offered to a factor. */
export interface OfferedInvoice extends JudgedInvoice {
  readonly invoiceNumber: string;
  /** days from the invoice date to the payment; null where nothing is known of it */
  readonly expectedDays: number | null;
}

/** What is known of a debtor beside the invoices. */
export interface KnownDebtor extends BaseDebtor {
  readonly debtorType: string | null;
}

export function openMinor(invoice: JudgedInvoice): Minor {
  return minor(invoice.amountMinor - invoice.paidMinor);
}

const typeWords: readonly (readonly [code: string, words: RegExp])[] = [
  ["government", /\b(government|federal|public sector|municipal\w*|state agency)\b/],
  ["affiliate", /\b(affiliate\w*|inter-?company|related( party)?|subsidiary|shareholder|employee)\b/],
  ["insolvent", /\b(insolvent|bankrupt\w*|in liquidation|receivership)\b/],
  ["contra", /\bcontra\b/],
  ["foreign", /\bforeign\b/],
];

/** The grounds that a debtor's type, in the seller's words, names. */
export function groundsOfType(type: string | null): string[] {
  if (type === null) return [];
  const said = type.toLowerCase().replaceAll("_", " ");
  return typeWords.filter(([, words]) => words.test(said)).map(([code]) => code);
}

/** The steps of a policy, in the order they are taken: see docs/FACTORING.md. */
function stepsOf(policy: Eligibility, knowsDebtors: boolean): string[] {
  const excluded = (code: (typeof policy.exclude)[number]) => (policy.exclude.includes(code) ? [code] : []);
  return [
    "already_assigned",
    "settled",
    "not_yet_issued",
    ...(knowsDebtors ? ["unknown_debtor"] : []),
    ...(policy.over_age_days === null ? [] : ["over_age"]),
    ...(policy.cross_age_threshold === null || policy.over_age_days === null ? [] : ["cross_age"]),
    ...excluded("foreign"),
    ...excluded("affiliate"),
    ...excluded("government"),
    ...excluded("disputed"),
    ...excluded("contra"),
    ...excluded("insolvent"),
    ...(policy.purchase_order_required ? ["missing_purchase_order"] : []),
    ...(policy.proof_of_delivery_over === null ? [] : ["missing_proof_of_delivery"]),
    ...(policy.verification_over === null && Object.keys(policy.debtor_verification_over).length === 0
      ? []
      : ["unverified"]),
    ...(policy.max_terms_days === null ? [] : ["terms_too_long"]),
    "credit_limit",
    ...(policy.concentration_limit === null ? [] : ["concentration"]),
  ];
}

/**
 * Works a schedule of invoices down to what is eligible under the terms.
 *
 * @param known the factor's debtors, where they are given: one that is not among them is not bought
 */
export function scheduleBase(
  invoices: readonly JudgedInvoice[],
  known: ReadonlyMap<string, KnownDebtor> | null,
  { terms, asOf }: { terms: FactoringTerms; asOf: Day },
): Base {
  const { eligibility: policy, currency } = terms;
  return borrowingBase(invoices.map(positionMaker(known, { terms, asOf })), debtorsOf(known, terms), {
    currency,
    maxAgeDays: policy.over_age_days,
    crossAge:
      policy.cross_age_threshold === null
        ? null
        : { threshold: fraction(policy.cross_age_threshold), orAt: policy.cross_age_operator === ">=" },
    concentration:
      policy.concentration_limit === null
        ? null
        : { limit: fraction(policy.concentration_limit), of: "eligible_before_concentration" },
    steps: stepsOf(policy, known !== null),
  });
}

const noFlags: ReadonlyMap<string, string> = new Map();

function disputedOf({ disputed, disputedMinor }: JudgedInvoice, balanceMinor: Minor): Minor {
  if (!disputed || balanceMinor <= 0n) return zeroMinor;
  return disputedMinor === null ? balanceMinor : lesserMinor(disputedMinor, balanceMinor);
}

/** Above this an invoice is bought when a person has verified it: by its debtor, or else for all; null: it needs none. */
function verificationBounds({ eligibility, currency }: FactoringTerms): (debtorId: string) => Minor | null {
  const { debtor_verification_over: ofDebtor, verification_over: ofAll } = eligibility;
  const all = ofAll === null ? null : parseMinor(ofAll, currency);
  const bounds = new Map(
    Object.entries(ofDebtor).map(([id, over]) => [id, over === null ? null : parseMinor(over, currency)]),
  );
  return (debtorId) => (bounds.has(debtorId) ? bounds.get(debtorId)! : all);
}

/** Says of each invoice what the steps look at. What is the same for all of them, or for all of a debtor's, is found once. */
function positionMaker(
  known: ReadonlyMap<string, KnownDebtor> | null,
  { terms, asOf }: { terms: FactoringTerms; asOf: Day },
): (invoice: JudgedInvoice) => BasePosition {
  const { eligibility: policy, currency } = terms;
  const byInvoiceDay = policy.age_from === "invoice_date";
  const proofOver = policy.proof_of_delivery_over === null ? null : parseMinor(policy.proof_of_delivery_over, currency);
  const verificationOver = verificationBounds(terms);
  const grounds = new Map<string | null, readonly string[]>([[null, []]]);
  const groundsOf = (type: string | null): readonly string[] => {
    const found = grounds.get(type) ?? groundsOfType(type);
    grounds.set(type, found);
    return found;
  };

  function flagsOf(invoice: JudgedInvoice, openMinor: Minor): ReadonlyMap<string, string> {
    let flags = noFlags as Map<string, string>;
    const flag = (code: string, words: string) => {
      if (flags === noFlags) flags = new Map();
      flags.set(code, words);
    };
    const { country, debtorType, issuedOn } = invoice;
    const debtor = known?.get(invoice.debtorId);
    for (const ground of groundsOf(debtorType)) flag(ground, `the debtor's type says ${ground}`);
    for (const ground of groundsOf(debtor?.debtorType ?? null)) flag(ground, `the debtor's type says ${ground}`);
    if (invoice.alreadyAssigned) flag("already_assigned", "stands in another live assignment");
    if (invoice.settled) flag("settled", "was settled before the day of funding");
    else if (openMinor === 0n) flag("settled", "nothing is open of it");
    if (issuedOn > asOf) flag("not_yet_issued", `dated ${formatDay(issuedOn)}, after the day of funding`);
    if (known !== null && debtor === undefined) {
      flag("unknown_debtor", "the debtor is not among the factor's debtors");
    }
    // a country that is not written in two letters is not known
    if (country !== null && country !== policy.home_country && /^[A-Z]{2}$/.test(country)) {
      flag("foreign", `the debtor is in ${country}, not ${policy.home_country}`);
    }
    if (!invoice.hasPurchaseOrder) flag("missing_purchase_order", "no purchase order is named");
    if (proofOver !== null && !invoice.hasProofOfDelivery && openMinor > proofOver) {
      flag("missing_proof_of_delivery", `above ${displayMinor(proofOver, currency)} a proof of delivery is needed`);
    }
    const verifiedOver = invoice.verified ? null : verificationOver(invoice.debtorId);
    if (verifiedOver !== null && openMinor > verifiedOver) {
      flag("unverified", `above ${displayMinor(verifiedOver, currency)} a person has to verify it, and nobody has`);
    }
    const termDays = invoice.dueOn - issuedOn;
    if (policy.max_terms_days !== null && termDays > policy.max_terms_days) {
      flag("terms_too_long", `due after ${termDays} days; at most ${policy.max_terms_days}`);
    }
    return flags;
  }

  return (invoice) => {
    const balanceMinor = openMinor(invoice);
    return {
      debtorId: invoice.debtorId,
      balanceMinor,
      ageDays: asOf - (byInvoiceDay ? invoice.issuedOn : invoice.dueOn),
      disputedMinor: disputedOf(invoice, balanceMinor),
      flags: flagsOf(invoice, balanceMinor),
    };
  };
}

/** Debtors by id, the limits of the terms laid over those of the ledger: the lower of the two holds. */
function debtorsOf(known: ReadonlyMap<string, KnownDebtor> | null, terms: FactoringTerms): Map<string, BaseDebtor> {
  const debtors = new Map<string, BaseDebtor>(known ?? []);
  for (const [id, limit] of Object.entries(terms.eligibility.debtor_limits)) {
    const stated = parseMinor(limit, terms.currency);
    const debtor = debtors.get(id) ?? {
      payableMinor: zeroMinor,
      limitMinor: null,
      outstandingMinor: zeroMinor,
      overAgeMinor: zeroMinor,
    };
    const lower = debtor.limitMinor === null || stated < debtor.limitMinor ? stated : debtor.limitMinor;
    debtors.set(id, { ...debtor, limitMinor: lower });
  }
  return debtors;
}

/** The day from which an unpaid invoice goes back to the business; null without recourse. */
export function recourseDay(invoice: JudgedInvoice, terms: FactoringTerms): string | null {
  const { kind, days, from } = terms.recourse;
  if (kind === "none") return null;
  return formatDay(addDays(from === "invoice_date" ? invoice.issuedOn : invoice.dueOn, days));
}
