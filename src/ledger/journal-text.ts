import { everyAccount } from "../../seeds/chart-of-accounts.js";
import { formatMinor } from "../money/money.js";
import type { EntryDraft } from "./entry-draft.js";

const width = Math.max(...[...everyAccount.values()].map((account) => account.path.length)) + 8;

/**
 * An entry as a bookkeeper writes it: its kind, then one line an account, debits first, credits with a minus.
 * docs/LEDGER.md is written in it, and a test compares the two.
 */
export function journalText(entry: EntryDraft, currency: string): string {
  const net = new Map<string, bigint>();
  for (const { debit, credit, amountMinor } of entry.postings) {
    net.set(debit, (net.get(debit) ?? 0n) + amountMinor);
    net.set(credit, (net.get(credit) ?? 0n) - amountMinor);
  }
  const lines = [...everyAccount.values()]
    .filter((account) => (net.get(account.code) ?? 0n) !== 0n)
    .map((account) => ({ label: `${account.code} ${account.path}`, amountMinor: net.get(account.code)! }))
    .sort((a, b) => Number(b.amountMinor > 0n) - Number(a.amountMinor > 0n));
  const amounts = lines.map((line) => formatMinor(line.amountMinor, currency).padStart(14));
  return [entry.kind, ...lines.map((line, i) => `    ${line.label.padEnd(width)}${amounts[i]}`)].join("\n");
}
