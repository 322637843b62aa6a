import { findPurchase, listPutBacks as readPage } from "../store/purchase.js";
import { implement } from "./act.js";

export const listPutBacks = implement("list-put-backs", async ({ tx }, input) =>
  readPage(tx, await findPurchase(tx, input.purchase_id), input),
);
