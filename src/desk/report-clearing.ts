import { everyAccount } from "../../seeds/chart-of-accounts.js";
import { formatDay, parseDay } from "../calendar/day.js";
import { ageingBucket, clearingAccounts } from "../ledger/clearing-accounts.js";
import { formatMinor } from "../money/money.js";
import { readLedgers } from "../store/journal.js";
import { readTurnovers } from "../store/ledger.js";
import { findPortfolio } from "../store/portfolio.js";
import { implement } from "./act.js";
import { explanationPath } from "./drill.js";
import { type ClearingItem, openBalances } from "./open-balances.js";

/** How old what is open is, on every clearing account that has moved, portfolio by portfolio. */
export const reportClearing = implement("report-clearing", async ({ tx, now, today }, input) => {
  if (input.portfolio_id !== undefined) await findPortfolio(tx, input.portfolio_id);
  const asOf = input.as_of ?? formatDay(today);
  const rows = [];
  for (const ledger of await readLedgers(tx, { portfolioId: input.portfolio_id, knownAt: input.known_at })) {
    const { portfolioId, currency } = ledger;
    const balances = new Map<string, bigint>();
    for (const turnover of await readTurnovers(tx, { portfolioId, asOf, knownAt: input.known_at })) {
      const { account, debitMinor, creditMinor } = turnover;
      if (clearingAccounts.has(account)) {
        balances.set(account, (balances.get(account) ?? 0n) + debitMinor - creditMinor);
      }
    }
    const accounts = [...balances.keys()].sort();
    const open = await openBalances(tx, { ledger, accounts, asOf });
    for (const account of accounts) {
      const balanceMinor = balances.get(account)!;
      rows.push({
        portfolio_id: portfolioId,
        code: account,
        name: everyAccount.get(account)?.path ?? account,
        currency,
        balance: formatMinor(balanceMinor, currency),
        ...aged(open.get(account)!, { asOf, currency, balanceMinor }),
        drill: explanationPath(account, { portfolioId, asOf, knownAt: input.known_at ?? now }),
      });
    }
  }
  return { as_of: asOf, known_at: input.known_at ?? now, accounts: rows };
});

function aged(items: readonly ClearingItem[], of: { asOf: string; currency: string; balanceMinor: bigint }) {
  const { asOf, currency, balanceMinor } = of;
  const day = parseDay(asOf);
  const sums = { "0-30": 0n, "31-60": 0n, "61-90": 0n, "over 90": 0n };
  let differenceMinor = balanceMinor;
  for (const { effectiveOn, openMinor } of items) {
    sums[ageingBucket(day - parseDay(effectiveOn))] += openMinor;
    differenceMinor -= openMinor;
  }
  return {
    open_items: items.length,
    oldest_on: items[0]?.effectiveOn ?? null,
    days_0_30: formatMinor(sums["0-30"], currency),
    days_31_60: formatMinor(sums["31-60"], currency),
    days_61_90: formatMinor(sums["61-90"], currency),
    days_over_90: formatMinor(sums["over 90"], currency),
    difference: formatMinor(differenceMinor, currency),
  };
}
