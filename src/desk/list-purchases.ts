import { listPurchases as readPage } from "../store/purchase.js";
import { implement } from "./act.js";

export const listPurchases = implement("list-purchases", ({ tx }, input) => readPage(tx, input));
