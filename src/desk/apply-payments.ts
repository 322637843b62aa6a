import { setImmediate as nextTurn } from "node:timers/promises";
import { accountNumber, externalId } from "../../models/document.js";
import { faultWords } from "../../models/fault-words.js";
import { type PaymentRow, paymentRow } from "../../models/payment.js";
import { isRefusal, Refusal } from "../../models/refusal.js";
import { parseDay } from "../calendar/day.js";
import { minor, parseMinor, zeroMinor } from "../money/money.js";
import { bookCollection, type DebtPlacement } from "../servicing/collection.js";
import { afterReturn, type KnownPayment, knownAs, readKnownPayments } from "../store/known-payment.js";
import type { NewEntry } from "../store/ledger.js";
import { insertPayments, type Payment, type RowRefusal } from "../store/payment.js";
import { type Holding, type Position, readHoldings, savePositions } from "../store/position.js";
import type { Context } from "./desk.js";
import { addEntries, assertBookable, type Book, effectiveDay, movementMinor } from "./portfolio-book.js";
import { debtOf, isHeld, originalFrom, paymentParts, withDebt } from "./position-debt.js";

/** A payment as it was given: fields not yet read, and the number of its row. */
export interface GivenPayment {
  readonly row: number;
  /** undefined when the row of the file could not be read */
  readonly fields: unknown;
  /** why it cannot be taken, where its reader knows */
  readonly refusal?: Refusal;
  /** the key of its own order; that of the call where it has none */
  readonly idempotencyKey?: string | undefined;
  /** what it has to do with an entry that is there, for the acts that take entries back or correct them */
  readonly link?: PaymentLink;
}

/** A payment that takes another back, or stands in its place. */
export interface PaymentLink {
  /** the payment that is taken back */
  readonly original?: KnownPayment;
  /** the payment that it stands in for */
  readonly corrects?: KnownPayment;
  /** the agency that took the money, where the placement is not to say */
  readonly agencyId?: string | null;
  /** the day it is booked on */
  readonly effectiveOn: string;
  /** what the entry says of itself */
  readonly entry: Pick<NewEntry, "reason" | "originalOn" | "correctsSequence"> & { readonly kind?: NewEntry["kind"] };
}

export interface Applied {
  readonly payments: readonly Payment[];
  readonly refused: readonly RowRefusal[];
}

/** What is known while payments are judged one after the other. */
interface Judging {
  readonly context: Context;
  readonly book: Book;
  readonly batchNo: number | null;
  /** as the payments before have left them */
  readonly holdings: Map<string, Holding>;
  readonly known: Map<string, KnownPayment>;
  /** payments of these very rows, by their external ids, which are not among the known yet */
  readonly fresh: Map<string, Payment>;
  /** account numbers on which there is a payment */
  readonly touched: Set<string>;
  /** judged, and not being written yet */
  payments: Payment[];
  entries: NewEntry[];
}

/** A payment whose form has been looked at. */
export interface ReadPayment extends GivenPayment {
  readonly parsed: ReturnType<typeof paymentRow.safeParse>;
}

/** Rows that are judged together, and what is being read for them. */
export interface Piece {
  readonly rows: readonly ReadPayment[];
  readonly touched: Promise<Touched>;
}

/** Rows that are judged while the database writes those before them. */
const pieceRows = 1000;

/** Asks for all that the rows touch, a thousand at a time: the first can be judged while the database reads for the next. */
export function readPieces(context: Context, portfolioId: string, rows: readonly ReadPayment[]): Piece[] {
  const pieces: Piece[] = [];
  for (let from = 0; from < rows.length; from += pieceRows) {
    const some = rows.slice(from, from + pieceRows);
    pieces.push({ rows: some, touched: readTouched(context, portfolioId, some) });
  }
  return pieces;
}

