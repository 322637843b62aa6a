import type { LedgerAccount } from "../../models/ledger-account.js";
import { everyAccount } from "../../seeds/chart-of-accounts.js";
import { formatMinor } from "../money/money.js";
import { type JournalDialect, journalLines, journalTags } from "./journal.js";

/**
 * The chart's path as beancount writes names: five roots, each part with a capital, no spaces. The memorandum accounts
 * stand under Equity, for there is no sixth root.
 */
function beancountName({ path }: LedgerAccount): string {
  const parts = (path.startsWith("memo:") ? `equity:${path}` : path).split(":");
  return parts
    .map((part) =>
      part
        .split(/[ -]/)
        .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
        .join("-"),
    )
    .join(":");
}

const names = new Map<string, string>(
  [...everyAccount.values()].map((account) => [account.code, beancountName(account)]),
);
const width = Math.max(...[...names.values()].map((name) => name.length)) + 2;
/** Before any day that books are kept for. */
const openedOn = "1900-01-01";

function line(account: string, amountMinor: bigint, currency: string): string {
  const name = names.get(account) ?? `Equity:Unknown:A${account}`;
  return `  ${name.padEnd(width)}${formatMinor(amountMinor, currency).padStart(16)} ${currency}\n`;
}

export const beancountJournal: JournalDialect = {
  head({ asOf, knownAt, from, currencies, accounts }) {
    const days = from === null ? `up to ${asOf}` : `from ${from} to ${asOf}`;
    let text = `; netback ledger, effective days ${days}, as known at ${knownAt}\n\noption "title" "netback"\n`;
    for (const currency of currencies) text += `option "operating_currency" "${currency}"\n`;
    text += "\n";
    for (const currency of currencies) text += `${openedOn} commodity ${currency}\n`;
    for (const account of accounts) {
      const name = names.get(account.code)!;
      text += `${openedOn} open ${name} ${currencies.join(",")}\n  code: "${account.code}"\n  name: "${account.path}"\n`;
    }
    return `${text}\n`;
  },
  opening({ portfolioId, currency, on, balances }) {
    const lines = balances.map(({ account, balanceMinor }) => line(account, balanceMinor, currency));
    return `${on} * "opening balances"\n  portfolio: "${portfolioId}"\n${lines.join("")}\n`;
  },
  entry(entry) {
    let text = `${entry.effectiveOn} * "${entry.kind}" ^${entry.id}\n`;
    // no quotation mark and no backslash gets into a value: ids have none, and words lose theirs
    for (const { name, value } of journalTags(entry)) text += `  ${name}: "${value}"\n`;
    for (const { account, amountMinor } of journalLines(entry)) text += line(account, amountMinor, entry.currency);
    return `${text}\n`;
  },
};
