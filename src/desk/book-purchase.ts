import type { PurchaseDocument } from "../../models/purchase.js";
import type { AllocationBasis, PutBackBasis } from "../../models/quote.js";
import { missing, type TapeColumns } from "../../models/tape.js";
import { addDays, formatDay, parseDay } from "../calendar/day.js";
import { noParts } from "../ledger/claim.js";
import { purchaseBooked } from "../ledger/events.js";
import { bookedDay } from "../ledger/period.js";
import { allocate } from "../money/allocation.js";
import { minor, minorPerUnit } from "../money/money.js";
import { appendEntries, openLedger } from "../store/ledger.js";
import { markPortfolioOwned } from "../store/portfolio.js";
import { insertPositions } from "../store/position.js";
import { insertPurchase, type Purchase, purchaseDocumentOf } from "../store/purchase.js";
import type { Quote } from "../store/quote.js";
import type { Context } from "./desk.js";
import type { ValuedAgain } from "./price-again.js";

export interface PurchaseTerms {
  readonly closingOn: string;
  readonly cutOffOn: string;
  readonly allocation: AllocationBasis;
  readonly putBackDays: number;
  readonly putBackBasis: PutBackBasis;
}

/**
 * Books the purchase: the price is split over the receivables that were priced (the excluded ones are not bought), each gets
 * a position, the ledger is opened with its first entry.
 */
export async function bookPurchase(
  context: Context,
  { quote, valued, terms }: { quote: Quote; valued: ValuedAgain; terms: PurchaseTerms },
): Promise<PurchaseDocument> {
  const { tx, now, call } = context;
  const { portfolioId } = quote;
  const bought = boughtRows(valued);
  const faces = bought.map((row) => balanceAt(valued.columns, row));
  const weights = terms.allocation === "face" ? faces : expectedWeights(valued, bought);
  const costs = allocate(minor(quote.priceMinor), weights);
  let faceMinor = 0n;
  for (const face of faces) faceMinor += face;
  context.report({ phase: "book receivables", done: 0, total: bought.length });
  const partsAt = claimPartsOf(valued.columns);
  let [interest, fees] = [0n, 0n];
  function* positions() {
    for (const [i, row] of bought.entries()) {
      const { interestMinor, feesMinor } = partsAt(row, faces[i]!);
      interest += interestMinor;
      fees += feesMinor;
      yield { receivableNo: row + 1, faceMinor: faces[i]!, costMinor: costs[i]!, interestMinor, feesMinor };
    }
  }
  await insertPositions(tx, portfolioId, positions());
  const head = await openLedger(tx, portfolioId, now);
  const principal = minor(faceMinor - interest - fees);
  const claim = { ...noParts, principal, interest: minor(interest), fees: minor(fees) };
  const draft = purchaseBooked({ priceMinor: minor(quote.priceMinor), claim });
  const { firstSequence } = await appendEntries(tx, head, {
    idempotencyKey: call.idempotencyKey,
    entries: [{ ...draft, ...bookedDay(head.gate, terms.closingOn, false), sourceKind: "purchase" }],
  });
  const purchase: Purchase = {
    portfolioId,
    quoteNo: quote.quoteNo,
    currency: quote.currency,
    priceMinor: quote.priceMinor,
    faceMinor,
    receivables: bought.length,
    allocation: terms.allocation,
    cutOffOn: terms.cutOffOn,
    closingOn: terms.closingOn,
    putBackBasis: terms.putBackBasis,
    putBackUntil: formatDay(addDays(parseDay(terms.closingOn), terms.putBackDays)),
    bookedAt: now,
    sequence: firstSequence,
  };
  await insertPurchase(tx, purchase);
  await markPortfolioOwned(tx, portfolioId);
  return purchaseDocumentOf(purchase);
}

/** Rows that were priced, in file order: status 0. */
function boughtRows({ columns, valuation }: ValuedAgain): number[] {
  const rows: number[] = [];
  for (let row = 0; row < columns.rows; row++) if (valuation.status[row] === 0) rows.push(row);
  return rows;
}

function balanceAt(columns: TapeColumns, row: number): bigint {
  const balances = columns.columns.get("current_balance");
  if (balances?.kind !== "money") throw new Error("stored rows have balances");
  return balances.values[row]!;
}

/**
 * Interest and fees within the balance of a row, where the tape states them and its parts add up to the balance;
 * otherwise all of it is principal.
 */
function claimPartsOf(columns: TapeColumns) {
  const values = (name: "principal" | "interest" | "fees") => {
    const column = columns.columns.get(name);
    return column?.kind === "money" ? column.values : undefined;
  };
  const [principals, interests, fees] = [values("principal"), values("interest"), values("fees")];
  const at = (column: BigInt64Array | undefined, row: number) => {
    const value = column?.[row] ?? missing.money;
    return value === missing.money ? 0n : value;
  };
  return (row: number, faceMinor: bigint) => {
    if (principals === undefined) return allOfPrincipal;
    const [principal, interestMinor, feesMinor] = [at(principals, row), at(interests, row), at(fees, row)];
    const addsUp = principal + interestMinor + feesMinor === faceMinor;
    return addsUp && principal >= 0n && interestMinor >= 0n && feesMinor >= 0n
      ? { interestMinor, feesMinor }
      : allOfPrincipal;
  };
}

const allOfPrincipal = { interestMinor: 0n, feesMinor: 0n };

/** Expected gross cash as whole weights, in hundredths of a minor unit: fine enough for the smallest balance. */
function expectedWeights({ columns, valuation }: ValuedAgain, rows: readonly number[]): bigint[] {
  const scale = minorPerUnit(columns.currency) * 100;
  return rows.map((row) => BigInt(Math.round(valuation.expectedGross[row]! * scale)));
}