/**
 * Applies and posts payments, a few thousand at a time: each is judged in memory in the order given, on what those before it
 * have left, and what comes of them is written set-based. The database and this process work side by side: it writes one
 * thousand while the next are judged. A payment that cannot be recorded is refused with its reason and leaves its
 * neighbours alone. What comes of them is `written` when its promise says so, and may not be relied on before.
 */
export async function judgePayments(
  context: Context,
  book: Book,
  given: { pieces: readonly Piece[]; batchNo: number | null },
): Promise<Applied & { written: Promise<unknown> }> {
  const judging: Judging = {
    context,
    book,
    batchNo: given.batchNo,
    holdings: new Map(),
    known: new Map(),
    fresh: new Map(),
    touched: new Set(),
    payments: [],
    entries: [],
  };
  const payments: Payment[] = [];
  const refused: RowRefusal[] = [];
  const written: Promise<void>[] = [];
  for (const [i, { rows, touched }] of given.pieces.entries()) {
    // what was judged is on its way before the next are
    if (i > 0) await nextTurn();
    learn(judging, await touched);
    for (const row of rows) {
      const refusal = judgeOrRefuse(judging, row);
      if (refusal !== undefined) refused.push(refusal);
    }
    payments.push(...judging.payments);
    written.push(heardLater(write(judging)));
  }
  written.push(heardLater(writePositions(judging)));
  return { payments, refused, written: heardLater(Promise.all(written)) };
}

/** What rows name, as it was before them. */
export interface Touched {
  readonly holdings: ReadonlyMap<string, Holding>;
  readonly known: ReadonlyMap<string, KnownPayment>;
}

export function readTouched({ tx }: Context, portfolioId: string, rows: readonly ReadPayment[]): Promise<Touched> {
  const accounts = new Set<string>();
  const references = new Set<string>();
  for (const { parsed } of rows) {
    if (!parsed.success) continue;
    const { account_number: account, external_id: id, reverses } = parsed.data;
    accounts.add(account);
    if (id !== undefined) references.add(id);
    if (reverses !== undefined) references.add(reverses);
  }
  const reading = Promise.all([
    readHoldings(tx, portfolioId, [...accounts]),
    readKnownPayments(tx, portfolioId, [...references]),
  ]);
  return heardLater(reading.then(([holdings, known]) => ({ holdings, known })));
}

/** Takes in what was read before the payments that have been judged meanwhile: what these have left counts. */
function learn({ holdings, known }: Judging, touched: Touched): void {
  for (const [account, holding] of touched.holdings) if (!holdings.has(account)) holdings.set(account, holding);
  for (const [id, payment] of touched.known) if (!known.has(id)) known.set(id, payment);
}

/** A failure of this will be thrown when its turn comes to be awaited; until then it is no unhandled one. */
function heardLater<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}

/** Looks at the form of a payment. */
export function withForm(given: GivenPayment): ReadPayment {
  return { ...given, parsed: paymentRow.safeParse(given.fields, { error: faultWords }) };
}

function judgeOrRefuse(judging: Judging, given: ReadPayment): RowRefusal | undefined {
  const { row, fields, parsed } = given;
  try {
    const fault = formFault(given);
    if (fault !== undefined) throw fault;
    judge(judging, parsed.data!, given);
    return undefined;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return rowRefusal(row, fields, error);
  }
}

/** Why a row does not even have the form of a payment; undefined where it has. */
export function formFault({ fields, refusal, parsed }: ReadPayment): Refusal | undefined {
  return refusal ?? (parsed.success ? undefined : formRefusal(fields, parsed.error.issues));
}

function formRefusal(fields: unknown, issues: readonly { path: PropertyKey[]; message: string }[]): Refusal {
  if (fields === undefined) return new Refusal("malformed_request", "the row cannot be read");
  const issue = issues[0]!;
  return new Refusal("invalid_request", `${issue.path.join(".") || "the row"}: ${issue.message}`);
}

