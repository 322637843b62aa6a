import type { ActOutput } from "../../models/acts.js";
import type { EntryDocument } from "../../models/entry.js";
import type { CascadeDocument, EffectDocument } from "../../models/reversal.js";
import type { ColumnKind, Sheet, SheetColumn } from "./sheet.js";

function column(key: string, kind: ColumnKind = "text"): SheetColumn {
  return { key, title: key.replaceAll("_", " "), kind };
}

/** The postings of entries, one a row. */
function postingsSheet(title: string, entries: readonly EntryDocument[]): Sheet {
  return {
    name: "postings",
    title,
    columns: [
      column("entry"),
      column("kind"),
      column("effective_on", "day"),
      column("debit"),
      column("credit"),
      column("currency"),
      column("amount", "money"),
    ],
    rows: entries.flatMap((entry) =>
      entry.postings.map((posting) => [
        entry.sequence,
        entry.kind,
        entry.effective_on,
        posting.debit_account,
        posting.credit_account,
        entry.currency,
        posting.amount,
      ]),
    ),
  };
}

function balancesSheet(balances: EffectDocument["balances"]): Sheet {
  return {
    name: "balances",
    title: "Balances before and after",
    columns: [column("code"), column("name"), column("currency"), column("before", "money"), column("after", "money")],
    rows: balances.map(({ code, name, currency, before, after }) => [code, name, currency, before, after]),
    notes: ["before, after: debit less credit."],
  };
}

/** What a dry run would do to the books; nothing where it makes no entry. */
export function effectSheets(effect: EffectDocument | undefined): Sheet[] {
  if (effect === undefined || effect.entries_total === 0) return [];
  const title = `Entries that would be made: ${effect.entries_total}`;
  const left = effect.entries_total - effect.entries.length;
  const notes = left === 0 ? [] : [`The first ${effect.entries.length} are shown.`];
  return [{ ...postingsSheet(title, effect.entries), name: "effect-postings", notes }, balancesOfEffect(effect)];
}

function balancesOfEffect({ balances }: EffectDocument): Sheet {
  return { ...balancesSheet(balances), name: "effect-balances", title: "Balances that would come of it" };
}

function cascadeSheets(cascade: CascadeDocument): Sheet[] {
  const { agencies, receivables } = cascade;
  const sheets = [balancesSheet(cascade.balances)];
  if (receivables.length > 0) {
    const parts = ["claim", "collected", "unapplied", "commission"] as const;
    sheets.push({
      name: "receivables",
      title: "Receivables before and after",
      columns: [column("account_number"), column("of"), column("before", "money"), column("after", "money")],
      rows: receivables.flatMap((receivable) =>
        parts.map((part) => [
          receivable.account_number,
          part,
          receivable[`${part}_before`],
          receivable[`${part}_after`],
        ]),
      ),
      notes: receivableNotes(cascade),
    });
  }
  if (agencies.length > 0) {
    sheets.push({
      name: "agencies",
      title: "What stands between us and the agency",
      columns: [
        column("agency"),
        column("remitted", "money"),
        column("held_before", "money"),
        column("held_after", "money"),
        column("owed_by"),
      ],
      rows: agencies.map((a) => [a.agency_id, a.remitted, a.clearing_before, a.clearing_after, a.owed_by]),
      notes: ["held: collections less commission and remittances; negative: we owe it to the agency."],
    });
  }
  return sheets;
}

/** Which receivables are whose now, and how many more there are than are shown. */
function receivableNotes({ receivables, receivables_total: total }: CascadeDocument): string[] {
  const moved = receivables.filter((one) => one.state_before !== one.state_after);
  const notes = moved.map((one) => `${one.account_number}: ${one.state_before} before, ${one.state_after} after`);
  return total > receivables.length ? [...notes, `${total - receivables.length} more receivables change`] : notes;
}

export function reversalSheets({ entry, reversed, cascade }: ActOutput<"reverse-entry">): Sheet[] {
  const lines: Sheet = {
    name: "left",
    title: `What is left of ${reversed.entry_id}`,
    columns: [
      column("line", "integer"),
      column("debit"),
      column("credit"),
      column("amount", "money"),
      column("reversed", "money"),
      column("left", "money"),
    ],
    rows: reversed.lines.map((l) => [l.line, l.debit_account, l.credit_account, l.amount, l.reversed, l.left]),
  };
  return [postingsSheet(`Entry ${entry.id}`, [entry]), lines, ...cascadeSheets(cascade)];
}

export function correctionSheets({ reversal, rebooked, cascade }: ActOutput<"correct-entry">): Sheet[] {
  return [
    postingsSheet(`Taken back, and in its place ${rebooked.id}`, [reversal, rebooked]),
    ...cascadeSheets(cascade),
  ];
}
