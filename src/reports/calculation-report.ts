import { type Cell, factSheet, type Sheet, type SheetColumn } from "./sheet.js";

/** The answer of a calculator as tables: its figures, one a row, and each list of it as a table of its own. */
export function calculationSheets(name: string, document: unknown): Sheet[] {
  const entries = Object.entries(document as Record<string, unknown>);
  const facts = entries.filter(([, value]) => !Array.isArray(value));
  const lists = entries.filter((entry): entry is [string, readonly unknown[]] => Array.isArray(entry[1]));
  return [
    factSheet(
      { name, title: words(name) },
      facts.map(([key, value]) => [words(key), { value: plain(value), kind: kindOf(key, value) }]),
    ),
    ...lists.filter(([, rows]) => rows.length > 0).map(([key, rows]) => listSheet(key, rows)),
  ];
}

function listSheet(key: string, rows: readonly unknown[]): Sheet {
  const records = rows.map((row) => (typeof row === "object" && row !== null ? row : { value: row }));
  const names = Object.keys(records[0]!);
  const columns = names.map((name): SheetColumn => {
    const value = (records[0] as Record<string, unknown>)[name];
    return { key: name, title: words(name), kind: kindOf(name, value) };
  });
  const cells = records.map((record) => names.map((name): Cell => plain((record as Record<string, unknown>)[name])));
  return { name: key.replaceAll("_", "-"), title: words(key), columns, rows: cells };
}

function words(name: string): string {
  const spaced = name.replaceAll(/[-_]/g, " ");
  return spaced.slice(0, 1).toUpperCase() + spaced.slice(1);
}

const decimal = /^-?\d+(\.\d+)?$/;

function kindOf(key: string, value: unknown): "text" | "money" {
  const isFigure = typeof value === "number" || (typeof value === "string" && decimal.test(value));
  return isFigure && key !== "id" ? "money" : "text";
}

/** What a list in a row says: the messages of reasons, one after the other. */
function plain(value: unknown): string | number | null {
  if (value === null || typeof value === "string" || typeof value === "number") return value;
  if (!Array.isArray(value)) return String(value);
  return value.map((item) => (item as { message?: string }).message ?? String(item)).join("; ");
}
