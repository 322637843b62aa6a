/**
 * A sheet is what every report is made of: a title, columns that say what they hold, rows, totals and notes. It knows
 * nothing of how it is shown; `renderText`, `renderCsv` and `renderXlsx` turn the same sheet into a terminal table, a
 * machine file and a workbook, so that no figure is formatted in two ways.
 */

/**
 * What a column holds, and so how a cell of it is shown.
 *
 * - `text`: words, often from people or tapes; guarded against formulas where a spreadsheet may open them
 * - `money`: a decimal string in the column's currency
 * - `rate`: a fraction (0.2 is 20 %), as a number or a decimal string
 * - `multiple`: a ratio that is read as "times" (1.85 is 1.85x)
 * - `integer`, `number`: a count, or another number with the column's decimals
 * - `day`: YYYY-MM-DD
 */
export type ColumnKind = "text" | "money" | "rate" | "multiple" | "integer" | "number" | "day";

export interface SheetColumn {
  /** snake_case name, the header of the CSV form */
  readonly key: string;
  /** the header that people read */
  readonly title: string;
  readonly kind: ColumnKind;
  /** ISO 4217; shown once in the header, not in every cell */
  readonly currency?: string;
  /** decimals shown of a rate (of its percentage), a multiple or a number; 2 when left out */
  readonly decimals?: number;
}

export type Plain = string | number | bigint | null;

/** A cell that is of another kind than its column: a sheet of facts has a price, a rate and a date under each other. */
export interface TypedCell {
  readonly value: Plain;
  readonly kind: ColumnKind;
  readonly decimals?: number;
}

export type Cell = Plain | TypedCell;

export interface Sheet {
  /** short kebab-case name: the tab of a workbook, the choice of `--sheet` */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: readonly (readonly Cell[])[];
  readonly totals?: readonly Cell[];
  /** sentences under the table: definitions, sources, warnings */
  readonly notes?: readonly string[];
}

export function isNumeric(kind: ColumnKind): boolean {
  return kind !== "text" && kind !== "day";
}

/** The header for people, with the currency where there is one: "face (USD)". */
export function columnTitle(column: SheetColumn): string {
  return column.currency === undefined ? column.title : `${column.title} (${column.currency})`;
}

function grouped(text: string): string {
  const [whole, fraction] = text.split(".");
  const spaced = whole!.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}

/** A fixed number of decimals, minus zero shown as zero. Estimates only: money comes as a decimal string and stays one. */
function fixed(value: string | number | bigint, decimals: number): string {
  const text = Number(value).toFixed(decimals);
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

/** The cell with the kind it is shown as: its own where it has one, its column's otherwise. */
export function typedCell(cell: Cell, column: SheetColumn): TypedCell {
  if (cell !== null && typeof cell === "object") return cell;
  return { value: cell, kind: column.kind, ...(column.decimals === undefined ? {} : { decimals: column.decimals }) };
}

/** One cell as people read it. A cell that is null shows as a dash: nothing is known, or nothing applies. */
export function displayCell(cell: Cell, column: SheetColumn): string {
  const { value, kind, decimals = 2 } = typedCell(cell, column);
  if (value === null) return "-";
  switch (kind) {
    case "money":
    case "integer":
      return grouped(String(value));
    case "rate":
      return `${fixed(Number(value) * 100, decimals)}%`;
    case "multiple":
      return `${fixed(value, decimals)}x`;
    case "number":
      return grouped(fixed(value, decimals));
    default:
      return printable(String(value));
  }
}

/** One fact of a sheet of facts: what it is, its value, and what must be said beside it. */
export type Fact = readonly [label: string, cell: TypedCell, note?: string];

/** A sheet of facts: one a row, each with its own kind. */
export function factSheet(
  about: { name: string; title: string; notes?: readonly string[] },
  facts: readonly Fact[],
): Sheet {
  const withNotes = facts.some(([, , note]) => note !== undefined);
  const columns: SheetColumn[] = [
    { key: "measure", title: "measure", kind: "text" },
    { key: "value", title: "value", kind: "number" },
  ];
  if (withNotes) columns.push({ key: "note", title: "note", kind: "text" });
  const rows = facts.map(([label, cell, note]) => (withNotes ? [label, cell, note ?? ""] : [label, cell]));
  return { ...about, columns, rows };
}

/** Text with control characters made visible: a tape must not be able to move the cursor of the terminal that shows it. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it removes
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\u00b7");
}
