import type { Period } from "../calendar/day.js";
import { daysOf } from "../ledger/period.js";
import { blockOf, chainStart, type MonthSeal, sealHash, sequencesPerBlock } from "../ledger/seal.js";
import { type LedgerEnd, readFirstDays } from "../store/period.js";
import { insertSeals, readChainEnds, readMonthBlocks, type StoredSeal, sequencesWithin } from "../store/seal.js";
import type { Context } from "./desk.js";

const sealsAtOnce = 200;

/**
 * Seals a month of every portfolio that had anything booked by its end; every ledger must be held. A month in which
 * nothing happened is sealed as well, so that the chain shows that nothing did.
 */
export async function sealMonth(
  context: Context,
  of: { month: Period; version: number; ledgers: readonly LedgerEnd[] },
): Promise<StoredSeal[]> {
  const { tx, report } = context;
  const { month, version } = of;
  const { to } = daysOf(month);
  const firstDays = await readFirstDays(tx);
  const ends = await readChainEnds(tx);
  const ledgers = of.ledgers.filter(({ portfolioId }) => (firstDays.get(portfolioId) ?? "9999") <= to);
  const seals: StoredSeal[] = [];
  for (const [i, { portfolioId, lastSequence }] of ledgers.entries()) {
    report({ phase: `seal ${month}`, done: i, total: ledgers.length });
    const before = ends.get(portfolioId) ?? { sealNo: 0, hash: chainStart };
    const seal: MonthSeal = {
      portfolioId,
      sealNo: before.sealNo + 1,
      month,
      version,
      throughSequence: lastSequence,
      blocks: await blocksOf(context, portfolioId, month),
      previousHash: before.hash,
    };
    seals.push({ ...seal, hash: sealHash(seal), sealedAt: context.now });
  }
  for (let i = 0; i < seals.length; i += sealsAtOnce) await insertSeals(tx, seals.slice(i, i + sealsAtOnce));
  return seals;
}

async function blocksOf({ tx }: Context, portfolioId: string, month: Period): Promise<MonthSeal["blocks"]> {
  const { from, to } = daysOf(month);
  const within = await sequencesWithin(tx, { portfolioId, from, to });
  if (within === undefined) return [];
  return readMonthBlocks(tx, {
    portfolioId,
    firstBlock: blockOf(within.first),
    lastBlock: blockOf(within.last),
    blockSize: sequencesPerBlock,
    from,
    to,
  });
}
