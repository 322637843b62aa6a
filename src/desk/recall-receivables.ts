import { findPlacement, recallPositions } from "../store/agency.js";
import { receivableNumbers } from "../store/receivable.js";
import { implement } from "./act.js";
import { effectiveDay, openBook } from "./portfolio-book.js";

/** Takes receivables back from an agency; those that are not with it any more are passed over. */
export const recallReceivables = implement("recall-receivables", async (context, input) => {
  const { tx } = context;
  const { portfolio, purchase } = await openBook(context, input.portfolio_id);
  effectiveDay(context, purchase, input.recalled_on);
  const { portfolioId } = portfolio;
  const { placementNo } = await findPlacement(tx, portfolioId, input.placement_id);
  const named =
    input.account_numbers === undefined
      ? undefined
      : [...(await receivableNumbers(tx, portfolioId, input.account_numbers)).values()];
  const recalled = await recallPositions(tx, { portfolioId, placementNo, receivableNos: named });
  return { placement_id: input.placement_id, recalled };
});
