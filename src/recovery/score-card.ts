import { type FindingCode, findingCodes } from "../../models/finding.js";
import type { RecoveryCard, ScoreStage, ScoreTerm } from "../../models/recovery-card.js";
import { Refusal, type RefusalItem } from "../../models/refusal.js";
import type { Timing } from "../../models/strategy.js";
import type { TapeColumns } from "../../models/tape.js";
import { type Day, formatDay } from "../calendar/day.js";
import { estimateToMinor, formatMinor } from "../money/money.js";
import type { AdditiveFit } from "./additive.js";
import { developmentOf } from "./development.js";
import { leakageOf } from "./leakage.js";
import { candidatesOf, type Verdict } from "./score-candidates.js";
import { daysOf } from "./score-features.js";
import type { FindingTaker } from "./score-findings.js";
import { amountTerms, fitStages, type Stages, type StageTerms } from "./score-fit.js";
import { type History, historyOf } from "./score-history.js";
import { type Directions, exposureName, exposureTerm, type Term, termOf } from "./score-terms.js";
import { validate } from "./score-validation.js";

export interface FitOrder {
  readonly columns: TapeColumns;
  readonly file: string;
  /** of the file of the history */
  readonly sha256: string;
  readonly rowsInFile: number;
  readonly olderNeverHigher: boolean;
  readonly directions: Directions;
  /** when money usually comes in; the development of a history with few payers leans on it */
  readonly priorTiming: Timing;
  readonly findings: FindingTaker;
}

const fewestRows = 50;
const fewestEach = 10;
/** A column that says less than this is left out of the card: its effects are zero to four digits. */
const leastFreedom = 0.05;

/**
 * Fits the account score on a history and writes its card.
 *
 * Two stages, both additive over binned columns: whether anything comes in by the day of observation, and how much of
 * the balance if it does. Exposure enters both; the other columns enter the first with whatever the data say of them,
 * and the second only where they clearly predict accounts left out. See docs/MODELS.md.
 *
 * @throws Refusal `history_unusable` when nothing can be learned from the file, with the finding that says why
 */
export function fitRecovery(order: FitOrder): RecoveryCard {
  const { columns, findings } = order;
  refuseWithout(columns, findings);
  const history = historyOf(columns, findings);
  refuseThin(history, findings);
  const { terms, verdicts } = termsOf({ ...order, directions: withAge(order) }, history);
  const everyRow = Int32Array.from(history.rows.keys());
  const stages = fitStages(history, terms, everyRow);
  const { spread, metrics, calibration } = validate(history, terms);
  const fitted = { terms, stages };
  return rounded({
    kind: "recovery",
    version: 1,
    currency: columns.currency,
    history: factsOf(order, history),
    target:
      "recovered_amount over the balance at charge-off (charge_off_balance; where blank, current_balance), " +
      "as far as it came in by observed_on",
    older_never_higher: order.olderNeverHigher,
    columns: verdictsOf(verdicts, fitted),
    probability: stageOf(stages.probability, terms.probability),
    amount: stageOf(stages.amount, terms.amount),
    development: developmentOf(history, fitted, {
      isFalling: order.olderNeverHigher,
      secondMoment: spread.second_moment,
      priorTiming: order.priorTiming,
    }),
    spread,
    metrics,
    calibration,
    limits: limitsOf(history),
  });
}

const digits = 8;
const asTheyAre: ReadonlySet<string> = new Set(["bounds", "development"]);

/**
 * Every figure to eight digits: more would say nothing, and nobody could read them. Bounds stay as they are, for a value
 * must fall into the bin in which it was learned; so does the development, which must not bend by a digit.
 */
function rounded<T>(of: T): T {
  if (typeof of === "number") return (Number.isInteger(of) ? of : Number(of.toPrecision(digits))) as T;
  if (Array.isArray(of)) return of.map(rounded) as T;
  if (of === null || typeof of !== "object") return of;
  return Object.fromEntries(
    Object.entries(of).map(([key, value]) => [key, asTheyAre.has(key) ? value : rounded(value)]),
  ) as T;
}

/** An account that was charged off earlier was paid for less long: a rise with that time keeps age from counting twice. */
function withAge({ directions, olderNeverHigher }: FitOrder): Directions {
  return olderNeverHigher ? new Map([["open_date", 1], ...directions]) : directions;
}

function refuse(code: FindingCode, note: string, findings: FindingTaker): never {
  findings.add(code, { note });
  const item: RefusalItem = { pointer: "", code, detail: `${findingCodes[code].message}: ${note}` };
  throw new Refusal("history_unusable", item.detail, [item]);
}

function refuseWithout({ columns }: TapeColumns, findings: FindingTaker): void {
  for (const name of ["recovered_amount", "charge_off_date", "observed_on"] as const) {
    if (columns.has(name)) continue;
    refuse("history_without_outcome", `no column is ${name}`, findings);
  }
}

function refuseThin({ any }: History, findings: FindingTaker): void {
  const payers = any.reduce((sum, each) => sum + each, 0);
  if (payers === 0 || payers === any.length) {
    const which = any.length === 0 ? "no row can be used" : payers === 0 ? "none of them paid" : "all of them paid";
    refuse(any.length === 0 ? "history_too_short" : "outcomes_all_alike", `${any.length} rows, ${which}`, findings);
  }
  if (any.length < fewestRows || Math.min(payers, any.length - payers) < fewestEach) {
    const has = `${any.length} rows, of which ${payers} paid`;
    refuse("history_too_short", `${has}; at least ${fewestRows} are needed, ${fewestEach} of either kind`, findings);
  }
}

