import type { ActParsed } from "../../models/acts.js";
import { everyAccount } from "../../seeds/chart-of-accounts.js";
import { formatDay } from "../calendar/day.js";
import { formatMinor } from "../money/money.js";
import { readLedgers } from "../store/journal.js";
import { readTurnovers, readTurnoversOfTenant } from "../store/ledger.js";
import { findPortfolio } from "../store/portfolio.js";
import type { Tx } from "../store/transaction.js";
import { implement } from "./act.js";
import { byPortfolioPath, statementPath } from "./drill.js";
import { sealCovering } from "./seal-covering.js";

interface Turned {
  readonly portfolioId: string | undefined;
  readonly currency: string;
  readonly account: string;
  readonly debitMinor: bigint;
  readonly creditMinor: bigint;
}

/**
 * Turnover and balance of every ledger account, of one portfolio, of all, or of each; currencies are never added up.
 * Accounts without a movement are left out.
 */
export const reportTrialBalance = implement("report-trial-balance", async ({ tx, now, today }, input) => {
  const asOf = input.as_of ?? formatDay(today);
  const knownAt = input.known_at ?? now;
  const moved = await turnoversOf(tx, input, asOf);
  const totals = new Map<string, Turned>();
  for (const turned of moved) {
    const { portfolioId, currency, account, debitMinor, creditMinor } = turned;
    if (input.account !== undefined && account !== input.account) continue;
    const key = `${portfolioId ?? ""} ${currency} ${account}`;
    const total = totals.get(key) ?? { ...turned, debitMinor: 0n, creditMinor: 0n };
    totals.set(key, {
      ...total,
      debitMinor: total.debitMinor + debitMinor,
      creditMinor: total.creditMinor + creditMinor,
    });
  }
  const rows = [...totals.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total);
  return {
    as_of: asOf,
    known_at: knownAt,
    seal: await sealCovering(tx, { asOf, knownAt: input.known_at, portfolioId: input.portfolio_id }),
    accounts: rows.map(({ portfolioId, currency, account, debitMinor, creditMinor }) => ({
      ...(portfolioId === undefined || !input.by_portfolio ? {} : { portfolio_id: portfolioId }),
      code: account,
      name: everyAccount.get(account)?.path ?? account,
      title: everyAccount.get(account)?.name ?? account,
      currency,
      debit: formatMinor(debitMinor, currency),
      credit: formatMinor(creditMinor, currency),
      balance: formatMinor(debitMinor - creditMinor, currency),
      drill:
        portfolioId === undefined
          ? byPortfolioPath(account, { asOf, knownAt })
          : statementPath(account, { portfolioId, asOf, knownAt }),
    })),
  };
});

async function turnoversOf(tx: Tx, input: ActParsed<"report-trial-balance">, asOf: string): Promise<Turned[]> {
  const { portfolio_id, by_portfolio, known_at: knownAt } = input;
  if (portfolio_id === undefined && !by_portfolio) {
    const turnovers = await readTurnoversOfTenant(tx, { asOf, knownAt });
    return turnovers.map((turnover) => ({ ...turnover, portfolioId: undefined }));
  }
  if (portfolio_id !== undefined) await findPortfolio(tx, portfolio_id);
  const moved: Turned[] = [];
  for (const { portfolioId, currency } of await readLedgers(tx, { portfolioId: portfolio_id })) {
    for (const turnover of await readTurnovers(tx, { portfolioId, asOf, knownAt })) {
      moved.push({ ...turnover, portfolioId, currency });
    }
  }
  return moved;
}
