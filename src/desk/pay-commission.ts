import { childId } from "../../models/record-id.js";
import { commissionPaid } from "../ledger/claim-events.js";
import { formatMinor, minor } from "../money/money.js";
import { assertAgency } from "../store/agency.js";
import { readBalanceOfAgency } from "../store/ledger.js";
import { implement } from "./act.js";
import { availableMinor } from "./claim-change.js";
import { addEntries, effectiveDay, openBook } from "./portfolio-book.js";

/**
 * Pays an agency's bill: its commission under gross remittance, or on money that the seller took. The commission was a
 * cost when the debtor paid.
 *
 * Guards in this order: the portfolio, the agency (`agency_unknown`), the day (`effective_date_refused`), the amount
 * (`amount_invalid`, `amount_not_available` for more than the agency is owed in commission on the portfolio).
 */
export const payCommission = implement("pay-commission", async (context, input) => {
  const { tx } = context;
  const book = await openBook(context, input.portfolio_id);
  const { portfolioId, currency } = book.portfolio;
  await assertAgency(tx, input.agency_id);
  const effectiveOn = effectiveDay(context, book.purchase, input.paid_on);
  const payable = { portfolioId, account: "2050", agencyId: input.agency_id };
  const owedMinor = minor(-(await readBalanceOfAgency(tx, payable)));
  const amountMinor = availableMinor(input.amount, { currency, mostMinor: owedMinor, what: "is owed to the agency" });
  const sequence = await addEntries(context, book, [
    {
      ...commissionPaid(amountMinor),
      effectiveOn,
      sourceKind: "commission",
      agencyId: input.agency_id,
      reason: input.note ?? null,
    },
  ]);
  return {
    entry_id: childId("en", portfolioId, sequence),
    portfolio_id: portfolioId,
    agency_id: input.agency_id,
    currency,
    amount: formatMinor(amountMinor, currency),
    left: formatMinor(owedMinor - amountMinor, currency),
    paid_on: input.paid_on,
    recorded_at: book.head.recordedAt,
  };
});
