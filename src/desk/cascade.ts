import type { CascadeDocument } from "../../models/reversal.js";
import { type Booked, netOf } from "../ledger/reversal-events.js";
import { formatMinor, minor } from "../money/money.js";
import { readAgencyClearing } from "../store/agency.js";
import { readMoved } from "../store/entry.js";
import { type Position, readHoldings } from "../store/position.js";
import type { Context } from "./desk.js";
import { balanceChanges } from "./effect.js";
import type { Book } from "./portfolio-book.js";

/** So many receivables are shown before and after. */
const shownReceivables = 100;

/** How a book stood before an act, as far as the act may change it. */
export interface Before {
  readonly sequence: bigint;
  readonly accounts: number;
  readonly positions: ReadonlyMap<string, Position>;
}

/** To be taken when the book has been opened, before anything is written. */
export async function beforeCascade(context: Context, book: Book, accounts: readonly string[]): Promise<Before> {
  const different = [...new Set(accounts)];
  const positions = await positionsOf(context, book, different.slice(0, shownReceivables));
  return { sequence: book.head.lastSequence, accounts: different.length, positions };
}

async function positionsOf({ tx }: Context, book: Book, accounts: readonly string[]): Promise<Map<string, Position>> {
  const holdings = await readHoldings(tx, book.portfolio.portfolioId, accounts);
  return new Map(
    [...holdings.values()].flatMap(({ accountNumber, position }) =>
      position === undefined ? [] : [[accountNumber, position] as const],
    ),
  );
}

/** Everything that the entries since then brought about: on the accounts, with the agencies, on the receivables. */
export async function cascadeSince(context: Context, book: Book, before: Before): Promise<CascadeDocument> {
  const { tx } = context;
  const { portfolio } = book;
  const { portfolioId, currency } = portfolio;
  const postings = await readMoved(tx, portfolioId, before.sequence);
  const money = (amountMinor: bigint) => formatMinor(amountMinor, currency);
  return {
    commission_returned: money(-netOf(postings, "5000")),
    cost_restored: money(netOf(postings, "1500")),
    unapplied_taken: money(netOf(postings, "2100")),
    agencies: await agencyChanges(context, book, postings),
    receivables: await receivableChanges(context, book, before.positions),
    receivables_total: before.accounts,
    balances: (await balanceChanges(tx, portfolio, before.sequence)).balances,
  };
}

/** What stands between us and each agency whose clearing was moved: what was remitted already is not undone by it. */
async function agencyChanges(
  { tx }: Context,
  { portfolio }: Book,
  postings: readonly (Booked & { agencyId: string | null })[],
): Promise<CascadeDocument["agencies"]> {
  const { portfolioId, currency } = portfolio;
  const changes: CascadeDocument["agencies"] = [];
  for (const agencyId of [...new Set(postings.map((posting) => posting.agencyId))].sort()) {
    const own = postings.filter((posting) => posting.agencyId === agencyId);
    if (agencyId === null || !own.some(({ debit, credit }) => debit === "1100" || credit === "1100")) continue;
    const { collectedMinor, remittedMinor } = await readAgencyClearing(tx, portfolioId, agencyId);
    const afterMinor = minor(collectedMinor - remittedMinor);
    changes.push({
      agency_id: agencyId,
      remitted: formatMinor(remittedMinor, currency),
      clearing_before: formatMinor(afterMinor - netOf(own, "1100"), currency),
      clearing_after: formatMinor(afterMinor, currency),
      owed_by: afterMinor > 0n ? "agency" : afterMinor < 0n ? "us" : "nobody",
    });
  }
  return changes;
}

async function receivableChanges(
  context: Context,
  book: Book,
  before: ReadonlyMap<string, Position>,
): Promise<CascadeDocument["receivables"]> {
  const { currency } = book.portfolio;
  const after = await positionsOf(context, book, [...before.keys()]);
  return [...before].map(([accountNumber, was]) => {
    const is = after.get(accountNumber)!;
    return {
      account_number: accountNumber,
      state_before: was.state,
      state_after: is.state,
      claim_before: formatMinor(was.claimMinor, currency),
      claim_after: formatMinor(is.claimMinor, currency),
      collected_before: formatMinor(was.collectedMinor, currency),
      collected_after: formatMinor(is.collectedMinor, currency),
      unapplied_before: formatMinor(was.unappliedMinor, currency),
      unapplied_after: formatMinor(is.unappliedMinor, currency),
      commission_before: formatMinor(was.commissionMinor, currency),
      commission_after: formatMinor(is.commissionMinor, currency),
    };
  });
}
