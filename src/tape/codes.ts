import { jurisdictionOf } from "../../models/jurisdiction.js";
import {
  type CodeColumn,
  type FlagColumn,
  type Layout,
  missing,
  type ProductType,
  productTypes,
} from "../../models/tape.js";
import { fitsPattern, isIsoDate } from "../calendar/date-pattern.js";
import { isBlank } from "./layout.js";

/** A state as its postal code; a text that is none stays as it stands, in capitals. */
export function stateOf(text: string): string {
  return jurisdictionOf(text) ?? text.trim().toUpperCase();
}

export function isState(label: string): boolean {
  return jurisdictionOf(label) !== undefined;
}

const productWords: Readonly<Record<ProductType, readonly string[]>> = {
  credit_card: [
    "cc",
    "card",
    "cards",
    "credit",
    "creditcard",
    "credit cards",
    "visa",
    "mastercard",
    "mc",
    "amex",
    "discover",
    "revolving",
    "bankcard",
    "bank card",
  ],
  personal_loan: [
    "pl",
    "loan",
    "unsecured loan",
    "unsecured",
    "installment",
    "installment loan",
    "instalment loan",
    "consumer loan",
    "personalloan",
    "signature loan",
    "personal",
  ],
  auto_deficiency: [
    "auto",
    "auto loan",
    "auto def",
    "car",
    "car loan",
    "vehicle",
    "auto finance",
    "auto deficiency balance",
  ],
  student_loan: ["student", "education", "education loan", "private student loan"],
  medical: ["med", "healthcare", "health care", "hospital", "health", "dental", "medical debt"],
  telecom: ["telco", "telecommunications", "wireless", "mobile", "cell", "phone", "cable", "telephone"],
  utility: ["utilities", "utl", "electric", "gas", "water", "energy"],
  retail_card: ["retail", "store card", "private label", "plcc", "retailcard", "store"],
  payday: ["payday loan", "pdl", "short term loan"],
  mortgage_deficiency: ["mortgage", "heloc", "second mortgage", "home equity", "mortgage def"],
  commercial: ["business", "b2b", "commercial loan", "small business", "trade", "invoice"],
  other: ["misc", "miscellaneous"],
};

const productKey = (text: string): string =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .join(" ");

const productByWord = new Map<string, ProductType>();
for (const type of productTypes)
  for (const word of [type, ...productWords[type]]) productByWord.set(productKey(word), type);

/** Makes the reader of product types: the layout's own words first, then the table; unknown words stay as they stand. */
export function productReader(layout: Layout): (text: string) => string {
  const own = new Map(Object.entries(layout.product_types ?? {}).map(([word, type]) => [productKey(word), type]));
  return (text) => own.get(productKey(text)) ?? productByWord.get(productKey(text)) ?? text.trim();
}

export function isProductType(label: string): boolean {
  return (productTypes as readonly string[]).includes(label);
}

const yes = new Set(["y", "yes", "true", "t", "1", "x"]);
const no = new Set(["n", "no", "false", "f", "0"]);

/**
 * A flag: 1, 0, or undefined when the text is neither. A date says that the thing happened (a date of death), and a
 * chapter of the Bankruptcy Code (7, 11, 12, 13) that there is a bankruptcy; both count as yes.
 */
export function flagOf(column: string, text: string, datePattern: string | undefined): 0 | 1 | undefined {
  const word = text.trim().toLowerCase();
  if (yes.has(word)) return 1;
  if (no.has(word)) return 0;
  if (column === "bankruptcy" && /^(?:ch|chap|chapter)?[\s.-]*(?:7|11|12|13)$/.test(word)) return 1;
  if (isIsoDate(word) || (datePattern !== undefined && fitsPattern(word, datePattern))) return 1;
  return word === column ? 1 : undefined;
}

/**
 * Replaces the labels of a coded column, merging those that become equal. The new labels are sorted, so that two
 * files with the same meaning give the same column.
 */
export function relabel(column: CodeColumn, labelOf: (text: string) => string): CodeColumn {
  const wanted = column.labels.map((text) => (isBlank(text) ? null : labelOf(text)));
  const labels = [...new Set(wanted.filter((label) => label !== null))].sort();
  const codeOf = new Map(labels.map((label, code) => [label, code]));
  const codes = Int32Array.from(wanted, (label) => (label === null ? missing.code : codeOf.get(label)!));
  const values = new Int32Array(column.values.length);
  for (let i = 0; i < values.length; i++) values[i] = column.values[i]! < 0 ? missing.code : codes[column.values[i]!]!;
  return { kind: "code", values, labels };
}

/** A coded column of yes and no as flags; `unread` are the codes of labels that are neither. */
export function toFlags(
  column: CodeColumn,
  read: (text: string) => 0 | 1 | undefined,
): { flags: FlagColumn; unread: ReadonlySet<number> } {
  const unread = new Set<number>();
  const flags = column.labels.map((text, code) => {
    if (isBlank(text)) return missing.flag;
    const flag = read(text);
    if (flag === undefined) unread.add(code);
    return flag ?? missing.flag;
  });
  const values = new Uint8Array(column.values.length);
  for (let i = 0; i < values.length; i++) values[i] = column.values[i]! < 0 ? missing.flag : flags[column.values[i]!]!;
  return { flags: { kind: "flag", values }, unread };
}
