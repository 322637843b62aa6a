import { basename } from "node:path";
import { currencyExponent } from "../../models/currency.js";
import type { RecoveryScoreDocument } from "../../models/recovery-score.js";
import { Refusal } from "../../models/refusal.js";
import { parseDay } from "../calendar/day.js";
import { estimateToMinor, formatMinor, type Minor, minorToEstimate } from "../money/money.js";
import { type Scored, scoreRecovery } from "../recovery/score.js";
import { poolInterval } from "../recovery/score-interval.js";
import { type AddedColumn, assertWritable, writeExtended } from "../tape/extended-file.js";
import { readTape } from "../tape/tape.js";
import { findingsPart } from "./findings-part.js";
import { readLayout, type TapeOrder } from "./price-tape.js";
import { featureKindsOf, readRecoveryModel } from "./recovery-model.js";

export interface ScoreRecoveryOrder
  extends Pick<TapeOrder, "path" | "asOf" | "currency" | "layout" | "workFolder" | "onProgress"> {
  /** the card, as it was parsed from JSON */
  readonly model: unknown;
  readonly horizonMonths: number;
  readonly unknownAgeMonths: number;
  /** the file to write */
  readonly out: string;
  readonly raw: boolean;
  readonly maxFindings: number;
}

/**
 * Scores every row of a tape by a card and writes the tape again with the scores beside its own columns.
 *
 * @throws Refusal for a file or layout that cannot be read, and `model_invalid` for what is no card
 */
export async function scoreRecoveryTape(order: ScoreRecoveryOrder): Promise<RecoveryScoreDocument> {
  const { path, currency, workFolder, onProgress } = order;
  assertWritable(order.out);
  refuseOutOfBounds(order);
  const { card, version } = readRecoveryModel(order.model, currency);
  const asOf = parseDay(order.asOf);
  const tape = await readTape(path, {
    currency,
    asOf,
    workFolder,
    onProgress,
    columns: "features",
    features: featureKindsOf(card),
    ...(order.layout === undefined ? {} : { layout: readLayout(order.layout) }),
  });
  onProgress({ phase: "score", done: 0, total: 1 });
  const { columns, findings } = tape;
  const { horizonMonths, unknownAgeMonths } = order;
  const scored = scoreRecovery({
    columns,
    card,
    asOf,
    horizonMonths,
    unknownAgeMonths,
    toObservation: true,
    findings,
  });
  onProgress({ phase: "write", done: 0, total: 1 });
  const added = addedColumns(scored, currency);
  const { out, raw } = order;
  await writeExtended({
    path,
    layout: tape.layout,
    rowNumbers: columns.rowNumbers,
    added,
    out,
    raw,
    workFolder,
  });
  const { expected } = scored.totals;
  const interval = poolInterval(scored.totals, card.spread.history_cv);
  const money = (estimate: number) => formatMinor(estimateToMinor(estimate, currency, "half_even"), currency);
  const face = minorToEstimate(tape.faceMinor as Minor, currency);
  return {
    model: version,
    file: basename(path),
    out,
    as_of: order.asOf,
    currency,
    horizon_months: horizonMonths,
    rows: tape.rowsInFile,
    scored: columns.rows,
    scored_to_observation: scored.observedRows,
    total: {
      face: formatMinor(tape.faceMinor, currency),
      expected_recovery: money(expected),
      p10: money(interval.p10),
      p90: money(interval.p90),
      expected_recovery_rate: face > 0 ? expected / face : 0,
    },
    stability: [...scored.stability],
    findings: findingsPart(findings, order.maxFindings),
  };
}

function refuseOutOfBounds({ horizonMonths, unknownAgeMonths }: ScoreRecoveryOrder): void {
  const isWhole = (months: number, least: number, most: number) =>
    Number.isInteger(months) && months >= least && months <= most;
  if (!isWhole(horizonMonths, 1, 240)) {
    throw new Refusal("usage", `the horizon is ${horizonMonths} months; it must be a whole number from 1 to 240`);
  }
  if (isWhole(unknownAgeMonths, 0, 600)) return;
  throw new Refusal("usage", `the unknown age is ${unknownAgeMonths} months; it must be a whole number from 0 to 600`);
}

const rateDecimals = 6;

function addedColumns(scored: Scored, currency: string): AddedColumn[] {
  const decimals = currencyExponent(currency);
  const texts = scored.reasonTexts;
  const reason = (place: number): AddedColumn => ({
    name: `reason_${place + 1}`,
    texts,
    textOf: (row) => scored.reasons[3 * row + place]!,
  });
  return [
    { name: "expected_recovery_rate", values: scored.rate, decimals: rateDecimals },
    { name: "expected_recovery", values: scored.expected, decimals },
    { name: "probability_any", values: scored.probability, decimals: rateDecimals },
    { name: "recovery_p10", values: scored.p10, decimals },
    { name: "recovery_p90", values: scored.p90, decimals },
    reason(0),
    reason(1),
    reason(2),
  ];
}
