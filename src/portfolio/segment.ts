import { currencyExponent } from "../../models/currency.js";
import { jurisdictionOf, jurisdictions } from "../../models/jurisdiction.js";
import { type Segmentation, stages } from "../../models/strategy.js";
import { type CodeColumn, productTypes, type TapeColumns } from "../../models/tape.js";
import { placesAmong } from "../money/column.js";
import { balancesOf, columnOf } from "./column.js";

/** A partition of the rows: each row belongs to exactly one key. */
export interface Segment {
  readonly by: Segmentation;
  readonly keys: readonly string[];
  /** by row: index into `keys` */
  readonly codes: Uint8Array;
}

export interface Segments extends Readonly<Record<Segmentation, Segment>> {
  /** rows whose stage was inferred from their age, the tape not saying how often they were placed */
  readonly inferredStages: number;
}

/**
 * Last month of each age band. The first four are the ends of the stages in FTC, "The Structure and Practices of the
 * Debt Buying Industry" (2013): fresh 6, primary 12, secondary 18, tertiary 30 months past charge-off; 36, 72 and 180
 * are the bounds of its table of prices by age (3, 6 and 15 years).
 */
const ageBounds = [6, 12, 18, 30, 36, 72, 180] as const;
const ageKeys = [
  "0-6 months",
  "7-12 months",
  "13-18 months",
  "19-30 months",
  "31-36 months",
  "37-72 months",
  "73-180 months",
  "181+ months",
  "unknown",
] as const;

/** Lower bounds of the balance bands, in major units of the tape's currency; a bound belongs to the band it opens. */
const balanceBounds = [500, 1_000, 2_500, 5_000, 10_000, 25_000] as const;
const balanceKeys = ["0-500", "500-1k", "1k-2.5k", "2.5k-5k", "5k-10k", "10k-25k", "25k+"] as const;

const stateKeys = [...jurisdictions.map(([code]) => code), "unknown"] as const;
const productKeys = [...productTypes, "unknown"] as const;

/**
 * The segments of every row, by product type, age band, balance band, stage and state.
 *
 * A product type that priors do not know is `other`; a blank is `unknown`, as is a state that is none.
 * @param ages whole months since charge-off by row, negative where unknown (see `ageMonths`)
 */
export function segmentsOf(columns: TapeColumns, ages: Int16Array): Segments {
  const { codes: stageCodes, inferred } = stagesOf(columns, ages);
  return {
    product_type: byLabel("product_type", productKeys, columns, (label) => {
      const known = (productTypes as readonly string[]).indexOf(label);
      return known >= 0 ? known : productTypes.indexOf("other");
    }),
    age_band: { by: "age_band", keys: ageKeys, codes: ageBands(ages) },
    balance_band: { by: "balance_band", keys: balanceKeys, codes: balanceBands(columns) },
    stage: { by: "stage", keys: stages, codes: stageCodes },
    state: byLabel("state", stateKeys, columns, (label) => stateKeys.indexOf(jurisdictionOf(label) ?? "unknown")),
    inferredStages: inferred,
  };
}

/** Codes of a column by way of its labels; a blank (or an absent column) is the last key, "unknown". */
function byLabel(
  by: "product_type" | "state",
  keys: readonly string[],
  columns: TapeColumns,
  keyOf: (label: string) => number,
): Segment {
  const codes = new Uint8Array(columns.rows).fill(keys.length - 1);
  const column: CodeColumn | undefined = columnOf(columns, by, "code");
  if (column === undefined) return { by, keys, codes };
  const keyOfLabel = Uint8Array.from(column.labels, keyOf);
  for (let i = 0; i < codes.length; i++) if (column.values[i]! >= 0) codes[i] = keyOfLabel[column.values[i]!]!;
  return { by, keys, codes };
}

/** Place of each age among bounds, the bound included; beyond the last bound its own place. Ages 0 ... last bound + 1. */
function placesUpTo(bounds: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: bounds.at(-1)! + 2 }, (_, age) => bounds.filter((bound) => age > bound).length);
}

/** Bands of age in months, the youngest first; the last is for ages that are not known. */
export const ageBandKeys: readonly string[] = ageKeys;

/** The band of an age in whole months; "unknown" where there is none. */
export function ageBandOf(ageMonths: number | null): string {
  if (ageMonths === null || ageMonths < 0) return ageKeys.at(-1)!;
  const at = ageBounds.findIndex((bound) => ageMonths <= bound);
  return ageKeys[at < 0 ? ageBounds.length : at]!;
}

function ageBands(ages: Int16Array): Uint8Array {
  const places = placesUpTo(ageBounds);
  const oldest = places.length - 1;
  const codes = new Uint8Array(ages.length);
  for (let i = 0; i < codes.length; i++) {
    const age = ages[i]!;
    codes[i] = age < 0 ? ageKeys.length - 1 : places[Math.min(age, oldest)]!;
  }
  return codes;
}

function balanceBands(columns: TapeColumns): Uint8Array {
  const unit = 10 ** currencyExponent(columns.currency);
  return placesAmong(
    balancesOf(columns),
    balanceBounds.map((bound) => bound * unit),
  );
}

/**
 * Stage by the number of agencies that had the debt before: 0 fresh, 1 primary, 2 secondary, 3 tertiary, 4 or more
 * quad. Where the tape does not say, the FTC's stage for the age (<= 6, 12, 18, 30 months, quad beyond); a debt of
 * unknown age too is quad, the stalest.
 */
function stagesOf(columns: TapeColumns, ages: Int16Array): { codes: Uint8Array; inferred: number } {
  const placements = columnOf(columns, "prior_placements", "number")?.values;
  const places = placesUpTo(ageBounds.slice(0, 4));
  const quad = stages.indexOf("quad");
  const codes = new Uint8Array(columns.rows);
  let inferred = 0;
  for (let i = 0; i < codes.length; i++) {
    const placed = placements === undefined ? Number.NaN : placements[i]!;
    if (placed >= 0) {
      codes[i] = placed >= quad ? quad : Math.floor(placed);
      continue;
    }
    const age = ages[i]!;
    codes[i] = age < 0 || age >= places.length ? quad : places[age]!;
    inferred++;
  }
  return { codes, inferred };
}
