import { z } from "zod";
import { entryDocument } from "./entry.js";
import { costDocument, paymentDocument } from "./payment.js";
import { purchaseDocument, putBackDocument } from "./purchase.js";

/** One entry with the document that caused it, where there is one: the end of every way down from a report. */
export const showEntryDocument = entryDocument.extend({
  source: z
    .union([paymentDocument, costDocument, purchaseDocument, putBackDocument])
    .nullable()
    .describe("The payment, cost, purchase or put-back that the entry books; null where the entry is all there is"),
});
export type EntrySource = z.infer<typeof showEntryDocument>["source"];
