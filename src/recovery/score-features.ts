import type { ScoreTerm, Transform } from "../../models/recovery-card.js";
import { type CanonicalColumn, missing, type TapeColumns } from "../../models/tape.js";
import { estimatesOf } from "../money/column.js";

/** Mean days in a month. */
export const daysPerMonth = 365.25 / 12;

/** What is known of an account, as the score sees it: a number (NaN where missing) or a category (-1 where missing). */
export type Feature =
  | { readonly kind: "number"; readonly values: Float64Array }
  | { readonly kind: "category"; readonly values: Int32Array; readonly labels: readonly string[] };

export type FeatureName = Pick<ScoreTerm, "column" | "transform">;

/** Days of a date column; undefined where the tape has none. */
export function daysOf(columns: TapeColumns, name: CanonicalColumn): Int32Array | undefined {
  const column = columns.columns.get(name);
  return column?.kind === "day" ? column.values : undefined;
}

/** Amounts of a money column in major units, NaN where blank; undefined where the tape has none. */
export function amountsOf(columns: TapeColumns, name: CanonicalColumn): Float64Array | undefined {
  const column = columns.columns.get(name);
  return column?.kind === "money" ? estimatesOf(column.values, columns.currency) : undefined;
}

/** The balance at charge-off, which recovery rates are of; where that is blank the current balance. */
export function balanceAtChargeOff(columns: TapeColumns): Float64Array {
  const current = amountsOf(columns, "current_balance")!;
  const charged = amountsOf(columns, "charge_off_balance");
  if (charged === undefined) return current;
  for (let i = 0; i < charged.length; i++) if (!(charged[i]! > 0)) charged[i] = current[i]!;
  return charged;
}

/**
 * Makes features of the columns of one tape. What several of them need (balance and charge-off by row) is worked out
 * once.
 */
export class FeatureMaker {
  readonly #columns: TapeColumns;
  readonly balance: Float64Array;
  readonly #chargedOff: Int32Array | undefined;

  constructor(columns: TapeColumns) {
    this.#columns = columns;
    this.balance = balanceAtChargeOff(columns);
    this.#chargedOff = daysOf(columns, "charge_off_date");
  }

  /** Undefined where the tape has no such column, or one of another kind. */
  feature({ column: name, transform }: FeatureName): Feature | undefined {
    const column = this.#columns.columns.get(name);
    if (column === undefined) return undefined;
    if (transform === "category") return column.kind === "code" ? { ...column, kind: "category" } : undefined;
    if (column.kind === "day") return this.#monthsBefore(column.values);
    const numbers =
      column.kind === "money"
        ? estimatesOf(column.values, this.#columns.currency)
        : column.kind === "number"
          ? column.values
          : undefined;
    return numbers === undefined ? undefined : { kind: "number", values: this.#transformed(name, numbers, transform) };
  }

  #transformed(name: string, numbers: Float64Array, transform: Transform): Float64Array {
    switch (transform) {
      case "share_of_balance":
        return this.#ratio(this.#onlyBeforeChargeOff(name, numbers), this.balance);
      case "share_of_original":
        return this.#ratio(this.balance, amountsOf(this.#columns, "original_balance") ?? new Float64Array());
      case "distance_from_whole":
        return numbers.map((value) => Math.abs(value - Math.round(value)));
      default:
        return name === "charge_off_balance" ? this.balance : numbers;
    }
  }

  #ratio(of: Float64Array, to: Float64Array): Float64Array {
    return of.map((value, i) => (to[i]! > 0 ? value / to[i]! : Number.NaN));
  }

  /** The amount of a last payment counts where its day shows that it came before the charge-off. */
  #onlyBeforeChargeOff(name: string, numbers: Float64Array): Float64Array {
    if (name !== "last_payment_amount") return numbers;
    const paid = daysOf(this.#columns, "last_payment_date");
    return numbers.map((value, i) => {
      const isBefore = paid !== undefined && paid[i] !== missing.day && paid[i]! <= (this.#chargedOff?.[i] ?? 0);
      return isBefore ? value : Number.NaN;
    });
  }

  /** Months from a day to the charge-off; NaN for a day after it, of which nothing was known then. */
  #monthsBefore(days: Int32Array): Feature | undefined {
    const chargedOff = this.#chargedOff;
    if (chargedOff === undefined) return undefined;
    const values = new Float64Array(days.length);
    for (let i = 0; i < days.length; i++) {
      const isKnown = days[i] !== missing.day && chargedOff[i] !== missing.day && days[i]! <= chargedOff[i]!;
      values[i] = isKnown ? (chargedOff[i]! - days[i]!) / daysPerMonth : Number.NaN;
    }
    return { kind: "number", values };
  }
}

/** Months from charge-off to each row's own day of observation; NaN where either is missing or out of order. */
export function exposureMonths(columns: TapeColumns): Float64Array {
  const chargedOff = daysOf(columns, "charge_off_date");
  const observed = daysOf(columns, "observed_on");
  const months = new Float64Array(columns.rows).fill(Number.NaN);
  if (chargedOff === undefined || observed === undefined) return months;
  for (let i = 0; i < months.length; i++) {
    if (observed[i] === missing.day || chargedOff[i] === missing.day || observed[i]! < chargedOff[i]!) continue;
    months[i] = (observed[i]! - chargedOff[i]!) / daysPerMonth;
  }
  return months;
}

/** The bins of a term by row, of a tape's own numbers or categories. A tape without the column is missing throughout. */
export function codesOf(feature: Extract<Feature, { kind: "category" }>, labels: readonly string[]): Uint8Array {
  const binOfLabel = new Map(labels.map((label, k) => [label, k + 1]));
  const binOfCode = Uint8Array.from(feature.labels, (label) => binOfLabel.get(label) ?? 0);
  const bins = new Uint8Array(feature.values.length);
  for (let i = 0; i < bins.length; i++) if (feature.values[i]! >= 0) bins[i] = binOfCode[feature.values[i]!]!;
  return bins;
}
