import { escapeHtml } from "./render-html.js";

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
td:not(.n) { min-width: 5.5rem; } td:last-child:not(.n):not(:only-child):not(:empty) { min-width: 12rem; }
thead th { border-bottom: 1.5px solid var(--ink); vertical-align: bottom; overflow-wrap: normal; } tfoot th { border-top: 1.5px solid var(--ink); }
.n { text-align: right; font-variant-numeric: tabular-nums; } td.n, tfoot .n { white-space: nowrap; }
.note { color: var(--soft); font-size: .82rem; margin: .2rem 0; } .unverified td { background: #fff7ed; } .unverified td:nth-child(3) { color: var(--warn); font-weight: 700; }
@media print { body { max-width: none; padding: 0; font-size: 10.5pt; } h2 { break-after: avoid; } figure, tr, .figures div { break-inside: avoid; } .sheet { overflow: visible; } table { font-size: 8.5pt; } th, td { padding: .2rem .35rem; } td:not(.n) { min-width: 3.5rem; } td:last-child:not(.n):not(:only-child):not(:empty) { min-width: 8rem; } }
`;

/** A drawing with its title. */
export function figure(title: string, svg: string): string {
  return `<figure><figcaption>${escapeHtml(title)}</figcaption>${svg}</figure>`;
}

/** A figure that stands out: what it is, its value, and what is said below it. */
export type FigureBox = readonly [term: string, value: string, small?: string];

/** The figures that a reader looks for first, the first of them marked. */
export function figureBoxes(items: readonly FigureBox[]): string {
  const boxes = items.map(
    ([term, value, small], i) =>
      `<div${i === 0 ? ' class="main"' : ""}><dt>${escapeHtml(term)}</dt><dd>${escapeHtml(value)}${small === undefined ? "" : `<small>${escapeHtml(small)}</small>`}</dd></div>`,
  );
  return `<dl class="figures">${boxes.join("")}</dl>`;
}

/** A page that stands alone: no script, nothing loaded from anywhere, fit for print. The body is HTML that is safe already. */
export function framedPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
}
