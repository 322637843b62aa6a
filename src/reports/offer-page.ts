import type { FactoringOffer } from "../../models/factoring-offer.js";
import { costChart } from "./charts.js";
import {
  alternativesSheet,
  baseSheet,
  costSheet,
  disclosureSheets,
  eventSheets,
  invoicesSheet,
  type OfferFindings,
  offerFindingsSheet,
  termsSheet,
} from "./offer-report.js";
import { figure, figureBoxes, framedPage } from "./page-frame.js";
import { escapeHtml, renderHtmlTable } from "./render-html.js";
import { displayCell, type Sheet } from "./sheet.js";

/**
 * An offer as one page for the owner of a business: plain words first, then the curve, then everything it rests on. Where
 * nothing can be bought it says so and why, without a curve of nothing.
 */
export function offerPage(document: FactoringOffer & { readonly findings: OfferFindings }): string {
  const { offer, findings } = document;
  const who = escapeHtml(offer.name ?? "the factor");
  const bought = offer.invoices_funded > 0;
  const title = bought ? `Your invoices, sold to ${who}` : `Your invoices, shown to ${who}`;
  return framedPage(
    `Factoring offer of ${offer.as_of}`,
    `<header>
<h1>${title}</h1>
<p class="under">Funding on ${escapeHtml(offer.as_of)} &middot; the offer stands until ${escapeHtml(offer.expires_on)} &middot; ${escapeHtml(offer.recourse)}</p>
</header>
${bought ? theOffer(document) : nothingBought(document)}
<h2>Which invoices are bought, and why not the others</h2>
${tables(baseSheet(document, true), invoicesSheet(document))}
${bought ? `<h2>Disclosures</h2>\n${disclosed(document)}` : ""}
<h2>What it rests on</h2>
${tables(...(findings.rows.length > 0 ? [offerFindingsSheet(findings)] : []), termsSheet(document))}`,
  );
}

const tables = (...sheets: Sheet[]) => sheets.map(renderHtmlTable).join("\n");

function theOffer(document: FactoringOffer & { readonly findings: OfferFindings }): string {
  const { offer, cost_by_day: rows } = document;
  return `${keyFigures(document)}
${inWords(document)}
<h2>What it costs, day by day</h2>
${figure("The later your customers pay, the more it costs", costChart(rows, offer.currency))}
${tables(costSheet(document), ...eventSheets(document))}
<h2>What else you could do</h2>
${tables(alternativesSheet(document))}`;
}

function nothingBought({ offer, invoices }: FactoringOffer): string {
  const counts = new Map<string, number>();
  for (const code of invoices.flatMap(({ reasons }) => [...new Set(reasons.map(({ code }) => code))])) {
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  const grounds = [...counts].sort(([, a], [, b]) => b - a).map(([code, n]) => `${code.replaceAll("_", " ")} (${n})`);
  const room = Number(offer.facility_room ?? 1) === 0 ? " The limit of the facility leaves no room." : "";
  const why =
    grounds.length === 0 ? "" : ` What stands against them, with how many it is said of: ${grounds.join(", ")}.`;
  const words = `You would get nothing today: none of your ${offer.invoices} invoices over ${shown(offer.gross)} ${offer.currency} can be bought as they are.${room}${why}`;
  return `<p class="warning">${escapeHtml(words)}</p>`;
}

/** The disclosures of the states whose law covers the offer. */
function disclosed(document: FactoringOffer): string {
  const { california, new_york: newYork } = document.disclosure;
  const [west, east] = disclosureSheets(document);
  const covered = [...(california.applies ? [west!] : []), ...(newYork.applies ? [east!] : [])];
  const rest = "It is larger than the disclosure laws of California and New York reach, or in another currency.";
  return covered.length > 0 ? tables(...covered) : `<p>${rest}</p>`;
}

const shown = (value: string, kind: "money" | "rate" = "money") => displayCell(value, { key: "", title: "", kind });

function keyFigures({ offer, expected }: FactoringOffer): string {
  const { currency } = offer;
  const yearly = expected.apr_of_advance === null ? "no rate" : shown(expected.apr_of_advance, "rate");
  return figureBoxes([
    [
      `You get today (${currency})`,
      shown(offer.net_funded),
      `for ${offer.invoices_funded} of ${offer.invoices} invoices`,
    ],
    [`Held back (${currency})`, shown(offer.reserve), "comes back less the cost, when your customers have paid"],
    [`Expected cost (${currency})`, shown(expected.cost), `if they pay after ${expected.days} days`],
    ["Of the invoices' face", shown(expected.fee_rate_of_face, "rate"), "the fee, as it is usually quoted"],
    ["As a yearly rate", yearly, "on the cash that you get: compare this one with a loan"],
    [`Comes back later (${currency})`, shown(expected.release)],
  ]);
}

function inWords(document: FactoringOffer & { readonly findings: OfferFindings }): string {
  const { offer, expected, cost_by_day: rows, findings } = document;
  const { currency } = offer;
  const days = [30, 45, 90].flatMap((day) => rows.filter((row) => row.day === day));
  const byDay = days.map(
    ({ day, cost, apr_of_advance: apr }) =>
      `on day ${day}, ${shown(cost)}${apr === null ? "" : ` (${shown(apr, "rate")} a year)`}`,
  );
  const said = [
    `You hand over invoices of ${shown(offer.purchased)} ${currency}. Today you get ${shown(offer.net_funded)}; ${shown(offer.reserve)} is held back.`,
    `What it costs you in all, if all your customers pay ${byDay.join("; ")}.`,
    `If they pay ${expected.basis} (after ${expected.days} days on average), it costs ${shown(expected.cost)}, and ${shown(expected.release)} comes back.`,
    againstOverdraft(document),
    targetWords(document),
    findings.rows.length === 0
      ? ""
      : "Not all of your file could be taken as it is: what was found in it stands at the end.",
  ];
  const paragraphs = said.filter((words) => words !== "").map((words) => `<p>${escapeHtml(words)}</p>`);
  if (document.target?.reached === false) {
    const words = `These invoices cannot raise the ${shown(document.target.target_cash)} ${currency} that you asked for.`;
    paragraphs.unshift(`<p class="warning">${escapeHtml(words)}</p>`);
  }
  return paragraphs.join("\n");
}

/** The question that an owner comes with: does it beat my overdraft? */
function againstOverdraft({ offer, expected, alternatives }: FactoringOffer): string {
  const overdraft = alternatives.find(({ kind }) => kind === "overdraft");
  if (overdraft === undefined || overdraft.apr === null) return "";
  const dearer = Number(expected.cost) - Number(overdraft.cost);
  const side = dearer > 0 ? "less than this offer" : dearer < 0 ? "more than this offer" : "the same as this offer";
  return `The same ${shown(overdraft.cash_today)} ${offer.currency} on an overdraft at ${shown(overdraft.apr, "rate")} a year would cost ${shown(overdraft.cost)}: ${side}.`;
}

function targetWords({ offer, target }: FactoringOffer): string {
  if (target === null || !target.reached) return "";
  const how = target.proved_cheapest ? "no others raise it for less" : "others may raise it for a little less";
  return `You asked for ${shown(target.target_cash)} ${offer.currency}: ${offer.invoices_funded} of your invoices raise it, and ${how}.`;
}
