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

const gap = 2;
/** A column of text is never made narrower than its longest word, up to this. */
const longestWord = 48;

/** Widths that fit the line: the widest columns of text give way, and what is too long for them runs on below. */
function fitted(natural: readonly number[], least: readonly number[], width: number): number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, each) => sum + each + gap, -gap) - width;
  while (over > 0) {
    const room = widths.map((each, i) => (each > least[i]! ? each : 0));
    const widest = Math.max(...room);
    if (widest === 0) break;
    widths[room.indexOf(widest)]! -= 1;
    over -= 1;
  }
  return widths;
}

function wordLength(text: string): number {
  return text.split(" ").reduce((most, word) => Math.max(most, word.length), 0);
}

/**
 * The sheet as an aligned table for a terminal or a plain-text mail: numbers to the right, thousands separated.
 * @param width characters a line; long text is wrapped to it
 */
export function renderText(sheet: Sheet, { width = 120 }: { width?: number } = {}): string {
  const heads = sheet.columns.map(columnTitle);
  const cells = sheet.rows.map((row) => row.map((cell, i) => displayCell(cell, sheet.columns[i]!)));
  // A total that does not apply to a column is blank: a dash would say that it is unknown.
  const totals = sheet.totals?.map((cell, i) => (cell === null ? "" : displayCell(cell, sheet.columns[i]!)));
  const most = (i: number, of: (text: string) => number) =>
    [heads, ...cells, totals ?? []].reduce((longest, row) => Math.max(longest, of(row[i] ?? "")), 0);
  const natural = heads.map((_, i) => most(i, (text) => text.length));
  const least = sheet.columns.map((column, i) =>
    column.kind === "text" ? Math.min(longestWord, most(i, wordLength)) : natural[i]!,
  );
  const widths = fitted(natural, least, width);
  const ruler = widths.map((each) => "-".repeat(each));

  const table = new Table({
    chars: quietLines,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [], compact: true },
    colAligns: sheet.columns.map((column) => (isNumeric(column.kind) ? "right" : "left")),
    colWidths: widths,
    wordWrap: true,
    wrapOnWordBoundary: true,
  });
  table.push(heads, ruler, ...cells);
  if (totals !== undefined) table.push(ruler, totals);
  const body = cells.length === 0 ? `${table.toString()}\n(nothing)` : table.toString();
  const trimmed = body.replace(/[ \t]+$/gm, "");
  const notes = (sheet.notes ?? []).map((note) => `  ${note}`);
  return [sheet.title, trimmed, ...notes].join("\n");
}
