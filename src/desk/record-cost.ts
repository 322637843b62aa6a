import type { ActParsed } from "../../models/acts.js";
import { Refusal } from "../../models/refusal.js";
import { costIncurred } from "../ledger/events.js";
import { assertAgency } from "../store/agency.js";
import { type Cost, costDocumentOf, insertCost } from "../store/cost.js";
import { receivableNumbers } from "../store/receivable.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import { addEntries, type Book, type EntryLink, effectiveDay, movementMinor, openBook } from "./portfolio-book.js";

/**
 * Guards in this order: the portfolio (`not_found`, `portfolio_not_owned`), the amount (`amount_invalid`), the day
 * (`effective_date_refused`), the agency (`agency_unknown`), the receivable (`receivable_unknown`), then
 * `already_exists` for a known external_id.
 */
export const recordCost = implement("record-cost", async (context, input) => {
  const book = await openBook(context, input.portfolio_id);
  const cost = await bookCost(context, book, { input });
  return costDocumentOf(cost, book.portfolio);
});

/** Posts a cost in an open book. With a link it stands in for another one, and is booked on the day that says. */
export async function bookCost(
  context: Context,
  book: Book,
  given: { input: Omit<ActParsed<"record-cost">, "portfolio_id">; link?: EntryLink },
): Promise<Cost> {
  const { tx } = context;
  const { input, link } = given;
  const { portfolioId, currency } = book.portfolio;
  const amountMinor = movementMinor(input.amount, currency);
  const effectiveOn = link?.effectiveOn ?? effectiveDay(context, book.purchase, input.incurred_on);
  if (input.agency_id !== undefined) await assertAgency(tx, input.agency_id);
  const account = input.account_number;
  const receivableNo =
    account === undefined ? undefined : (await receivableNumbers(tx, portfolioId, [account])).get(account);
  if (account !== undefined && receivableNo === undefined) {
    throw new Refusal("receivable_unknown", `the portfolio has no account number ${account}`);
  }
  const sequence = await addEntries(context, book, [
    {
      ...costIncurred({ costType: input.cost_type, amountMinor }),
      ...link?.entry,
      effectiveOn,
      sourceKind: "cost",
      receivableNo: receivableNo ?? null,
      agencyId: input.agency_id ?? null,
      costType: input.cost_type,
    },
  ]);
  const cost: Cost = {
    sequence,
    costType: input.cost_type,
    amountMinor,
    incurredOn: input.incurred_on,
    receivableNo: receivableNo ?? null,
    accountNumber: account ?? null,
    agencyId: input.agency_id ?? null,
    externalId: input.external_id ?? null,
    note: input.note ?? null,
    recordedAt: book.head.recordedAt,
  };
  await insertCost(tx, portfolioId, cost);
  return cost;
}
