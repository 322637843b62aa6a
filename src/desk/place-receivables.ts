import type { ActParsed } from "../../models/acts.js";
import { Refusal } from "../../models/refusal.js";
import { parseMinor } from "../money/money.js";
import { assertAgency, insertPlacement, placePositions, type Selection } from "../store/agency.js";
import { nextNumber } from "../store/portfolio.js";
import { receivableNumbers } from "../store/receivable.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import { effectiveDay, openBook } from "./portfolio-book.js";

/**
 * Gives receivables to an agency on its commission. The balance, the age and the count of placements of each are
 * kept as they stand on that day: the commission schedule asks for them later.
 *
 * Guards in this order: the portfolio (`not_found`, `portfolio_not_owned`), the agency (`agency_unknown`), the day
 * (`effective_date_refused`), the receivables (`receivable_unknown`; `receivable_placed` when one that is named is with an
 * agency, put back, not bought or paid).
 */
export const placeReceivables = implement("place-receivables", async (context, input) => {
  const { tx } = context;
  const { portfolio, purchase, head } = await openBook(context, input.portfolio_id);
  await assertAgency(tx, input.agency_id);
  effectiveDay(context, purchase, input.placed_on);
  const selection = await selected(context, input, portfolio.currency);
  const placement = {
    placementNo: await nextNumber(tx, portfolio.portfolioId, "placement"),
    agencyId: input.agency_id,
    placedOn: input.placed_on,
    commission: input.commission,
    grossRemittance: input.remittance === "gross",
  };
  const placed = await placePositions(tx, { portfolioId: portfolio.portfolioId, placement, selection });
  const asked = selection.receivableNos?.length;
  if (asked !== undefined && placed.receivables !== asked) {
    const missing = asked - placed.receivables;
    throw new Refusal("receivable_placed", `${missing} of ${asked} are with an agency, put back, not bought or paid`);
  }
  return insertPlacement(tx, portfolio, { placement, ...placed, at: head.recordedAt });
});

async function selected({ tx }: Context, input: ActParsed<"place-receivables">, currency: string): Promise<Selection> {
  const { receivables } = input;
  if ("all" in receivables) {
    const amount = (text: string | undefined) => (text === undefined ? undefined : parseMinor(text, currency));
    return {
      receivableNos: undefined,
      balanceFromMinor: amount(receivables.balance_from),
      balanceBelowMinor: amount(receivables.balance_below),
    };
  }
  const accounts = [...new Set(receivables.account_numbers)];
  const numbers = await receivableNumbers(tx, input.portfolio_id, accounts);
  const unknown = accounts.filter((account) => !numbers.has(account));
  if (unknown.length > 0) {
    throw new Refusal("receivable_unknown", `the portfolio has no account number ${unknown.slice(0, 5).join(", ")}`);
  }
  return { receivableNos: [...numbers.values()], balanceFromMinor: undefined, balanceBelowMinor: undefined };
}
