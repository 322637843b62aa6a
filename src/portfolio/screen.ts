import type { FindingCode } from "../../models/finding.js";
import { jurisdictionOf } from "../../models/jurisdiction.js";
import type { Assumptions } from "../../models/strategy.js";
import { missing, type TapeColumns } from "../../models/tape.js";
import { addMonths, type Day, formatDay } from "../calendar/day.js";
import { sumByKey, zeroTest } from "../money/column.js";
import { balancesOf, columnOf } from "./column.js";

/** What is not bought at all, or not under this policy. The defaults and their sources stand with the priors. */
export type ScreenPolicy = Assumptions["policy"];

/** Where findings go, one a row: a table of findings. */
export interface FindingSink {
  add(code: FindingCode, at: { row: number; column: string; value: string | null }): void;
}

/**
 * Why a row is kept out, in the order in which the reasons are asked: first what the debtor or the debt is, whoever
 * buys (the classes that sale contracts let a buyer put back), then what policy keeps out. The first reason counts, so
 * that the counts add up; a row's status is the place of its reason in this list, counted from 1.
 */
export const exclusionReasons = [
  "bankrupt",
  "deceased",
  "fraud",
  "settled",
  "military",
  "judgment",
  "disputed",
  "balance_zero",
  "too_old",
  "outside_states",
] as const satisfies readonly FindingCode[];
export type ExclusionReason = (typeof exclusionReasons)[number];

const columnOfReason = {
  bankrupt: "bankruptcy",
  deceased: "deceased",
  fraud: "fraud",
  settled: "settled",
  military: "military",
  judgment: "judgment",
  disputed: "disputed",
  balance_zero: "current_balance",
  too_old: "delinquency_date",
  outside_states: "state",
} as const;

export interface Counted {
  readonly accounts: number;
  /** minor units */
  readonly face: bigint;
}

export interface Screened {
  /** by row: 0 is priced, k is kept out for `exclusionReasons[k - 1]` */
  readonly status: Uint8Array;
  readonly priced: Counted;
  readonly excluded: Counted;
  /** the reasons that occurred, in their order */
  readonly reasons: readonly (Counted & { readonly reason: ExclusionReason })[];
}

/**
 * Parts the rows that are priced from those that are kept out, and says of each of these why: one finding a row.
 * Nothing is dropped: priced and excluded accounts add up to the tape, in number and in face.
 *
 * Too old means in default for more than the policy's years on the day of valuation. The default is the delinquency
 * date; where that is missing the charge-off counts, which is later, so that only what is certainly too old goes. A
 * debt of which neither is known stays (and is priced as old). A disputed debt that policy keeps is pointed out. A row
 * without a state is in no excluded state.
 */
export function screen(columns: TapeColumns, policy: ScreenPolicy, asOf: Day, findings: FindingSink): Screened {
  const status = new Uint8Array(columns.rows);
  const isKeptOut = (reason: ExclusionReason): boolean =>
    reason === "judgment" ? policy.exclude_judgment : reason === "disputed" ? policy.exclude_disputed : true;
  for (const [index, reason] of exclusionReasons.entries()) {
    if (isKeptOut(reason)) mark(reason, index + 1, { columns, policy, asOf, status });
  }
  report(columns, status, findings);
  if (!policy.exclude_disputed) pointOutDisputed(columns, status, findings);
  return count(columns, status);
}

interface Screening {
  readonly columns: TapeColumns;
  readonly policy: ScreenPolicy;
  readonly asOf: Day;
  readonly status: Uint8Array;
}

/** Gives the code to every row that the reason applies to and that has none yet. One plain loop a reason: it is fast. */
function mark(reason: ExclusionReason, code: number, { columns, policy, asOf, status }: Screening): void {
  if (reason === "balance_zero") {
    const isZero = zeroTest(balancesOf(columns));
    for (let i = 0; i < status.length; i++) if (status[i] === 0 && isZero(i)) status[i] = code;
  } else if (reason === "too_old") {
    const cutOff = addMonths(asOf, -Math.round(policy.max_age_years * 12));
    const days = defaultDays(columns);
    for (let i = 0; i < status.length; i++) {
      if (status[i] === 0 && days[i]! < cutOff && days[i] !== missing.day) status[i] = code;
    }
  } else if (reason === "outside_states") {
    const states = columnOf(columns, "state", "code");
    if (states === undefined || policy.excluded_states.length === 0) return;
    const isOutside = states.labels.map((label) => policy.excluded_states.includes(jurisdictionOf(label) ?? label));
    for (let i = 0; i < status.length; i++)
      if (status[i] === 0 && isOutside[states.values[i]!] === true) status[i] = code;
  } else {
    const flags = columnOf(columns, columnOfReason[reason], "flag")?.values;
    if (flags === undefined) return;
    for (let i = 0; i < status.length; i++) if (status[i] === 0 && flags[i] === 1) status[i] = code;
  }
}

/** Day of default by row: the delinquency, where that is missing the charge-off, else `missing.day`. */
function defaultDays(columns: TapeColumns): Int32Array {
  const delinquent = columnOf(columns, "delinquency_date", "day")?.values;
  const chargedOff = columnOf(columns, "charge_off_date", "day")?.values;
  if (delinquent === undefined) return chargedOff ?? new Int32Array(columns.rows).fill(missing.day);
  if (chargedOff === undefined) return delinquent;
  const days = new Int32Array(columns.rows);
  for (let i = 0; i < days.length; i++) days[i] = delinquent[i] === missing.day ? chargedOff[i]! : delinquent[i]!;
  return days;
}

function report(columns: TapeColumns, status: Uint8Array, findings: FindingSink): void {
  const days = defaultDays(columns);
  const delinquent = columnOf(columns, "delinquency_date", "day")?.values;
  const states = columnOf(columns, "state", "code");
  const whereAt = (reason: ExclusionReason, i: number): { column: string; value: string | null } => {
    const column = columnOfReason[reason];
    if (reason === "outside_states") return { column, value: states!.labels[states!.values[i]!]! };
    if (reason !== "too_old") return { column, value: null };
    const isCharged = (delinquent?.[i] ?? missing.day) === missing.day;
    return { column: isCharged ? "charge_off_date" : column, value: formatDay(days[i]! as Day) };
  };
  for (let i = 0; i < status.length; i++) {
    if (status[i] === 0) continue;
    const reason = exclusionReasons[status[i]! - 1]!;
    findings.add(reason, { row: columns.rowNumbers[i]!, ...whereAt(reason, i) });
  }
}

function pointOutDisputed(columns: TapeColumns, status: Uint8Array, findings: FindingSink): void {
  const disputed = columnOf(columns, "disputed", "flag")?.values;
  if (disputed === undefined) return;
  for (let i = 0; i < status.length; i++) {
    if (status[i] !== 0 || disputed[i] !== 1) continue;
    findings.add("disputed_kept", { row: columns.rowNumbers[i]!, column: "disputed", value: null });
  }
}

function count(columns: TapeColumns, status: Uint8Array): Screened {
  const keyCount = exclusionReasons.length + 1;
  const { counts, sums } = sumByKey({ values: balancesOf(columns), keys: status, keyCount });
  const reasons = exclusionReasons
    .map((reason, index) => ({ reason, accounts: counts[index + 1]!, face: sums[index + 1]! }))
    .filter(({ accounts }) => accounts > 0);
  return {
    status,
    priced: { accounts: counts[0]!, face: sums[0]! },
    excluded: {
      accounts: reasons.reduce((total, { accounts }) => total + accounts, 0),
      face: reasons.reduce((total, { face }) => total + face, 0n),
    },
    reasons,
  };
}
