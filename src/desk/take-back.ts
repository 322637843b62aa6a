import type { EntryKind } from "../../models/entry.js";
import type { CostType } from "../../models/payment.js";
import { Refusal } from "../../models/refusal.js";
import { minor, sumMinor } from "../money/money.js";
import { insertCost, readCostOf } from "../store/cost.js";
import type { PostedEntry } from "../store/entry.js";
import type { Context } from "./desk.js";
import { addEntries, type Book } from "./portfolio-book.js";
import { takeBackAdjustment } from "./take-back-adjustment.js";
import { takeBackClaimChange } from "./take-back-claim.js";
import { takeBackPayment } from "./take-back-payment.js";
import { takeBackAnswer, takeBackPutBack } from "./take-back-put-back.js";
import { takeBackResale } from "./take-back-resale.js";
import { takeBackApplication, takeBackRefund } from "./take-back-unapplied.js";
import { linesTaken, reversalOf, type TakeBackOrder } from "./taken-lines.js";

/** Takes an entry back, in the ledger and in the sub-ledger that it stands for; returns the number of the new entry. */
export type TakeBack = (context: Context, book: Book, target: PostedEntry, order: TakeBackOrder) => Promise<bigint>;

/** How each kind of entry is taken back, or why it is not. */
const kinds: Readonly<Record<EntryKind, TakeBack | string>> = {
  collection_received: takeBackPayment,
  collection_by_agency: takeBackPayment,
  payment_to_seller: takeBackPayment,
  cost_incurred: takeBackCost,
  receipt: takeBackLines,
  purchase_booked: "a purchase is not taken back: put its receivables back to the seller, or sell them on",
  payment_returned: "a payment that came back after all is recorded anew",
  entry_reversed: "what a reversal took back is recorded anew",
  receivable_put_back: takeBackPutBack,
  put_back_reduced: takeBackAnswer,
  put_back_refused: takeBackAnswer,
  court_cost_advanced: takeBackAdvance,
  court_cost_written_off: takeBackClaimChange,
  debtor_refunded: takeBackRefund,
  unapplied_applied: takeBackApplication,
  claim_adjusted: takeBackClaimChange,
  claim_settled: takeBackClaimChange,
  receivables_sold: takeBackResale,
  commission_paid: takeBackLines,
  revenue_accrued: "every accrual computes all months anew: mend the forecast or the entry behind it, and accrue again",
  recoveries_remeasured: "put another forecast in its place (reforecast-portfolio), and accrue again",
  carrying_amount_adjusted: takeBackAdjustment,
  method_changed: "it moved no amount: set the method again, for the time to come",
  period_accrual: "an accrual is reversed by the month that follows it",
  invoices_purchased: "an invoice that was bought goes back by a charge-back or a buy-back",
  factoring_fees_accrued: "fees are charged by the terms, and follow from the days",
  invoices_collected: "a receipt that came back is recorded by return-collection",
  invoices_paid_to_seller: "what the seller passes on is recorded as a payment of the seller",
  invoices_diluted: "a credit that was given in error is paid by the debtor after all",
  reserve_released: "what was paid out too much comes back as a payment of the seller",
  escrow_released: "what was paid out too much comes back as a payment of the seller",
  invoices_charged_back: "an invoice that went back is submitted again",
  invoices_bought_back: "an invoice that went back is submitted again",
  credit_loss: "what comes in on a lost invoice is recorded as a collection",
  shortfall_claimed: "what the seller owes is settled by its payment",
  receipt_unapplied: "an unapplied receipt is applied or passed on",
  receipt_applied: "a receipt that was applied came from an entry of its own",
  receipt_passed_on: "a receipt that was passed on has left the books",
  facility_charged: "a charge is waived (waive-charge)",
  minimum_charged: "a minimum follows from the fees of its month; what changes them changes the next charge",
  termination_charged: "a facility that has ended stays so; its charge may be waived (waive-charge)",
  seller_paid: "a payment of the seller that came back is owed again by a charge-back",
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
  if (typeof taking === "string") throw notTakenBack(target, taking);
  if (order.accounts !== undefined && target.kind !== "receivables_sold") {
    throw notTakenBack(target, "it is not on many receivables, of which some could be named");
  }
  for (const line of order.lines ?? []) {
    if (!target.postings.some((posting) => posting.line === line)) {
      throw new Refusal("entry_not_reversible", `entry ${target.sequence} has no posting ${line}`);
    }
  }
  return taking(context, book, target, order);
}

function notTakenBack({ sequence, kind }: PostedEntry, why: string): Refusal {
  return new Refusal("entry_not_reversible", `entry ${sequence} is a ${kind}: ${why}`);
}

/** Throws `entry_not_reversible` for an entry of a facility: what undoes it is another act of the facility. */
export function refuseOfFacility(target: PostedEntry): never {
  const why = kinds[target.kind];
  throw notTakenBack(target, typeof why === "string" ? why : "it is undone by another act of the facility");
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

/** A receipt, and commission that was paid, have no record but their entry. */
async function takeBackLines(context: Context, book: Book, target: PostedEntry, order: TakeBackOrder): Promise<bigint> {
  const taken = linesTaken(target, order, book.portfolio.currency);
  return addEntries(context, book, [reversalOf(target, order, taken)]);
}
