import assert from "node:assert/strict";
import { TapeFindings } from "../../models/findings-table.js";
import type { Valuation } from "../../models/valuation.js";
import { parseDay } from "../calendar/day.js";
import { formatMinor } from "../money/money.js";
import { value } from "../pricing/valuation.js";
import { type Quote, readSnapshot } from "../store/quote.js";
import type { Tx } from "../store/transaction.js";
import { scoreAmong } from "./score-in-use.js";
import { readStoredRows, type StoredRows } from "./value-stored.js";

export interface ValuedAgain extends StoredRows {
  readonly valuation: Valuation;
}

/**
 * Values a quote again from its snapshot and the stored rows. The rows that are bought and their face are those that
 * were quoted; anything else is our fault, and stops the act.
 */
export async function valueAgain(tx: Tx, quote: Quote): Promise<ValuedAgain> {
  const snapshot = await readSnapshot(tx, quote);
  const rows = await readStoredRows(tx, quote.portfolioId);
  assert.equal(rows.tape.sha256, snapshot.tape_sha256, "the tape is the one that was quoted on");
  const score = await scoreAmong(tx, snapshot.models ?? [], quote.currency);
  const valuation = value(rows.columns, snapshot.assumptions, parseDay(snapshot.as_of), new TapeFindings(), score);
  const { priced, face } = valuation.document.accounts;
  assert.equal(priced, quote.receivables, "as many receivables as were quoted");
  assert.equal(face, formatMinor(quote.faceMinor, quote.currency), "the face that was quoted");
  return { ...rows, valuation };
}

/** The same, and the price must be the one that was quoted, to the last unit. */
export async function priceAgain(tx: Tx, quote: Quote): Promise<ValuedAgain> {
  const valued = await valueAgain(tx, quote);
  const quoted = formatMinor(quote.priceMinor, quote.currency);
  assert.equal(valued.valuation.document.bid.price, quoted, "the price that was quoted");
  return valued;
}
