import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { noParts } from "../ledger/claim.js";
import { refundRelief } from "../ledger/cost-recovery.js";
import { receivablePutBack } from "../ledger/events.js";
import { shareOf } from "../ledger/payment-application.js";
import { formatMinor, lesserMinor, type Minor, minor, sumMinor, zeroMinor } from "../money/money.js";
import type { Position } from "../store/position.js";
import { findPurchase, insertPutBacks, type Purchase, refundedMinor } from "../store/purchase.js";
import { implement } from "./act.js";
import { type BoughtHolding, bookChanges, type ChangingEntry, readBought } from "./claim-change.js";
import { type Book, effectiveDay, openBook } from "./portfolio-book.js";
import { debtOf, withDebt } from "./position-debt.js";

/**
 * Returns receivables to the seller. The refund of each is, by the contract, the purchase rate (price over face of the
 * purchase) times its balance at the cut-off, or what the split of the price gave it; never more in all than was paid.
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
  const holdings = await readBought(context, book, { accounts });
  const positions = holdings.map(({ position }) => position);
  const refunds = refundsOf(purchase, positions, minor(await refundedMinor(tx, portfolioId)));
  const entries = holdings.map((holding, i) => putBackEntry(book, holding, refunds[i]!));
  const order = { effectiveOn, happenedOn: input.put_back_on, sourceKind: "put_back", reason: input.reason };
  const events = await bookChanges(context, book, { order, entries });
  const records = positions.map((position, i) => ({
    receivableNo: position.receivableNo,
    sequence: events[i]!.sequence,
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
      state: "asked" as const,
      accepted: null,
      answered_on: null,
      answer_reason: null,
      entry_id: childId("en", portfolioId, record.sequence),
    })),
  };
});

function refundsOf(purchase: Purchase, positions: readonly Position[], before: Minor): Minor[] {
  let left = minor(purchase.priceMinor - before);
  return positions.map((position) => {
    const refund = lesserMinor(agreedRefund(purchase, position), left);
    left = minor(left - refund);
    return refund;
  });
}

function agreedRefund(purchase: Purchase, position: Position): Minor {
  if (purchase.putBackBasis === "allocated_price") return minor(position.costMinor);
  const share = { partMinor: minor(position.faceMinor), wholeMinor: minor(purchase.faceMinor) };
  return shareOf(minor(purchase.priceMinor), share);
}

/** The receivable leaves us, and the agency that has it. */
function putBackEntry(book: Book, { accountNumber, position }: BoughtHolding, refundMinor: Minor): ChangingEntry {
  const costReliefMinor = refundRelief(book.investment, refundMinor);
  book.investment = { ...book.investment, costMinor: minor(book.investment.costMinor - costReliefMinor) };
  const debt = debtOf(position);
  const { claim, advanceMinor } = debt;
  const gone = withDebt(position, { ...debt, claim: noParts, advanceMinor: zeroMinor });
  return {
    draft: receivablePutBack({ refundMinor, costReliefMinor, claim, advanceMinor }),
    changes: [{ accountNumber, before: position, after: { ...gone, state: "put_back", placementNo: null } }],
  };
}
