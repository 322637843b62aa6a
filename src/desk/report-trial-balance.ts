import { everyAccount } from "../../seeds/chart-of-accounts.js";
import { formatDay } from "../calendar/day.js";
import { formatMinor } from "../money/money.js";
import { readTurnovers, readTurnoversOfTenant } from "../store/ledger.js";
import { findPortfolio } from "../store/portfolio.js";
import { implement } from "./act.js";
import { sealCovering } from "./seal-covering.js";

/**
 * Turnover and balance of every ledger account, of one portfolio or of all; currencies are never added up. Accounts
 * without a movement are left out.
 */
export const reportTrialBalance = implement("report-trial-balance", async ({ tx, now, today }, input) => {
  const asOf = input.as_of ?? formatDay(today);
  const moved = await turnoversOf();
  const totals = new Map<string, { currency: string; code: string; debit: bigint; credit: bigint }>();
  for (const { currency, account, debitMinor, creditMinor } of moved) {
    const key = `${currency} ${account}`;
    const total = totals.get(key) ?? { currency, code: account, debit: 0n, credit: 0n };
    totals.set(key, { ...total, debit: total.debit + debitMinor, credit: total.credit + creditMinor });
  }
  const rows = [...totals.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, total]) => total);
  return {
    as_of: asOf,
    known_at: input.known_at ?? now,
    seal: await sealCovering(tx, { asOf, knownAt: input.known_at, portfolioId: input.portfolio_id }),
    accounts: rows.map(({ currency, code, debit, credit }) => ({
      code,
      name: everyAccount.get(code)?.name ?? code,
      currency,
      debit: formatMinor(debit, currency),
      credit: formatMinor(credit, currency),
      balance: formatMinor(debit - credit, currency),
    })),
  };

  async function turnoversOf() {
    if (input.portfolio_id === undefined) return readTurnoversOfTenant(tx, { asOf, knownAt: input.known_at });
    const { portfolioId, currency } = await findPortfolio(tx, input.portfolio_id);
    const turnovers = await readTurnovers(tx, { portfolioId, asOf, knownAt: input.known_at });
    return turnovers.map((turnover) => ({ ...turnover, currency }));
  }
});
