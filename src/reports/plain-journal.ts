import { everyAccount } from "../../seeds/chart-of-accounts.js";
import { formatMinor } from "../money/money.js";
import { type JournalDialect, type JournalHead, journalLines, journalTagNames, journalTags } from "./journal.js";

/**
 * The journal of hledger, and that of Ledger, which differ in their directives alone. Accounts go by the chart's path,
 * the name that the trial balance has for them; the portfolio is a tag, so that accounts add up over portfolios and
 * `tag:portfolio=pf_...` (Ledger: `%portfolio=...`) shows one. Memorandum accounts balance among themselves.
 */
const paths = new Map<string, string>([...everyAccount.values()].map(({ code, path }) => [code, path]));
const width = Math.max(...[...everyAccount.values()].map(({ path }) => path.length)) + 2;

function line(account: string, amountMinor: bigint, currency: string): string {
  const path = paths.get(account) ?? `unknown:${account}`;
  return `    ${path.padEnd(width)}${formatMinor(amountMinor, currency).padStart(16)} ${currency}\n`;
}

const transactions: Omit<JournalDialect, "head"> = {
  opening({ portfolioId, currency, on, balances }) {
    const lines = balances.map(({ account, balanceMinor }) => line(account, balanceMinor, currency));
    return `${on} * opening balances\n    ; portfolio: ${portfolioId}\n${lines.join("")}\n`;
  },
  entry(entry) {
    let text = `${entry.effectiveOn} * (${entry.id}) ${entry.kind}\n`;
    for (const { name, value } of journalTags(entry)) text += `    ; ${name}: ${value}\n`;
    for (const { account, amountMinor } of journalLines(entry)) text += line(account, amountMinor, entry.currency);
    return `${text}\n`;
  },
};

function about({ asOf, knownAt, from }: JournalHead): string {
  const days = from === null ? `up to ${asOf}` : `from ${from} to ${asOf}`;
  return `; netback ledger, effective days ${days}, as known at ${knownAt}\n`;
}

/** Types that hledger knows accounts by; the memorandum accounts have none. */
const types = { asset: "A", liability: "L", equity: "E", income: "R", expense: "X", memo: undefined } as const;

export const hledgerJournal: JournalDialect = {
  ...transactions,
  head(head) {
    let text = `${about(head)}\ndecimal-mark .\n`;
    for (const currency of head.currencies) {
      const sample = formatMinor(1000n * 10n ** BigInt(exponentOf(currency)), currency);
      // the sign must stand there, even where no decimals follow it
      text += `commodity ${sample.includes(".") ? sample : `${sample}.`} ${currency}\n`;
    }
    for (const { code, path, kind } of head.accounts) {
      const type = types[kind];
      text += `account ${path}  ; code:${code}${type === undefined ? "" : `, type:${type}`}\n`;
    }
    return `${text}\n`;
  },
};

export const ledgerJournal: JournalDialect = {
  ...transactions,
  head(head) {
    let text = `${about(head)}\n`;
    for (const currency of head.currencies) text += `commodity ${currency}\n`;
    for (const tag of journalTagNames) text += `tag ${tag}\n`;
    for (const { code, path, name } of head.accounts) text += `account ${path}\n    note ${code} ${name}\n`;
    return `${text}\n`;
  },
};

/** Decimals of a currency, read off how an amount of it is written. */
function exponentOf(currency: string): number {
  return formatMinor(0n, currency).split(".")[1]?.length ?? 0;
}
