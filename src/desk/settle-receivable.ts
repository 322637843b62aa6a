import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { noParts, sumParts } from "../ledger/claim.js";
import { claimSettled } from "../ledger/claim-events.js";
import { formatMinor, parseMinor, zeroMinor } from "../money/money.js";
import { implement } from "./act.js";
import { bookChanges, readBought } from "./claim-change.js";
import { effectiveDay, openBook } from "./portfolio-book.js";
import { debtOf, withDebt } from "./position-debt.js";

/**
 * The debtor has paid what was agreed: the rest of the claim is written off, and the receivable leaves its agency. Later
 * payments are unapplied cash. A payment of it that comes back opens the claim again, by what came back.
 *
 * Guards in this order: the portfolio (`not_found`, `portfolio_not_owned`), the day (`effective_date_refused`), the receivable
 * (`receivable_unknown`, `receivable_not_bought`, `receivable_not_owned`), then `amount_not_available` where nothing is
 * owed any more, or less has come in than was agreed.
 */
export const settleReceivable = implement("settle-receivable", async (context, input) => {
  const book = await openBook(context, input.portfolio_id);
  const { portfolioId, currency } = book.portfolio;
  const effectiveOn = effectiveDay(context, book.purchase, input.settled_on);
  const accountNumber = input.account_number;
  const before = (await readBought(context, book, { accounts: [accountNumber] }))[0]!.position;
  const debt = debtOf(before);
  const shown = (amount: bigint) => formatMinor(amount, currency);
  if (before.claimMinor === 0n) throw new Refusal("amount_not_available", "nothing is owed any more");
  if (input.agreed !== undefined && before.collectedMinor < parseMinor(input.agreed, currency)) {
    const came = shown(before.collectedMinor);
    throw new Refusal("amount_not_available", `${input.agreed} were agreed; ${came} have come in`);
  }
  const { claim, advanceMinor } = debt;
  const open = withDebt(before, { ...debt, claim: noParts, advanceMinor: zeroMinor });
  const after = { ...open, state: "settled" as const, placementNo: null };
  const { note, settled_on: happenedOn } = input;
  const [event] = await bookChanges(context, book, {
    order: { effectiveOn, happenedOn, sourceKind: "claim_event", note },
    entries: [{ draft: claimSettled({ claim, advanceMinor }), changes: [{ accountNumber, before, after }] }],
  });
  return {
    entry_id: childId("en", portfolioId, event!.sequence),
    portfolio_id: portfolioId,
    account_number: accountNumber,
    currency,
    settled_on: input.settled_on,
    collected: shown(before.collectedMinor),
    written_off: shown(sumParts(claim)),
    court_costs_written_off: shown(advanceMinor),
    recorded_at: event!.recordedAt,
  };
});
