import type { Difference, VerificationDocument } from "../../models/period.js";
import { parsePeriod } from "../calendar/day.js";
import { type OpenRange, openRanges } from "../ledger/month-ranges.js";
import { dayBefore, daysOf } from "../ledger/period.js";
import { blockOf, eventHash, sequencesPerBlock } from "../ledger/seal.js";
import { faultsOfBlocks, faultsOfChain, faultsOfEvents, faultsOfNames, type SealFault } from "../ledger/seal-check.js";
import { formatMinor } from "../money/money.js";
import { facilityChecks } from "../store/facility-checks.js";
import {
  type Books,
  findLostLedgers,
  type LedgerEnd,
  readBooks,
  readLedgerEnds,
  readPeriodEvents,
  type StoredPeriodEvent,
} from "../store/period.js";
import { readMonthBlocks, readSeals, type StoredSeal } from "../store/seal.js";
import { sourceChecks, subLedgerChecks } from "../store/sub-ledger-checks.js";
import type { Tx } from "../store/transaction.js";
import {
  allowMemory,
  type BookCheck,
  balanceCheck,
  type CheckedRange,
  entryChecks,
  findEntriesOutside,
  lookAtEntries,
  readAccountTotals,
  replayAccounts,
  reversalCheck,
  runCheck,
  tailCheck,
} from "../store/verification.js";
import type { LastGreen, ProvedLedger } from "../store/verification-record.js";
import type { Progress } from "./desk.js";

export interface CheckOrder {
  /** only this portfolio; all of them when undefined */
  readonly portfolioId?: string | undefined;
  /** go on from there; from the beginning when undefined */
  readonly since?: LastGreen | undefined;
  readonly report?: ((progress: Progress) => void) | undefined;
}

export interface Checked {
  readonly portfolios: number;
  readonly checks: VerificationDocument["checks"];
  readonly differences: readonly Difference[];
  /** how far each ledger is proved, where nothing differs */
  readonly ledgers: readonly ProvedLedger[];
}

/** Blocks that are looked at in one statement, 65,536 entries: what is sorted and joined stays in memory. */
const blocksAtOnce = 16n;

/** What has been looked at so far. */
class Findings {
  readonly #checks = new Map<string, { check: string; about: string; compared: number; differences: number }>();
  readonly differences: Difference[] = [];

  add(check: string, about: string, compared: number, differences: readonly Omit<Difference, "check">[]): void {
    const before = this.#checks.get(check) ?? { check, about, compared: 0, differences: 0 };
    this.#checks.set(check, {
      ...before,
      compared: before.compared + compared,
      differences: before.differences + differences.length,
    });
    for (const difference of differences) this.differences.push({ check, ...difference });
  }

  get checks(): VerificationDocument["checks"] {
    return [...this.#checks.values()];
  }
}

interface Checking {
  readonly tx: Tx;
  readonly findings: Findings;
  readonly order: CheckOrder;
  readonly events: readonly StoredPeriodEvent[];
}

/**
 * Replays the books and names every difference: numbers, postings, reversals, balances, months, sub-ledgers, seals and
 * their chains. A portfolio at a time, set-based. The transaction must see one moment throughout (repeatable read, or with
 * every ledger held).
 */
export async function checkBooks(tx: Tx, order: CheckOrder): Promise<Checked> {
  await allowMemory(tx);
  const findings = new Findings();
  const events = await readPeriodEvents(tx, { withDetails: true });
  const about = "What happened to the months is chained, each event to the one before";
  addFaults(findings, "period_chain", about, events.length, faultsOfEvents(tx.tenantId, events));
  // what an event says is believed where its hash is right
  const sound = events.filter((event) => eventHash(tx.tenantId, event) === event.hash);
  const checking: Checking = { tx, findings, order, events: sound };
  const all = await readLedgerEnds(tx);
  const ledgers = order.portfolioId === undefined ? all : all.filter((one) => one.portfolioId === order.portfolioId);
  const seals = new Map<string, StoredSeal[]>();
  const proved: ProvedLedger[] = [];
  for (const [i, ledger] of ledgers.entries()) {
    order.report?.({ phase: "verify portfolios", done: i, total: ledgers.length });
    const kept = await readSeals(tx, ledger.portfolioId);
    seals.set(ledger.portfolioId, kept);
    proved.push(await checkLedger(checking, ledger, kept));
  }
  await checkTenant(checking, seals);
  return {
    portfolios: ledgers.length,
    checks: findings.checks,
    differences: findings.differences,
    ledgers: findings.differences.length === 0 ? proved : [],
  };
}