/** Shows the row's own numbers only where they have the form of one: a poisoned field must not get into a list. */
function rowRefusal(row: number, fields: unknown, refusal: Refusal): RowRefusal {
  const named = (fields ?? {}) as { account_number?: unknown; external_id?: unknown };
  return {
    row,
    account_number: accountNumber.safeParse(named.account_number).data ?? null,
    external_id: externalId.safeParse(named.external_id).data ?? null,
    code: refusal.code,
    detail: refusal.detail,
  };
}

/**
 * Judges one payment. Guards in this order: amount, dates, duplicate, receivable, original, agency, what is left, then
 * whether the month is open.
 */
function judge(judging: Judging, row: PaymentRow, { link, idempotencyKey }: GivenPayment): void {
  const { book, context, batchNo } = judging;
  const { currency } = book.portfolio;
  const amountMinor = movementMinor(row.amount, currency);
  const effectiveOn = link?.effectiveOn ?? effectiveDay(context, book.purchase, row.paid_on);
  if (row.external_id !== undefined && isRecorded(judging, row.external_id)) {
    throw new Refusal("payment_duplicate", `a payment with the external_id "${row.external_id}" is recorded already`);
  }
  const holding = boughtHolding(judging, row, amountMinor);
  const original = link?.original ?? originalOf(judging, row, holding, amountMinor);
  const { position } = holding;
  const channel = original?.channel ?? row.channel;
  const placement = placementOf(book, position, row.paid_on);
  if (channel === "agency" && placement === undefined && original === undefined && row.commission === undefined) {
    throw new Refusal(
      "receivable_not_placed",
      "the receivable is with no agency; state the commission, or another channel",
    );
  }
  const booked = bookCollection(
    {
      channel,
      currency,
      amountMinor,
      legal: row.legal,
      statedCommissionMinor: row.commission === undefined ? undefined : parseMinor(row.commission, currency),
      original: original && originalFrom(original),
      placement: placement?.terms,
    },
    { debt: debtOf(position), investment: book.investment },
    book.portfolio,
  );
  const entry: NewEntry = {
    kind: link?.entry.kind ?? booked.entry.kind,
    builderVersion: booked.entry.builderVersion,
    effectiveOn,
    sourceKind: "payment",
    reversesSequence: original?.sequence ?? null,
    correctsSequence: link?.entry.correctsSequence ?? null,
    originalOn: link?.entry.originalOn ?? null,
    reason: link?.entry.reason ?? null,
    receivableNo: holding.receivableNo,
    agencyId: channel === "own" ? null : (original?.agencyId ?? link?.agencyId ?? placement?.agencyId ?? null),
    costType: null,
    idempotencyKey,
    postings: booked.entry.postings,
  };
  assertBookable(book, entry);
  const payment: Payment = {
    // nobody else has the ledger: the entries get these numbers
    sequence: book.head.lastSequence + BigInt(judging.payments.length + 1),
    receivableNo: holding.receivableNo,
    accountNumber: row.account_number,
    channel,
    agencyId: entry.agencyId ?? null,
    amountMinor,
    appliedMinor: booked.appliedMinor,
    unappliedMinor: booked.unappliedMinor,
    parts: paymentParts(booked),
    commissionMinor: booked.commissionMinor,
    paidOn: row.paid_on,
    recordedAt: book.head.recordedAt,
    externalId: row.external_id ?? null,
    reverses: original === undefined ? null : { externalId: row.reverses ?? null, sequence: original.sequence },
    standsFor: link?.corrects === undefined ? null : (link.corrects.standsFor ?? link.corrects.sequence),
    batchNo,
  };
  book.investment = booked.investment;
  judging.holdings.set(row.account_number, {
    accountNumber: holding.accountNumber,
    receivableNo: holding.receivableNo,
    position: withDebt(position, booked.debt, channel === "own" ? zeroMinor : amountMinor),
  });
  judging.touched.add(row.account_number);
  judging.payments.push(payment);
  judging.entries.push(entry);
  remember(judging, payment);
}

