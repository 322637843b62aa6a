import { Refusal } from "../../models/refusal.js";
import { addParts, type ClaimParts, negateParts, noParts } from "../ledger/claim.js";
import { receivablesSold } from "../ledger/claim-events.js";
import { entryReversed, reversedBy } from "../ledger/reversal-events.js";
import { type Minor, minor, sumMinor } from "../money/money.js";
import { type ClaimEvent, readClaimEvents } from "../store/claim-event.js";
import type { PostedEntry } from "../store/entry.js";
import { insertSold, readStillSold, type SoldReceivable } from "../store/resale.js";
import { restoreCost } from "./carried-cost.js";
import { bookTakenBack, readBought } from "./claim-change.js";
import type { Context } from "./desk.js";
import type { Book } from "./portfolio-book.js";
import { bouncedSince, cameBack } from "./returned-receivable.js";
import { assertWhole, nothingLeft, type TakeBackOrder } from "./taken-lines.js";

/**
 * Takes a resale back: of all its receivables, or of those named. Each comes back with the claim, the carrying amount and
 * the state it left with, and its share of the proceeds is the buyer's again; it stays with no agency.
 */
export async function takeBackResale(
  context: Context,
  book: Book,
  target: PostedEntry,
  order: TakeBackOrder,
): Promise<bigint> {
  assertWhole(target, order);
  const { tx } = context;
  const { portfolioId } = book.portfolio;
  const coming = await comingBack(context, book, target, order.accounts);
  const bounced = await bouncedSince(
    context,
    portfolioId,
    coming.map(({ sold: { receivableNo } }) => ({ receivableNo, sequence: target.sequence })),
  );
  const accounts = coming.map(({ event }) => event.accountNumber);
  const holdings = await readBought(context, book, { accounts, alsoGone: true });
  const back = holdings.map(({ accountNumber, receivableNo, position: before }, i) => {
    const { event } = coming[i]!;
    const left = { claim: claimTaken(event), advanceMinor: minor(-event.advanceMinor), state: event.stateBefore };
    return { accountNumber, before, ...cameBack(before, left, bounced(receivableNo)) };
  });
  const carryingMinor = sumOf(coming, ({ sold }) => sold.carryingMinor);
  const sale = receivablesSold({
    proceedsMinor: sumOf(coming, ({ sold }) => sold.proceedsMinor),
    carryingMinor,
    claim: back.reduce((sum, { claim }) => addParts(sum, claim), noParts),
    advanceMinor: sumOf(coming, ({ event }) => -event.advanceMinor),
  });
  const draft = reversedBy(entryReversed(sale.postings), restoreCost(book, carryingMinor));
  const sequence = await bookTakenBack(context, book, { target, order, entry: { draft, changes: back } });
  await insertSold(tx, portfolioId, { sequence, sold: coming.map(({ sold }) => opposite(sold)) });
  return sequence;
}

interface Coming {
  readonly sold: SoldReceivable;
  readonly event: ClaimEvent;
}

/** The receivables of the sale that are still the buyer's, or those of them that are named. */
async function comingBack(
  { tx }: Context,
  { portfolio }: Book,
  target: PostedEntry,
  accounts: readonly string[] | undefined,
): Promise<Coming[]> {
  const { portfolioId } = portfolio;
  const { sequence } = target;
  const events = await readClaimEvents(tx, portfolioId, [sequence]);
  const stillSold = await readStillSold(tx, portfolioId, sequence);
  const all = stillSold.map((sold) => ({ sold, event: events.get(`${sequence} ${sold.receivableNo}`)! }));
  if (accounts === undefined && all.length > 0) return all;
  const byAccount = new Map(all.map((one) => [one.event.accountNumber, one]));
  const named = [...new Set(accounts ?? [])];
  const strange = named.filter((account) => ![...events.values()].some((event) => event.accountNumber === account));
  if (strange.length > 0) {
    const shown = strange.slice(0, 10).join(", ");
    throw new Refusal("entry_not_reversible", `entry ${sequence} sold no ${shown}`);
  }
  const coming = named.map((account) => byAccount.get(account));
  if (coming.length === 0 || coming.some((one) => one === undefined)) throw nothingLeft(target, named);
  return coming.map((one) => one!);
}

function claimTaken({ principalMinor, interestMinor, feesMinor, courtCostsMinor }: ClaimEvent): ClaimParts {
  return negateParts({
    principal: minor(principalMinor),
    interest: minor(interestMinor),
    fees: minor(feesMinor),
    court_costs: minor(courtCostsMinor),
  });
}

function opposite(sold: SoldReceivable): SoldReceivable {
  return {
    receivableNo: sold.receivableNo,
    claimMinor: -sold.claimMinor,
    proceedsMinor: -sold.proceedsMinor,
    carryingMinor: -sold.carryingMinor,
  };
}

function sumOf(coming: readonly Coming[], amount: (one: Coming) => bigint): Minor {
  return sumMinor(coming.map((one) => minor(amount(one))));
}
