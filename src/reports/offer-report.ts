import type { FactoringOffer } from "../../models/factoring-offer.js";
import { type Fact, factSheet, type Sheet, type SheetColumn } from "./sheet.js";

/** What an offer of a factor looks like to the owner of a business: the tables of `netback factor`. */

export interface OfferFindings {
  readonly rows: readonly {
    readonly file: string;
    readonly row: number | null;
    readonly column: string | null;
    readonly code: string;
    readonly value: string | null;
    readonly message: string;
  }[];
}

const text = (key: string, title = key.replaceAll("_", " ")): SheetColumn => ({ key, title, kind: "text" });
const integer = (key: string, title = key.replaceAll("_", " ")): SheetColumn => ({ key, title, kind: "integer" });
const rate = (key: string, title: string): SheetColumn => ({ key, title, kind: "rate" });
const money = (key: string, currency: string, title: string): SheetColumn => ({ key, title, kind: "money", currency });

export function offerSheet({ offer, expected, target }: FactoringOffer): Sheet {
  const cash = (value: string) => ({ value, kind: "money" }) as const;
  const { currency } = offer;
  const facts: Fact[] = [
    [`you get today (${currency})`, cash(offer.net_funded), `${offer.invoices_funded} of ${offer.invoices} invoices`],
    ["held back until your customers pay", cash(offer.reserve), "less the cost, it comes back to you"],
    ["advance", cash(offer.gross_advance), `${percent(offer.advance_rate)} of what is eligible`],
    ["charges taken out of it", cash(offer.upfront_charges)],
    ["first fee taken out of it", cash(offer.fee_at_funding)],
    ...facilityCharges(offer),
    ["face of the invoices that are bought", cash(offer.purchased)],
    [
      "expected cost in all",
      cash(expected.cost),
      `if they pay after ${expected.days} days (${expected.basis}): ${percent(expected.fee_rate_of_face)} of the face as a fee, ${percent(expected.apr_of_advance)} a year on the cash you get`,
    ],
    ["recourse", { value: offer.recourse, kind: "text" }],
    ["the offer stands until", { value: offer.expires_on, kind: "day" }],
  ];
  if (offer.facility_room !== null) {
    facts.push(["room under the facility's limit", cash(offer.facility_room), `over-advance ${offer.over_advance}`]);
  }
  if (Number(offer.dilution_reserve) !== 0) facts.push(["held back for dilution", cash(offer.dilution_reserve)]);
  if (target !== null) {
    const how = target.reached
      ? target.proved_cheapest
        ? "by the cheapest set"
        : "by the cheapest set found"
      : "NOT reached";
    facts.push(["cash asked for", cash(target.target_cash), how]);
  }
  const notes = (expected.findings ?? []).map(({ column, message }) => `expected days, ${column}: ${message}`);
  return factSheet({ name: "offer", title: "The offer", notes }, facts);
}

function facilityCharges({ facility_charges: charges }: FactoringOffer["offer"]): Fact[] {
  if (charges === undefined || /^0(\.0+)?$/.test(charges)) return [];
  return [["charges of the facility", { value: charges, kind: "money" }, "once and by month, until the last due date"]];
}

function percent(fraction: string | null): string {
  return fraction === null ? "no rate" : `${(Number(fraction) * 100).toFixed(2)}%`;
}

const shownDays = new Set([30, 45, 60, 90, 120]);

/** The cost of a few days; `every` shows the whole curve. */
export function costSheet({ offer, cost_by_day: rows }: FactoringOffer, every = false): Sheet {
  const { currency } = offer;
  const columns = [
    integer("day", "if paid on day"),
    money("cost", currency, "costs in all"),
    rate("fee_rate_of_face", "fee of face"),
    rate("cost_rate_of_face", "cost of face"),
    rate("apr_of_advance", "a year, on the cash"),
    money("release", currency, "comes back"),
    money("client_receives", currency, "you get in all"),
  ];
  const shown = every ? rows : rows.filter(({ day }) => shownDays.has(day));
  const marks = shown.some((row) => row.new_block);
  if (marks) columns.push(text("new_block", ""));
  return {
    name: every ? "cost-by-day" : "cost",
    title: "What it costs, by the day on which your customers pay",
    columns,
    rows: shown.map((row) => [
      row.day,
      row.cost,
      row.fee_rate_of_face,
      row.cost_rate_of_face,
      row.apr_of_advance,
      row.release,
      row.client_receives,
      ...(marks ? [row.new_block ? "first day of a new block" : ""] : []),
    ]),
    notes: every ? [] : worstDays(rows),
  };
}

function worstDays(rows: FactoringOffer["cost_by_day"]): string[] {
  const days = rows.filter((row) => row.new_block).map(({ day }) => day);
  if (days.length === 0) return [];
  return [
    `A new fee begins on day ${days.slice(0, 6).join(", ")}${days.length > 6 ? ", ..." : ""}: the worst days to be paid on.`,
  ];
}

/** What may be charged beside the cost, if it happens. */
export function eventSheets({ offer, event_charges: events }: FactoringOffer): Sheet[] {
  if (events === undefined || events.length === 0) return [];
  const columns = [text("code", "charge"), money("amount", offer.currency, "amount"), text("charged", "when")];
  const rows = events.map(({ code, amount, charged }) => [code, amount, charged]);
  return [{ name: "events", title: "What may be charged beside that, if it happens", columns, rows }];
}

