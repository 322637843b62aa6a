import { Refusal } from "../../models/refusal.js";
import { addParts, negateParts } from "../ledger/claim.js";
import type { EntryDraft } from "../ledger/entry-draft.js";
import { formatMinor, type Minor } from "../money/money.js";
import { leavePlacement } from "../store/agency.js";
import { type ClaimEvent, insertClaimEvents } from "../store/claim-event.js";
import type { PostedEntry } from "../store/entry.js";
import { type Holding, type Position, readHoldings, savePositions } from "../store/position.js";
import type { Context } from "./desk.js";
import { addEntries, type Book, movementMinor } from "./portfolio-book.js";
import { claimOf, isHeld } from "./position-debt.js";
import type { TakeBackOrder } from "./taken-lines.js";

export interface BoughtHolding extends Holding {
  readonly position: Position;
}

/**
 * The bought receivables behind account numbers, in their order. Throws `receivable_unknown`, `receivable_not_bought`, and
 * `receivable_not_owned` for one that was put back or sold, unless any will do.
 */
export async function readBought(
  { tx }: Context,
  book: Book,
  asked: { accounts: readonly string[]; alsoGone?: boolean },
): Promise<BoughtHolding[]> {
  const holdings = await readHoldings(tx, book.portfolio.portfolioId, asked.accounts);
  return asked.accounts.map((account) => {
    const holding = holdings.get(account);
    if (holding === undefined) {
      throw new Refusal("receivable_unknown", `the portfolio has no account number ${account}`);
    }
    const { position } = holding;
    if (position === undefined) throw new Refusal("receivable_not_bought", `${account} was excluded from the purchase`);
    if (isHeld(position) || asked.alsoGone === true) return { ...holding, position };
    throw new Refusal(
      "receivable_not_owned",
      `${account} was ${position.state === "sold" ? "sold" : "put back"} already`,
    );
  });
}

/** What an entry does to one receivable. */
export interface ClaimChange {
  readonly accountNumber: string;
  readonly before: Position;
  readonly after: Position;
}

/** An entry with the changes it makes; its own receivable is that of the only change, or none. */
export interface ChangingEntry {
  readonly draft: EntryDraft;
  readonly changes: readonly ClaimChange[];
  readonly costType?: string | undefined;
  readonly agencyId?: string | undefined;
}

export interface ChangeOrder {
  readonly effectiveOn: string;
  /** the day of the event itself */
  readonly happenedOn: string;
  readonly sourceKind: string;
  readonly reason?: string | undefined;
  readonly note?: string | undefined;
  /** the entry that is taken back */
  readonly reversesSequence?: bigint;
}

/**
 * Books entries that change claims: the entries, the positions as the last change leaves them, an event a receivable,
 * and the receivables that leave their agencies. Returns the events, in order.
 */
export async function bookChanges(
  context: Context,
  book: Book,
  { order, entries }: { order: ChangeOrder; entries: readonly ChangingEntry[] },
): Promise<ClaimEvent[]> {
  const { tx } = context;
  const { portfolioId } = book.portfolio;
  const { effectiveOn, sourceKind } = order;
  const first = await addEntries(
    context,
    book,
    entries.map(({ draft, changes, costType, agencyId }) => ({
      ...draft,
      effectiveOn,
      sourceKind,
      reason: order.reason ?? null,
      reversesSequence: order.reversesSequence ?? null,
      receivableNo: changes.length === 1 ? changes[0]!.before.receivableNo : null,
      agencyId: agencyId ?? null,
      costType: costType ?? null,
    })),
  );
  const events = entries.flatMap(({ draft, changes }, i) =>
    changes.map((change) => eventOf(book, { order, change, kind: draft.kind, sequence: first + BigInt(i) })),
  );
  await insertClaimEvents(tx, portfolioId, events);
  const changes = entries.flatMap((entry) => entry.changes);
  await savePositions(tx, portfolioId, [...new Map(changes.map(({ after }) => [after.receivableNo, after])).values()]);
  await leavePlacement(tx, portfolioId, leaving(changes));
  return events;
}

function eventOf(
  book: Book,
  what: { order: ChangeOrder; change: ClaimChange; kind: ClaimEvent["kind"]; sequence: bigint },
): ClaimEvent {
  const { order, change, kind, sequence } = what;
  const { accountNumber, before, after } = change;
  const claim = addParts(claimOf(after), negateParts(claimOf(before)));
  return {
    sequence,
    receivableNo: before.receivableNo,
    accountNumber,
    kind,
    happenedOn: order.happenedOn,
    stateBefore: before.state,
    stateAfter: after.state,
    principalMinor: claim.principal,
    interestMinor: claim.interest,
    feesMinor: claim.fees,
    courtCostsMinor: claim.court_costs,
    collectedMinor: after.collectedMinor - before.collectedMinor,
    unappliedMinor: after.unappliedMinor - before.unappliedMinor,
    advanceMinor: after.parts.advanceMinor - before.parts.advanceMinor,
    reason: order.reason ?? null,
    note: order.note ?? null,
    recordedAt: book.head.recordedAt,
  };
}

function leaving(changes: readonly ClaimChange[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { before, after } of changes) {
    const { placementNo } = before;
    if (placementNo !== null && after.placementNo === null) counts.set(placementNo, (counts.get(placementNo) ?? 0) + 1);
  }
  return counts;
}

/**
 * The amount that was asked for, or all there is. Throws `amount_invalid`, and `amount_not_available` for more than there
 * is, or where there is nothing.
 */
export function availableMinor(
  asked: string | undefined,
  there: { currency: string; mostMinor: Minor; what: string },
): Minor {
  const { currency, mostMinor, what } = there;
  const amountMinor = asked === undefined ? mostMinor : movementMinor(asked, currency);
  if (amountMinor > 0n && amountMinor <= mostMinor) return amountMinor;
  const detail = `${formatMinor(amountMinor, currency)} ${currency}; ${formatMinor(mostMinor, currency)} ${what}`;
  throw new Refusal("amount_not_available", detail);
}

/** Books an entry that takes another one back, with the changes it makes; returns its number. */
export async function bookTakenBack(
  context: Context,
  book: Book,
  { target, order, entry }: { target: PostedEntry; order: TakeBackOrder; entry: ChangingEntry },
): Promise<bigint> {
  const [event] = await bookChanges(context, book, {
    order: {
      effectiveOn: order.effectiveOn,
      happenedOn: order.on,
      sourceKind: target.sourceKind,
      reason: order.reason,
      reversesSequence: target.sequence,
    },
    entries: [entry],
  });
  return event!.sequence;
}
