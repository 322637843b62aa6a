import type { TapeFindings } from "../../models/findings-table.js";
import type { CanonicalColumn, CodeColumn, Layout, TapeColumn } from "../../models/tape.js";
import { canonicalKinds, missing } from "../../models/tape.js";
import { flagOf, isProductType, isState, productReader, relabel, stateOf, toFlags } from "./codes.js";
import { datePatternOf } from "./layout.js";

const extraPrefix = "extra.";

/**
 * Gives the coded columns their meaning: states as postal codes, product types as ours, flags as yes and no, the
 * seller's own columns as numbers where every value is one. Adds them to `columns`; what has no meaning is a finding.
 */
export function checkCodes(
  checked: { columns: Map<string, TapeColumn>; rowNumbers: Int32Array; findings: TapeFindings },
  codes: ReadonlyMap<string, CodeColumn>,
  layout: Layout,
): void {
  const { columns, rowNumbers, findings } = checked;
  const product = productReader(layout);
  for (const [name, column] of codes) {
    if (name.startsWith(extraPrefix)) columns.set(name, extraColumn(column));
    else if (canonicalKinds[name as CanonicalColumn] === "flag") {
      const pattern = datePatternOf(layout, name);
      const { flags, unread } = toFlags(column, (text) => flagOf(name, text, pattern));
      columns.set(name, flags);
      if (unread.size > 0)
        column.values.forEach((code, i) => {
          if (unread.has(code))
            findings.add("flag_invalid", { row: rowNumbers[i]!, column: name, value: column.labels[code]! });
        });
    } else {
      const read = name === "state" ? stateOf : name === "product_type" ? product : (text: string) => text.trim();
      const coded = relabel(column, read);
      columns.set(name, coded);
      if (name === "state")
        addUnknown(coded, isState, (i, value) =>
          findings.add("state_unknown", { row: rowNumbers[i]!, column: name, value }),
        );
      if (name === "product_type") {
        addUnknown(coded, isProductType, (i, value) =>
          findings.add("product_type_unknown", { row: rowNumbers[i]!, column: name, value }),
        );
      }
    }
  }
}

function addUnknown(
  column: CodeColumn,
  isKnown: (label: string) => boolean,
  add: (i: number, label: string) => void,
): void {
  const unknown = column.labels.map((label) => !isKnown(label));
  if (!unknown.includes(true)) return;
  column.values.forEach((code, i) => {
    if (code >= 0 && unknown[code]) add(i, column.labels[code]!);
  });
}

/** A column of the seller's own: numbers where every label is one, otherwise codes. */
export function extraColumn(column: CodeColumn): TapeColumn {
  const trimmed = relabel(column, (text) => text.trim());
  const numbers = trimmed.labels.map((label) =>
    /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(label) ? Number(label) : Number.NaN,
  );
  if (numbers.length === 0 || numbers.some((value) => !Number.isFinite(value))) return trimmed;
  const values = Float64Array.from(trimmed.values, (code) => (code < 0 ? missing.number : numbers[code]!));
  return { kind: "number", values };
}
