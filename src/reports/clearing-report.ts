import type { ActOutput } from "../../models/acts.js";
import type { Sheet, SheetColumn } from "./sheet.js";

const matching = [
  "Open: debit less credit. An entry that takes another back cancels it first; what is left is matched by counterparty, first in, first out.",
  "Age: days from the effective day.",
];

/** What makes up the balance of a clearing account: its ages, whose it is, the items. */
export function explanationSheets(document: ActOutput<"explain-balance">): Sheet[] {
  const { account, currency, as_of, known_at, balance, difference, next_cursor } = document;
  const money = (key: string, title = key): SheetColumn => ({ key, title, kind: "money", currency });
  const items = { key: "items", title: "items", kind: "integer" } as const;
  const ageing: Sheet = {
    name: "ageing",
    title: `${account.code} ${account.name} as of ${as_of}, as known at ${known_at}: balance ${balance} ${currency}`,
    columns: [{ key: "days", title: "days", kind: "text" }, items, money("amount")],
    rows: document.ageing.map((row) => [row.days, row.items, row.amount]),
    totals: ["explained", document.open_items, document.explained],
    notes: Number(difference) === 0 ? [] : [`${difference} ${currency} of the balance is explained by no open item.`],
  };
  const counterparties: Sheet = {
    name: "counterparties",
    title: "By counterparty",
    columns: [{ key: "name", title: "counterparty", kind: "text" }, items, money("amount")],
    rows: document.counterparties.map((row) => [row.name, row.items, row.amount]),
  };
  const open: Sheet = {
    name: "open-items",
    title: "Open items, oldest first",
    columns: [
      { key: "effective_on", title: "day", kind: "day" },
      { key: "age_days", title: "age, days", kind: "integer" },
      { key: "kind", title: "event", kind: "text" },
      { key: "counterparty", title: "counterparty", kind: "text" },
      money("amount"),
      money("open"),
      { key: "entry_id", title: "entry", kind: "text" },
    ],
    rows: document.data.map((row) => [
      ...[row.effective_on, row.age_days, row.kind, row.counterparty, row.amount, row.open, row.entry_id],
    ]),
    notes: next_cursor === null ? matching : [...matching, `There is more: --cursor ${next_cursor}`],
  };
  return document.counterparties.length === 0 ? [ageing, open] : [ageing, counterparties, open];
}

/** The ages of all clearing accounts. */
export function clearingSheets(document: ActOutput<"report-clearing">): Sheet[] {
  const money = (key: string, title: string): SheetColumn => ({ key, title, kind: "money" });
  const keys = ["days_0_30", "days_31_60", "days_61_90", "days_over_90"] as const;
  return [
    {
      name: "clearing",
      title: `Clearing accounts as of ${document.as_of}, as known at ${document.known_at}`,
      columns: [
        { key: "portfolio_id", title: "portfolio", kind: "text" },
        { key: "code", title: "code", kind: "text" },
        { key: "name", title: "account", kind: "text" },
        { key: "currency", title: "currency", kind: "text" },
        money("balance", "balance"),
        { key: "open_items", title: "open items", kind: "integer" },
        { key: "oldest_on", title: "oldest", kind: "day" },
        ...keys.map((key) =>
          money(
            key,
            `${key
              .replace("days_", "")
              .replace(/^(\d+)_/, "$1-")
              .replaceAll("_", " ")} days`,
          ),
        ),
        money("difference", "unexplained"),
      ],
      rows: document.accounts.map((row) => [
        ...[row.portfolio_id, row.code, row.name, row.currency, row.balance, row.open_items, row.oldest_on],
        ...keys.map((key) => row[key]),
        row.difference,
      ]),
      notes: matching,
    },
  ];
}
