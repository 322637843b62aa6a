import { Refusal, type RefusalCode } from "../../models/refusal.js";
import { paymentDocumentOf } from "../store/payment.js";
import { implement } from "./act.js";
import { applyPayments } from "./apply-payments.js";
import { openBook } from "./portfolio-book.js";

/** One payment; refused for the same reasons, in the same order, as a row of a file. */
export const recordPayment = implement("record-payment", async (context, { portfolio_id, ...fields }) => {
  const book = await openBook(context, portfolio_id);
  const { payments, refused } = await applyPayments(context, book, { rows: [{ row: 1, fields }], batchNo: null });
  const refusal = refused[0];
  if (refusal !== undefined) throw new Refusal(refusal.code as RefusalCode, refusal.detail);
  return paymentDocumentOf(payments[0]!, book.portfolio);
});
