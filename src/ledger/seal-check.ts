import {
  blockRange,
  chainStart,
  eventHash,
  type MonthSeal,
  type PeriodEvent,
  type SealedBlock,
  sealHash,
} from "./seal.js";

/**
 * Compares seals with what stands in the ledger, and their chains with themselves. Pure: the same code judges the
 * database and an exported file.
 */

export interface SealFault {
  readonly check: "seal" | "seal_chain" | "period_chain" | "sealed" | "period" | "file";
  readonly portfolioId: string | null;
  readonly place: string;
  readonly expected: string;
  readonly found: string;
}

export type KeptSeal = MonthSeal & { readonly hash: string };
export type KeptEvent = PeriodEvent & { readonly hash: string };

/** The rows of a month in a block as they are now. */
export interface FoundBlock extends SealedBlock {
  readonly month: string;
  /** the highest number among them */
  readonly lastSequence: bigint;
}

const nameOf = (seal: MonthSeal) => `seal ${seal.sealNo}, ${seal.month} version ${seal.version}`;

/** The chain of one portfolio's seals: numbers without a gap, each hash right, each on the one before. */
export function faultsOfChain(portfolioId: string, seals: readonly KeptSeal[]): SealFault[] {
  const faults: SealFault[] = [];
  let previous = chainStart;
  for (const [i, seal] of seals.entries()) {
    const fault = (expected: string, found: string) =>
      faults.push({ check: "seal_chain", portfolioId, place: nameOf(seal), expected, found });
    if (seal.sealNo !== i + 1) fault(`seal ${i + 1}`, `seal ${seal.sealNo}`);
    if (seal.previousHash !== previous) fault(`chained to ${previous}`, `chained to ${seal.previousHash}`);
    const hash = sealHash(seal);
    if (hash !== seal.hash) fault(`hash ${hash}`, `hash ${seal.hash}`);
    previous = seal.hash;
  }
  return faults;
}

/** The chain of what happened to a tenant's months. */
export function faultsOfEvents(tenantId: string, events: readonly KeptEvent[]): SealFault[] {
  const faults: SealFault[] = [];
  let previous = chainStart;
  for (const [i, event] of events.entries()) {
    const place = `event ${event.eventNo}, ${event.event} ${event.month ?? ""}`.trimEnd();
    const fault = (expected: string, found: string) =>
      faults.push({ check: "period_chain", portfolioId: null, place, expected, found });
    if (event.eventNo !== i + 1) fault(`event ${i + 1}`, `event ${event.eventNo}`);
    if (event.previousHash !== previous) fault(`chained to ${previous}`, `chained to ${event.previousHash}`);
    const hash = eventHash(tenantId, event);
    if (hash !== event.hash) fault(`hash ${hash}`, `hash ${event.hash}`);
    previous = event.hash;
  }
  return faults;
}

/** What the details of a close say of it, among others: the seals of all portfolios that had anything booked. */
export interface ClosingDetails {
  readonly seals: readonly (readonly [portfolioId: string, hash: string])[];
}

/** The seals that the closes name, against those that are there; of the portfolios that were looked at. */
export function faultsOfNames(
  events: readonly PeriodEvent[],
  seals: ReadonlyMap<string, readonly KeptSeal[]>,
): SealFault[] {
  const stored = new Map(
    [...seals.values()].flat().map((seal) => [`${seal.portfolioId} ${seal.month} ${seal.version}`, seal]),
  );
  const faults: SealFault[] = [];
  const fault = (portfolioId: string, place: string, expected: string, found: string) =>
    faults.push({ check: "sealed", portfolioId, place, expected, found });
  for (const { event, month, version, details } of events) {
    if (event !== "closed") continue;
    for (const [portfolioId, hash] of (JSON.parse(details) as ClosingDetails).seals) {
      if (!seals.has(portfolioId)) continue;
      const key = `${portfolioId} ${month} ${version}`;
      const found = stored.get(key);
      stored.delete(key);
      if (found?.hash !== hash) {
        fault(
          portfolioId,
          `${month} version ${version}`,
          `seal ${hash}`,
          found === undefined ? "no seal" : `seal ${found.hash}`,
        );
      }
    }
  }
  for (const { portfolioId, month, version, hash } of stored.values()) {
    fault(portfolioId, `${month} version ${version}`, "no seal", `seal ${hash}`);
  }
  return faults;
}

/** Which blocks were looked at: a seal is compared in these alone. */
export interface BlockSpan {
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * The blocks of every seal against what is found in them. A block in which the month has rows of a higher number than
 * the seal reached is passed over for that seal: the month was opened again, and a later seal has them.
 */
export function faultsOfBlocks(
  seals: readonly KeptSeal[],
  found: readonly FoundBlock[],
  { first, last }: BlockSpan,
): SealFault[] {
  const faults: SealFault[] = [];
  const foundBy = new Map(found.map((block) => [`${block.month} ${block.block}`, block]));
  const latest = new Map(seals.map((seal) => [seal.month, seal]));
  for (const seal of seals) {
    const isLatest = latest.get(seal.month) === seal;
    const fault = (block: bigint, expected: string, stands: string) => {
      const place = `${seal.month} version ${seal.version}, ${blockRange(block)}`;
      faults.push({ check: "seal", portfolioId: seal.portfolioId, place, expected, found: stands });
    };
    for (const block of seal.blocks) {
      if (block.block < first || block.block > last) continue;
      const now = foundBy.get(`${seal.month} ${block.block}`);
      if (now === undefined) fault(block.block, contents(block), "nothing");
      else if (now.lastSequence <= seal.throughSequence && !same(now, block))
        fault(block.block, ...contrast(block, now));
    }
    if (!isLatest) continue;
    const sealed = new Set(seal.blocks.map(({ block }) => block));
    for (const block of found) {
      if (block.month !== seal.month || sealed.has(block.block)) continue;
      if (block.lastSequence <= seal.throughSequence) fault(block.block, "nothing", contents(block));
    }
  }
  return faults;
}

function same(a: SealedBlock, b: SealedBlock): boolean {
  return (
    a.entries === b.entries &&
    a.postings === b.postings &&
    a.entryDigest === b.entryDigest &&
    a.postingDigest === b.postingDigest
  );
}

function contents({ entries, postings }: SealedBlock): string {
  return `${entries} entries and ${postings} postings`;
}

/** Says what differs: the number of rows where that does, else the digest. */
function contrast(sealed: SealedBlock, now: SealedBlock): [expected: string, found: string] {
  if (sealed.entries !== now.entries || sealed.postings !== now.postings) return [contents(sealed), contents(now)];
  if (sealed.entryDigest !== now.entryDigest) return [`entries ${sealed.entryDigest}`, `entries ${now.entryDigest}`];
  return [`postings ${sealed.postingDigest}`, `postings ${now.postingDigest}`];
}
