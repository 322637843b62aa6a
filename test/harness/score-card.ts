import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cardOf, readHistory } from "../recovery/history-of.js";
import { csvOf, madeHistory } from "../recovery/made-history.js";

/** The card of a score that was learned from so many made-up accounts, as `fit recovery` writes it. */
export async function madeScoreCard(rows = 300): Promise<Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), "netback-"));
  try {
    const path = join(folder, "history.csv");
    writeFileSync(path, csvOf(madeHistory(rows)));
    const { columns } = await readHistory(path, "2022-01-01");
    return JSON.parse(JSON.stringify(cardOf(columns))) as Record<string, unknown>;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
