import { Refusal } from "../../models/refusal.js";
import { addParts, onePart } from "../ledger/claim.js";
import { claimAdjusted } from "../ledger/claim-events.js";
import { formatMinor, sumMinor } from "../money/money.js";
import { claimEventDocumentOf } from "../store/claim-event.js";
import { implement } from "./act.js";
import { bookChanges, type ChangingEntry, readBought } from "./claim-change.js";
import { effectiveDay, movementMinor, openBook } from "./portfolio-book.js";
import { debtOf, withDebt } from "./position-debt.js";

/**
 * Adds to claims or takes off: interest that accrued to debtors, fees, costs that a court awarded, credits. It moves the
 * memorandum accounts alone. A settled claim that is added to is open again.
 *
 * Guards in this order: the portfolio (`not_found`, `portfolio_not_owned`), the day (`effective_date_refused`), the receivables
 * (`receivable_unknown`, `receivable_not_bought`, `receivable_not_owned`), then each amount (`amount_invalid`,
 * `amount_out_of_range`, `amount_not_available` for more than the component has).
 */
export const adjustClaims = implement("adjust-claims", async (context, input) => {
  const book = await openBook(context, input.portfolio_id);
  const { portfolio } = book;
  const effectiveOn = effectiveDay(context, book.purchase, input.adjusted_on);
  const accounts = [...new Set(input.adjustments.map((adjustment) => adjustment.account_number))];
  const holdings = await readBought(context, book, { accounts });
  const positions = new Map(holdings.map(({ accountNumber, position }) => [accountNumber, position]));
  const amounts = input.adjustments.map(({ amount }) => movementMinor(amount, portfolio.currency));
  const entries = input.adjustments.map(({ account_number: accountNumber, component }, i): ChangingEntry => {
    const before = positions.get(accountNumber)!;
    const debt = debtOf(before);
    const change = onePart(component, amounts[i]!);
    const claim = addParts(debt.claim, change);
    if (claim[component] < 0n) {
      const there = formatMinor(debt.claim[component], portfolio.currency);
      throw new Refusal("amount_not_available", `the ${component} of ${accountNumber} is ${there}`);
    }
    const after = withDebt(before, { ...debt, claim });
    positions.set(accountNumber, after);
    return { draft: claimAdjusted(change), changes: [{ accountNumber, before, after }] };
  });
  const { reason, note, adjusted_on: happenedOn } = input;
  const order = { effectiveOn, happenedOn, sourceKind: "claim_event", reason, note };
  const events = await bookChanges(context, book, { order, entries });
  return {
    portfolio_id: portfolio.portfolioId,
    currency: portfolio.currency,
    change: formatMinor(sumMinor(amounts), portfolio.currency),
    events: events.map((event) => claimEventDocumentOf(event, portfolio)),
  };
});
