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
  name: z.string().min(1).max(120).default("guessed").describe("Name of the layout, 1 to 120 characters"),
  format: z
    .enum(["csv", "parquet", "jsonl", "xlsx"])
    .optional()
    .describe("How the file is written; told by its content when left out"),
  delimiter: z
    .enum(delimiters)
    .optional()
    .describe("What stands between two fields of a CSV; told by its content when left out"),
  encoding: z
    .enum(["utf-8", "utf-16", "windows-1252"])
    .optional()
    .describe("Character encoding of a CSV or JSON Lines file; told by its content when left out"),
  sheet: z.string().min(1).optional().describe("Sheet of an XLSX file; the first one when left out"),
  columns: z
    .record(z.string(), z.string().min(1))
    .describe("Which header is which column: canonical name to the header in the file"),
  date_pattern: z
    .string()
    .min(3)
    .max(40)
    .optional()
    .describe(
      "How dates are written in the file, of yyyy, yy, MM, M, MMM, dd, d and separators, such as MM/dd/yyyy; YYYY-MM-DD when left out",
    ),
  date_patterns: z
    .record(z.string(), z.string())
    .optional()
    .describe("Date pattern by canonical column, where one column is written otherwise"),
  decimal_mark: z.enum([".", ","]).default(".").describe("What stands before the decimals of an amount"),
  product_types: z
    .record(z.string(), z.string())
    .optional()
    .describe("The seller's words for product types, each with the product type it means"),
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
