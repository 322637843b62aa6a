import type { ActParsed } from "../../models/acts.js";
import type { ReceiptKind } from "../../models/payment.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import type { CorrectedFields } from "../../models/reversal.js";
import { shareOf } from "../ledger/payment-application.js";
import { formatMinor, minor } from "../money/money.js";
import { readCostOf } from "../store/cost.js";
import { findEntry, type PostedEntry } from "../store/entry.js";
import { type KnownPayment, readPaymentOf } from "../store/known-payment.js";
import { implement } from "./act.js";
import { beforeCascade, cascadeSince } from "./cascade.js";
import type { Context } from "./desk.js";
import { type Book, type EntryLink, effectiveDay, movementMinor } from "./portfolio-book.js";
import { bookCost } from "./record-cost.js";
import { bookReceipt } from "./record-receipt.js";
import { accountsOf, assertNotBefore, openEntry } from "./reverse-entry.js";
import { takeBack } from "./take-back.js";
import { applyLinked } from "./take-back-payment.js";

type Input = ActParsed<"correct-entry">;

/** What stands in the place of a wrong entry: its number. */
interface Rebooking {
  readonly context: Context;
  readonly book: Book;
  readonly target: PostedEntry;
  readonly input: Input;
}

/** Which fields each kind of record has to correct, and how the right one is booked. */
const records: Readonly<
  Record<string, { fields: readonly (keyof CorrectedFields)[]; rebook(how: Rebooking): Promise<bigint> }>
> = {
  payment: {
    fields: ["amount", "account_number", "channel", "commission", "legal", "paid_on", "external_id"],
    rebook: rebookPayment,
  },
  cost: {
    fields: ["amount", "account_number", "cost_type", "incurred_on", "agency_id", "external_id", "note"],
    rebook: rebookCost,
  },
  receipt: { fields: ["amount", "kind", "received_on", "agency_id"], rebook: rebookReceipt },
};

/**
 * Takes a wrong entry back as a whole and books the right one, in one transaction. The two are linked with it: the
 * books keep what was believed and when.
 *
 * Guards in this order: the entry (`not_found`), its kind (`entry_not_reversible`), the fields (`invalid_request`), the
 * day (`effective_date_refused`), what is left of it (`entry_not_reversible`), then those of the act that makes such an entry.
 */
export const correctEntry = implement("correct-entry", async (context, input) => {
  const { book, target } = await openEntry(context, input.entry_id);
  const { portfolio } = book;
  const record = target.reversesSequence === null ? records[target.sourceKind] : undefined;
  if (record === undefined) {
    throw new Refusal("entry_not_reversible", `entry ${target.sequence} is a ${target.kind}, which is not corrected`);
  }
  assertFields(target.sourceKind, record.fields, input.with);
  const on = input.corrected_on ?? target.effectiveOn;
  const effectiveOn = effectiveDay(context, book.purchase, on);
  assertNotBefore(target, on);
  if (target.reversals.length > 0) {
    const reason = "a part of it was taken back before; take back the rest, and record what is right";
    throw new Refusal("entry_not_reversible", `entry ${target.sequence}: ${reason}`);
  }
  const accounts = [
    ...(await accountsOf(context, target)),
    ...(input.with.account_number === undefined ? [] : [input.with.account_number]),
  ];
  const before = await beforeCascade(context, book, accounts);
  const order = { effectiveOn, on, originalOn: null, reason: input.reason, amountMinor: undefined, lines: undefined };
  const reversal = await takeBack(context, book, { target, order });
  const rebooked = await record.rebook({ context, book, target, input });
  const shown = (sequence: bigint) => findEntry(context.tx, portfolio, childId("en", portfolio.portfolioId, sequence));
  return {
    reversal: await shown(reversal),
    rebooked: await shown(rebooked),
    cascade: await cascadeSince(context, book, before),
  };
});

function assertFields(record: string, known: readonly string[], given: CorrectedFields): void {
  const strange = Object.keys(given).filter((name) => !known.includes(name));
  if (strange.length === 0) return;
  throw new Refusal(
    "invalid_request",
    `a ${record} has no ${strange.join(", ")} to correct; it has ${known.join(", ")}`,
    strange.map((name) => ({
      pointer: `/with/${name}`,
      code: "unrecognized_key",
      detail: `is no field of a ${record}`,
    })),
  );
}

