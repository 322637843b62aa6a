import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { formatMinor } from "../money/money.js";
import { findFacility } from "../store/facility.js";
import { type StatementLine, standingBefore, statementLines } from "../store/seller-statement.js";
import { implement } from "./act.js";
import { facilityOfInput } from "./facility-book.js";

/**
 * The statement that a business gets: every entry of some days with what it did to its reserve, its debt and its cash, and
 * how the reserve stood before and after. It is the ledger's own: opening + changes = closing.
 *
 * Refuses `not_found`, `invalid_request` for days the wrong way round.
 */
export const showSellerStatement = implement("show-seller-statement", async ({ tx }, input) => {
  const { portfolioId, currency } = await findFacility(tx, facilityOfInput(input));
  const { from, to } = input;
  if (to < from) throw new Refusal("invalid_request", `/to: must not be before ${from}`);
  const opening = await standingBefore(tx, { portfolioId, day: from });
  const lines = await statementLines(tx, { portfolioId, from, to });
  const show = (amount: bigint) => formatMinor(amount, currency);
  const sum = (of: (line: StatementLine) => bigint) => lines.reduce((total, line) => total + of(line), 0n);
  return {
    facility_id: input.facility_id,
    from,
    to,
    currency,
    opening_reserve: show(opening.reserveMinor),
    opening_owed: show(opening.owedMinor),
    lines: lines.map((line) => ({
      on: line.effectiveOn,
      kind: line.kind,
      invoice_number: line.invoiceNumber,
      debtor_id: line.debtorId,
      // what the factor's cash gains from debtors is no payment of the business
      paid_to_seller: show(isFromDebtor(line) ? 0n : -line.cashMinor),
      collected: show(isFromDebtor(line) ? line.cashMinor : 0n),
      fees: show(line.feesMinor),
      reserve_change: show(line.reserveMinor),
      owed_change: show(line.owedMinor),
      entry_id: childId("en", portfolioId, line.sequence),
    })),
    paid_to_seller: show(sum((line) => (isFromDebtor(line) ? 0n : -line.cashMinor))),
    collected: show(sum((line) => (isFromDebtor(line) ? line.cashMinor : 0n))),
    fees: show(sum((line) => line.feesMinor)),
    closing_reserve: show(opening.reserveMinor + sum((line) => line.reserveMinor)),
    closing_owed: show(opening.owedMinor + sum((line) => line.owedMinor)),
  };
});

function isFromDebtor({ kind }: StatementLine): boolean {
  return kind === "invoice_collected";
}
