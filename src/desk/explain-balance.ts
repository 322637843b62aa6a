import type { z } from "zod";
import { ageingBuckets, type explainBalanceDocument } from "../../models/clearing.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { everyAccount } from "../../seeds/chart-of-accounts.js";
import { formatDay, parseDay } from "../calendar/day.js";
import { ageingBucket, clearingAccounts } from "../ledger/clearing-accounts.js";
import { formatMinor } from "../money/money.js";
import { readAgencyNames } from "../store/agency.js";
import { pageOf, readCursor } from "../store/cursor.js";
import { readLedgers } from "../store/journal.js";
import { readTurnovers } from "../store/ledger.js";
import { readAccountNumbers } from "../store/movement.js";
import { findPortfolio, type Portfolio } from "../store/portfolio.js";
import type { Tx } from "../store/transaction.js";
import { implement } from "./act.js";
import { knownAtOf } from "./known-at.js";
import { type ClearingItem, openBalances } from "./open-balances.js";

type Document = z.output<typeof explainBalanceDocument>;

/**
 * The open items that make up the balance of a clearing account (src/ledger/open-items.ts says how they are matched),
 * oldest first, with their age on the day. Their sum is held against the balance of the ledger.
 * @throws Refusal `not_found` for a portfolio or account that there is not, or an account that nothing is cleared on
 */
export const explainBalance = implement("explain-balance", async ({ tx, now, today }, input) => {
  const portfolio = await findPortfolio(tx, input.portfolio_id);
  const { portfolioId, currency } = portfolio;
  const account = everyAccount.get(input.account);
  if (account === undefined || !clearingAccounts.has(input.account)) {
    const codes = [...clearingAccounts.keys()].join(", ");
    throw new Refusal("not_found", `${input.account} is no clearing account; those are ${codes}`);
  }
  const asOf = input.as_of ?? formatDay(today);
  const [ledger] = await readLedgers(tx, { portfolioId, knownAt: input.known_at });
  const accounts = [input.account];
  const open = ledger === undefined ? undefined : await openBalances(tx, { ledger, accounts, asOf });
  const items = open?.get(input.account) ?? [];
  let balanceMinor = 0n;
  for (const turnover of await readTurnovers(tx, { portfolioId, asOf, knownAt: input.known_at })) {
    if (turnover.account === input.account) balanceMinor += turnover.debitMinor - turnover.creditMinor;
  }
  let explainedMinor = 0n;
  for (const { openMinor } of items) explainedMinor += openMinor;
  const named = await namesOf(tx, portfolio, input.account);
  const after = readCursor(input, ["number"])?.[0] ?? 0;
  const numbered = items.map((item, i) => ({ item, at: i + 1 })).slice(Number(after), Number(after) + input.limit + 1);
  const names = await named.of(numbered.map(({ item }) => item.party));
  const page = pageOf(numbered, input, {
    document: ({ item }) => ({
      entry_id: childId("en", portfolioId, item.sequence),
      kind: item.kind,
      effective_on: item.effectiveOn,
      age_days: parseDay(asOf) - parseDay(item.effectiveOn),
      counterparty_id: named.idOf(item.party),
      counterparty: names.get(item.party) ?? null,
      amount: formatMinor(item.amountMinor, currency),
      open: formatMinor(item.openMinor, currency),
    }),
    key: ({ at }) => [at],
  });
  return {
    account: { code: account.code, name: account.path, title: account.name },
    portfolio_id: portfolioId,
    currency,
    as_of: asOf,
    known_at: await knownAtOf({ tx, now }, input),
    balance: formatMinor(balanceMinor, currency),
    explained: formatMinor(explainedMinor, currency),
    difference: formatMinor(balanceMinor - explainedMinor, currency),
    open_items: items.length,
    ageing: ageingOf(items, { asOf, currency }),
    counterparties: await counterpartiesOf(items, { named, currency }),
    ...page,
  };
});

function ageingOf(items: readonly ClearingItem[], { asOf, currency }: { asOf: string; currency: string }) {
  const sums = new Map(ageingBuckets.map((bucket) => [bucket, { items: 0, amountMinor: 0n }]));
  const day = parseDay(asOf);
  for (const { effectiveOn, openMinor } of items) {
    const sum = sums.get(ageingBucket(day - parseDay(effectiveOn)))!;
    sum.items++;
    sum.amountMinor += openMinor;
  }
  return [...sums].map(([days, sum]) => ({ days, items: sum.items, amount: formatMinor(sum.amountMinor, currency) }));
}

interface Names {
  /** whether there are few enough to be listed */
  readonly areFew: boolean;
  idOf(party: string): string | null;
  of(parties: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

async function namesOf(tx: Tx, { portfolioId, seller }: Portfolio, account: string): Promise<Names> {
  switch (clearingAccounts.get(account)!) {
    case "seller":
      return { areFew: true, idOf: () => null, of: async () => new Map([["", seller]]) };
    case "agency": {
      const names = await readAgencyNames(tx);
      return { areFew: true, idOf: (party) => (party === "" ? null : party), of: async () => names };
    }
    case "receivable":
      return {
        areFew: false,
        idOf: (party) => (party === "" ? null : childId("rc", portfolioId, Number(party))),
        of: async (parties) => {
          const numbers = parties.filter((party) => party !== "").map(Number);
          const found = await readAccountNumbers(tx, portfolioId, numbers);
          return new Map([...found].map(([number, accountNumber]) => [String(number), accountNumber]));
        },
      };
    default:
      return { areFew: false, idOf: () => null, of: async () => new Map() };
  }
}

async function counterpartiesOf(
  items: readonly ClearingItem[],
  { named, currency }: { named: Names; currency: string },
): Promise<Document["counterparties"]> {
  if (!named.areFew) return [];
  const sums = new Map<string, { items: number; amountMinor: bigint }>();
  for (const { party, openMinor } of items) {
    const sum = sums.get(party) ?? { items: 0, amountMinor: 0n };
    sums.set(party, { items: sum.items + 1, amountMinor: sum.amountMinor + openMinor });
  }
  const names = await named.of([...sums.keys()]);
  const rows = [...sums].map(([party, sum]) => ({
    id: named.idOf(party),
    name: names.get(party) ?? "not named",
    items: sum.items,
    amount: formatMinor(sum.amountMinor, currency),
  }));
  return rows.sort((a, b) => (a.name < b.name ? -1 : 1));
}
