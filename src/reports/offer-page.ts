import type { FactoringOffer } from "../../models/factoring-offer.js";
import { costChart } from "./charts.js";
import {
  alternativesSheet,
  baseSheet,
  costSheet,
  disclosureSheets,
  invoicesSheet,
  type OfferFindings,
  offerFindingsSheet,
  termsSheet,
} from "./offer-report.js";
import { figure, figureBoxes, framedPage } from "./page-frame.js";
import { escapeHtml, renderHtmlTable } from "./render-html.js";
import { displayCell, type Sheet } from "./sheet.js";

/** An offer as one page for the owner of a business: plain words first, then the curve, then everything it rests on. */
export function offerPage(document: FactoringOffer & { readonly findings: OfferFindings }): string {
  const { offer } = document;
  const tables = (...sheets: Sheet[]) => sheets.map(renderHtmlTable).join("\n");
  const who = offer.name ?? "the factor";
  return framedPage(
    `Factoring offer of ${offer.as_of}`,
    `<header>
<h1>Your invoices, sold to ${escapeHtml(who)}</h1>
<p class="under">Funding on ${escapeHtml(offer.as_of)} &middot; the offer stands until ${escapeHtml(offer.expires_on)} &middot; ${escapeHtml(offer.recourse)}</p>
</header>
${keyFigures(document)}
${inWords(document)}
<h2>What it costs, day by day</h2>
${figure("The later your customers pay, the more it costs", costChart(document.cost_by_day, offer.currency))}
${tables(costSheet(document))}
<h2>What else you could do</h2>
${tables(alternativesSheet(document))}
<h2>Which invoices are bought, and why not the others</h2>
${tables(baseSheet(document), invoicesSheet(document))}
<h2>Disclosures</h2>
${tables(...disclosureSheets(document))}
<h2>What it rests on</h2>
${tables(offerFindingsSheet(document.findings), termsSheet(document))}`,
  );
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

function inWords({ offer, expected, cost_by_day: rows, target }: FactoringOffer): string {
  const { currency } = offer;
  const on = (day: number) => rows.find((row) => row.day === day);
  const [month, quarter] = [on(30), on(90)];
  const said = [
    `You hand over invoices of ${shown(offer.purchased)} ${currency}. Today you get ${shown(offer.net_funded)}; ${shown(offer.reserve)} is held back.`,
    month && quarter
      ? `If all your customers pay on day 30 it costs you ${shown(month.cost)} in all; on day 90, ${shown(quarter.cost)}.`
      : "",
    `We expect ${expected.days} days (${expected.basis}), a cost of ${shown(expected.cost)}, and ${shown(expected.release)} to come back.`,
  ];
  const paragraphs = said.filter((words) => words !== "").map((words) => `<p>${escapeHtml(words)}</p>`);
  if (target !== null && !target.reached) {
    const words = `These invoices cannot raise the ${shown(target.target_cash)} ${currency} that you asked for.`;
    paragraphs.push(`<p class="warning">${escapeHtml(words)}</p>`);
  }
  return paragraphs.join("\n");
}
