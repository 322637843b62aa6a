import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FindingCode } from "../../models/finding.js";
import { isRefusal, type Refusal } from "../../models/refusal.js";
import type { TapeColumn } from "../../models/tape.js";
import { parseDay } from "../../src/calendar/day.js";
import { readTape, type Tape, type TapeOptions } from "../../src/tape/tape.js";

const folders: string[] = [];

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "netback-tape-"));
  folders.push(folder);
  return folder;
}

after(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function fileOf(content: string | Buffer, name = "tape.csv"): string {
  const path = join(newFolder(), name);
  writeFileSync(path, content);
  return path;
}

export async function read(path: string, options: Partial<TapeOptions> = {}): Promise<Tape> {
  return await readTape(path, { currency: "USD", asOf: parseDay("2026-10-20"), workFolder: newFolder(), ...options });
}

/** The refusal that a read ends in; fails when it does not end in one. */
export async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  try {
    await work;
  } catch (error) {
    if (isRefusal(error)) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

/** Findings about rows as `row code`, in file order. */
export function rowFindings(tape: Tape, codes?: readonly FindingCode[]): string[] {
  return [...tape.findings.inFileOrder()]
    .filter((finding) => finding.row !== null && (codes === undefined || codes.includes(finding.code)))
    .map((finding) => `${finding.row} ${finding.code}`);
}

export function valuesOf(tape: Tape, name: string): (string | number | bigint | null)[] {
  const column: TapeColumn = tape.columns.columns.get(name)!;
  if (column.kind === "code") return Array.from(column.values, (code) => (code < 0 ? null : column.labels[code]!));
  return Array.from(column.values as ArrayLike<string | number | bigint>);
}