/** Where the right entry is booked: on its own day, or on the day of the correction with its own day kept. */
function linkOf({ context, book, target, input }: Rebooking, ownDay: string): EntryLink {
  const ownEffective = effectiveDay(context, book.purchase, ownDay);
  const entry = { reason: input.reason, correctsSequence: target.sequence };
  const on = input.corrected_on;
  if (on === undefined || on === ownDay) return { effectiveOn: ownEffective, entry };
  return { effectiveOn: effectiveDay(context, book.purchase, on), entry: { ...entry, originalOn: ownDay } };
}

async function rebookPayment(how: Rebooking): Promise<bigint> {
  const { context, book, target, input } = how;
  const { currency } = book.portfolio;
  const original = await readPaymentOf(context.tx, book.portfolio.portfolioId, target.sequence);
  const fields = input.with;
  const amountMinor =
    fields.amount === undefined ? minor(original.amountMinor) : movementMinor(fields.amount, currency);
  if (amountMinor < 0n) throw new Refusal("amount_invalid", "a payment that came back is recorded as one of its own");
  const paidOn = fields.paid_on ?? original.paidOn;
  const channel = fields.channel ?? original.channel;
  const account = fields.account_number ?? target.accountNumber;
  const isSameHands = channel === original.channel && account === target.accountNumber;
  const payment = await applyLinked(context, book, {
    fields: {
      account_number: account,
      amount: formatMinor(amountMinor, currency),
      paid_on: paidOn,
      channel,
      legal: fields.legal ?? false,
      external_id: fields.external_id,
      commission:
        fields.commission ?? (isSameHands ? sharedCommission(original, { amountMinor, input, currency }) : undefined),
    },
    link: { ...linkOf(how, paidOn), corrects: original, ...(isSameHands ? { agencyId: original.agencyId } : {}) },
  });
  return payment.sequence;
}

/**
 * The commission of a payment whose amount was wrong: in proportion to what was taken, for the terms of its day may be
 * gone. Undefined where the terms are to be asked again: on our own money, and when it turns out to be by suit.
 */
function sharedCommission(
  original: KnownPayment,
  to: { amountMinor: ReturnType<typeof minor>; input: Input; currency: string },
): string | undefined {
  if (original.channel === "own" || to.input.with.legal !== undefined) return undefined;
  const share = { partMinor: to.amountMinor, wholeMinor: minor(original.amountMinor) };
  return formatMinor(shareOf(minor(original.commissionMinor), share), to.currency);
}

async function rebookCost(how: Rebooking): Promise<bigint> {
  const { context, book, target, input } = how;
  const cost = await readCostOf(context.tx, book.portfolio.portfolioId, target.sequence);
  if (cost.recoverable) {
    const advice = "take it back, and record what is right";
    throw new Refusal("entry_not_reversible", `entry ${target.sequence} is an advance on a claim: ${advice}`);
  }
  const fields = input.with;
  const incurredOn = fields.incurred_on ?? cost.incurredOn;
  const rebooked = await bookCost(context, book, {
    input: {
      cost_type: fields.cost_type ?? cost.costType,
      amount: fields.amount ?? formatMinor(cost.amountMinor, book.portfolio.currency),
      incurred_on: incurredOn,
      account_number: fields.account_number ?? target.accountNumber ?? undefined,
      agency_id: fields.agency_id ?? cost.agencyId ?? undefined,
      recoverable: false,
      external_id: fields.external_id,
      note: fields.note ?? cost.note ?? undefined,
    },
    link: linkOf(how, incurredOn),
  });
  return rebooked.sequence;
}

const settles: Readonly<Record<string, ReceiptKind>> = {
  "1100": "agency_remittance",
  "1150": "put_back_refund",
  "1160": "direct_payments",
};

async function rebookReceipt(how: Rebooking): Promise<bigint> {
  const { context, book, target, input } = how;
  const posting = target.postings[0]!;
  const amount = input.with.amount ?? formatMinor(minor(posting.amountMinor), book.portfolio.currency);
  if (movementMinor(amount, book.portfolio.currency) < 0n) {
    throw new Refusal("amount_invalid", `${amount}: a receipt is of money that came; take the wrong one back instead`);
  }
  const receivedOn = input.with.received_on ?? target.effectiveOn;
  const { sequence } = await bookReceipt(context, book, {
    input: {
      kind: input.with.kind ?? settles[posting.credit]!,
      amount,
      received_on: receivedOn,
      agency_id: input.with.agency_id ?? target.agencyId ?? undefined,
    },
    link: linkOf(how, receivedOn),
  });
  return sequence;
}
