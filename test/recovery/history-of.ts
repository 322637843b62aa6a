import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TapeFindings } from "../../models/findings-table.js";
import type { RecoveryCard } from "../../models/recovery-card.js";
import type { TapeColumn, TapeColumns } from "../../models/tape.js";
import { parseDay } from "../../src/calendar/day.js";
import { resolveAssumptions } from "../../src/pricing/assumptions.js";
import { type Scored, scoreRecovery } from "../../src/recovery/score.js";
import { fitRecovery } from "../../src/recovery/score-card.js";
import { readTape, type Tape } from "../../src/tape/tape.js";

/** A file read the way `fit recovery` reads a history. */
export async function readHistory(path: string, asOf = "2026-01-01"): Promise<Tape> {
  const workFolder = mkdtempSync(join(tmpdir(), "netback-"));
  try {
    return await readTape(path, { currency: "USD", asOf: parseDay(asOf), workFolder, columns: "features" });
  } finally {
    rmSync(workFolder, { recursive: true });
  }
}

/** The rows of some columns that a test chooses. */
export function rowsWhere(columns: TapeColumns, isChosen: (row: number) => boolean): TapeColumns {
  const chosen = Array.from({ length: columns.rows }, (_, i) => i).filter(isChosen);
  const picked = (column: TapeColumn): TapeColumn => {
    const values = chosen.map((i) => column.values[i]!);
    if (column.kind === "text") return { kind: "text", values: values as string[] };
    const array = (column.values.constructor as unknown as { from(of: unknown[]): never }).from(values);
    return { ...column, values: array };
  };
  return {
    rows: chosen.length,
    rowNumbers: Int32Array.from(chosen, (i) => columns.rowNumbers[i]!),
    currency: columns.currency,
    columns: new Map([...columns.columns].map(([name, column]) => [name, picked(column)])),
  };
}

export function cardOf(
  columns: TapeColumns,
  more: { findings?: TapeFindings; olderNeverHigher?: boolean; directions?: ReadonlyMap<string, -1 | 1> } = {},
): RecoveryCard {
  return fitRecovery({
    columns,
    file: "history.csv",
    sha256: "0".repeat(64),
    rowsInFile: columns.rows,
    olderNeverHigher: more.olderNeverHigher ?? true,
    directions: more.directions ?? new Map(),
    priorTiming: resolveAssumptions({ currency: "USD" }).recovery.timing,
    findings: more.findings ?? new TapeFindings(),
  });
}

export function scoresOf(
  columns: TapeColumns,
  card: RecoveryCard,
  more: { findings?: TapeFindings; toObservation?: boolean; asOf?: string; horizonMonths?: number } = {},
): Scored {
  return scoreRecovery({
    columns,
    card,
    asOf: parseDay(more.asOf ?? "2022-01-01"),
    horizonMonths: more.horizonMonths ?? 84,
    unknownAgeMonths: 60,
    toObservation: more.toObservation ?? true,
    findings: more.findings ?? new TapeFindings(),
  });
}
