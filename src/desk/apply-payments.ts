import { accountNumber, externalId } from "../../models/document.js";
import { faultWords } from "../../models/fault-words.js";
import { type PaymentRow, paymentRow } from "../../models/payment.js";
import { isRefusal, Refusal } from "../../models/refusal.js";
import { parseDay } from "../calendar/day.js";
import { minor, parseMinor } from "../money/money.js";
import { bookCollection, type DebtPlacement } from "../servicing/collection.js";
import type { NewEntry } from "../store/ledger.js";
import {
  insertPayments,
  type KnownPayment,
  type Payment,
  type RowRefusal,
  readKnownPayments,
} from "../store/payment.js";
import { type Holding, type Position, readHoldings, savePositions } from "../store/position.js";
import type { Context } from "./desk.js";
import { addEntries, type Book, effectiveDay, movementMinor } from "./portfolio-book.js";

/** A payment as it was given: fields not yet read, and the number of its row. */
export interface GivenPayment {
  readonly row: number;
  /** undefined when the row of the file could not be read */
  readonly fields: unknown;
  /** why it cannot be taken, where its reader knows */
  readonly refusal?: Refusal;
  /** the key of its own order; that of the call where it has none */
  readonly idempotencyKey?: string | undefined;
}

export interface Applied {
  readonly payments: readonly Payment[];
  readonly refused: readonly RowRefusal[];
}

/** What is known while a few thousand payments are judged one after the other. */
interface Judging {
  readonly context: Context;
  readonly book: Book;
  readonly batchNo: number | null;
  readonly holdings: Map<string, Holding>;
  readonly known: Map<string, KnownPayment>;
  readonly payments: Payment[];
  readonly entries: NewEntry[];
  /** key of the order of each entry, where it has one of its own */
  readonly keys: (string | undefined)[];
}

/**
 * Applies and posts payments, a few thousand at a time: three reads, then each is judged in memory in the order given,
 * then everything is written set-based. A payment that cannot be recorded is refused with its reason and leaves its neighbours alone.
 */
export async function applyPayments(
  context: Context,
  book: Book,
  given: { rows: readonly GivenPayment[]; batchNo: number | null },
): Promise<Applied> {
  const { tx } = context;
  const { portfolioId } = book.portfolio;
  const read = given.rows.map(({ row, fields, refusal, idempotencyKey }) => ({
    row,
    fields,
    refusal,
    idempotencyKey,
    parsed: paymentRow.safeParse(fields, { error: faultWords }),
  }));
  const rows = read.flatMap(({ parsed }) => (parsed.success ? [parsed.data] : []));
  const references = rows.flatMap((row) => [row.external_id, row.reverses].filter((id) => id !== undefined));
  const [holdings, known] = await Promise.all([
    readHoldings(tx, portfolioId, [...new Set(rows.map((row) => row.account_number))]),
    readKnownPayments(tx, portfolioId, [...new Set(references)]),
  ]);
  const judging: Judging = {
    context,
    book,
    batchNo: given.batchNo,
    holdings,
    known,
    payments: [],
    entries: [],
    keys: [],
  };
  const refused: RowRefusal[] = [];
  for (const { row, fields, refusal, idempotencyKey, parsed } of read) {
    try {
      if (refusal !== undefined) throw refusal;
      if (!parsed.success) throw formRefusal(fields, parsed.error.issues);
      judge(judging, parsed.data);
      judging.keys.push(idempotencyKey);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      refused.push(rowRefusal(row, fields, error));
    }
  }
  await write(judging);
  return { payments: judging.payments, refused };
}

