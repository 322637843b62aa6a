import { TapeFindings } from "../../models/findings-table.js";
import type { Valuation } from "../../models/valuation.js";
import { parseDay } from "../calendar/day.js";
import { formatMinor } from "../money/money.js";
import { value } from "../pricing/valuation.js";
import { type Quote, readSnapshot } from "../store/quote.js";
import type { Tx } from "../store/transaction.js";
import { readStoredRows, type StoredRows } from "./value-stored.js";

export interface PricedAgain extends StoredRows {
  readonly valuation: Valuation;
}

/**
 * Prices a quote again from its snapshot and the stored rows. The figure is the one that was quoted; any other is our
 * fault, and stops the act.
 */
export async function priceAgain(tx: Tx, quote: Quote): Promise<PricedAgain> {
  const snapshot = await readSnapshot(tx, quote);
  const rows = await readStoredRows(tx, quote.portfolioId);
  if (rows.tape.sha256 !== snapshot.tape_sha256)
    throw new Error(`the tape of quote ${quote.quoteNo} is another one now`);
  const valuation = value(rows.columns, snapshot.assumptions, parseDay(snapshot.as_of), new TapeFindings());
  const quoted = formatMinor(quote.priceMinor, quote.currency);
  const again = valuation.document.bid.price;
  if (again !== quoted) throw new Error(`quote ${quote.quoteNo} was ${quoted}; priced again it is ${again}`);
  return { ...rows, valuation };
}
