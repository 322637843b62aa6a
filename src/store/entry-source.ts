import type { EntrySource } from "../../models/entry-source.js";
import { listCosts } from "./cost.js";
import { listPayments } from "./payment.js";
import type { Portfolio } from "./portfolio.js";
import { findPurchaseOf, listPutBacks, purchaseDocumentOf } from "./purchase.js";
import type { Tx } from "./transaction.js";

/** The document that an entry books: it has the number of the entry, in its own table. Null where there is none. */
export async function findEntrySource(
  tx: Tx,
  portfolio: Portfolio,
  entry: { sourceKind: string; sequence: bigint },
): Promise<EntrySource> {
  const request = { sequence: entry.sequence, limit: 1 };
  switch (entry.sourceKind) {
    case "payment":
      return (await listPayments(tx, portfolio, request)).data[0] ?? null;
    case "cost":
      return (await listCosts(tx, portfolio, request)).data[0] ?? null;
    case "put_back":
      return (await listPutBacks(tx, await findPurchaseOf(tx, portfolio.portfolioId), request)).data[0] ?? null;
    case "purchase":
      return purchaseDocumentOf(await findPurchaseOf(tx, portfolio.portfolioId));
    default:
      return null;
  }
}
