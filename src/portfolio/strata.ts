import { type Segmentation, segmentations } from "../../models/strategy.js";
import type { TapeColumns } from "../../models/tape.js";
import { sumsByKeys } from "../money/column.js";
import { minorToEstimate } from "../money/money.js";
import { balancesOf } from "./column.js";
import type { Screened } from "./screen.js";
import type { Segments } from "./segment.js";

export interface Stratum {
  readonly by: Segmentation;
  readonly key: string;
  readonly accounts: number;
  /** minor units */
  readonly face: bigint;
  /** major units; 0 where no estimates are given */
  readonly expectedRecovery: number;
  /** expected recovery over face; 0 where there is no face */
  readonly recoveryRateOfFace: number;
}

/**
 * The priced rows by each segmentation, in the order of its keys; keys without a row are left out. Every segmentation
 * adds up to all priced rows.
 * @param expected expected recovery by row, in major units of the tape's currency
 */
export function strata(
  columns: TapeColumns,
  screened: Screened,
  segments: Segments,
  expected?: Float64Array,
): Stratum[] {
  const sumsOfAll = sumsByKeys({
    values: balancesOf(columns),
    keyings: segmentations.map((by) => ({ keys: segments[by].codes, keyCount: segments[by].keys.length })),
    only: screened.status,
    estimates: expected,
  });
  return segmentations.flatMap((by, way) => {
    const { keys } = segments[by];
    const { counts, sums, estimates } = sumsOfAll[way]!;
    return keys
      .map((key, k) => {
        const face = sums[k]!;
        const recoveryRateOfFace = face === 0n ? 0 : estimates[k]! / minorToEstimate(face, columns.currency);
        return { by, key, accounts: counts[k]!, face, expectedRecovery: estimates[k]!, recoveryRateOfFace };
      })
      .filter(({ accounts }) => accounts > 0);
  });
}

export interface AgingLine {
  readonly ageBand: string;
  readonly accounts: number;
  /** minor units */
  readonly face: bigint;
  /** of the face of all priced rows, 0 to 1 */
  readonly shareOfFace: number;
}

/** The strata by age since charge-off, with their shares of the whole. */
export function agingTable(rows: readonly Stratum[]): AgingLine[] {
  const bands = rows.filter(({ by }) => by === "age_band");
  const whole = Number(bands.reduce((total, { face }) => total + face, 0n));
  return bands.map(({ key, accounts, face }) => ({
    ageBand: key,
    accounts,
    face,
    shareOfFace: whole === 0 ? 0 : Number(face) / whole,
  }));
}
