import assert from "node:assert/strict";
import { Refusal } from "../../models/refusal.js";
import { type ClaimParts, noParts } from "../ledger/claim.js";
import { putBackRefused } from "../ledger/claim-events.js";
import { receivablePutBack } from "../ledger/events.js";
import { netOf, reversedBy } from "../ledger/reversal-events.js";
import { formatMinor, type Minor, minor, zeroMinor } from "../money/money.js";
import { readClaimEvents } from "../store/claim-event.js";
import type { PostedEntry } from "../store/entry.js";
import { readStandingSince } from "../store/later-entries.js";
import { refundedMinor } from "../store/purchase.js";
import { readPutBackBy, reopenPutBack, saveAnswers } from "../store/put-back.js";
import { removeCost, restoreCost } from "./carried-cost.js";
import { type BoughtHolding, bookTakenBack, type ClaimChange, readBought } from "./claim-change.js";
import type { Context } from "./desk.js";
import type { Book } from "./portfolio-book.js";
import { debtOf, withDebt } from "./position-debt.js";
import { bouncedSince, cameBack } from "./returned-receivable.js";
import { assertWhole, nothingLeft, type TakeBackOrder } from "./taken-lines.js";

/**
 * Withdraws a put-back: the receivable is ours again, with its claim, its cost and its state; it stays with no agency.
 * What came in on it meanwhile stays unapplied until it is applied. An answer of the seller that made an entry rests on
 * it, and is taken back first.
 */
export async function takeBackPutBack(
  context: Context,
  book: Book,
  target: PostedEntry,
  order: TakeBackOrder,
): Promise<bigint> {
  assertWhole(target, order);
  const { tx } = context;
  const { portfolioId } = book.portfolio;
  const putBack = await readPutBackBy(tx, portfolioId, { sequence: target.sequence });
  assert(putBack !== undefined, `entry ${target.sequence} puts back what is not put back`);
  if (putBack.state === "withdrawn") throw nothingLeft(target);
  if (putBack.answerSequence !== null) {
    const answer = `the seller's answer, entry ${putBack.answerSequence}`;
    throw new Refusal("entry_not_reversible", `${answer}, rests on entry ${target.sequence}: take that back first`);
  }
  const { accountNumber, receivableNo, position } = await holdingOf(context, book, target);
  const { sequence } = target;
  const event = (await readClaimEvents(tx, portfolioId, [sequence])).get(`${sequence} ${receivableNo}`);
  const bounced = await bouncedSince(context, portfolioId, [{ receivableNo, sequence }]);
  const left = { claim: claimOff(target), advanceMinor: off(target, "1300"), state: event?.stateBefore ?? "owned" };
  const { claim, after } = cameBack(position, left, bounced(receivableNo));
  const costReliefMinor = off(target, "1500");
  const caughtUpMinor = restoreCost(book, costReliefMinor);
  const { advanceMinor } = left;
  const refundMinor = minor(putBack.refundMinor);
  const draft = reversedBy(putBackRefused({ refundMinor, costReliefMinor, claim, advanceMinor, caughtUpMinor }));
  const changes = [{ accountNumber, before: position, after }];
  const taken = await bookTakenBack(context, book, { target, order, entry: { draft, changes } });
  const answer = { receivableNo, sequence, state: "withdrawn" as const, acceptedMinor: 0n, answerSequence: taken };
  await saveAnswers(tx, portfolioId, { answers: [answer], answeredOn: order.on, reason: order.reason });
  return taken;
}

/**
 * The seller's answer was wrong: the put-back waits for one again. After a refusal the receivable goes back once more,
 * with all that is owed on it; what has happened to it since rests on the refusal, and is taken back first.
 */
export async function takeBackAnswer(
  context: Context,
  book: Book,
  target: PostedEntry,
  order: TakeBackOrder,
): Promise<bigint> {
  assertWhole(target, order);
  const { portfolioId } = book.portfolio;
  const putBack = await readPutBackBy(context.tx, portfolioId, { answerSequence: target.sequence });
  if (putBack === undefined) throw nothingLeft(target);
  const holding = await holdingOf(context, book, target);
  const change =
    target.kind === "put_back_refused" ? await goneAgain(context, book, target, holding) : unchanged(holding);
  const refundMinor = netOf(target.postings, "4100");
  await assertWithinPrice(context, book, refundMinor);
  const cost = removeCost(book, minor(-netOf(target.postings, "4910")));
  const { claim, advanceMinor } = change.gone;
  const again = receivablePutBack({ refundMinor, costReliefMinor: cost.costMinor, claim, advanceMinor });
  const draft = reversedBy(again, cost.caughtUpMinor);
  const taken = await bookTakenBack(context, book, { target, order, entry: { draft, changes: [change] } });
  await reopenPutBack(context.tx, portfolioId, putBack);
  return taken;
}

interface Gone {
  readonly claim: ClaimParts;
  readonly advanceMinor: Minor;
}

function unchanged({ accountNumber, position }: BoughtHolding): ClaimChange & { gone: Gone } {
  return { accountNumber, before: position, after: position, gone: { claim: noParts, advanceMinor: zeroMinor } };
}

async function goneAgain(
  { tx }: Context,
  { portfolio }: Book,
  target: PostedEntry,
  { accountNumber, receivableNo, position: before }: BoughtHolding,
): Promise<ClaimChange & { gone: Gone }> {
  const later = await readStandingSince(tx, portfolio.portfolioId, { receivableNo, sequence: target.sequence });
  if (later.length > 0) {
    const named = later.map(({ sequence, kind }) => `entry ${sequence} (${kind})`).join(", ");
    const detail = `${named} on ${accountNumber} came after entry ${target.sequence}: take back first`;
    throw new Refusal("entry_not_reversible", detail);
  }
  const debt = debtOf(before);
  const gone = withDebt(before, { ...debt, claim: noParts, advanceMinor: zeroMinor });
  return { accountNumber, before, after: { ...gone, state: "put_back", placementNo: null }, gone: debt };
}

async function assertWithinPrice(context: Context, { portfolio, purchase }: Book, moreMinor: Minor): Promise<void> {
  const leftMinor = minor(purchase.priceMinor - (await refundedMinor(context.tx, portfolio.portfolioId)));
  if (moreMinor <= leftMinor) return;
  const [more, left] = [moreMinor, leftMinor].map((amount) => formatMinor(amount, portfolio.currency));
  throw new Refusal(
    "entry_not_reversible",
    `the seller would owe ${more} more; ${left} of the price are left to refund`,
  );
}

async function holdingOf(context: Context, book: Book, target: PostedEntry): Promise<BoughtHolding> {
  assert(target.accountNumber !== null, "a put-back is of one receivable");
  const [holding] = await readBought(context, book, { accounts: [target.accountNumber], alsoGone: true });
  return holding!;
}

/** What an entry took off an account. */
const off = ({ postings }: PostedEntry, account: string): Minor => minor(-netOf(postings, account));

function claimOff(target: PostedEntry): ClaimParts {
  return {
    principal: off(target, "9000"),
    interest: off(target, "9010"),
    fees: off(target, "9020"),
    court_costs: off(target, "9030"),
  };
}
