import { formatDay, parseDay } from "../calendar/day.js";
import { minor } from "../money/money.js";
import { type VintageSource, vintageRows } from "../reports/vintage-figures.js";
import { findPortfolio } from "../store/portfolio.js";
import { readMovements, readPurchasedPortfolios } from "../store/portfolio-turnovers.js";
import { implement } from "./act.js";
import { statementPath } from "./drill.js";
import { knownAtOf } from "./known-at.js";
import { sealCovering } from "./seal-covering.js";

/** Collections by vintage of the purchase and by age since it, run up and over the price. */
export const reportVintage = implement("report-vintage", async ({ tx, now, today }, input) => {
  const asOf = input.as_of ?? formatDay(today);
  if (input.portfolio_id !== undefined) await findPortfolio(tx, input.portfolio_id);
  const scope = { portfolioId: input.portfolio_id, asOf, knownAt: input.known_at };
  const purchases = await readPurchasedPortfolios(tx, scope);
  const movements = await readMovements(tx, { ...scope, accounts: ["4000", "4100"] });
  const collections = new Map<string, VintageSource["collections"][number][]>();
  const putBacks = new Map<string, bigint>();
  for (const { portfolioId, account, day, amountMinor } of movements) {
    if (account === "4100") putBacks.set(portfolioId, (putBacks.get(portfolioId) ?? 0n) - amountMinor);
    else {
      const of = collections.get(portfolioId) ?? [];
      of.push({ day: parseDay(day), amountMinor: minor(-amountMinor) });
      collections.set(portfolioId, of);
    }
  }
  const sources = purchases.map(
    ({ portfolioId, currency, closingOn, priceMinor, faceMinor }): VintageSource => ({
      portfolioId,
      currency,
      closingOn: parseDay(closingOn),
      priceMinor: minor(priceMinor),
      faceMinor: minor(faceMinor),
      putBacksMinor: minor(putBacks.get(portfolioId) ?? 0n),
      collections: collections.get(portfolioId) ?? [],
    }),
  );
  const knownAt = await knownAtOf({ tx, now }, input);
  return {
    as_of: asOf,
    known_at: knownAt,
    seal: await sealCovering(tx, scope),
    by: input.by,
    age: input.age,
    accounts: ["4000"],
    vintages: vintageRows(sources, {
      by: input.by,
      age: input.age,
      asOf: parseDay(asOf),
      drill: (portfolioId, days) => statementPath("4000", { portfolioId, knownAt, ...days }),
    }),
  };
});
