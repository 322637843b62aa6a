import type { ActParsed } from "../../models/acts.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import type { ClaimParts } from "../ledger/claim.js";
import { putBackReduced, putBackRefused } from "../ledger/claim-events.js";
import { formatMinor, lesserMinor, type Minor, minor, parseMinor, sumMinor } from "../money/money.js";
import { readClaimEvents } from "../store/claim-event.js";
import type { PositionState } from "../store/position.js";
import { findPurchase } from "../store/purchase.js";
import { type AskedPutBack, readAskedPutBacks, saveAnswers } from "../store/put-back.js";
import { implement } from "./act.js";
import { restoreCost } from "./carried-cost.js";
import { type BoughtHolding, bookChanges, type ChangingEntry, readBought } from "./claim-change.js";
import type { Context } from "./desk.js";
import { type Book, effectiveDay, openBook } from "./portfolio-book.js";
import { bouncedSince, cameBack } from "./returned-receivable.js";

/**
 * The seller's answer to put-backs. Accepted: the refund stands. Accepted for less: the rest of the refund is taken
 * back, and the cost that it had covered is the portfolio's again. Refused: the receivables are ours again, with their
 * claims, their cost and the court costs advanced on them; they stay with no agency.
 *
 * Guards in this order: the purchase (`not_found`), the day (`effective_date_refused`), the receivables
 * (`receivable_unknown`, `receivable_not_bought`), a put-back of each that waits for an answer (`not_found`), the
 * amount (`amount_not_available` for more than was asked).
 */
export const answerPutBack = implement("answer-put-back", async (context, input) => {
  const { tx } = context;
  const { portfolioId } = await findPurchase(tx, input.purchase_id);
  const book = await openBook(context, portfolioId);
  const { currency } = book.portfolio;
  const effectiveOn = effectiveDay(context, book.purchase, input.answered_on);
  const accounts = [...new Set(input.account_numbers)];
  const holdings = await readBought(context, book, { accounts, alsoGone: true });
  const asked = await askedPutBacks(context, portfolioId, holdings);
  const acceptedMinor = asked.map((putBack) => acceptedOf(putBack, input, currency));
  const order = { effectiveOn, happenedOn: input.answered_on, sourceKind: "put_back", reason: input.reason };
  const states = await statesBefore(context, portfolioId, asked);
  const bounced = await bouncedSince(context, portfolioId, asked);
  const answers = asked.map((putBack, i) => {
    const holding = holdings[i]!;
    if (input.decision === "refused")
      return refusedEntry(book, { holding, putBack, state: states[i]!, bounced: bounced(putBack.receivableNo) });
    return reducedEntry(book, { holding, putBack, acceptedMinor: acceptedMinor[i]! });
  });
  const entries = answers.filter((entry) => entry !== undefined);
  const events = entries.length === 0 ? [] : await bookChanges(context, book, { order, entries });
  const sequences = new Map(events.map(({ receivableNo, sequence }) => [receivableNo, sequence]));
  const saved = asked.map(({ receivableNo, sequence }, i) => ({
    receivableNo,
    sequence,
    state: input.decision,
    acceptedMinor: acceptedMinor[i]!,
    answerSequence: sequences.get(receivableNo) ?? null,
  }));
  const reason = input.reason ?? null;
  await saveAnswers(tx, portfolioId, { answers: saved, answeredOn: input.answered_on, reason });
  return {
    purchase_id: input.purchase_id,
    currency,
    refund: formatMinor(sumMinor(acceptedMinor), currency),
    put_backs: asked.map((putBack, i) => ({
      account_number: accounts[i]!,
      reason: putBack.reason,
      put_back_on: putBack.putBackOn,
      refund: formatMinor(putBack.refundMinor, currency),
      late: putBack.late,
      override_reason: putBack.overrideReason,
      state: input.decision,
      accepted: formatMinor(acceptedMinor[i]!, currency),
      answered_on: input.answered_on,
      answer_reason: reason,
      entry_id: childId("en", portfolioId, putBack.sequence),
    })),
  };
});

async function askedPutBacks(
  { tx }: Context,
  portfolioId: string,
  holdings: readonly BoughtHolding[],
): Promise<AskedPutBack[]> {
  const numbers = holdings.map(({ receivableNo }) => receivableNo);
  const asked = await readAskedPutBacks(tx, portfolioId, numbers);
  return holdings.map(({ receivableNo, accountNumber }) => {
    const putBack = asked.get(receivableNo);
    if (putBack !== undefined) return putBack;
    throw new Refusal("not_found", `no put-back of ${accountNumber} waits for an answer`);
  });
}

function acceptedOf(putBack: AskedPutBack, input: ActParsed<"answer-put-back">, currency: string): Minor {
  if (input.decision === "refused") return minor(0n);
  if (input.accepted_amount === undefined) return minor(putBack.refundMinor);
  const accepted = parseMinor(input.accepted_amount, currency);
  if (accepted <= putBack.refundMinor) return accepted;
  const shown = formatMinor(putBack.refundMinor, currency);
  throw new Refusal("amount_not_available", `${input.accepted_amount} accepted of ${shown} that were asked for`);
}

/** What the receivables were before they were put back; open, where that was not kept. */
async function statesBefore(
  { tx }: Context,
  portfolioId: string,
  asked: readonly AskedPutBack[],
): Promise<PositionState[]> {
  const sequences = asked.map(({ sequence }) => sequence);
  const events = await readClaimEvents(tx, portfolioId, sequences);
  return asked.map(({ sequence, receivableNo }) => events.get(`${sequence} ${receivableNo}`)?.stateBefore ?? "owned");
}

/** Debit less credit of an account in the put-back's entry. */
const bookedOn = ({ booked }: AskedPutBack, account: string): Minor => minor(booked.get(account) ?? 0n);

function refusedEntry(
  book: Book,
  of: { holding: BoughtHolding; putBack: AskedPutBack; state: PositionState; bounced: ClaimParts },
): ChangingEntry {
  const { holding, putBack, state, bounced } = of;
  const { accountNumber, position: before } = holding;
  // the put-back took these off: they stand on the credit side of its entry
  const off = (account: string) => minor(-bookedOn(putBack, account));
  const [costReliefMinor, advanceMinor] = [off("1500"), off("1300")];
  const left: ClaimParts = {
    principal: off("9000"),
    interest: off("9010"),
    fees: off("9020"),
    court_costs: off("9030"),
  };
  const { claim, after } = cameBack(before, { claim: left, advanceMinor, state }, bounced);
  const caughtUpMinor = restoreCost(book, costReliefMinor);
  const refundMinor = minor(putBack.refundMinor);
  return {
    draft: putBackRefused({ refundMinor, costReliefMinor, claim, advanceMinor, caughtUpMinor }),
    changes: [{ accountNumber, before, after }],
  };
}

function reducedEntry(
  book: Book,
  { holding, putBack, acceptedMinor }: { holding: BoughtHolding; putBack: AskedPutBack; acceptedMinor: Minor },
): ChangingEntry | undefined {
  const refundMinor = minor(putBack.refundMinor - acceptedMinor);
  if (refundMinor === 0n) return undefined;
  const relievedMinor = minor(-bookedOn(putBack, "1500"));
  const costReliefMinor = minor(relievedMinor - lesserMinor(relievedMinor, acceptedMinor));
  const caughtUpMinor = restoreCost(book, costReliefMinor);
  const { accountNumber, position } = holding;
  return {
    draft: putBackReduced({ refundMinor, costReliefMinor, caughtUpMinor }),
    changes: [{ accountNumber, before: position, after: position }],
  };
}