function isRecorded({ known, fresh }: Judging, externalId: string): boolean {
  return fresh.has(externalId) || known.has(externalId);
}

interface BoughtHolding extends Holding {
  readonly position: Position;
}

/**
 * Of a receivable that was put back or sold, what comes in is not ours, and is kept as unapplied cash until it is passed on;
 * what the seller takes of it is the seller's affair.
 */
function boughtHolding(judging: Judging, row: PaymentRow, amountMinor: bigint): BoughtHolding {
  const holding = judging.holdings.get(row.account_number);
  if (holding === undefined) throw new Refusal("receivable_unknown", "the portfolio has no such account number");
  const { position } = holding;
  if (position === undefined)
    throw new Refusal("receivable_not_bought", "the receivable was excluded from the purchase");
  if (isHeld(position) || amountMinor < 0n || row.channel !== "direct") return holding as BoughtHolding;
  throw new Refusal("receivable_not_owned", "the receivable is not ours any more, and the seller has the money");
}

function originalOf(
  judging: Judging,
  row: PaymentRow,
  holding: BoughtHolding,
  amountMinor: bigint,
): KnownPayment | undefined {
  if (row.reverses === undefined) return undefined;
  if (amountMinor > 0n) throw new Refusal("amount_invalid", "a payment that reverses another has a negative amount");
  const original = knownPayment(judging, row.reverses);
  if (original === undefined || original.receivableNo !== holding.receivableNo || original.amountMinor < 0n) {
    throw new Refusal("not_found", `the receivable has no payment "${row.reverses}" that could come back`);
  }
  return original;
}

function placementOf(
  book: Book,
  position: Position,
  paidOn: string,
): { agencyId: string; terms: DebtPlacement } | undefined {
  const placement = position.placementNo === null ? undefined : book.placements.get(position.placementNo);
  if (placement === undefined) return undefined;
  return {
    agencyId: placement.agencyId,
    terms: {
      terms: placement.commission,
      balanceMinor: minor(position.placedBalanceMinor ?? 0n),
      ageDays: position.placedAgeDays ?? 0,
      placement: position.placements,
      collectedMinor: minor(position.placedCollectedMinor),
      daysSincePlacement: Math.max(0, parseDay(paidOn) - parseDay(placement.placedOn)),
      grossRemittance: placement.grossRemittance,
    },
  };
}

/** Later rows can name this payment as theirs to reverse, or be found to be the same. */
function remember(judging: Judging, payment: Payment): void {
  const { known, fresh } = judging;
  if (payment.externalId !== null) fresh.set(payment.externalId, payment);
  const named = payment.reverses?.externalId ?? null;
  const original = named === null ? undefined : knownPayment(judging, named);
  if (named !== null && original !== undefined) known.set(named, afterReturn(original, payment));
}

/** The payment with this external id: hardly one of the fresh ones is ever asked for. */
function knownPayment({ known, fresh }: Judging, externalId: string): KnownPayment | undefined {
  const payment = fresh.get(externalId);
  return known.get(externalId) ?? (payment === undefined ? undefined : knownAs(payment));
}

/** Writes what was judged, but for the positions; the next can be judged as soon as this has been called. */
async function write(judging: Judging): Promise<void> {
  const { context, book, payments, entries } = judging;
  if (payments.length === 0) return;
  judging.payments = [];
  judging.entries = [];
  await Promise.all([
    addEntries(context, book, entries),
    insertPayments(context.tx, book.portfolio.portfolioId, payments),
  ]);
}

/** Writes the positions as all payments have left them, each once. */
async function writePositions({ context, book, touched, holdings }: Judging): Promise<void> {
  const positions = [...touched].map((account) => holdings.get(account)!.position!);
  await savePositions(context.tx, book.portfolio.portfolioId, positions);
}
