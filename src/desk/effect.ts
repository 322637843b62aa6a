import type { CascadeDocument, EffectDocument } from "../../models/reversal.js";
import { everyAccount } from "../../seeds/chart-of-accounts.js";
import { formatMinor } from "../money/money.js";
import { readEntriesAfter } from "../store/entry.js";
import { ledgersWritten, readBalances, readNetSince } from "../store/ledger.js";
import { findPortfolio, type Portfolio } from "../store/portfolio.js";
import type { Tx } from "../store/transaction.js";

const shownEntries = 100;

/** What the transaction has done to the books so far: its entries, and each account before and after. */
export async function effectOf(tx: Tx): Promise<EffectDocument> {
  const effect: EffectDocument = { entries: [], entries_total: 0, balances: [] };
  for (const [portfolioId, before] of ledgersWritten(tx)) {
    const portfolio = await findPortfolio(tx, portfolioId);
    const limit = shownEntries - effect.entries.length;
    if (limit > 0) effect.entries.push(...(await readEntriesAfter(tx, portfolio, { sequence: before, limit })));
    const changes = await balanceChanges(tx, portfolio, before);
    effect.entries_total += changes.entries;
    effect.balances.push(...changes.balances);
  }
  return effect;
}

/** The accounts that entries behind a number touch, before and after them. */
export async function balanceChanges(
  tx: Tx,
  portfolio: Portfolio,
  sequence: bigint,
): Promise<{ entries: number; balances: CascadeDocument["balances"] }> {
  const { portfolioId, currency } = portfolio;
  const after = await readBalances(tx, portfolioId);
  const moved = await readNetSince(tx, portfolioId, sequence);
  const balances = moved.nets.map(({ account, netMinor }) => {
    const balance = after.get(account) ?? 0n;
    return {
      portfolio_id: portfolioId,
      code: account,
      name: everyAccount.get(account)?.name ?? account,
      currency,
      before: formatMinor(balance - netMinor, currency),
      after: formatMinor(balance, currency),
    };
  });
  return { entries: moved.entries, balances };
}
