import { Refusal } from "../../models/refusal.js";
import { calendarDate, formatDay, parseDay } from "../calendar/day.js";
import { type TimingPrior, tailAfter } from "../recovery/timing-credibility.js";
import type { Triangle } from "../recovery/triangle.js";
import { readPurchasedPortfolios } from "../store/portfolio-turnovers.js";
import type { Tx } from "../store/transaction.js";
import { implement } from "./act.js";
import { type Collected, readCollected } from "./collected-portfolios.js";
import { collectionPrior } from "./collection-prior.js";
import { findCurveInUse } from "./curve-in-use.js";
import { runOffDocument } from "./fit-triangle.js";

/**
 * The run-off of everything that was bought: collections by vintage and age, and what is still to come. What prices
 * counted on, of what is still held, is the expectation of `bf` and `benktander`; what comes after the oldest age, to the
 * horizon of the quotes, is a timing's: a curve's, or the published one.
 *
 * Guards in this order: `currency_mismatch` where purchases are in several currencies and none is named,
 * `triangle_unusable` where no portfolio is as old as one age, and as the method says.
 */
export const reportRunOff = implement("report-run-off", async ({ tx, today }, input) => {
  const asOf = input.as_of === undefined ? today : parseDay(input.as_of);
  const purchases = await readPurchasedPortfolios(tx, { asOf: formatDay(asOf) });
  const currencies = [...new Set(purchases.map(({ currency }) => currency))].sort();
  const currency = input.currency ?? currencies[0];
  if (input.currency === undefined && currencies.length > 1) {
    throw new Refusal("currency_mismatch", `purchases are in ${currencies.join(", ")}: name one`);
  }
  const collected: Collected[] = [];
  for (const purchase of purchases) {
    if (purchase.currency === currency) collected.push(await readCollected(tx, purchase.portfolioId, asOf));
  }
  const old = collected.filter(({ ageMonths }) => ageMonths >= input.age_months);
  if (currency === undefined || old.length === 0) {
    throw new Refusal("triangle_unusable", `no portfolio is ${input.age_months} months old on ${formatDay(asOf)}`);
  }
  const groups = new Map<string, Collected[]>();
  for (const one of old) {
    const key = vintageOf(one, input.by);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const vintages = [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  const triangle = triangleOf(vintages, input.age_months);
  const oldest = triangle.ages.at(-1)!;
  const horizon = Math.max(oldest, ...old.map(({ horizonMonths }) => horizonMonths));
  const { timing, source } = await timingOf(tx, { currency, curveId: input.curve_id });
  const tail = { ...tailAfter(timing, oldest, horizon), sigma: 0 };
  const tailSource = `${source}, from ${oldest} months to ${horizon}`;
  const expectedVariation = collectionPrior(currency).levelVariation;
  const document = runOffDocument(
    { method: input.method, average: "volume", expectedRate: 1, expectedVariation, tail, tailSource, endAge: horizon },
    {
      triangle,
      exposures: vintages.map(([, members]) => members.reduce((sum, one) => sum + one.underwritten, 0)),
      exposureName: "what prices counted on, of what is still held",
      findings: [],
    },
  );
  const left_out = collected.length - old.length;
  return { as_of: formatDay(asOf), currency, by: input.by, portfolios: old.length, left_out, ...document };
});

/** What is held of the timing after the ages that were seen: a curve's, as far as it is still open, or the published one. */
async function timingOf(
  tx: Tx,
  { currency, curveId }: { currency: string; curveId: string | undefined },
): Promise<{ timing: TimingPrior; source: string }> {
  const prior = collectionPrior(currency);
  if (curveId === undefined) return { timing: prior.timing, source: "the published timing" };
  const { card, used } = await findCurveInUse(tx, curveId);
  const left = (spread: number, credibility: number) => spread * Math.sqrt(1 - credibility);
  const { shape, scale } = card.timing_credibility;
  return {
    timing: {
      shape: card.timing.shape,
      scale: card.timing.scale_years * 12,
      shapeSpread: left(prior.timing.shapeSpread, shape),
      scaleSpread: left(prior.timing.scaleSpread, scale),
    },
    source: `curve "${used.name}" version ${used.version} (${used.id})`,
  };
}

function vintageOf({ closingOn, id }: Collected, by: "year" | "quarter" | "month" | "portfolio"): string {
  if (by === "portfolio") return id;
  const { year, month } = calendarDate(closingOn);
  if (by === "year") return String(year);
  return by === "quarter" ? `${year}-Q${Math.ceil(month / 3)}` : formatDay(closingOn).slice(0, 7);
}

/** Cumulative collections of each vintage at its whole ages: those that every portfolio of it has reached. */
function triangleOf(vintages: readonly (readonly [string, readonly Collected[]])[], step: number): Triangle {
  const reached = vintages.map(([, members]) => Math.floor(Math.min(...members.map((one) => one.ageMonths)) / step));
  const columns = Math.max(...reached);
  const cumulative = new Float64Array(vintages.length * columns).fill(Number.NaN);
  for (const [row, [, members]] of vintages.entries()) {
    for (let column = 0; column < reached[row]!; column++) {
      const months = (column + 1) * step;
      cumulative[row * columns + column] = members.reduce(
        (sum, { monthly }) => sum + monthly.slice(0, months).reduce((total, amount) => total + amount, 0),
        0,
      );
    }
  }
  return {
    origins: vintages.map(([name]) => name),
    ages: Array.from({ length: columns }, (_, column) => (column + 1) * step),
    cumulative,
    starts: reached.map((ages) => -ages * step),
    unit: "month",
    agesFrom: "age",
    calendarNames: new Map(),
  };
}
