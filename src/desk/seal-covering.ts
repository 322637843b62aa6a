import type { SealMark } from "../../models/period.js";
import { parsePeriod } from "../calendar/day.js";
import { courseOf, daysOf } from "../ledger/period.js";
import { readPeriodEvents } from "../store/period.js";
import { findSeal } from "../store/seal.js";
import type { Tx } from "../store/transaction.js";

/**
 * The seal that a report stands under: of the last month that ends by its day and was closed at its instant. The
 * portfolio's own where the report is of one, else the tenant's.
 */
export async function sealCovering(
  tx: Tx,
  of: { asOf: string; knownAt?: string | undefined; portfolioId?: string | undefined },
): Promise<SealMark | null> {
  const events = await readPeriodEvents(tx, { knownAt: of.knownAt });
  const closed = new Set(events.flatMap(({ event, month }) => (event === "closed" && month !== null ? [month] : [])));
  const months = [...closed].filter((month) => daysOf(parsePeriod(month)).to <= of.asOf).sort();
  for (const month of months.reverse()) {
    const { state, version, closedAt, seal } = courseOf(month, events);
    if (state !== "closed") continue;
    const mark = { month, version, sealed_at: closedAt!, hash: seal! };
    if (of.portfolioId === undefined) return mark;
    const hash = await findSeal(tx, { portfolioId: of.portfolioId, month, version });
    return hash === undefined ? null : { ...mark, hash };
  }
  return null;
}
