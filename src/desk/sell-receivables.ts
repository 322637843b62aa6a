import { Refusal } from "../../models/refusal.js";
import { carryingShares } from "../ledger/carrying-share.js";
import { addParts, noParts, sumParts } from "../ledger/claim.js";
import { receivablesSold } from "../ledger/claim-events.js";
import { carryingAmount } from "../ledger/cost-recovery.js";
import { allocate } from "../money/allocation.js";
import { type Minor, minor, sumMinor, zeroMinor } from "../money/money.js";
import { readHeldCosts } from "../store/position.js";
import { insertResale, type Resale, resaleDocumentOf } from "../store/resale.js";
import { implement } from "./act.js";
import { type BoughtHolding, bookChanges, readBought } from "./claim-change.js";
import type { Context } from "./desk.js";
import { type Book, effectiveDay, movementMinor, openBook } from "./portfolio-book.js";
import { debtOf, withDebt } from "./position-debt.js";

/**
 * Sells part of a portfolio on. The proceeds are split over the receivables by what is owed on them, and each leaves with its
 * share of the carrying amount, by allocated cost; both splits sum to the minor unit. The receivables leave their agencies.
 *
 * Guards in this order: the portfolio, the amount (`amount_invalid`), the day (`effective_date_refused`), the receivables
 * (`receivable_unknown`, `receivable_not_bought`, `receivable_not_owned` for one put back, sold or settled), then
 * `already_exists` for a known external_id.
 */
export const sellReceivables = implement("sell-receivables", async (context, input) => {
  const book = await openBook(context, input.portfolio_id);
  const { portfolio } = book;
  const proceedsMinor = movementMinor(input.proceeds, portfolio.currency);
  const effectiveOn = effectiveDay(context, book.purchase, input.sold_on);
  const accounts = [...new Set(input.account_numbers)];
  const holdings = await readBought(context, book, { accounts });
  const settled = holdings.find(({ position }) => position.state === "settled");
  if (settled !== undefined) {
    throw new Refusal("receivable_not_owned", `${settled.accountNumber} is settled: nothing of it can be sold`);
  }
  const carryings = await carryingsOf(context, book, holdings);
  const carryingMinor = sumMinor(carryings);
  const debts = holdings.map(({ position }) => debtOf(position));
  const claim = debts.reduce((sum, debt) => addParts(sum, debt.claim), noParts);
  const claims = holdings.map(({ position }) => minor(position.claimMinor));
  const proceeds = allocate(proceedsMinor, sumParts(claim) > 0n ? claims : claims.map(() => 1n));
  const changes = holdings.map(({ accountNumber, position: before }, i) => {
    const gone = withDebt(before, { ...debts[i]!, claim: noParts, advanceMinor: zeroMinor });
    return { accountNumber, before, after: { ...gone, state: "sold" as const, placementNo: null } };
  });
  const advanceMinor = sumMinor(debts.map((debt) => debt.advanceMinor));
  const draft = receivablesSold({ proceedsMinor, carryingMinor, claim, advanceMinor });
  const costMinor = minor(book.investment.costMinor - carryingMinor);
  book.investment = { ...book.investment, costMinor };
  const order = { effectiveOn, happenedOn: input.sold_on, sourceKind: "resale" };
  const [event] = await bookChanges(context, book, { order, entries: [{ draft, changes }] });
  const resale: Resale = {
    sequence: event!.sequence,
    buyer: input.buyer,
    soldOn: input.sold_on,
    receivables: holdings.length,
    takenBack: 0,
    claimMinor: sumParts(claim),
    proceedsMinor,
    carryingMinor,
    externalId: input.external_id ?? null,
    recordedAt: event!.recordedAt,
  };
  const sold = holdings.map(({ receivableNo }, i) => ({
    receivableNo,
    claimMinor: claims[i]!,
    proceedsMinor: proceeds[i]!,
    carryingMinor: carryings[i]!,
  }));
  await insertResale(context.tx, portfolio.portfolioId, { resale, sold });
  return resaleDocumentOf(resale, portfolio);
});

/** What these receivables are carried at: their shares of the portfolio's carrying amount, over all that are ours. */
async function carryingsOf({ tx }: Context, book: Book, holdings: readonly BoughtHolding[]): Promise<Minor[]> {
  const { receivableNos, costsMinor } = await readHeldCosts(tx, book.portfolio.portfolioId);
  const shares = carryingShares(carryingAmount(book.investment), costsMinor.map(minor));
  const byNumber = new Map(receivableNos.map((receivableNo, i) => [receivableNo, shares[i]!]));
  return holdings.map(({ receivableNo }) => byNumber.get(receivableNo)!);
}
