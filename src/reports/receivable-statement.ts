import type { ActOutput } from "../../models/acts.js";
import { type Fact, factSheet, type Sheet, type SheetColumn } from "./sheet.js";

/** The statement of a receivable: its events with the running claim, and what it cost and brought. */
export function statementSheets(document: ActOutput<"show-receivable-statement">): Sheet[] {
  const {
    account_number,
    currency,
    as_of,
    known_at,
    opening_on,
    opening,
    opening_parts,
    closing,
    closing_parts,
    investment,
  } = document;
  const money = (key: string, title: string): SheetColumn => ({ key, title, kind: "money", currency });
  const events: Sheet = {
    name: "statement",
    title: `Receivable ${account_number} as of ${as_of}, as known at ${known_at}`,
    columns: [
      { key: "effective_on", title: "day", kind: "day" },
      { key: "kind", title: "event", kind: "text" },
      money("principal", "principal"),
      money("interest", "interest"),
      money("fees", "fees"),
      money("court_costs", "court costs"),
      money("claim", "claim after it"),
      money("collected", "collected"),
      money("commission", "commission"),
      money("unapplied_change", "unapplied"),
      { key: "reason", title: "reason", kind: "text" },
      { key: "entry_id", title: "entry", kind: "text" },
    ],
    rows: [
      [
        ...[opening_on, "purchase", opening_parts.principal, opening_parts.interest, opening_parts.fees],
        ...[opening_parts.court_costs, opening, null, null, null, null, null],
      ],
      ...document.data.map((row) => [
        ...[row.effective_on, row.kind, row.parts_change.principal, row.parts_change.interest, row.parts_change.fees],
        ...[row.parts_change.court_costs, row.claim, row.collected, row.commission, row.unapplied_change],
        ...[row.reason, row.entry_id],
      ]),
    ],
  };
  const facts: Fact[] = [
    ["claim", { value: closing, kind: "money" }],
    ...Object.entries(closing_parts).map(
      ([part, value]): Fact => [`of it ${part.replace("_", " ")}`, { value, kind: "money" }],
    ),
    ["unapplied cash", { value: document.unapplied, kind: "money" }],
    ...Object.entries(investment).map(([what, value]): Fact => [what.replace("_", " "), { value, kind: "money" }]),
    ["state now", { value: document.state, kind: "text" }],
  ];
  return [events, factSheet({ name: "balance", title: `Balance as of ${as_of} (${currency})` }, facts)];
}
