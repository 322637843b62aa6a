import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TapeFindings } from "../models/findings-table.js";
import type { ScoreMetrics } from "../models/recovery-card.js";
import { parseDay } from "../src/calendar/day.js";
import { termsOf } from "../src/recovery/score-card.js";
import { type History, historyOf } from "../src/recovery/score-history.js";
import { spreadOf } from "../src/recovery/score-interval.js";
import { type LeftOut, leaveOut, metricsOf, poolsOf } from "../src/recovery/score-validation.js";
import { readTape } from "../src/tape/tape.js";
import { sharedPath } from "../test/harness/shared.js";

const draws = 10;

/** What tuned histogram gradient boosting of scikit-learn is said to reach on these loans, by one draw of its own. */
const peer = { auc: 0.749, brier: 0.1834, mean_absolute_error: 0.0763, pool: 0.069, total: 0.02 };

async function loans(path: string): Promise<{ history: History; terms: ReturnType<typeof termsOf>["terms"] }> {
  const workFolder = mkdtempSync(join(tmpdir(), "netback-"));
  const asOf = parseDay("2022-01-01");
  const { columns } = await readTape(path, { currency: "USD", asOf, workFolder, columns: "features" });
  rmSync(workFolder, { recursive: true });
  const findings = new TapeFindings();
  const history = historyOf(columns, findings);
  return { history, terms: termsOf({ columns, findings, directions: new Map([["open_date", 1]]) }, history).terms };
}

/** Every account at the share of the balance that all together brought: what pools are off by chance alone. */
function constantOf(history: History): LeftOut {
  const sum = (of: (k: number) => number) => history.rows.reduce((total, _, k) => total + of(k), 0);
  const rate = sum((k) => history.rate[k]! * history.balance[k]!) / sum((k) => history.balance[k]!);
  const any = sum((k) => history.any[k]!) / history.rows.length;
  return { rate: history.rate.map(() => rate), probability: history.any.map(() => any) };
}

function line(name: string, values: readonly number[], asked: string): void {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1));
  console.log(`  ${name.padEnd(40)} ${mean.toFixed(4)} +- ${sd.toFixed(4)}   ${asked}`);
}

/**
 * The account score on the real loans, over ten draws of folds and of pools: its figures, how far a draw moves each, and
 * what is asked. Says so where the loans are not beside the project.
 */
export async function benchScoreDraws(): Promise<void> {
  const path = sharedPath("data", "recovery", "lendingclub_history_dev.csv.gz");
  if (path === undefined) return console.log("score by draws: the loans are not beside the project");
  const { history, terms } = await loans(path);
  const places = Int32Array.from(history.rows.keys());
  const runs = Array.from({ length: draws }, (_, k) => {
    const { leftOut } = leaveOut(history, { terms, places, part: history, seed: k + 1 });
    const pools = (of: LeftOut) => poolsOf(history, of, { spread: spreadOf(history, of), seed: 1000 + k });
    return {
      metrics: metricsOf(history, leftOut),
      pools: pools(leftOut),
      constant: pools(constantOf(history)),
    };
  });
  const metric = (key: keyof ScoreMetrics) => runs.map(({ metrics }) => metrics[key]);
  console.log(
    `score by draws: ${history.rows.length} loans, five folds, ${draws} draws: mean +- deviation of one draw`,
  );
  line("area under the curve", metric("auc"), `above ${peer.auc}`);
  line("Brier score", metric("brier"), `below ${peer.brier}`);
  line("mean absolute error of the rate", metric("mean_absolute_error"), `below ${peer.mean_absolute_error}`);
  line("total, expected over recovered less one", metric("total_error"), `within ${peer.total}`);
  line(
    "pools of 250, median error",
    runs.map(({ pools }) => pools.median_error),
    `below ${peer.pool}`,
  );
  line(
    "  the same, every account alike",
    runs.map(({ constant }) => constant.median_error),
    "what is chance alone",
  );
  line(
    "pools within their p10 to p90",
    runs.map(({ pools }) => pools.coverage),
    "0.75 to 0.85",
  );
}
