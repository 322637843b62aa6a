import type { PriceDocument } from "../../models/valuation.js";
import { cashChart, sensitivityChart, strataChart } from "./charts.js";
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

const style = `
:root { color-scheme: light; --ink: #1a1a1a; --soft: #595959; --line: #d9d9d9; --accent: #0072b2; --warn: #b45309; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.5rem 4rem; color: var(--ink); background: #fff;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
h1 { font-size: 1.7rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; border-bottom: 2px solid var(--ink); padding-bottom: .25rem; }
.under { color: var(--soft); margin: .25rem 0 1.5rem; overflow-wrap: anywhere; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: .75rem; margin: 0; }
.figures div { border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; }
.figures .main { background: #f0f7fc; border-color: var(--accent); }
.figures dt { color: var(--soft); font-size: .8rem; } .figures dd { margin: 0; font-size: 1.25rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.figures small { display: block; font-size: .75rem; font-weight: 400; color: var(--soft); }
.warning { border-left: 4px solid var(--warn); background: #fff7ed; padding: .6rem .9rem; margin: 1rem 0; }
figure { margin: 1rem 0; } figcaption, caption { text-align: left; font-weight: 650; padding: .4rem 0; } svg { width: 100%; height: auto; }
.sheet { overflow-x: auto; margin: 1rem 0; } table { border-collapse: collapse; width: 100%; font-size: .87rem; }
th, td { padding: .28rem .6rem; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
thead th { border-bottom: 1.5px solid var(--ink); white-space: nowrap; } tfoot th { border-top: 1.5px solid var(--ink); }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.note { color: var(--soft); font-size: .82rem; margin: .2rem 0; } .unverified td { background: #fff7ed; } .unverified td:nth-child(3) { color: var(--warn); font-weight: 700; }
@media print { body { max-width: none; padding: 0; font-size: 10.5pt; } h2 { break-after: avoid; } figure, tr, .figures div { break-inside: avoid; } .sheet { overflow: visible; } }
`;

function figure(title: string, svg: string): string {
  return `<figure><figcaption>${escapeHtml(title)}</figcaption>${svg}</figure>`;
}

function keyFigures({ bid, tape, currency }: PriceDocument): string {
  const show = (value: string | number | null, kind: "money" | "rate" | "multiple" | "integer") =>
    displayCell(value, { key: "", title: "", kind });
  const items: [string, string, string?][] = [
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
  const boxes = items.map(
    ([term, value, small], i) =>
      `<div${i === 0 ? ' class="main"' : ""}><dt>${escapeHtml(term)}</dt><dd>${escapeHtml(value)}${small === undefined ? "" : `<small>${escapeHtml(small)}</small>`}</dd></div>`,
  );
  return `<dl class="figures">${boxes.join("")}</dl>`;
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
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Bid for ${escapeHtml(tape.file)} as of ${escapeHtml(as_of)}</title>
<style>${style}</style>
</head>
<body>
<header>
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
${tables(assumptionsSheet(document))}
</body>
</html>
`;
}
