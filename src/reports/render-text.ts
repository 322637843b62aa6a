import Table from "cli-table3";
import { columnTitle, displayCell, isNumeric, type Sheet } from "./sheet.js";

const quietLines = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** The sheet as an aligned table for a terminal or a plain-text mail: numbers to the right, thousands separated. */
export function renderText(sheet: Sheet): string {
  const heads = sheet.columns.map(columnTitle);
  const cells = sheet.rows.map((row) => row.map((cell, i) => displayCell(cell, sheet.columns[i]!)));
  // A total that does not apply to a column is blank: a dash would say that it is unknown.
  const totals = sheet.totals?.map((cell, i) => (cell === null ? "" : displayCell(cell, sheet.columns[i]!)));
  const widths = heads.map((head, i) =>
    Math.max(head.length, ...[...cells, totals ?? []].map((r) => r[i]?.length ?? 0)),
  );
  const ruler = widths.map((width) => "-".repeat(width));

  const table = new Table({
    chars: quietLines,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
    colAligns: sheet.columns.map((column) => (isNumeric(column.kind) ? "right" : "left")),
  });
  table.push(heads, ruler, ...cells);
  if (totals !== undefined) table.push(ruler, totals);
  const body = cells.length === 0 ? `${table.toString()}\n(nothing)` : table.toString();
  const trimmed = body.replace(/[ \t]+$/gm, "");
  const notes = (sheet.notes ?? []).map((note) => `  ${note}`);
  return [sheet.title, trimmed, ...notes].join("\n");
}