/** Why a row does not even have the form of a payment; undefined where it has. */
export function formFault({ fields, refusal }: GivenPayment): Refusal | undefined {
  if (refusal !== undefined) return refusal;
  const parsed = paymentRow.safeParse(fields, { error: faultWords });
  return parsed.success ? undefined : formRefusal(fields, parsed.error.issues);
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

/** Judges one payment. Guards in this order: amount, dates, duplicate, receivable, original, agency, then what is left. */
function judge(judging: Judging, row: PaymentRow): void {
  const { book, context, batchNo } = judging;
  const { currency } = book.portfolio;
  const amountMinor = movementMinor(row.amount, currency);
  const effectiveOn = effectiveDay(context, book.purchase, row.paid_on);
  if (row.external_id !== undefined && judging.known.has(row.external_id)) {
    throw new Refusal("payment_duplicate", `a payment with the external_id "${row.external_id}" is recorded already`);
  }
  const holding = ownedHolding(judging, row.account_number);
  const original = originalOf(judging, row, holding, amountMinor);
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
      original: original && {
        amountMinor: minor(original.amountMinor),
        commissionMinor: minor(original.commissionMinor),
        returnedMinor: minor(original.returnedMinor),
      },
      placement: placement?.terms,
    },
    { debt: debtOf(position), investment: book.investment },
  );
  const agencyId = channel === "own" ? null : (original?.agencyId ?? placement?.agencyId ?? null);
  const payment: Payment = {
    // counted from 0 until the entries have their numbers
    sequence: BigInt(judging.payments.length),
    receivableNo: holding.receivableNo,
    accountNumber: row.account_number,
    channel,
    agencyId,
    amountMinor,
    appliedMinor: booked.appliedMinor,
    unappliedMinor: booked.unappliedMinor,
    commissionMinor: booked.commissionMinor,
    paidOn: row.paid_on,
    recordedAt: book.head.recordedAt,
    externalId: row.external_id ?? null,
    reverses: original === undefined ? null : { externalId: row.reverses!, sequence: original.sequence },
    batchNo,
  };
  book.investment = booked.investment;
  const placedCollectedMinor =
    channel === "own" ? position.placedCollectedMinor : position.placedCollectedMinor + amountMinor;
  judging.holdings.set(row.account_number, {
    ...holding,
    position: { ...position, ...booked.debt, placedCollectedMinor },
  });
  judging.payments.push(payment);
  judging.entries.push({
    ...booked.entry,
    effectiveOn,
    sourceKind: "payment",
    reversesSequence: original?.sequence ?? null,
    receivableNo: holding.receivableNo,
    agencyId,
  });
  remember(judging, payment);
}

interface OwnedHolding extends Holding {
  readonly position: Position;
}

function ownedHolding(judging: Judging, account: string): OwnedHolding {
  const holding = judging.holdings.get(account);
  if (holding === undefined) throw new Refusal("receivable_unknown", "the portfolio has no such account number");
  const { position } = holding;
  if (position === undefined)
    throw new Refusal("receivable_not_bought", "the receivable was excluded from the purchase");
  if (position.state === "owned") return { ...holding, position };
  throw new Refusal("receivable_not_owned", "the receivable was put back to the seller");
}

function originalOf(
  judging: Judging,
  row: PaymentRow,
  holding: OwnedHolding,
  amountMinor: bigint,
): KnownPayment | undefined {
  if (row.reverses === undefined) return undefined;
  if (amountMinor > 0n) throw new Refusal("amount_invalid", "a payment that reverses another has a negative amount");
  const original = judging.known.get(row.reverses);
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
    },
  };
}

function debtOf(position: Position) {
  return {
    claimMinor: minor(position.claimMinor),
    collectedMinor: minor(position.collectedMinor),
    unappliedMinor: minor(position.unappliedMinor),
    commissionMinor: minor(position.commissionMinor),
  };
}

/** Later rows can name this payment as theirs to reverse, or be found to be the same. */
function remember(judging: Judging, payment: Payment): void {
  const { known } = judging;
  if (payment.externalId !== null) known.set(payment.externalId, { ...payment, returnedMinor: 0n });
  const original = payment.reverses === null ? undefined : known.get(payment.reverses.externalId);
  if (original === undefined) return;
  known.set(payment.reverses!.externalId, { ...original, returnedMinor: original.returnedMinor - payment.amountMinor });
}

async function write(judging: Judging): Promise<void> {
  const { context, book, payments, entries, keys, holdings } = judging;
  if (payments.length === 0) return;
  const next = book.head.lastSequence + 1n;
  const fresh = new Set(payments.map((payment) => payment.externalId));
  // an original of this very batch was counted from 0 as well
  const numbered = (reverses: { externalId: string; sequence: bigint }) =>
    fresh.has(reverses.externalId) ? { ...reverses, sequence: next + reverses.sequence } : reverses;
  payments.forEach((payment, i) => {
    const reverses = payment.reverses === null ? null : numbered(payment.reverses);
    payments[i] = { ...payment, sequence: next + BigInt(i), reverses };
    entries[i] = { ...entries[i]!, reversesSequence: reverses?.sequence ?? null, idempotencyKey: keys[i] };
  });
  const { portfolioId } = book.portfolio;
  const touched = new Set(payments.map((payment) => payment.accountNumber));
  const positions = [...touched].map((account) => holdings.get(account)!.position!);
  await Promise.all([
    addEntries(context, book, entries),
    insertPayments(context.tx, portfolioId, payments),
    savePositions(context.tx, portfolioId, positions),
  ]);
}
