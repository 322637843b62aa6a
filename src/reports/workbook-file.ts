import { parseDay } from "../calendar/day.js";
import { guardFormula } from "./render-csv.js";
import type { ColumnKind } from "./sheet.js";
import { ZipFile } from "./zip-file.js";

export interface WorkbookColumn {
  readonly key: string;
  readonly kind: ColumnKind;
}

/** Most rows that a sheet of XLSX holds, the header among them. */
const sheetRows = 1_048_576;
/** Digits that a spreadsheet keeps exactly; a number with more is written as text. */
const exactDigits = 15;
/** Day 0 of a spreadsheet's calendar, counted from 1970-01-01. */
const spreadsheetEpoch = 25_569;
const rowsInBlock = 500;

const xmlHead = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const spreadsheetMl = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const packageMl = "http://schemas.openxmlformats.org/package/2006";
const contentTypes = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/**
 * A table of any length as an XLSX file, streamed: memory holds a few rows. What one sheet cannot hold goes on in the
 * next, with the header again. Numbers are numbers and days are days; words are guarded against formulas.
 *
 * @param rows fields in the order of the columns, as texts; null is an empty cell
 */
export async function writeWorkbook(
  path: string,
  table: {
    name: string;
    columns: readonly WorkbookColumn[];
    rows: AsyncIterable<readonly (readonly (string | null)[])[]>;
    rowsInSheet?: number;
  },
): Promise<void> {
  const { name, columns, rowsInSheet = sheetRows } = table;
  const zip = await ZipFile.create(path);
  try {
    const source = new RowSource(table.rows);
    const sheets: string[] = [];
    do {
      sheets.push(sheets.length === 0 ? name : `${name} ${sheets.length + 1}`);
      await zip.add(`xl/worksheets/sheet${sheets.length}.xml`, sheetTexts(source, columns, rowsInSheet - 1));
    } while (await source.hasMore());
    for (const [part, text] of parts(sheets)) await zip.add(part, [text]);
  } finally {
    await zip.close();
  }
}

/** Rows one by one out of batches, with a look ahead. */
class RowSource {
  readonly #batches: AsyncIterator<readonly (readonly (string | null)[])[]>;
  #batch: readonly (readonly (string | null)[])[] = [];
  #at = 0;

  constructor(batches: AsyncIterable<readonly (readonly (string | null)[])[]>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  async hasMore(): Promise<boolean> {
    while (this.#at >= this.#batch.length) {
      const { done, value } = await this.#batches.next();
      if (done === true) return false;
      this.#batch = value;
      this.#at = 0;
    }
    return true;
  }

  /** At most so many rows, without waiting for the next batch. */
  take(most: number): readonly (readonly (string | null)[])[] {
    const rows = this.#batch.slice(this.#at, this.#at + most);
    this.#at += rows.length;
    return rows;
  }
}

async function* sheetTexts(
  source: RowSource,
  columns: readonly WorkbookColumn[],
  most: number,
): AsyncGenerator<string> {
  const letters = columns.map((_, i) => columnLetters(i));
  const head = columns.map(({ key }, i) => textCell(`${letters[i]}1`, key, 1)).join("");
  let number = 1;
  yield `${xmlHead}<worksheet xmlns="${spreadsheetMl}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><sheetData><row r="1">${head}</row>`;
  for (let left = most; left > 0 && (await source.hasMore()); ) {
    const rows = source.take(Math.min(left, rowsInBlock));
    left -= rows.length;
    let text = "";
    for (const row of rows) {
      number++;
      const cells = row.map((field, i) => cell(`${letters[i]}${number}`, field, columns[i]!.kind));
      text += `<row r="${number}">${cells.join("")}</row>`;
    }
    yield text;
  }
  yield "</sheetData></worksheet>";
}

/** A, B, ... Z, AA, AB, ... */
function columnLetters(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnLetters(Math.floor(index / 26) - 1) + last;
}

function cell(at: string, field: string | null, kind: ColumnKind): string {
  if (field === null) return "";
  if (kind === "day") return `<c r="${at}" s="2"><v>${parseDay(field) + spreadsheetEpoch}</v></c>`;
  if (kind === "text") return textCell(at, guardFormula(field), 0);
  if (field.replace(/\D/g, "").length > exactDigits) return textCell(at, field, 0);
  return `<c r="${at}"><v>${field}</v></c>`;
}

function textCell(at: string, text: string, style: number): string {
  return `<c r="${at}" t="inlineStr" s="${style}"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

/** XML has no way to write most control characters: they become the replacement character. */
function xmlText(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** The parts of the package that say what the sheets are: ECMA-376 part 1, the least that is asked for. */
function parts(sheets: readonly string[]): [string, string][] {
  const numbers = sheets.map((_, i) => i + 1);
  const overrides = numbers.map(
    (n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${contentTypes}.worksheet+xml"/>`,
  );
  const listed = sheets.map((name, i) => `<sheet name="${xmlText(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`);
  const related = numbers.map(
    (n) => `<Relationship Id="rId${n}" Type="${relationships}/worksheet" Target="worksheets/sheet${n}.xml"/>`,
  );
  const styles = `<Relationship Id="rId${sheets.length + 1}" Type="${relationships}/styles" Target="styles.xml"/>`;
  return [
    [
      "[Content_Types].xml",
      `${xmlHead}<Types xmlns="${packageMl}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${contentTypes}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${contentTypes}.styles+xml"/>${overrides.join("")}</Types>`,
    ],
    [
      "_rels/.rels",
      `${xmlHead}<Relationships xmlns="${packageMl}/relationships"><Relationship Id="rId1" Type="${relationships}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ],
    [
      "xl/workbook.xml",
      `${xmlHead}<workbook xmlns="${spreadsheetMl}" xmlns:r="${relationships}"><sheets>${listed.join("")}</sheets></workbook>`,
    ],
    [
      "xl/_rels/workbook.xml.rels",
      `${xmlHead}<Relationships xmlns="${packageMl}/relationships">${related.join("")}${styles}</Relationships>`,
    ],
    ["xl/styles.xml", `${xmlHead}${styleSheet}`],
  ];
}

/** Style 0 is plain, 1 the header, 2 a day. */
const styleSheet = `<styleSheet xmlns="${spreadsheetMl}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf fontId="0"/><xf fontId="1" applyFont="1"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>`;
