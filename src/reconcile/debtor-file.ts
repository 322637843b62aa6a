import { CsvError, parse } from "csv-parse/sync";
import { Refusal } from "../../models/refusal.js";

/** What a file of the factor's debtors may tell of each, by the name of its column. */
const columns = ["debtor_id", "outstanding", "over_age", "credit_limit", "payable_to_debtor", "debtor_type"] as const;
const others: Readonly<Record<string, (typeof columns)[number]>> = {
  debtor: "debtor_id",
  funds_employed: "outstanding",
  balance: "outstanding",
  past_due: "over_age",
  limit: "credit_limit",
  payable: "payable_to_debtor",
  type: "debtor_type",
};

/**
 * Reads the factor's debtors: a CSV with a header, one debtor a row, columns as above in any order; others are passed
 * over. What is blank is left out. What the values may be is for the schema of a debtor to say.
 *
 * @throws Refusal `file_empty`, `file_unreadable`, `layout_invalid` without a debtor_id
 */
export function parseDebtorFile(text: string): Record<string, string>[] {
  const records = recordsOf(text);
  const header = records.shift();
  if (header === undefined) throw new Refusal("file_empty", "the file of debtors is empty");
  const fields = header.map((name) => {
    const plain = name
      .trim()
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "_");
    return columns.find((column) => column === plain) ?? others[plain];
  });
  if (!fields.includes("debtor_id")) {
    throw new Refusal(
      "layout_invalid",
      `the file of debtors has no debtor_id; its columns may be ${columns.join(", ")}`,
    );
  }
  return records.map((record) =>
    Object.fromEntries(
      record.flatMap((value, i) => (fields[i] === undefined || value.trim() === "" ? [] : [[fields[i], value.trim()]])),
    ),
  );
}

function recordsOf(text: string): string[][] {
  try {
    return parse(text, { bom: true, skip_empty_lines: true });
  } catch (error) {
    if (error instanceof CsvError) throw new Refusal("file_unreadable", `the file of debtors: line ${error.lines}`);
    throw error;
  }
}