/** The terms of both stages, exposure first; and what became of every column. */
export function termsOf(
  order: Pick<FitOrder, "columns" | "findings" | "directions">,
  history: History,
): { terms: StageTerms; verdicts: Verdict[] } {
  const { candidates, verdicts } = candidatesOf(order.columns, history.rows);
  for (const { code, column, done } of verdicts)
    if (code !== undefined) order.findings.add(code, { column, note: done });
  const kept: Term[] = [];
  for (const candidate of candidates) {
    const term = termOf(candidate, order.directions);
    const leak = leakageOf(term, history);
    if (leak === undefined) {
      kept.push(term);
      continue;
    }
    order.findings.add("column_leaks", { column: term.column, note: leak });
    verdicts.push({ column: term.column, used: false, done: `behaves like a part of the outcome: ${leak}` });
  }
  const leaky = new Set(verdicts.map(({ column }) => column));
  const sound = kept.filter(({ column }) => !leaky.has(column));
  const terms = {
    probability: [exposureTerm(history.exposure), ...sound],
    amount: amountTerms(history, sound),
  };
  return { terms, verdicts };
}

function stageOf(fit: AdditiveFit, terms: readonly Term[]): ScoreStage {
  const kept = terms.flatMap((term, j): ScoreTerm[] => {
    if (fit.freedom[j]! < leastFreedom && term.transform !== exposureName.transform) return [];
    const shares = new Float64Array(term.binCount);
    for (const bin of term.bins) shares[bin]! += 1 / term.bins.length;
    return [
      {
        column: term.column,
        transform: term.transform,
        direction: term.direction,
        bounds: Array.from(term.bounds),
        labels: [...term.labels],
        effects: Array.from(fit.effects[j]!),
        shares: Array.from(shares, (share) => Math.min(1, share)),
        freedom: fit.freedom[j]!,
      },
    ];
  });
  return { intercept: fit.intercept, terms: kept };
}

/** Every column of the file, with what was done with it, in words. */
function verdictsOf(
  verdicts: readonly Verdict[],
  fitted: { terms: StageTerms; stages: Stages },
): RecoveryCard["columns"] {
  const { terms, stages } = fitted;
  const rows = new Map<string, { used: boolean; done: string[] }>();
  for (const { column, done } of verdicts) rows.set(column, { used: false, done: [done] });
  for (const [j, { column, transform }] of terms.probability.entries()) {
    const isUsed = transform === exposureName.transform || stages.probability.freedom[j]! >= leastFreedom;
    const inAmount = terms.amount.some((term) => term.column === column && term.transform === transform);
    const said = isUsed
      ? `probability${inAmount ? " and amount" : ""}`
      : inAmount
        ? "amount"
        : "says nothing of its own";
    const row = rows.get(column) ?? { used: false, done: [] };
    if (transform === exposureName.transform) row.done.length = 0;
    row.done.push(`${transform.replaceAll("_", " ")}: ${said}`);
    rows.set(column, { used: row.used || isUsed || inAmount, done: row.done });
  }
  return [...rows].map(([column, { used, done }]) => ({ column, used, done: done.join("; ") }));
}

function factsOf({ columns, file, sha256, rowsInFile }: FitOrder, history: History): RecoveryCard["history"] {
  const observed = daysOf(columns, "observed_on")!;
  const days = history.rows.map((i) => observed[i]!);
  const sum = (of: (k: number) => number) => history.rows.reduce((total, _, k) => total + of(k), 0);
  const money = (amount: number) =>
    formatMinor(estimateToMinor(amount, columns.currency, "half_even"), columns.currency);
  return {
    file,
    sha256,
    rows: rowsInFile,
    used: history.rows.length,
    with_recovery: sum((k) => history.any[k]!),
    balance: money(sum((k) => history.balance[k]!)),
    recovered: money(sum((k) => history.balance[k]! * history.rate[k]!)),
    observed_from: formatDay(days.reduce((least, day) => Math.min(least, day)) as Day),
    observed_to: formatDay(days.reduce((most, day) => Math.max(most, day)) as Day),
    longest_exposure_months: history.exposure.reduce((most, months) => Math.max(most, months)),
  };
}

function limitsOf(history: History): string[] {
  const longest = history.exposure.reduce((most, months) => Math.max(most, months)).toFixed(0);
  return [
    `Recoveries are known up to ${longest} months after charge-off; nothing is expected beyond.`,
    "Learned on accounts as they were sold, placed or worked in the years of the history: other sellers, products, prices of debt sales or years may bring other amounts. Look at the population stability and at actual over expected.",
    "Where all accounts were observed on one day, age and year of charge-off cannot be told apart: what rises with age is taken as time, what falls as poorer accounts.",
    "A column of the history counts as known at the charge-off, unless its name or its behaviour says otherwise; who supplies the file answers for that.",
    "No protected attribute is used. Whether the columns that are used stand in for one has to be tested by the user.",
  ];
}
