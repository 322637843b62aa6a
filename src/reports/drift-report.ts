import type { DriftDocument } from "../../models/drift.js";
import { driftCuts } from "../../models/drift.js";
import { type Cell, type Fact, factSheet, type Sheet, type SheetColumn } from "./sheet.js";

const verdictWords: Readonly<Record<DriftDocument["verdict"], string>> = {
  keep: "KEEP: what came in is what was expected, as far as chance goes",
  refit: "REFIT: what came in is not what was expected; fit again before the next price",
  too_early: "TOO EARLY to say",
};

const titles: Readonly<Record<(typeof driftCuts)[number], string>> = {
  decile: "decile of expected recovery (1: least expected)",
  product_type: "product",
  age_band: "age since charge-off at the quote",
  balance_band: "balance",
  stage: "stage (prior placements)",
  state: "state",
};

export function driftSheets(document: DriftDocument): Sheet[] {
  const { currency, total } = document;
  const money = (key: string): SheetColumn => ({ key, title: key, kind: "money", currency });
  const columns: SheetColumn[] = [
    { key: "key", title: "of", kind: "text" },
    { key: "accounts", title: "accounts", kind: "integer" },
    money("face"),
    money("expected"),
    money("actual"),
    { key: "ratio", title: "actual / expected", kind: "multiple" },
    { key: "low", title: "band from", kind: "multiple" },
    { key: "high", title: "to", kind: "multiple" },
    { key: "outside", title: "", kind: "text" },
  ];
  const cells = (key: string, row: DriftDocument["total"]): Cell[] => [
    key,
    row.accounts,
    row.face,
    row.expected,
    row.actual,
    row.ratio,
    row.low,
    row.high,
    row.outside ? "outside" : "",
  ];
  const models = document.models.map(
    (one) => `Forecast made with ${one.kind} "${one.name}" version ${one.version} (${one.id}).`,
  );
  const facts: Fact[] = [
    ["verdict", { value: document.verdict, kind: "text" }, verdictWords[document.verdict]],
    [`expected by now (${currency})`, { value: total.expected, kind: "money" }],
    [`came in (${currency})`, { value: total.actual, kind: "money" }],
    ["actual over expected", { value: total.ratio, kind: "multiple", decimals: 3 }],
    ["months since the purchase", { value: document.age_months, kind: "number", decimals: 1 }],
  ];
  const leftOut =
    document.left_out === 0 ? [] : [`${document.left_out} receivables that were put back or sold on are left out.`];
  const title = `Drift of ${document.portfolio_id} as of ${document.as_of}`;
  const notes = [
    ...document.reasons,
    ...leftOut,
    ...(models.length > 0 ? models : ["Forecast made on published priors."]),
  ];
  return [
    factSheet({ name: "drift", title, notes }, facts),
    ...driftCuts.map((by) => ({
      name: by.replaceAll("_", "-"),
      title: `Actual over expected by ${titles[by]}`,
      columns,
      rows: document.rows.filter((row) => row.by === by).map((row) => cells(row.key, row)),
      totals: cells("total", total),
    })),
  ];
}
