import { z } from "zod";

/**
 * A tape is the file a seller shows: one row a receivable. Read, it becomes columns (structures of arrays), never row
 * objects: a million rows must fit in a few typed arrays.
 */

export const canonicalKinds = {
  account_number: "text",
  debtor_name: "person",
  debtor_id: "person",
  state: "code",
  postal_code: "code",
  country: "code",
  product_type: "code",
  original_creditor: "code",
  open_date: "day",
  delinquency_date: "day",
  charge_off_date: "day",
  last_payment_date: "day",
  last_payment_amount: "money",
  original_balance: "money",
  charge_off_balance: "money",
  current_balance: "money",
  principal: "money",
  interest: "money",
  fees: "money",
  interest_rate: "number",
  prior_placements: "number",
  documents: "code",
  bankruptcy: "flag",
  deceased: "flag",
  disputed: "flag",
  fraud: "flag",
  military: "flag",
  judgment: "flag",
  settled: "flag",
  phone: "person",
  email: "person",
  recovered_amount: "money",
  collection_fee: "money",
  observed_on: "day",
} as const;

export type CanonicalColumn = keyof typeof canonicalKinds;
export const canonicalColumns = Object.keys(canonicalKinds) as CanonicalColumn[];

/** Columns that identify a person. They go to the vault, and never into a receivable, a finding, a log or an error. */
export const personColumns = canonicalColumns.filter((name) => canonicalKinds[name] === "person");

/** Values that stand for "missing" in each kind of column. */
export const missing = {
  /** money, in minor units: the smallest 64-bit integer */
  money: -(2n ** 63n),
  /** day: days since 1970-01-01 */
  day: -2_147_483_648,
  /** number: NaN, test with Number.isNaN */
  number: Number.NaN,
  /** code: index into `labels` */
  code: -1,
  /** flag: 0 false, 1 true, 2 missing */
  flag: 2,
} as const;

export interface MoneyColumn {
  readonly kind: "money";
  /** minor units of the tape's currency; `missing.money` where blank */
  readonly values: BigInt64Array;
}
export interface DayColumn {
  readonly kind: "day";
  /** days since 1970-01-01; `missing.day` where blank */
  readonly values: Int32Array;
}
export interface NumberColumn {
  readonly kind: "number";
  readonly values: Float64Array;
}
export interface CodeColumn {
  readonly kind: "code";
  /** index into `labels`; -1 where blank */
  readonly values: Int32Array;
  readonly labels: readonly string[];
}
export interface FlagColumn {
  readonly kind: "flag";
  readonly values: Uint8Array;
}
export interface TextColumn {
  readonly kind: "text";
  readonly values: readonly string[];
}
export type TapeColumn = MoneyColumn | DayColumn | NumberColumn | CodeColumn | FlagColumn | TextColumn;

/**
 * The rows of a tape that could be read, in file order. Rows that could not are findings of severity `reject` and are
 * not among them. A column that the file does not have is absent from `columns`.
 */
export interface TapeColumns {
  readonly rows: number;
  /** 1-based number of each row in the file, the header not counted */
  readonly rowNumbers: Int32Array;
  /** ISO 4217 code of every money column */
  readonly currency: string;
  /** canonical columns by their name; the seller's other columns by `extra.<header>` */
  readonly columns: ReadonlyMap<string, TapeColumn>;
}

export const delimiters = [",", ";", "\t", "|"] as const;

/** How a seller's file is read: which header is which canonical column, and how dates and money are written. */
export const layoutSchema = z.strictObject({
  name: z.string().min(1).max(120).default("guessed"),
  format: z.enum(["csv", "parquet", "jsonl", "xlsx"]).optional(),
  delimiter: z.enum(delimiters).optional(),
  encoding: z.enum(["utf-8", "utf-16", "windows-1252"]).optional(),
  /** sheet of an XLSX file; the first one when left out */
  sheet: z.string().min(1).optional(),
  /** canonical name -> header in the file */
  columns: z.record(z.string(), z.string().min(1)),
  /** pattern of the dates in the file, of yyyy, yy, MM, M, dd, d, MMM and separators; ISO when left out */
  date_pattern: z.string().min(3).max(40).optional(),
  /** pattern by canonical column, where one column is written otherwise */
  date_patterns: z.record(z.string(), z.string()).optional(),
  decimal_mark: z.enum([".", ","]).default("."),
  /** the seller's words for product types -> ours */
  product_types: z.record(z.string(), z.string()).optional(),
});
export type Layout = z.infer<typeof layoutSchema>;

/** Product types that priors know. Anything else is kept as it stands and priced as `other`. */
export const productTypes = [
  "credit_card",
  "personal_loan",
  "auto_deficiency",
  "student_loan",
  "medical",
  "telecom",
  "utility",
  "retail_card",
  "payday",
  "mortgage_deficiency",
  "commercial",
  "other",
] as const;
export type ProductType = (typeof productTypes)[number];
