import type {
  CanonicalColumn,
  CodeColumn,
  DayColumn,
  FlagColumn,
  MoneyColumn,
  NumberColumn,
  TapeColumns,
} from "../../models/tape.js";

interface ColumnOf {
  money: MoneyColumn;
  day: DayColumn;
  number: NumberColumn;
  code: CodeColumn;
  flag: FlagColumn;
}

/** The column by that name, of that kind; undefined where the tape has none. Another kind is our own mistake. */
export function columnOf<K extends keyof ColumnOf>(
  columns: TapeColumns,
  name: CanonicalColumn,
  kind: K,
): ColumnOf[K] | undefined {
  const column = columns.columns.get(name);
  if (column === undefined) return undefined;
  if (column.kind !== kind) throw new TypeError(`${name} is a column of ${column.kind}, not of ${kind}`);
  return column as ColumnOf[K];
}

/** What the debtors owe. A tape has this column in every row: a row without a balance is rejected. */
export function balancesOf(columns: TapeColumns): BigInt64Array {
  const column = columnOf(columns, "current_balance", "money");
  if (column === undefined) throw new TypeError("a tape without current_balance");
  return column.values;
}
