import { findPurchase, purchaseDocumentOf } from "../store/purchase.js";
import { implement } from "./act.js";

export const showPurchase = implement("show-purchase", async ({ tx }, input) =>
  purchaseDocumentOf(await findPurchase(tx, input.purchase_id)),
);
