import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { carryingAmount, costRelief } from "../ledger/cost-recovery.js";
import { carryingAmountAdjusted } from "../ledger/revenue-events.js";
import { formatMinor, minor } from "../money/money.js";
import { implement } from "./act.js";
import { addEntries, effectiveDay, movementMinor, openBook } from "./portfolio-book.js";

/**
 * Changes what a portfolio is carried at by hand. Under cost recovery an amount that is added is recovered at once by
 * collections that had been income; under effective interest the expected collections are taken to change by the same share, so
 * that the next accrual does not undo it.
 *
 * Guards in this order: the portfolio (`not_found`, `portfolio_not_owned`), the amount (`amount_invalid`), the day
 * (`effective_date_refused`), then `amount_not_available` where more is taken off than is carried.
 */
export const adjustCarryingAmount = implement("adjust-carrying-amount", async (context, input) => {
  const book = await openBook(context, input.portfolio_id);
  const { portfolioId, currency } = book.portfolio;
  const amountMinor = movementMinor(input.amount, currency);
  const effectiveOn = effectiveDay(context, book.purchase, input.effective_on);
  const carriedMinor = carryingAmount(book.investment);
  if (carriedMinor + amountMinor < 0n) {
    const [taken, carried] = [formatMinor(-amountMinor, currency), formatMinor(carriedMinor, currency)];
    throw new Refusal("amount_not_available", `${taken} cannot be taken off ${carried}, which it is carried at`);
  }
  const changed = { ...book.investment, costMinor: minor(book.investment.costMinor + amountMinor) };
  const costReliefMinor = costRelief(changed, minor(0n));
  const draft = carryingAmountAdjusted({ reason: input.reason, amountMinor, costReliefMinor });
  const sequence = await addEntries(context, book, [
    { ...draft, effectiveOn, sourceKind: "carrying_amount", reason: input.note ?? null },
  ]);
  return {
    entry_id: childId("en", portfolioId, sequence),
    portfolio_id: portfolioId,
    currency,
    reason: input.reason,
    amount: formatMinor(amountMinor, currency),
    effective_on: effectiveOn,
    carrying_amount: formatMinor(carriedMinor + amountMinor - costReliefMinor, currency),
    recorded_at: book.head.recordedAt,
  };
});
