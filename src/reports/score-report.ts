import type { RecoveryCard, StabilityRow } from "../../models/recovery-card.js";
import type { RecoveryScoreDocument } from "../../models/recovery-score.js";
import { type Fact, factSheet, type Sheet, type SheetColumn } from "./sheet.js";

const text = (key: string, title = key.replaceAll("_", " ")): SheetColumn => ({ key, title, kind: "text" });
const integer = (key: string, title = key.replaceAll("_", " ")): SheetColumn => ({ key, title, kind: "integer" });
const rate = (key: string, title = key.replaceAll("_", " ")): SheetColumn => ({ key, title, kind: "rate" });
const number = (key: string, decimals = 3): SheetColumn => ({
  key,
  title: key.replaceAll("_", " "),
  kind: "number",
  decimals,
});

type ShownCard = Pick<
  RecoveryCard,
  "currency" | "history" | "target" | "columns" | "metrics" | "calibration" | "limits"
> & { readonly model: string };

interface Found {
  readonly findings: { readonly by_code: Readonly<Record<string, number>> };
}

/** A fitted score for people: how well it does on accounts it has not seen, what it uses, where it ends. */
export function fitSheets(document: ShownCard & Found): Sheet[] {
  const { history, metrics, calibration, columns, limits } = document;
  const { mean, pools } = metrics;
  const facts: Fact[] = [
    ["rows used", { value: history.used, kind: "integer" }, `of ${history.rows}; ${history.with_recovery} paid`],
    [
      "recovered",
      { value: history.recovered, kind: "money" },
      `of ${history.balance} ${document.currency} charged off`,
    ],
    ["area under the curve", { value: mean.auc, kind: "number", decimals: 4 }, "of any recovery; 0.5 is chance"],
    ["Brier score", { value: mean.brier, kind: "number", decimals: 4 }],
    [
      "mean absolute error of the rate",
      { value: mean.mean_absolute_error, kind: "number", decimals: 4 },
      `${mean.constant_mean_absolute_error.toFixed(4)} were every account given the mean`,
    ],
    ["total, expected over recovered", { value: 1 + mean.total_error, kind: "multiple", decimals: 3 }],
    [
      `pools of ${pools.accounts}, median error`,
      { value: pools.median_error, kind: "rate" },
      `${(pools.coverage * 100).toFixed(1)}% of ${pools.pools} lie within their p10 to p90`,
    ],
  ];
  const left = `On accounts left out of the fit: ${metrics.folds} folds, drawn ${metrics.repeats} times, ${metrics.rows} rows.`;
  return [
    factSheet({ name: "fit", title: `Model ${document.model}`, notes: [left, document.target, ...limits] }, facts),
    {
      name: "calibration",
      title: "Calibration by decile of the probability, on accounts left out",
      columns: [
        integer("decile"),
        integer("accounts"),
        rate("probability"),
        rate("share_with_recovery", "paid"),
        rate("expected_rate"),
        rate("recovered_rate"),
      ],
      rows: calibration.map((row) => [
        row.decile,
        row.accounts,
        row.probability,
        row.share_with_recovery,
        row.expected_rate,
        row.recovered_rate,
      ]),
    },
    {
      name: "columns",
      title: "Columns",
      columns: [text("column"), text("used"), text("done", "what was done")],
      rows: columns.map(({ column, used, done }) => [column, used ? "yes" : "no", done]),
    },
    findingsSheet(document),
  ];
}

/** What a tape is expected to bring by its score, and how far it is from the history of the card. */
export function scoreSheets(document: RecoveryScoreDocument): Sheet[] {
  const { total, currency } = document;
  const horizon =
    document.scored_to_observation === document.scored
      ? "up to each row's own day of observation"
      : `within ${document.horizon_months} months of ${document.as_of}`;
  const facts: Fact[] = [
    ["rows scored", { value: document.scored, kind: "integer" }, `of ${document.rows}`],
    [`face (${currency})`, { value: total.face, kind: "money" }],
    [`expected recovery (${currency})`, { value: total.expected_recovery, kind: "money" }, horizon],
    ["expected recovery rate of face", { value: total.expected_recovery_rate, kind: "rate" }],
    [`in one case of ten at most (${currency})`, { value: total.p10, kind: "money" }, "p10 of the whole tape"],
    [`in nine cases of ten at most (${currency})`, { value: total.p90, kind: "money" }, "p90 of the whole tape"],
  ];
  return [
    factSheet({ name: "score", title: `Score by ${document.model}` }, facts),
    stabilitySheet(document.stability),
    findingsSheet(document),
  ];
}

/** Population stability of a tape against the history of a card. */
export function stabilitySheet(stability: readonly StabilityRow[]): Sheet {
  return {
    name: "stability",
    title: "Population stability against the history of the model",
    columns: [text("column"), number("psi"), text("level")],
    rows: stability.map(({ column, psi, level }) => [column, psi, level]),
    notes: ["Below 0.1 the populations are alike; above 0.25 the model speaks of another one."],
  };
}

function findingsSheet({ findings }: Found): Sheet {
  return {
    name: "findings",
    title: "Findings",
    columns: [text("code"), integer("findings")],
    rows: Object.entries(findings.by_code),
  };
}
