import { jurisdictionOf } from "../../models/jurisdiction.js";
import { type DebtClass, debtClasses, type LimitationRule, type LimitationTable } from "../../models/limitation.js";
import { missing, type ProductType, type TapeColumns } from "../../models/tape.js";
import type { Day } from "../calendar/day.js";
import { monthAdder } from "../calendar/lookup.js";
import { sumByKey } from "../money/column.js";
import { balancesOf, columnOf } from "./column.js";
import type { Counted, Screened } from "./screen.js";

/** Whether a debt can still be sued on; a row's code is its place here. What is unknown is not suable. */
export const limitationStatuses = ["unknown", "open", "barred"] as const;
export type LimitationStatus = (typeof limitationStatuses)[number];
const [unknown, open, barred] = [0, 1, 2];

/** Why a row's limitation is unknown, in the order in which the reasons are asked. */
export const limitationGaps = ["state_missing", "state_without_rule", "start_missing"] as const;
export type LimitationGap = (typeof limitationGaps)[number];

export interface Limitation {
  /** by row: index into `limitationStatuses` */
  readonly status: Uint8Array;
  /** by row: the last day on which suit can be brought; `missing.day` where unknown */
  readonly until: Int32Array;
  /** the priced rows by status */
  readonly summary: readonly (Counted & { readonly status: LimitationStatus })[];
  /** the priced rows whose status is unknown, by why */
  readonly gaps: Readonly<Record<LimitationGap, number>>;
  /** priced rows with a known status that rests on a rule on which the sources do not agree */
  readonly disputed: number;
}

/**
 * What a tape does not say is in which form a debt was incurred. A product that may be of several classes has the
 * shortest of their times: cards are sued on as written contracts or as open accounts, loans as contracts or notes,
 * anything else as any of them.
 */
const classSets: readonly (readonly DebtClass[])[] = [["written", "open"], ["written", "promissory"], debtClasses];
const [ofCard, ofLoan, ofAnything] = [0, 1, 2];
const classSetOfProduct: ReadonlyMap<string, number> = new Map<ProductType, number>([
  ["credit_card", ofCard],
  ["retail_card", ofCard],
  ["personal_loan", ofLoan],
  ["student_loan", ofLoan],
  ["payday", ofLoan],
  ["mortgage_deficiency", ofLoan],
]);

/**
 * Limitation by row: for how long suit can be brought, from the rule of the debtor's state.
 *
 * The time runs from the default, which is the delinquency date. Where that is missing, from the last payment, but only
 * when it is known to lie before the charge-off: a payment after the default does not start the time anew unless the
 * rule says so (`revival: "payment"`; then the later of the two counts). The charge-off itself never starts it: a
 * missing last payment date does not fall back to it, which would make debts look younger than they are. The last day
 * is the anniversary of the start, and is still in time.
 *
 * Without a state, a rule or a start the status is unknown, which is not suable. That is counted, not a finding a row.
 */
export function limitation(columns: TapeColumns, rules: LimitationTable, asOf: Day, screened: Screened): Limitation {
  const rows = columns.rows;
  const status = new Uint8Array(rows);
  const until = new Int32Array(rows).fill(missing.day);
  const gaps = { state_missing: 0, state_without_rule: 0, start_missing: 0 };
  const rulesOfLabels = compile(columns, rules);
  const states = columnOf(columns, "state", "code")?.values;
  const products = columnOf(columns, "product_type", "code");
  const setOfLabel = products?.labels.map((label) => classSetOfProduct.get(label) ?? ofAnything) ?? [];
  const startOf = startReader(columns, asOf);
  let disputed = 0;
  for (let i = 0; i < rows; i++) {
    const priced = screened.status[i] === 0 ? 1 : 0;
    const state = states === undefined ? missing.code : states[i]!;
    const rule = state < 0 ? undefined : rulesOfLabels[state];
    if (rule === undefined) {
      gaps[state < 0 ? "state_missing" : "state_without_rule"] += priced;
      continue;
    }
    const start = startOf(i, rule.revives);
    if (start === missing.day) {
      gaps.start_missing += priced;
      continue;
    }
    const product = products === undefined ? missing.code : products.values[i]!;
    const set = product < 0 ? ofAnything! : setOfLabel[product]!;
    const end = rule.endOf[set]!(start);
    until[i] = end;
    status[i] = asOf <= end ? open : barred;
    if (rule.disputed[set]!) disputed += priced;
  }
  return { status, until, summary: summarise(columns, status, screened), gaps, disputed };
}

interface CompiledRule {
  readonly revives: boolean;
  /** by class set: last day of suit for a start */
  readonly endOf: readonly ((start: number) => number)[];
  /** by class set: whether the sources disagree on a class of the set */
  readonly disputed: readonly boolean[];
}

/** The rule of each label of the state column; undefined where there is none. */
function compile(columns: TapeColumns, table: LimitationTable): (CompiledRule | undefined)[] {
  const labels = columnOf(columns, "state", "code")?.labels ?? [];
  const adders = new Map<number, (day: number) => number>();
  const adderOf = (years: number) => {
    const months = Math.floor(years * 12);
    const adder = adders.get(months) ?? monthAdder(months);
    adders.set(months, adder);
    return adder;
  };
  const compiled = new Map<string, CompiledRule>(
    table.rules.map((rule: LimitationRule) => [
      rule.state,
      {
        revives: rule.revival === "payment",
        endOf: classSets.map((set) => adderOf(Math.min(...set.map((name) => rule.years[name])))),
        disputed: classSets.map((set) => set.some((name) => rule.disputed.includes(name))),
      },
    ]),
  );
  return labels.map((label) => compiled.get(jurisdictionOf(label) ?? ""));
}

/**
 * Makes the reader of the day on which a row's time starts, under a rule that payments do not revive or under one that
 * they do; `missing.day` where it is not known. A day after the day of valuation is not known.
 */
function startReader(columns: TapeColumns, asOf: Day): (row: number, revives: boolean) => number {
  const blank = new Int32Array(columns.rows).fill(missing.day);
  const delinquency = columnOf(columns, "delinquency_date", "day")?.values ?? blank;
  const payment = columnOf(columns, "last_payment_date", "day")?.values ?? blank;
  const chargeOff = columnOf(columns, "charge_off_date", "day")?.values ?? blank;
  return (row, revives) => {
    const delinquent = delinquency[row]! <= asOf ? delinquency[row]! : missing.day;
    if (delinquent !== missing.day && !revives) return delinquent;
    const paid = payment[row]! <= asOf ? payment[row]! : missing.day;
    if (revives) return Math.max(delinquent, paid);
    return paid <= chargeOff[row]! && chargeOff[row]! <= asOf ? paid : missing.day;
  };
}

function summarise(columns: TapeColumns, status: Uint8Array, screened: Screened): Limitation["summary"] {
  const keyCount = limitationStatuses.length;
  const { counts, sums } = sumByKey({ values: balancesOf(columns), keys: status, keyCount, only: screened.status });
  return [open, barred, unknown].map((code) => ({
    status: limitationStatuses[code!]!,
    accounts: counts[code!]!,
    face: sums[code!]!,
  }));
}
