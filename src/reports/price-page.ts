import type { PriceDocument } from "../../models/valuation.js";
import { cashChart, sensitivityChart, strataChart } from "./charts.js";
import { type FigureBox, figure, figureBoxes, framedPage } from "./page-frame.js";
import {
  assumptionsSheet,
  bidSheet,
  cashSheet,
  constraintWords,
  crossSheets,
  exclusionsSheet,
  findingsSheet,
  ladderSheet,
  limitationSheet,
  qualitySheet,
  sensitivitySheet,
  strataSheets,
  tapeSheet,
} from "./price-report.js";
import { escapeHtml, renderHtmlTable } from "./render-html.js";
import { displayCell } from "./sheet.js";

function keyFigures({ bid, tape, currency }: PriceDocument): string {
  const show = (value: string | number | null, kind: "money" | "rate" | "multiple" | "integer") =>
    displayCell(value, { key: "", title: "", kind });
  const items: FigureBox[] = [
    [`Bid (${currency})`, show(bid.price, "money"), `${bid.cents_per_dollar.toFixed(2)} cents per dollar`],
    ["Net IRR at the bid", show(bid.net_irr, "rate"), `target ${show(bid.target_irr, "rate")}`],
    ["Net multiple", show(bid.net_multiple, "multiple"), `gross ${show(bid.gross_multiple, "multiple")}`],
    ["Payback", bid.payback_month === null ? "never" : `month ${bid.payback_month}`],
    ["Price, p10 to p90", `${show(bid.interval.p10, "money")} to ${show(bid.interval.p90, "money")}`],
    [
      "Face priced",
      show(tape.face, "money"),
      `${show(tape.priced, "integer")} of ${show(tape.rows, "integer")} accounts`,
    ],
  ];
  return figureBoxes(items);
}

function warnings(document: PriceDocument): string {
  const said: string[] = [];
  const unverified = document.assumptions.filter((row) => row.mark === "unverified");
  if (unverified.length > 0) {
    said.push(`${unverified.length} assumptions are unverified: ${unverified.map((row) => row.name).join(", ")}.`);
  }
  const guide = document.price_guide;
  if (guide !== null && guide.position !== "within") {
    said.push(`The bid lies ${guide.position} the published price guide of ${guide.as_of} for this mix of stages.`);
  }
  return said.map((text) => `<p class="warning">${escapeHtml(text)}</p>`).join("");
}

/**
 * The price of a tape as one page for an investment committee: charts and tables, no script, nothing loaded from
 * anywhere, fit for print.
 */
export function pricePage(document: PriceDocument): string {
  const { tape, as_of, bid } = document;
  const cuts = [...new Set(document.strata.map((row) => row.by))];
  const strata = strataSheets(document);
  const tables = (...sheets: Parameters<typeof renderHtmlTable>[0][]) => sheets.map(renderHtmlTable).join("\n");
  const hash = tape.sha256 === undefined ? "" : ` &middot; sha256 ${escapeHtml(tape.sha256)}`;
  return framedPage(
    `Bid for ${tape.file} as of ${as_of}`,
    `<header>
<h1>Bid for ${escapeHtml(tape.file)}</h1>
<p class="under">As of ${escapeHtml(as_of)} &middot; priors of ${escapeHtml(document.priors_version)}${hash}</p>
</header>
${keyFigures(document)}
<p>What binds: ${escapeHtml(constraintWords[bid.binding_constraint])}. The IRR is solved on the same monthly cash that the price is worked out on.</p>
${warnings(document)}
<h2>Expected cash</h2>
${figure("Cash by month, and what is left after the price", cashChart(document))}
${tables(cashSheet(document))}
<h2>The price</h2>
${tables(bidSheet(document), ladderSheet(document))}
<h2>What moves it</h2>
${figure("Change of the price by shock", sensitivityChart(document))}
${tables(sensitivitySheet(document), ...crossSheets(document))}
<h2>The portfolio</h2>
${cuts.map((by, i) => `${figure(strata[i]!.title, strataChart(document, by))}\n${tables(strata[i]!)}`).join("\n")}
<h2>The tape</h2>
${tables(tapeSheet(document), findingsSheet(document), exclusionsSheet(document), limitationSheet(document), qualitySheet(document))}
<h2>Assumptions and their sources</h2>
${tables(assumptionsSheet(document))}`,
  );
}
