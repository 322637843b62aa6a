import type { z } from "zod";
import { childId, parseChildId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import type { receivableStatementDocument } from "../../models/statement.js";
import { formatDay } from "../calendar/day.js";
import {
  addMeasures,
  claimOf,
  measuresOf,
  noMeasures,
  type ReceivableMeasures,
} from "../ledger/receivable-measures.js";
import { formatMinor } from "../money/money.js";
import { prefixOfSource } from "../store/entry.js";
import { sequenceKnownAt } from "../store/ledger.js";
import { findPortfolio } from "../store/portfolio.js";
import {
  type BoughtPosition,
  findStatementHead,
  type ReceivableEntry,
  readReceivableEntries,
} from "../store/receivable-history.js";
import { implement } from "./act.js";
import { knownAtOf } from "./known-at.js";

type Line = z.output<typeof receivableStatementDocument>["data"][number];

/**
 * One receivable from its purchase on: every entry that belongs to it with what it changed, and the claim after it. The
 * figures are read off the postings, so that the statement and the ledger cannot differ.
 * @throws Refusal `not_found`; `portfolio_not_owned` before the purchase; `receivable_not_bought` for one left out of it
 */
export const showReceivableStatement = implement("show-receivable-statement", async ({ tx, now, today }, input) => {
  const portfolio = await findPortfolio(tx, input.portfolio_id);
  const { portfolioId, currency } = portfolio;
  const key = input.receivable_id === undefined ? undefined : parseChildId("rc", input.receivable_id);
  const wanted =
    input.receivable_id === undefined
      ? { accountNumber: input.account_number }
      : // an id of another portfolio is no receivable of this one
        { receivableNo: key?.portfolioId === portfolioId ? key.number : 0 };
  const head = await findStatementHead(tx, portfolioId, wanted);
  const { receivableNo, purchase, position } = head;
  if (position === undefined) {
    throw new Refusal("receivable_not_bought", "the receivable was excluded from the purchase: it has no statement");
  }
  const asOf = input.as_of ?? formatDay(today);
  const { known_at: knownAt } = input;
  const isAllKnown = knownAt === undefined || Date.parse(head.lastRecordedAt) <= Date.parse(knownAt);
  const lastSequence = isAllKnown ? head.lastSequence : await sequenceKnownAt(tx, portfolioId, knownAt);
  const isBought = purchase.sequence <= lastSequence && purchase.closingOn <= asOf;
  const entries = await readReceivableEntries(tx, { portfolioId, receivableNo });
  const opening = isBought ? openingOf(position, entries) : noMeasures();
  let sum: ReceivableMeasures = opening;
  const data: Line[] = [];
  for (const entry of entries) {
    if (entry.sequence > lastSequence || entry.effectiveOn > asOf) continue;
    const change = changeOf(entry);
    sum = addMeasures(sum, change);
    data.push(lineOf(entry, { change, after: sum, portfolioId, currency }));
  }
  const money = (amountMinor: bigint) => formatMinor(amountMinor, currency);
  return {
    receivable_id: childId("rc", portfolioId, receivableNo),
    portfolio_id: portfolioId,
    account_number: head.accountNumber,
    currency,
    as_of: asOf,
    known_at: await knownAtOf({ tx, now }, input),
    state: position.state,
    opening_on: purchase.closingOn,
    opening: money(claimOf(opening)),
    opening_parts: partsOf(opening, currency),
    closing: money(claimOf(sum)),
    closing_parts: partsOf(sum, currency),
    unapplied: money(sum.unapplied),
    investment: {
      cost: money(isBought ? position.costMinor : 0n),
      collected: money(sum.collected),
      commission: money(sum.commission),
      court_costs: money(sum.courtSpent),
      refunded: money(sum.refunded),
      sold_for: money(sum.soldFor),
    },
    data,
  };
});

function changeOf(entry: ReceivableEntry): ReceivableMeasures {
  return entry.share === null ? measuresOf(entry.postings) : { ...noMeasures(), ...entry.share };
}

/**
 * The claim that was bought, by component: the whole of it is kept, its components are what they are now without what all
 * entries have changed of them.
 */
function openingOf(position: BoughtPosition, entries: readonly ReceivableEntry[]): ReceivableMeasures {
  const changed = entries.map(changeOf).reduce(addMeasures, noMeasures());
  const interest = position.interestMinor - changed.interest;
  const fees = position.feesMinor - changed.fees;
  const courtCosts = position.courtCostsMinor - changed.courtCosts;
  return { ...noMeasures(), principal: position.faceMinor - interest - fees - courtCosts, interest, fees, courtCosts };
}

function partsOf(measures: ReceivableMeasures, currency: string) {
  const { principal, interest, fees, courtCosts } = measures;
  return {
    principal: formatMinor(principal, currency),
    interest: formatMinor(interest, currency),
    fees: formatMinor(fees, currency),
    court_costs: formatMinor(courtCosts, currency),
  };
}

function lineOf(
  entry: ReceivableEntry,
  of: { change: ReceivableMeasures; after: ReceivableMeasures; portfolioId: string; currency: string },
): Line {
  const { change, after, portfolioId, currency } = of;
  const { reversesSequence } = entry;
  return {
    entry_id: childId("en", portfolioId, entry.sequence),
    kind: entry.kind,
    effective_on: entry.effectiveOn,
    original_on: entry.originalOn,
    recorded_at: entry.recordedAt,
    source_kind: entry.sourceKind,
    source_id: childId(prefixOfSource(entry.sourceKind), portfolioId, entry.sourceId),
    claim_change: formatMinor(claimOf(change), currency),
    parts_change: partsOf(change, currency),
    claim: formatMinor(claimOf(after), currency),
    collected: formatMinor(change.collected, currency),
    commission: formatMinor(change.commission, currency),
    unapplied_change: formatMinor(change.unapplied, currency),
    reverses_entry_id: reversesSequence === null ? null : childId("en", portfolioId, reversesSequence),
    reason: entry.reason,
  };
}
