import { Refusal } from "../../models/refusal.js";
import { isShowable, shownHeader } from "../tape/shown-header.js";

/** What the header of a payments file may call each field, beside the field's own name. */
const synonyms = {
  account_number: ["account", "acct", "account_no", "client_ref"],
  amount: ["gross", "payment_amount"],
  paid_on: ["payment_date", "date", "received_on", "posted_on"],
  channel: [],
  external_id: ["reference", "payment_reference", "payment_id", "transaction_id"],
  commission: ["fee", "commission_amount"],
  legal: [],
  reverses: [],
} as const satisfies Record<string, readonly string[]>;

export type PaymentField = keyof typeof synonyms;

const needed: readonly PaymentField[] = ["account_number", "amount", "paid_on"];

const fieldOf: ReadonlyMap<string, PaymentField> = new Map(
  (Object.entries(synonyms) as [PaymentField, readonly string[]][]).flatMap(([field, names]) =>
    [field, ...names].map((name): [string, PaymentField] => [name, field]),
  ),
);

/** Every name that is read, for a message: `account_number (or account, acct, ...)`. */
const readNames = Object.entries(synonyms)
  .map(([field, names]) => (names.length === 0 ? field : `${field} (or ${names.join(", ")})`))
  .join("; ");

/**
 * Which field each column of a payments file is. Capitals and punctuation do not matter: `Payment Date`,
 * `payment-date` and `PAYMENT_DATE` are one name.
 *
 * @throws Refusal `header_duplicate` for two columns of one field, `file_unreadable` for a column that is not known (a
 *   misspelt external_id that was passed over would let the same payment in twice) or one that is missing
 */
export function paymentHeader(record: readonly string[]): PaymentField[] {
  const columns = record.map((header) => ({ header: header.slice(0, 40), field: fieldOf.get(nameOf(header)) }));
  const strange = columns.filter(({ field }) => field === undefined).map(({ header }) => header);
  if (strange.length > 0) {
    // A file without a header begins with a payment, which is somebody's: the whole line decides what may be shown.
    const shown = shownHeader(isShowable(record) ? strange.slice(0, 10) : record);
    throw new Refusal("file_unreadable", `the header has ${shown}, which is not read; what is read is ${readNames}`);
  }
  const fields = columns.map(({ field }) => field!);
  fields.forEach((field, i) => {
    const first = fields.indexOf(field);
    if (first === i) return;
    const both = `"${columns[first]!.header}" and "${columns[i]!.header}"`;
    throw new Refusal("header_duplicate", `the columns ${both} are both the ${field}; leave one of them out`);
  });
  const lacking = needed.filter((field) => !fields.includes(field));
  if (lacking.length === 0) return fields;
  throw new Refusal("file_unreadable", `the header lacks ${lacking.join(", ")}; what is read is ${readNames}`);
}

function nameOf(header: string): string {
  return header
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_|_$/g, "");
}
