import type { PeriodEvent } from "./seal.js";

/** Numbers of a portfolio's entries that may be effective in a month: those recorded while it took entries. */
export interface OpenRange {
  readonly month: string;
  readonly after: bigint;
  readonly through: bigint;
}

/** What the details of an event say of it: the marks of a reopening, by portfolio. */
export interface ReopeningDetails {
  /** number of each portfolio's last entry when the month was opened again */
  readonly ledgers: readonly (readonly [portfolioId: string, lastSequence: string])[];
}

/**
 * For every month that has been closed, when one portfolio could have entries in it: from the beginning (or a
 * reopening) to the seal that ended it. A month that stands open again is open to the end.
 *
 * @param seals how far the portfolio's ledger reached at each close: by month and version. A portfolio that was bought
 *   later has none, and nothing in that month.
 * @param last number of the portfolio's last entry
 */
export function openRanges(
  portfolioId: string,
  events: readonly PeriodEvent[],
  seals: readonly { month: string; version: number; throughSequence: bigint }[],
  last: bigint,
): OpenRange[] {
  const through = new Map(seals.map((seal) => [`${seal.month} ${seal.version}`, seal.throughSequence]));
  const openedAt = new Map<string, bigint>();
  const isOpen = new Map<string, boolean>();
  const ranges: OpenRange[] = [];
  for (const { event, month, version, details } of events) {
    if (month === null) continue;
    if (event === "closed") {
      ranges.push({ month, after: openedAt.get(month) ?? 0n, through: through.get(`${month} ${version}`) ?? 0n });
      isOpen.set(month, false);
    } else if (event === "reopened") {
      const { ledgers } = JSON.parse(details) as ReopeningDetails;
      openedAt.set(month, BigInt(ledgers.find(([id]) => id === portfolioId)?.[1] ?? "0"));
      isOpen.set(month, true);
    }
  }
  for (const [month, open] of isOpen) {
    if (open) ranges.push({ month, after: openedAt.get(month) ?? 0n, through: last });
  }
  return ranges;
}