async function checkLedger(checking: Checking, ledger: LedgerEnd, seals: readonly StoredSeal[]): Promise<ProvedLedger> {
  const { order } = checking;
  const { portfolioId, lastSequence: last } = ledger;
  const before = order.since?.ledgers.get(portfolioId);
  const range: CheckedRange = { portfolioId, from: before?.throughSequence ?? 0n, last };
  for (const piece of piecesOf(range)) {
    await checkPiece(checking, ledger, piece);
    order.report?.({ phase: `replay ${portfolioId}`, done: Number(piece.last), total: Number(last) });
  }
  await runOn(checking, tailCheck, ledger, range);
  await runOn(checking, reversalCheck, ledger, range);
  if (before === undefined) await runOn(checking, balanceCheck, ledger, range);
  const totals = await checkTotals(checking, ledger, range, before);
  for (const check of [...subLedgerChecks, ...facilityChecks]) await runOn(checking, check, ledger, range);
  await checkMonths(checking, range, seals);
  await checkSeals(checking, range, seals);
  return { portfolioId, throughSequence: last, totals };
}

/** One look at all of a piece; only where something is wrong do the checks go through it again, and name it. */
async function checkPiece(checking: Checking, ledger: LedgerEnd, piece: CheckedRange): Promise<void> {
  const seen = await lookAtEntries(checking.tx, piece);
  const counts: Readonly<Record<string, number>> = {
    sequence: seen.entries,
    posting: seen.postings,
    payment: seen.payments,
  };
  for (const check of [...entryChecks, ...sourceChecks]) {
    if (seen.isSuspicious) await runOn(checking, check, ledger, piece);
    else checking.findings.add(check.check, check.about, counts[check.check] ?? 0, []);
  }
}

/** The range in pieces of so many blocks. */
function* piecesOf({ portfolioId, from, last }: CheckedRange): Generator<CheckedRange> {
  const size = blocksAtOnce * sequencesPerBlock;
  for (let start = from; start < last; start += size) {
    yield { portfolioId, from: start, last: start + size < last ? start + size : last };
  }
}

async function runOn(
  { tx, findings }: Checking,
  check: BookCheck,
  { portfolioId, currency }: LedgerEnd,
  range: CheckedRange,
): Promise<void> {
  const { compared, differences } = await runCheck(tx, check, range);
  const written = (text: string) => (check.money ? `${formatMinor(BigInt(text), currency)} ${currency}` : text);
  findings.add(
    check.check,
    check.about,
    compared,
    differences.map(({ place, expected, found }) => ({
      portfolio_id: portfolioId,
      where: place,
      expected: written(expected),
      found: written(found),
    })),
  );
}

/** From a proved point on: what every account came to there, and what was posted since, is what it comes to now. */
async function checkTotals(
  { tx, findings }: Checking,
  { portfolioId, currency }: LedgerEnd,
  range: CheckedRange,
  before: ProvedLedger | undefined,
): Promise<ProvedLedger["totals"]> {
  const kept = await readAccountTotals(tx, portfolioId);
  const totals = Object.fromEntries([...kept].map(([account, [debit, credit]]) => [account, sides(debit, credit)]));
  if (before === undefined) return totals;
  const since = await replayAccounts(tx, range);
  const accounts = [...new Set([...kept.keys(), ...since.keys(), ...Object.keys(before.totals)])].sort();
  const differences: Omit<Difference, "check">[] = [];
  for (const account of accounts) {
    for (const [side, name] of [
      [0, "debit"],
      [1, "credit"],
    ] as const) {
      const expected = BigInt(before.totals[account]?.[side] ?? "0") + (since.get(account)?.[side] ?? 0n);
      const found = kept.get(account)?.[side] ?? 0n;
      if (expected === found) continue;
      const written = (amount: bigint) => `${formatMinor(amount, currency)} ${currency}`;
      const where = `account ${account}, ${name}`;
      differences.push({ portfolio_id: portfolioId, where, expected: written(expected), found: written(found) });
    }
  }
  findings.add("balance", balanceCheck.about, accounts.length, differences);
  return totals;
}

const sides = (debit: bigint, credit: bigint) => [String(debit), String(credit)] as const;

