import { type Segmentation, segmentations } from "../../models/strategy.js";
import type { TapeColumns } from "../../models/tape.js";
import { sumByKey } from "../money/column.js";
import { balancesOf } from "./column.js";
import type { Screened } from "./screen.js";
import type { Segment, Segments } from "./segment.js";

export interface Stratum {
  readonly by: Segmentation;
  readonly key: string;
  readonly accounts: number;
  /** minor units */
  readonly face: bigint;
}

export interface ValuedStratum extends Stratum {
  /** major units, over the horizon */
  readonly expectedRecovery: number;
  /** expected recovery over face; 0 where there is no face */
  readonly recoveryRateOfFace: number;
}

export interface AgingLine {
  readonly ageBand: string;
  readonly accounts: number;
  /** minor units */
  readonly face: bigint;
  /** of the face of all priced rows */
  readonly shareOfFace: number;
}

/** The priced rows by each segmentation; keys without a row are left out. Every segmentation adds up to the whole. */
export function strata(columns: TapeColumns, screened: Screened, segments: Segments): Stratum[] {
  return segmentations.flatMap((by) => linesOf(columns, screened, segments[by]).map((line) => line.stratum));
}

/**
 * The same with what each stratum is expected to bring in.
 * @param expected expected recovery by row, in major units of the tape's currency
 * @param unit     minor units in a major one, 10^exponent
 */
export function valuedStrata(
  columns: TapeColumns,
  screened: Screened,
  segments: Segments,
  valued: { expected: Float64Array; unit: number },
): ValuedStratum[] {
  const { expected, unit } = valued;
  return segmentations.flatMap((by) => {
    const { codes, keys } = segments[by];
    const recovery = new Float64Array(keys.length);
    for (let i = 0; i < codes.length; i++) if (screened.status[i] === 0) recovery[codes[i]!]! += expected[i]!;
    return linesOf(columns, screened, segments[by]).map(({ stratum, key }) => ({
      ...stratum,
      expectedRecovery: recovery[key]!,
      recoveryRateOfFace: stratum.face === 0n ? 0 : (recovery[key]! * unit) / Number(stratum.face),
    }));
  });
}

/** The priced rows by age since charge-off, every band with a row in it. */
export function agingTable(columns: TapeColumns, screened: Screened, segments: Segments): AgingLine[] {
  const whole = Number(screened.priced.face);
  return linesOf(columns, screened, segments.age_band).map(({ stratum: { key, accounts, face } }) => ({
    ageBand: key,
    accounts,
    face,
    shareOfFace: whole === 0 ? 0 : Number(face) / whole,
  }));
}

function linesOf(columns: TapeColumns, screened: Screened, segment: Segment): { stratum: Stratum; key: number }[] {
  const { by, keys, codes } = segment;
  const values = balancesOf(columns);
  const { counts, sums } = sumByKey({ values, keys: codes, keyCount: keys.length, only: screened.status });
  return keys
    .map((key, index) => ({ stratum: { by, key, accounts: counts[index]!, face: sums[index]! }, key: index }))
    .filter(({ stratum }) => stratum.accounts > 0);
}
