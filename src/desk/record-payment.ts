import { Refusal, type RefusalCode } from "../../models/refusal.js";
import { paymentDocumentOf } from "../store/payment.js";
import { implementTogether } from "./act.js";
import { judgePayments, type ReadPayment, readTouched } from "./apply-payments.js";
import { openBook } from "./portfolio-book.js";

/**
 * One payment; refused for the same reasons, in the same order, as a row of a file. Those that come at once are posted
 * together. What they touch is asked for with the book, behind its head, so that all reading is one round trip.
 */
export const recordPayment = implementTogether("record-payment", {
  async open(context, portfolioId, orders) {
    const rows = new Map(
      orders.map((order, row): [typeof order, ReadPayment] => {
        const { portfolio_id: _, ...fields } = order.input;
        // the form of the order is that of a row, and has been looked at
        const parsed = { success: true, data: fields } as const;
        return [order, { row, fields, parsed, idempotencyKey: order.idempotencyKey }];
      }),
    );
    const opening = openBook(context, portfolioId);
    const touched = readTouched(context, portfolioId, [...rows.values()]);
    return { book: await opening, rows, touched };
  },
  async runAll(context, { book, rows, touched }, orders) {
    const pieces = [{ rows: orders.map((order) => rows.get(order)!), touched }];
    const { payments, refused, written } = await judgePayments(context, book, { pieces, batchNo: null });
    const refusals = new Map(refused.map(({ row, code, detail }) => [row, new Refusal(code as RefusalCode, detail)]));
    let next = 0;
    const outcomes = orders.map((order) => {
      const refusal = refusals.get(rows.get(order)!.row);
      return refusal === undefined ? { output: paymentDocumentOf(payments[next++]!, book.portfolio) } : { refusal };
    });
    return { outcomes, written };
  },
});
