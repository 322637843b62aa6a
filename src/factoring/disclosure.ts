import type { Disclosure } from "../../models/factoring-offer.js";
import { bandsOf, type EarlyTermination, type FactoringTerms } from "../../models/factoring-terms.js";
import { fraction, shareText, times } from "../money/fraction.js";
import { displayMinor, formatMinor, type Minor, minor, parseMinor } from "../money/money.js";
import { apr } from "./annual-rate.js";
import { minimumPeriods, minimumTerm } from "./charges.js";
import { eventChargesShown } from "./event-charges.js";
import { averageDays, costOn, type Funding } from "./funding.js";

/** The figures that both states ask for, all debtors paying on the due date. */
interface Disclosed {
  readonly financedMinor: Minor;
  readonly chargeMinor: Minor;
  /** the part of it that the facility is charged beside the schedule */
  readonly ofFacilityMinor: Minor;
  /** the part of it that the payment of the release costs */
  readonly payoutMinor: Minor;
  readonly totalMinor: Minor;
  readonly termDays: number;
  readonly aprPct: string | null;
}

function disclosed(funded: Funding, terms: FactoringTerms): Disclosed {
  const { owedMinor, chargesMinor, payoutMinor } = costOn(funded, ({ dueDays }) => dueDays, terms);
  const chargeMinor = minor(owedMinor + chargesMinor);
  const financedMinor = funded.netFundedMinor;
  const termDays = averageDays(funded, ({ dueDays }) => dueDays);
  const rate = apr({ financedMinor, chargeMinor, days: termDays }, 12);
  return {
    financedMinor,
    chargeMinor,
    ofFacilityMinor: minor(chargesMinor - payoutMinor - funded.chargesMinor),
    payoutMinor,
    totalMinor: minor(financedMinor + chargeMinor),
    termDays,
    aprPct: rate === null ? null : shareText(times(fraction(rate), 100), 2),
  };
}

/**
 * The rows that California and New York ask for, in our words; a lawyer has not read them.
 *
 * The amount financed is the advance less everything prepaid; the term is the due date, of several invoices their average
 * weighted by the advances. The finance charge has the charges that the facility makes by the last due date, once and by month (10 CCR
 * 943 (a)(1), 23 NYCRR 600.2 (a)(1): what 12 CFR 1026.4 counts); a minimum and the fee for ending early can be avoided. New York's section 806 (c) says that the payment is the purchase amount minus the finance charge, and (d)
 * plus it; only plus gives a rate above zero [S98].
 */
export function disclosures(funded: Funding, terms: FactoringTerms): { california: Disclosure; new_york: Disclosure } {
  const figures = disclosed(funded, terms);
  return {
    california: document(figures, terms, {
      law: "California: Financial Code 22802, 10 CCR 912",
      limit: "500000",
      heading: "OFFER SUMMARY Invoice Factoring",
      more: [],
    }),
    new_york: document(figures, terms, {
      law: "New York: Financial Services Law 806, 23 NYCRR 600.12",
      limit: "2500000",
      heading: "OFFER SUMMARY Invoice Factoring",
      more: [avoidableRow(terms), collateralRow(terms)],
    }),
  };
}

type Row = readonly [label: string, value: string, explanation: string];

function document(
  figures: Disclosed,
  terms: FactoringTerms,
  of: { law: string; limit: string; heading: string; more: readonly Row[] },
): Disclosure {
  const { currency } = terms;
  const show = (amount: Minor) => formatMinor(amount, currency);
  const rows = [...commonRows(figures, terms), ...of.more];
  return {
    law: of.law,
    applies: currency === "USD" && figures.financedMinor <= parseMinor(of.limit, currency),
    heading: of.heading,
    amount_financed: show(figures.financedMinor),
    finance_charge: show(figures.chargeMinor),
    estimated_apr_pct: figures.aprPct,
    total_payment_amount: show(figures.totalMinor),
    term_days: figures.termDays,
    rows: rows.map(([label, value, explanation], i) => ({ row: i + 1, label, value, explanation })),
  };
}

function commonRows(figures: Disclosed, terms: FactoringTerms): Row[] {
  const show = (amount: Minor) => `${displayMinor(amount, terms.currency)} ${terms.currency}`;
  const who = terms.name ?? "the factor";
  const ofFacility =
    figures.ofFacilityMinor === 0n
      ? ""
      : ` ${show(figures.ofFacilityMinor)} of it are charges of the facility, once and by month, that fall due by then.`;
  const ofPayout =
    figures.payoutMinor === 0n ? "" : ` ${show(figures.payoutMinor)} of it is for paying the reserve back to you.`;
  return [
    ["Funding Provided", show(figures.financedMinor), `What ${who} pays you when you assign the invoices.`],
    [
      "Estimated Annual Percentage Rate (APR)",
      figures.aprPct === null ? "none" : `${figures.aprPct}%`,
      "The estimated cost of this financing as a yearly rate on the cash you receive, if debtors pay when the invoices are due. If they pay later, it costs more.",
    ],
    [
      "Finance Charge",
      show(figures.chargeMinor),
      `What this financing costs you in all, if debtors pay on time.${ofFacility}${ofPayout}`,
    ],
    [
      "Total Payment Amount",
      show(figures.totalMinor),
      `What ${who} keeps of what debtors pay; the rest of the reserve comes back to you.`,
    ],
    ["Payment", show(figures.totalMinor), "Paid by your debtors, when the invoices are due."],
    [
      "Term",
      `${figures.termDays} days`,
      "From funding to the due date; of several invoices on average, by their advances.",
    ],
  ];
}

function avoidableRow(terms: FactoringTerms): Row {
  const { fee_schedule: fees, currency } = terms;
  const step = bandsOf(fees) === undefined && Number(fees.step_rate) > 0;
  const later = step
    ? `${shareText(times(fraction(fees.step_rate), 100), 2)}% for each ${fees.step_days} days that debtors pay late`
    : null;
  const least = minimumPeriods.map((period) => {
    const minimum = minimumTerm(terms, period);
    return minimum === undefined ? null : `what the fees of a ${period} fall short of ${minimum.amount} ${currency}`;
  });
  const { early_termination: end } = terms;
  const all = [later, ...least, end === undefined ? null : endWords(end, currency)].filter((one) => one !== null);
  for (const { code, amount, charged } of eventChargesShown(terms))
    all.push(`${amount} ${currency} (${code}) ${charged}`);
  return ["Avoidable Fees and Charges", all.length === 0 ? "none" : all.join("; "), "Beside the finance charge."];
}

function endWords(fee: EarlyTermination, currency: string): string {
  const before =
    fee.term_months === undefined ? "the facility" : `the facility before ${fee.term_months} months are over`;
  if (fee.amount !== undefined) return `${fee.amount} ${currency} for ending ${before}`;
  if (fee.months_of_minimum !== undefined) return `${fee.months_of_minimum} monthly minimums for ending ${before}`;
  if (fee.per_remaining_day !== undefined) {
    return `${fee.per_remaining_day} ${currency} for each day that is left, for ending ${before}`;
  }
  return `${shareText(times(fraction(fee.share_of_limit!), 100), 2)}% of the limit for ending ${before}`;
}

function collateralRow({ recourse }: FactoringTerms): Row {
  const from = recourse.from === "invoice_date" ? "invoice date" : "due date";
  const back =
    recourse.kind === "none"
      ? "If a debtor cannot pay, the factor bears it; disputes stay with you."
      : `An invoice that is not paid ${recourse.days} days after the ${from} goes back to you.`;
  return ["Collateral Requirements", "The assigned invoices", back];
}
