import { Refusal } from "../../models/refusal.js";
import { addMonths, type Day, formatDay, monthsBetween, parseDay } from "../calendar/day.js";
import { minor, minorToEstimate, parseMinor } from "../money/money.js";
import type { CollectedPortfolio } from "../recovery/collection-curve.js";
import { findPortfolio } from "../store/portfolio.js";
import { readMovements } from "../store/portfolio-turnovers.js";
import { findPurchaseOf } from "../store/purchase.js";
import { readSnapshot } from "../store/quote.js";
import type { Tx } from "../store/transaction.js";

export interface Collected extends CollectedPortfolio {
  readonly currency: string;
  readonly closingOn: Day;
  /** share of the price that is still held, 0 to 1 */
  readonly heldShare: number;
}

/** Months since the closing, with the part of the month that runs by its days. The closing day itself counts. */
export function ageMonths(closingOn: Day, asOf: Day): number {
  const whole = Math.max(0, monthsBetween(closingOn, asOf));
  const [from, to] = [addMonths(closingOn, whole), addMonths(closingOn, whole + 1)];
  return whole + (asOf - from) / (to - from);
}

/** Months since the closing as the net-back counts them: month 1 ends on the same day of the next month. */
function monthOn(day: Day, closingOn: Day): number {
  const whole = Math.max(0, monthsBetween(closingOn, day));
  return whole > 0 && day === addMonths(closingOn, whole) ? whole - 1 : whole;
}

/**
 * What a bought portfolio brought in by month since its closing, and what its price had counted on. What went back to
 * the seller or was sold on takes its share of the price out of the expectation.
 *
 * @throws Refusal `not_found`, `portfolio_not_owned`, `effective_date_refused` for a day before the closing
 */
export async function readCollected(tx: Tx, portfolioId: string, asOf: Day): Promise<Collected> {
  const { currency } = await findPortfolio(tx, portfolioId);
  const purchase = await findPurchaseOf(tx, portfolioId);
  const closingOn = parseDay(purchase.closingOn);
  if (asOf < closingOn) {
    throw new Refusal(
      "effective_date_refused",
      `${formatDay(asOf)} lies before ${portfolioId} was bought, ${purchase.closingOn}`,
    );
  }
  const accounts = ["4000", "4100", "4930"];
  const movements = await readMovements(tx, { portfolioId, asOf: formatDay(asOf), accounts });
  const age = ageMonths(closingOn, asOf);
  const monthly = new Array<bigint>(Math.max(1, Math.ceil(age))).fill(0n);
  let gone = 0n;
  for (const { account, day, amountMinor } of movements) {
    if (account === "4100") gone -= amountMinor;
    else if (account === "4930") gone += amountMinor;
    else monthly[Math.min(monthOn(parseDay(day), closingOn), monthly.length - 1)]! -= amountMinor;
  }
  const { valuation } = await readSnapshot(tx, purchase);
  const expected = valuation.forecast.monthly.reduce((sum, { gross }) => sum + parseMinor(gross, currency), 0n);
  const held = Math.max(0, 1 - Number(gone) / Number(purchase.priceMinor));
  return {
    id: portfolioId,
    currency,
    closingOn,
    heldShare: held,
    monthly: monthly.map((amount) => minorToEstimate(minor(amount), currency)),
    ageMonths: age,
    underwritten: minorToEstimate(minor(expected), currency) * held,
    horizonMonths: valuation.forecast.horizon_months,
  };
}
