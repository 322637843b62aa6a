import { writeFile } from "node:fs/promises";
import { Refusal } from "../../models/refusal.js";
import { renderCsv } from "../reports/render-csv.js";
import type { Sheet } from "../reports/sheet.js";
import type { Format, Streams } from "./context.js";

/** An answer in all its forms: the document (JSON) and the sheets that show it to people. */
export interface Answer {
  readonly document: unknown;
  /** made only when tables are asked for */
  readonly sheets: () => readonly Sheet[];
  /** sentences above the tables, on a terminal only */
  readonly lead?: readonly string[];
  /** sentences below the tables, on a terminal only */
  readonly closing?: readonly string[];
}

export interface Shown {
  readonly format: Format;
  /** file to write to; standard output when left out */
  readonly out?: string | undefined;
  /** name of the one sheet to show; all of them (CSV: the first) when left out */
  readonly sheet?: string | undefined;
  /** leave out the guard against formulas in CSV */
  readonly raw?: boolean | undefined;
}

function chosen(sheets: readonly Sheet[], name: string | undefined): readonly Sheet[] {
  if (name === undefined) return sheets;
  const found = sheets.filter((sheet) => sheet.name === name);
  if (found.length > 0) return found;
  throw new Refusal("usage", `there is no sheet "${name}" here; there are ${sheets.map((s) => s.name).join(", ")}`);
}

async function rendered(answer: Answer, shown: Shown, width: number | undefined): Promise<string | Buffer> {
  if (shown.format === "json") return `${JSON.stringify(answer.document, null, 2)}\n`;
  const sheets = chosen(answer.sheets(), shown.sheet);
  if (shown.format === "xlsx") {
    const { renderXlsx } = await import("../reports/render-xlsx.js");
    return renderXlsx(sheets);
  }
  if (shown.format === "csv") return renderCsv(sheets[0]!, { raw: shown.raw ?? false });
  const { renderText } = await import("../reports/render-text.js");
  const parts = [
    ...(answer.lead ?? []),
    ...sheets.map((sheet) => renderText(sheet, width === undefined ? {} : { width })),
    ...(answer.closing ?? []),
  ];
  return `${parts.join("\n\n")}\n`;
}

/**
 * Writes an answer in the form that was asked for, to standard output or to a file.
 *
 * @throws Refusal `usage` when XLSX would go to a terminal, or for a sheet that is not in the answer
 */
export async function show(answer: Answer, shown: Shown, streams: Streams): Promise<void> {
  if (shown.format === "xlsx" && shown.out === undefined && streams.out.isTTY) {
    throw new Refusal("usage", "a workbook is no text for a terminal: name a file with --out FILE.xlsx");
  }
  const content = await rendered(answer, shown, shown.out === undefined ? streams.out.columns : undefined);
  if (shown.out === undefined) {
    streams.out.write(content);
    return;
  }
  await writeFile(shown.out, content);
  streams.err.write(`written to ${shown.out}\n`);
}
