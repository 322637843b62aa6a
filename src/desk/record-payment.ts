import { Refusal, type RefusalCode } from "../../models/refusal.js";
import { paymentDocumentOf } from "../store/payment.js";
import { implementTogether } from "./act.js";
import { applyPayments } from "./apply-payments.js";
import { openBook } from "./portfolio-book.js";

/** One payment; refused for the same reasons, in the same order, as a row of a file. Those that come at once are posted together. */
export const recordPayment = implementTogether("record-payment", {
  open: openBook,
  async runAll(context, book, orders) {
    const rows = orders.map(({ input: { portfolio_id: _, ...fields }, idempotencyKey }, i) => ({
      row: i,
      fields,
      idempotencyKey,
    }));
    const { payments, refused } = await applyPayments(context, book, { rows, batchNo: null });
    const refusals = new Map(refused.map(({ row, code, detail }) => [row, new Refusal(code as RefusalCode, detail)]));
    let next = 0;
    return orders.map((_, i) => {
      const refusal = refusals.get(i);
      return refusal === undefined ? { output: paymentDocumentOf(payments[next++]!, book.portfolio) } : { refusal };
    });
  },
});