/** Nothing was booked into a month while it was closed. */
async function checkMonths(
  { tx, findings, events }: Checking,
  range: CheckedRange,
  seals: readonly StoredSeal[],
): Promise<void> {
  const ranges: OpenRange[] = openRanges(range.portfolioId, events, seals, range.last);
  const outside = await findEntriesOutside(tx, range, ranges);
  findings.add(
    "period",
    "No entry counts for a month that was closed when it was recorded",
    ranges.length,
    outside.map(({ sequence, effectiveOn }) => ({
      portfolio_id: range.portfolioId,
      where: `entry ${sequence}`,
      expected: `no entry of ${effectiveOn.slice(0, 7)} recorded after its close`,
      found: `an entry of ${effectiveOn}`,
    })),
  );
}

async function checkSeals(
  { tx, findings, order }: Checking,
  { portfolioId, from, last }: CheckedRange,
  seals: readonly StoredSeal[],
): Promise<void> {
  addFaults(
    findings,
    "seal_chain",
    "Every seal is chained to the one before",
    seals.length,
    faultsOfChain(portfolioId, seals),
  );
  const latest = seals.at(-1);
  if (latest === undefined) return;
  const to = daysOf(parsePeriod(seals.reduce((most, { month }) => (month > most ? month : most), ""))).to;
  const first = from / sequencesPerBlock;
  const end = last === 0n ? 0n : blockOf(last);
  let compared = 0;
  const faults: SealFault[] = [];
  for (let block = first; block <= end; block += blocksAtOnce) {
    const span = { first: block, last: block + blocksAtOnce - 1n < end ? block + blocksAtOnce - 1n : end };
    const found = await readMonthBlocks(tx, {
      portfolioId,
      firstBlock: span.first,
      lastBlock: span.last,
      blockSize: sequencesPerBlock,
      to,
    });
    compared += found.length;
    faults.push(...faultsOfBlocks(seals, found, span));
    order.report?.({ phase: `verify seals of ${portfolioId}`, done: Number(span.last), total: Number(end) });
  }
  // what is sealed beyond the last number is not there any more
  faults.push(...faultsOfBlocks(seals, [], { first: end + 1n, last: 1n << 62n }));
  addFaults(findings, "seal", "The entries and postings of closed months are those that were sealed", compared, faults);
}

function addFaults(
  findings: Findings,
  check: string,
  about: string,
  compared: number,
  faults: readonly SealFault[],
): void {
  findings.add(
    check,
    about,
    compared,
    faults.map(({ portfolioId, place, expected, found }) => ({
      portfolio_id: portfolioId,
      where: place,
      expected,
      found,
    })),
  );
}

/** What belongs to no portfolio: the books that the events led to, the ledgers, and the seals that the events name. */
async function checkTenant({ tx, findings, events, order }: Checking, seals: Map<string, StoredSeal[]>): Promise<void> {
  const books = await readBooks(tx);
  findings.add("books", "The months that are shut are those that the events shut", 1, faultsOfBooks(books, events));
  const lost = await findLostLedgers(tx);
  const noLedger = { where: "the ledger's head", expected: "a ledger", found: "none" };
  findings.add("ledger", "Every portfolio that was bought has its ledger", seals.size, [
    ...lost
      .filter((id) => order.portfolioId === undefined || id === order.portfolioId)
      .map((id) => ({ portfolio_id: id, ...noLedger })),
  ]);
  const count = [...seals.values()].reduce((sum, kept) => sum + kept.length, 0);
  addFaults(findings, "sealed", "Every close has left the seals that it names", count, faultsOfNames(events, seals));
}

function faultsOfBooks(books: Books, events: readonly StoredPeriodEvent[]) {
  const softClosed = new Set<string>();
  let closedThrough: string | null = null;
  let policy = { late_items: "", second_person: "" };
  for (const { event, month, details } of events) {
    if (event === "policy") policy = JSON.parse(details) as typeof policy;
    if (month === null) continue;
    if (event === "soft_closed") softClosed.add(`${month}-01`);
    else softClosed.delete(`${month}-01`);
    if (event === "closed") closedThrough = daysOf(parsePeriod(month)).to;
    if (event === "reopened") closedThrough = dayBefore(parsePeriod(month));
  }
  const differences: Omit<Difference, "check">[] = [];
  const compare = (where: string, expected: string, found: string) => {
    if (expected !== found) differences.push({ portfolio_id: null, where, expected, found });
  };
  compare("closed through", closedThrough ?? "none", books.closedThrough ?? "none");
  compare("soft-closed months", [...softClosed].sort().join(" "), [...books.softClosed].sort().join(" "));
  compare("number of events", String(events.length), String(books.lastEventNo));
  if (policy.late_items !== "") {
    compare("late items", policy.late_items, books.lateItems);
    compare("second person", policy.second_person, books.secondPerson);
  }
  return differences;
}
