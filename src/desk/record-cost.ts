import type { ActParsed } from "../../models/acts.js";
import { Refusal } from "../../models/refusal.js";
import { addParts, onePart } from "../ledger/claim.js";
import { courtCostAdvanced } from "../ledger/claim-events.js";
import { costIncurred } from "../ledger/events.js";
import { formatMinor, type Minor, minor } from "../money/money.js";
import { assertAgency } from "../store/agency.js";
import { type Cost, costDocumentOf, insertCost } from "../store/cost.js";
import { receivableNumbers } from "../store/receivable.js";
import { implement } from "./act.js";
import { bookChanges, readBought } from "./claim-change.js";
import type { Context } from "./desk.js";
import { addEntries, type Book, type EntryLink, effectiveDay, movementMinor, openBook } from "./portfolio-book.js";
import { debtOf, withDebt } from "./position-debt.js";

/**
 * Posts a cost, or a credit note. A recoverable court cost is an advance that the debtor owes on top of the claim, not yet a
 * cost of ours.
 *
 * Guards in this order: the portfolio (`not_found`, `portfolio_not_owned`), the amount (`amount_invalid`), the day
 * (`effective_date_refused`), the agency (`agency_unknown`), the receivable (`receivable_unknown`; for an advance
 * `receivable_not_bought`, `receivable_not_owned`, and `amount_not_available` where more is taken back than is
 * advanced), then `already_exists` for a known external_id.
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
  given: { input: CostInput; link?: EntryLink },
): Promise<Cost> {
  const { tx } = context;
  const { input, link } = given;
  const { portfolioId, currency } = book.portfolio;
  const amountMinor = movementMinor(input.amount, currency);
  const effectiveOn = link?.effectiveOn ?? effectiveDay(context, book.purchase, input.incurred_on);
  if (input.agency_id !== undefined) await assertAgency(tx, input.agency_id);
  const order = { input, amountMinor, effectiveOn, link };
  const booked = input.recoverable ? await advance(context, book, order) : await expense(context, book, order);
  const cost: Cost = {
    ...booked,
    costType: input.cost_type,
    amountMinor,
    incurredOn: input.incurred_on,
    accountNumber: input.account_number ?? null,
    agencyId: input.agency_id ?? null,
    recoverable: input.recoverable,
    externalId: input.external_id ?? null,
    note: input.note ?? null,
    recordedAt: book.head.recordedAt,
  };
  await insertCost(tx, portfolioId, cost);
  return cost;
}

type CostInput = Omit<ActParsed<"record-cost">, "portfolio_id">;

interface CostOrder {
  readonly input: CostInput;
  readonly amountMinor: Minor;
  readonly effectiveOn: string;
  readonly link: EntryLink | undefined;
}

type Booked = Pick<Cost, "sequence" | "receivableNo">;

async function expense(context: Context, book: Book, order: CostOrder): Promise<Booked> {
  const { input, amountMinor, effectiveOn, link } = order;
  const account = input.account_number;
  const receivableNo = account === undefined ? null : await knownReceivable(context, book, account);
  const sequence = await addEntries(context, book, [
    {
      ...costIncurred({ costType: input.cost_type, amountMinor }),
      ...link?.entry,
      effectiveOn,
      sourceKind: "cost",
      receivableNo,
      agencyId: input.agency_id ?? null,
      costType: input.cost_type,
    },
  ]);
  return { sequence, receivableNo };
}

async function knownReceivable({ tx }: Context, { portfolio }: Book, account: string): Promise<number> {
  const receivableNo = (await receivableNumbers(tx, portfolio.portfolioId, [account])).get(account);
  if (receivableNo !== undefined) return receivableNo;
  throw new Refusal("receivable_unknown", `the portfolio has no account number ${account}`);
}

async function advance(context: Context, book: Book, { input, amountMinor, effectiveOn }: CostOrder): Promise<Booked> {
  const accountNumber = input.account_number!;
  const [holding] = await readBought(context, book, { accounts: [accountNumber] });
  const { receivableNo, position: before } = holding!;
  const debt = debtOf(before);
  const claim = addParts(debt.claim, onePart("court_costs", amountMinor));
  const advanceMinor = minor(debt.advanceMinor + amountMinor);
  if (advanceMinor < 0n || claim.court_costs < 0n) {
    const [advanced, owed] = [debt.advanceMinor, debt.claim.court_costs].map((amount) =>
      formatMinor(amount, book.portfolio.currency),
    );
    throw new Refusal("amount_not_available", `${advanced} are advanced, ${owed} owed as court costs`);
  }
  const [event] = await bookChanges(context, book, {
    order: { effectiveOn, happenedOn: input.incurred_on, sourceKind: "cost", note: input.note },
    entries: [
      {
        draft: courtCostAdvanced(amountMinor),
        changes: [{ accountNumber, before, after: withDebt(before, { ...debt, claim, advanceMinor }) }],
        costType: input.cost_type,
        agencyId: input.agency_id,
      },
    ],
  });
  return { sequence: event!.sequence, receivableNo };
}
