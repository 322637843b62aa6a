import type { EntryKind } from "../../models/entry.js";
import type { CostType } from "../../models/payment.js";
import { Refusal } from "../../models/refusal.js";
import { minor, sumMinor } from "../money/money.js";
import { insertCost, readCostOf } from "../store/cost.js";
import type { PostedEntry } from "../store/entry.js";
import type { Context } from "./desk.js";
import { addEntries, type Book } from "./portfolio-book.js";
import { takeBackClaimChange } from "./take-back-claim.js";
import { takeBackPayment } from "./take-back-payment.js";
import { linesTaken, reversalOf, type TakeBackOrder } from "./taken-lines.js";

/** Takes an entry back, in the ledger and in the sub-ledger that it stands for; returns the number of the new entry. */
export type TakeBack = (context: Context, book: Book, target: PostedEntry, order: TakeBackOrder) => Promise<bigint>;

/** How each kind of entry is taken back, or why it is not. */
const kinds: Readonly<Record<EntryKind, TakeBack | string>> = {
  collection_received: takeBackPayment,
  collection_by_agency: takeBackPayment,
  payment_to_seller: takeBackPayment,
  cost_incurred: takeBackCost,
  receipt: takeBackReceipt,
  purchase_booked: "a purchase is not taken back: put its receivables back to the seller, or sell them on",
  payment_returned: "a payment that came back after all is recorded anew",
  entry_reversed: "what a reversal took back is recorded anew",
  receivable_put_back: "a put-back is ended by the seller's answer to it",
  put_back_reduced: "what the seller will pay is settled with it, and does not change",
  put_back_refused: "the receivable is put back to the seller again",
  court_cost_advanced: takeBackAdvance,
  court_cost_written_off: takeBackClaimChange,
  debtor_refunded: "a refund that came back is recorded as a payment of the debtor",
  unapplied_applied: "the payment that it was applied from is taken back instead",
  claim_adjusted: takeBackClaimChange,
  claim_settled: takeBackClaimChange,
  receivables_sold: "a resale is not taken back: buy the receivables again",
  commission_paid: "commission that comes back is recorded as a receipt of the agency",
  revenue_accrued: "revenue is accrued again with the next month end",
  recoveries_remeasured: "the forecast is replaced by another one",
  carrying_amount_adjusted: "the carrying amount is adjusted again",
  method_changed: "the method is changed again",
  invoices_purchased: "invoices that were bought are charged back, one by one",
  invoice_collected: "a collection that came back is charged back to the business",
  factoring_fee_accrued: "a fee follows from the days; it is accrued again",
  reserve_released: "what was released too much is taken off the next advance",
  invoice_charged_back: "an invoice that was charged back is assigned anew",
  seller_paid: "what a business paid in error is paid back with the next release",
  credit_loss: "what comes in after a loss is recorded as a receipt",
  period_accrual: "an accrual is reversed by the month that follows it",
};

/**
 * Takes an entry back, in whole, in part or by line, never more than is left of it. Whoever calls has the book open:
 * what earlier reversals took is counted under the lock of the ledger's head, so that of many at once no two take the
 * same money.
 *
 * @throws Refusal `entry_not_reversible` with the reason, `reversal_too_large` with what is left
 */
export async function takeBack(
  context: Context,
  book: Book,
  how: { target: PostedEntry; order: TakeBackOrder },
): Promise<bigint> {
  const { target, order } = how;
  const taking = kinds[target.kind];
  if (typeof taking === "string") {
    throw new Refusal("entry_not_reversible", `entry ${target.sequence} is a ${target.kind}: ${taking}`);
  }
  for (const line of order.lines ?? []) {
    if (!target.postings.some((posting) => posting.line === line)) {
      throw new Refusal("entry_not_reversible", `entry ${target.sequence} has no posting ${line}`);
    }
  }
  return taking(context, book, target, order);
}

/** A cost and its opposite stand side by side among the costs. */
async function takeBackCost(context: Context, book: Book, target: PostedEntry, order: TakeBackOrder): Promise<bigint> {
  const { portfolioId, currency } = book.portfolio;
  const taken = linesTaken(target, order, currency);
  const sequence = await addEntries(context, book, [reversalOf(target, order, taken)]);
  const amountMinor = sumMinor(taken.map((line) => line.amountMinor));
  await insertCost(context.tx, portfolioId, {
    sequence,
    costType: target.costType as CostType,
    // a credit note credits the cost: taken back, it is a cost
    amountMinor: taken[0]!.debit === "1000" ? amountMinor : minor(-amountMinor),
    incurredOn: order.on,
    receivableNo: target.receivableNo,
    accountNumber: target.accountNumber,
    agencyId: target.agencyId,
    recoverable: false,
    externalId: null,
    note: order.reason,
    recordedAt: book.head.recordedAt,
  });
  return sequence;
}

/** The advance leaves the claim, and gets its opposite among the costs. */
async function takeBackAdvance(
  context: Context,
  book: Book,
  target: PostedEntry,
  order: TakeBackOrder,
): Promise<bigint> {
  const { tx } = context;
  const { portfolioId } = book.portfolio;
  const cost = await readCostOf(tx, portfolioId, target.sequence);
  const sequence = await takeBackClaimChange(context, book, target, order);
  const { recordedAt } = book.head;
  const opposite = { amountMinor: -cost.amountMinor, incurredOn: order.on, note: order.reason, externalId: null };
  await insertCost(tx, portfolioId, { ...cost, ...opposite, sequence, recordedAt });
  return sequence;
}

/** A receipt has no record but its entry. */
async function takeBackReceipt(
  context: Context,
  book: Book,
  target: PostedEntry,
  order: TakeBackOrder,
): Promise<bigint> {
  const taken = linesTaken(target, order, book.portfolio.currency);
  return addEntries(context, book, [reversalOf(target, order, taken)]);
}