/** The steps down to what is eligible; `telling` shows those alone that took something. */
export function baseSheet({ offer, base }: FactoringOffer, telling = false): Sheet {
  const columns = [
    text("step"),
    money("removed", offer.currency, "takes out"),
    money("remaining", offer.currency, "leaves"),
  ];
  const shown = telling ? base.filter(({ removed }) => Number(removed) !== 0) : base;
  const rows = shown.map((row) => [row.step.replaceAll("_", " "), row.removed, row.remaining]);
  return {
    name: "base",
    title: "From what you showed to what is eligible",
    columns,
    rows: [["shown", null, offer.gross], ...rows],
  };
}

export function invoicesSheet({ offer, invoices }: FactoringOffer): Sheet {
  const { currency } = offer;
  const columns = [
    text("invoice_number", "invoice"),
    text("debtor_id", "debtor"),
    money("amount", currency, "open"),
    money("eligible_amount", currency, "eligible"),
    money("advance", currency, "advance"),
    integer("expected_days_from_funding", "paid in days"),
    money("expected_fee", currency, "expected fee"),
    text("reasons", "why not, or not all of it"),
  ];
  return {
    name: "invoices",
    title: "Invoice by invoice",
    columns,
    rows: invoices.map((row) => [
      row.invoice_number,
      row.debtor_id,
      row.amount,
      row.eligible_amount,
      row.advance,
      row.selected ? row.expected_days_from_funding : null,
      row.expected_fee,
      whyNot(row),
    ]),
  };
}

function whyNot({ reasons, eligible, selected }: FactoringOffer["invoices"][number]): string {
  const said = reasons.map(({ code, message }) => `${code.replaceAll("_", " ")}: ${message}`);
  if (eligible && !selected) said.push("not needed for the cash asked for");
  return said.join("; ");
}

export function alternativesSheet({ offer, alternatives }: FactoringOffer): Sheet {
  const { currency } = offer;
  const columns = [
    text("name", "you could"),
    money("cash_today", currency, "cash today"),
    money("cost", currency, "costs"),
    money("expected_loss", currency, "never paid"),
    money("keeps", currency, "you keep"),
    rate("cost_rate_of_face", "of face"),
    rate("apr", "a year, on the cash"),
    money("annual_net_benefit", currency, "factoring all year instead"),
  ];
  const rows = alternatives.map((row) => [
    row.offered ? `${row.name} (this offer)` : row.name,
    row.cash_today,
    row.cost,
    row.expected_loss,
    row.keeps,
    row.cost_rate_of_face,
    row.apr,
    row.annual_net_benefit,
  ]);
  const days = alternatives[0]?.days;
  const notes = days === undefined ? [] : [`All of them if your customers pay after ${days} days.`];
  for (const { name, note } of alternatives) notes.push(`${name}: ${note}`);
  return { name: "alternatives", title: "What else you could do with the same invoices", columns, rows, notes };
}

export function disclosureSheets({ disclosure }: FactoringOffer): Sheet[] {
  const columns = [text("label", ""), text("value", ""), text("explanation", "")];
  return (["california", "new_york"] as const).map((state) => {
    const { law, rows, applies } = disclosure[state];
    return {
      name: `disclosure-${state.replace("_", "-")}`,
      title: law,
      columns,
      rows: rows.map((row) => [row.label, row.value, row.explanation]),
      notes: applies ? [] : ["The offer is larger than this law asks a disclosure for, or in another currency."],
    };
  });
}

export function termsSheet({ assumptions }: FactoringOffer): Sheet {
  const columns = [text("name", "term"), text("value"), text("mark", "")];
  const rows = assumptions.map(({ name, value, mark }) => [name, shownTerm(value), mark === "user" ? "" : "default"]);
  return { name: "terms", title: "The terms it was reckoned on", columns, rows };
}

/** A term as people read it. */
function shownTerm(value: unknown): string {
  if (value === null) return "none";
  return typeof value === "string" ? value : JSON.stringify(value);
}

export function offerFindingsSheet({ rows }: OfferFindings): Sheet {
  const columns = [text("file"), integer("row"), text("column"), text("value"), text("message")];
  const shown = rows.slice(0, 100).map((row) => [row.file, row.row, row.column, row.value, row.message]);
  const notes = rows.length > 100 ? [`${rows.length - 100} more are in the JSON.`] : [];
  return { name: "findings", title: "What was found in the files", columns, rows: shown, notes };
}

/** Everything that an offer says, as tables. The whole curve is made for who asks for it by name, and for a workbook. */
export function offerSheets(
  document: FactoringOffer & { readonly findings?: OfferFindings },
  withCurve: boolean,
): Sheet[] {
  return [
    offerSheet(document),
    costSheet(document),
    ...(withCurve ? [costSheet(document, true)] : []),
    ...eventSheets(document),
    baseSheet(document),
    invoicesSheet(document),
    alternativesSheet(document),
    ...disclosureSheets(document),
    ...(document.findings === undefined ? [] : [offerFindingsSheet(document.findings)]),
    termsSheet(document),
  ];
}
