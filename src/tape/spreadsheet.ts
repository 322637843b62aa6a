import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type CellValue, readSheet } from "read-excel-file/node";
import { openPromise, type ZipFile } from "yauzl";
import { Refusal } from "../../models/refusal.js";

/** Bounds of the archive that a workbook is: a sheet of 300 MiB fits into a file of 300 KiB. */
const mostEntries = 200;
const mostUnpackedBytes = 200 * 2 ** 20;
const mostRatio = 100;
const ratioCountsFromBytes = 1 << 20;

/**
 * Writes a sheet of a workbook as CSV into the work folder and returns its path. Dates become ISO; blank rows stay
 * out. The archive's own directory is checked first, so that a bomb is refused before it is unpacked.
 *
 * @param sheet name of the sheet; the first one when left out
 * @throws file_unsupported, file_unreadable, file_too_large, layout_invalid
 */
export async function sheetToText(path: string, workFolder: string, sheet?: string): Promise<string> {
  await guardArchive(path);
  const target = join(workFolder, "sheet.csv");
  const output = createWriteStream(target);
  const rows = await rowsOf(path, sheet);
  const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
  if (width === 0) throw new Refusal("file_empty", "the sheet holds no cells");
  let block = "";
  for (const row of rows) {
    if (row.every((cell) => cell === null || cell === "")) continue;
    const cells = Array.from({ length: width }, (_, at) => cellText(row[at] ?? null));
    block += `${cells.join(",")}\n`;
    if (block.length > 1 << 18) {
      if (!output.write(block)) await once(output, "drain");
      block = "";
    }
  }
  output.end(block);
  await once(output, "close");
  return target;
}

async function rowsOf(path: string, sheet: string | undefined): Promise<(CellValue | null)[][]> {
  try {
    return await readSheet(await readFile(path), sheet ?? 1);
  } catch {
    const which = sheet === undefined ? "the first sheet" : `the sheet "${sheet.slice(0, 60)}"`;
    throw new Refusal("file_unreadable", `${which} of the workbook cannot be read`);
  }
}

function cellText(cell: CellValue | null): string {
  if (cell === null) return "";
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  const text = String(cell);
  return /[",\r\n]/.test(text) || text === "" ? `"${text.replaceAll('"', '""')}"` : text;
}

async function openArchive(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { lazyEntries: true });
  } catch {
    throw new Refusal("file_unreadable", "the archive is damaged");
  }
}

/** Reads the directory of the archive, not its contents. */
async function guardArchive(path: string): Promise<void> {
  const archive = await openArchive(path);
  let entries = 0;
  let packed = 0;
  let unpacked = 0;
  let hasWorkbook = false;
  try {
    for await (const entry of archive.eachEntry()) {
      entries++;
      packed += entry.compressedSize;
      unpacked += entry.uncompressedSize;
      hasWorkbook ||= entry.fileName === "xl/workbook.xml";
      if (entries > mostEntries)
        throw new Refusal("file_too_large", `more than ${mostEntries} entries in the workbook`);
    }
  } finally {
    archive.close();
  }
  if (!hasWorkbook) throw new Refusal("file_unsupported", "a ZIP archive that is not an XLSX workbook");
  const most = Math.min(mostUnpackedBytes, Math.max(ratioCountsFromBytes, packed * mostRatio));
  if (unpacked > most)
    throw new Refusal("file_too_large", `the workbook unpacks to ${unpacked} bytes; at most ${most}`);
}
