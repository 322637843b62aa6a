import writeExcelFile, { type Cell as XlsxCell } from "write-excel-file/node";
import { parseDay } from "../calendar/day.js";
import { guardFormula } from "./render-csv.js";
import {
  type Cell,
  columnTitle,
  displayCell,
  isNumeric,
  type Sheet,
  type SheetColumn,
  type TypedCell,
  typedCell,
} from "./sheet.js";

/** Digits that a spreadsheet keeps exactly; an amount with more is written as text rather than rounded in silence. */
const exactDigits = 15;
/** Day 0 of a spreadsheet's calendar, counted from 1970-01-01. */
const spreadsheetEpoch = 25_569;

function numberFormat({ value, kind, decimals = 2 }: TypedCell): string {
  const places = (count: number) => (count === 0 ? "" : `.${"0".repeat(count)}`);
  switch (kind) {
    case "money":
      return `#,##0${places(String(value).split(".")[1]?.length ?? 0)}`;
    case "rate":
      return `0${places(decimals)}%`;
    case "multiple":
      return `0${places(decimals)}"x"`;
    case "integer":
      return "#,##0";
    default:
      return `#,##0${places(decimals)}`;
  }
}

function xlsxCell(cell: Cell, column: SheetColumn, bold: boolean): XlsxCell {
  const weight = bold ? { fontWeight: "bold" as const } : {};
  const typed = typedCell(cell, column);
  const { value, kind } = typed;
  if (value === null) return null;
  const text = String(value);
  if (kind === "day" && /^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return { value: parseDay(text) + spreadsheetEpoch, type: Number, format: "yyyy-mm-dd", ...weight };
  }
  const digits = text.replace(/\D/g, "").replace(/^0+/, "").length;
  const exact = typeof value === "number" || digits <= exactDigits;
  if (isNumeric(kind) && exact && text !== "" && Number.isFinite(Number(text))) {
    return { value: Number(text), type: Number, format: numberFormat(typed), ...weight };
  }
  const shown = kind === "text" ? guardFormula(text) : displayCell(cell, column);
  return { value: shown, type: String, align: isNumeric(column.kind) ? "right" : "left", ...weight };
}

/** Sheets as one XLSX workbook, a tab each: real numbers and dates with formats, header and totals in bold. */
export async function renderXlsx(sheets: readonly Sheet[]): Promise<Buffer> {
  const tabs = sheets.map((sheet) => {
    const head: XlsxCell[] = sheet.columns.map((column) => ({
      value: columnTitle(column),
      type: String,
      fontWeight: "bold",
      wrap: true,
      align: isNumeric(column.kind) ? "right" : "left",
    }));
    const rows = sheet.rows.map((row) => row.map((cell, i) => xlsxCell(cell, sheet.columns[i]!, false)));
    const totals = sheet.totals ? [sheet.totals.map((cell, i) => xlsxCell(cell, sheet.columns[i]!, true))] : [];
    const notes = (sheet.notes ?? []).map((note) => [
      { value: guardFormula(note), type: String, textColor: "#555555" },
    ]);
    const columns = sheet.columns.map((column, i) => {
      const longest = Math.max(
        ...sheet.rows.slice(0, 1000).map((row) => displayCell(row[i] ?? null, column).length),
        0,
      );
      return { width: Math.min(60, Math.max(10, columnTitle(column).length, longest) + 2) };
    });
    return {
      data: [head, ...rows, ...totals, ...(notes.length > 0 ? [[], ...notes] : [])],
      // Excel's limit for the name of a tab
      sheet: sheet.name.slice(0, 31),
      columns,
      stickyRowsCount: 1,
    };
  });
  return writeExcelFile(tabs).toBuffer();
}
