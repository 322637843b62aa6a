import { fileURLToPath } from "node:url";
import { TapeFindings } from "../models/findings-table.js";
import type { TapeColumn, TapeColumns } from "../models/tape.js";
import { chance } from "../seeds/random-numbers.js";
import { parseDay } from "../src/calendar/day.js";
import { resolveAssumptions } from "../src/pricing/assumptions.js";
import { scoreRecovery } from "../src/recovery/score.js";
import { fitRecovery } from "../src/recovery/score-card.js";
import { benchScoreDraws } from "./score-draws.js";

const self = fileURLToPath(import.meta.url);
const asOf = parseDay("2022-01-01");

/** A history in memory, as a tape is once it is read: 20 numbers and 5 categories of the seller's own, all of them telling. */
function madeColumns(rows: number): TapeColumns {
  const random = chance(11).next;
  const linear = new Float64Array(rows).fill(-0.5);
  const columns = new Map<string, TapeColumn>();
  for (let k = 0; k < 20; k++) {
    const values = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      values[i] = random() < 0.03 ? Number.NaN : Math.exp(random() * 4);
      if (!Number.isNaN(values[i])) linear[i]! += (Math.log(values[i]!) - 2) * 0.1;
    }
    columns.set(`extra.number_${k}`, { kind: "number", values });
  }
  for (let k = 0; k < 5; k++) {
    const labels = Array.from({ length: 4 + 8 * k }, (_, code) => `label ${code}`);
    const values = new Int32Array(rows);
    for (let i = 0; i < rows; i++) {
      values[i] = Math.floor(random() * labels.length);
      linear[i]! += (values[i]! / labels.length - 0.5) * 0.8;
    }
    columns.set(`extra.category_${k}`, { kind: "code", values, labels });
  }
  const balance = new BigInt64Array(rows);
  const recovered = new BigInt64Array(rows);
  const chargedOff = new Int32Array(rows);
  for (let i = 0; i < rows; i++) {
    const months = random() * 72;
    balance[i] = BigInt(20_000 + Math.floor(random() * 900_000));
    chargedOff[i] = asOf - Math.floor(months * 30.4375);
    const chance = (1 / (1 + Math.exp(-linear[i]!))) * (1 - Math.exp(-months / 9));
    if (random() < chance) recovered[i] = BigInt(Math.floor(Number(balance[i]) * 0.3 * random()));
  }
  columns.set("current_balance", { kind: "money", values: balance });
  columns.set("charge_off_balance", { kind: "money", values: balance });
  columns.set("recovered_amount", { kind: "money", values: recovered });
  columns.set("charge_off_date", { kind: "day", values: chargedOff });
  columns.set("observed_on", { kind: "day", values: new Int32Array(rows).fill(asOf) });
  return { rows, rowNumbers: Int32Array.from({ length: rows }, (_, i) => i + 1), currency: "USD", columns };
}

function timed<T>(work: () => T): { seconds: number; result: T } {
  const start = performance.now();
  const result = work();
  return { seconds: (performance.now() - start) / 1000, result };
}

/** Fits 100,000 accounts of 25 columns, folds included, and scores a million by the card, on columns in memory. */
export function benchScore(fitRows = 100_000, scoreRows = 1_000_000): void {
  const history = madeColumns(fitRows);
  const fitted = timed(() =>
    fitRecovery({
      priorTiming: resolveAssumptions({ currency: "USD" }).recovery.timing,
      columns: history,
      file: "bench",
      sha256: "",
      rowsInFile: fitRows,
      olderNeverHigher: true,
      directions: new Map(),
      findings: new TapeFindings(),
    }),
  );
  const card = fitted.result;
  const tape = madeColumns(scoreRows);
  const scored = timed(() =>
    scoreRecovery({
      columns: tape,
      card,
      asOf,
      horizonMonths: 84,
      unknownAgeMonths: 60,
      toObservation: false,
      findings: new TapeFindings(),
    }),
  );
  const terms = card.probability.terms.length;
  console.log(`score: columns in memory, ${terms} terms in the card`);
  console.log(`  fit   ${fitRows} x 25 with folds   ${fitted.seconds.toFixed(2)} s (at most 10 is asked)`);
  console.log(`  score ${scoreRows} with reasons    ${scored.seconds.toFixed(2)} s (at most 3 is asked)`);
}

if (process.argv[1] === self) {
  benchScore();
  await benchScoreDraws();
}
