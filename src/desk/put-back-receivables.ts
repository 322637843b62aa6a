import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { refundRelief } from "../ledger/cost-recovery.js";
import { receivablePutBack } from "../ledger/events.js";
import { shareOf } from "../ledger/payment-application.js";
import { formatMinor, lesserMinor, minor, sumMinor } from "../money/money.js";
import { leavePlacement } from "../store/agency.js";
import type { NewEntry } from "../store/ledger.js";
import { type Position, readHoldings, savePositions } from "../store/position.js";
import { findPurchase, insertPutBacks, type Purchase, refundedMinor } from "../store/purchase.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import { addEntries, type Book, effectiveDay, openBook } from "./portfolio-book.js";

/**
 * Returns receivables to the seller. The refund of each is the purchase rate (price over face of the purchase) times its
 * balance at the cut-off, never more in all than was paid.
 *
 * Guards in this order: the purchase (`not_found`), the day (`effective_date_refused`), the window (`put_back_window_over`,
 * unless `override_reason` is given), then each receivable (`receivable_unknown`, `receivable_not_bought`, `receivable_not_owned`).
 */
export const putBackReceivables = implement("put-back-receivables", async (context, input) => {
  const { tx } = context;
  const { portfolioId } = await findPurchase(tx, input.purchase_id);
  const book = await openBook(context, portfolioId);
  const { purchase } = book;
  const effectiveOn = effectiveDay(context, purchase, input.put_back_on);
  const late = input.put_back_on > purchase.putBackUntil;
  if (late && input.override_reason === undefined) {
    throw new Refusal(
      "put_back_window_over",
      `the window ended on ${purchase.putBackUntil}; ${input.put_back_on} needs an override_reason`,
    );
  }
  const accounts = [...new Set(input.account_numbers)];
  const positions = await ownedPositions(context, portfolioId, accounts);
  const refunds = refundsOf(purchase, positions, minor(await refundedMinor(tx, portfolioId)));
  const entries = positions.map((position, i) =>
    putBackEntry(book, { position, refundMinor: refunds[i]!, effectiveOn }),
  );
  const first = await addEntries(context, book, entries);
  const records = positions.map((position, i) => ({
    receivableNo: position.receivableNo,
    sequence: first + BigInt(i),
    refundMinor: refunds[i]!,
  }));
  await insertPutBacks(tx, portfolioId, {
    reason: input.reason,
    putBackOn: input.put_back_on,
    late,
    overrideReason: late ? (input.override_reason ?? null) : null,
    recordedAt: book.head.recordedAt,
    records,
  });
  await leave(context, portfolioId, positions);
  return {
    purchase_id: input.purchase_id,
    currency: purchase.currency,
    refund: formatMinor(sumMinor(refunds), purchase.currency),
    put_backs: records.map((record, i) => ({
      account_number: accounts[i]!,
      reason: input.reason,
      put_back_on: input.put_back_on,
      refund: formatMinor(record.refundMinor, purchase.currency),
      late,
      override_reason: late ? (input.override_reason ?? null) : null,
      entry_id: childId("en", portfolioId, record.sequence),
    })),
  };
});

async function ownedPositions({ tx }: Context, portfolioId: string, accounts: readonly string[]): Promise<Position[]> {
  const holdings = await readHoldings(tx, portfolioId, accounts);
  return accounts.map((account) => {
    const holding = holdings.get(account);
    if (holding === undefined)
      throw new Refusal("receivable_unknown", `the portfolio has no account number ${account}`);
    const { position } = holding;
    if (position === undefined) throw new Refusal("receivable_not_bought", `${account} was excluded from the purchase`);
    if (position.state !== "owned") throw new Refusal("receivable_not_owned", `${account} was put back already`);
    return position;
  });
}

function refundsOf(purchase: Purchase, positions: readonly Position[], before: ReturnType<typeof minor>) {
  let left = minor(purchase.priceMinor - before);
  return positions.map((position) => {
    const share = { partMinor: minor(position.faceMinor), wholeMinor: minor(purchase.faceMinor) };
    const refund = lesserMinor(shareOf(minor(purchase.priceMinor), share), left);
    left = minor(left - refund);
    return refund;
  });
}

function putBackEntry(
  book: Book,
  put: { position: Position; refundMinor: ReturnType<typeof minor>; effectiveOn: string },
): NewEntry {
  const { position, refundMinor, effectiveOn } = put;
  const costReliefMinor = refundRelief(book.investment, refundMinor);
  book.investment = { ...book.investment, costMinor: minor(book.investment.costMinor - costReliefMinor) };
  const draft = receivablePutBack({ refundMinor, costReliefMinor, claimMinor: minor(position.claimMinor) });
  return { ...draft, effectiveOn, sourceKind: "put_back", receivableNo: position.receivableNo };
}

/** The receivables leave us, and the agency that has them. */
async function leave({ tx }: Context, portfolioId: string, positions: readonly Position[]): Promise<void> {
  const gone = positions.map(
    (position): Position => ({ ...position, state: "put_back", claimMinor: 0n, placementNo: null }),
  );
  await savePositions(tx, portfolioId, gone);
  const leaving = new Map<number, number>();
  for (const { placementNo } of positions) {
    if (placementNo !== null) leaving.set(placementNo, (leaving.get(placementNo) ?? 0) + 1);
  }
  await leavePlacement(tx, portfolioId, leaving);
}
