import type { ChecklistItem } from "../../models/period.js";
import type { Period } from "../calendar/day.js";
import { clearingAccounts } from "../ledger/clearing-accounts.js";
import { daysOf, type MonthCourse } from "../ledger/period.js";
import { formatMinor } from "../money/money.js";
import { readLedgers } from "../store/journal.js";
import { type Books, readClearing, readMonthsWithoutRevenue } from "../store/period.js";
import type { Tx } from "../store/transaction.js";
import { uncharged } from "./facility-charges.js";
import { openBalances } from "./open-balances.js";

/** Holds nothing at a month end: what stands there has not been explained by anybody. */
const suspenseAccount = "1900";
/** Holds nothing at a month end over all portfolios of a currency. */
const transferAccount = "1950";

export interface ChecklistFacts {
  readonly month: Period;
  /** YYYY-MM-DD */
  readonly today: string;
  readonly books: Books;
  readonly nextToClose: Period | null;
  readonly course: MonthCourse;
  /** what the verification of the books came to */
  readonly verified: Pick<ChecklistItem, "state" | "detail">;
}

/** What has to be so before a month is closed, as it is now. */
export async function computeChecklist(tx: Tx, facts: ChecklistFacts): Promise<ChecklistItem[]> {
  const { month, today, nextToClose } = facts;
  const { to } = daysOf(month);
  const is = (item: string, met: boolean, detail: string): ChecklistItem => ({
    item,
    state: met ? "met" : "unmet",
    detail,
  });
  return [
    is("month_over", to < today, `it ends on ${to}; today is ${today}`),
    is("months_in_order", nextToClose === month, orderDetail(facts)),
    secondPerson(facts),
    { item: "books_verified", ...facts.verified },
    await clearingExplained(tx, to),
    await revenueAccrued(tx, month),
    await facilitiesCharged(tx, to),
    { item: "bank_statements", state: "not_applicable", detail: "no bank statements are kept in these books" },
    {
      item: "exceptions",
      state: "not_applicable",
      detail: "nothing is reconciled in these books, so there are no exceptions",
    },
  ];
}

function orderDetail({ nextToClose, books }: ChecklistFacts): string {
  if (nextToClose === null) return "nothing has been booked yet";
  const through = books.closedThrough === null ? "no month is closed" : `closed through ${books.closedThrough}`;
  return `${through}; the next to be closed is ${nextToClose}`;
}

function secondPerson({ books, course }: ChecklistFacts): ChecklistItem {
  const item = "second_person";
  if (books.secondPerson === "waived") {
    return { item, state: "waived", detail: "one person keeps these books: who proposes a close may close" };
  }
  if (course.proposedBy === null) return { item, state: "unmet", detail: "nobody has soft-closed the month" };
  return { item, state: "met", detail: `${course.proposedBy} has soft-closed it; another person closes` };
}

/**
 * What lies in clearing accounts is the sum of items that are still open; nothing is in suspense. What leaves one
 * portfolio comes into another: transfers are empty over all of them.
 */
async function clearingExplained(tx: Tx, to: string): Promise<ChecklistItem> {
  const standing = await readClearing(tx, { asOf: to, accounts: [...clearingAccounts.keys()] });
  const unexplained: string[] = [];
  const transfers = new Map<string, bigint>();
  for (const ledger of await readLedgers(tx, {})) {
    const { portfolioId, currency } = ledger;
    const own = standing.filter((one) => one.portfolioId === portfolioId);
    const open = await openBalances(tx, { ledger, accounts: own.map(({ account }) => account), asOf: to });
    for (const { account, balanceMinor } of own) {
      if (account === transferAccount) {
        transfers.set(currency, (transfers.get(currency) ?? 0n) + balanceMinor);
        continue;
      }
      const items = account === suspenseAccount ? [] : open.get(account)!;
      const difference = items.reduce((left, { openMinor }) => left - openMinor, balanceMinor);
      if (difference === 0n) continue;
      unexplained.push(`${formatMinor(difference, currency)} ${currency} in ${account} of ${portfolioId}`);
    }
  }
  for (const [currency, left] of transfers) {
    if (left !== 0n) unexplained.push(`${formatMinor(left, currency)} ${currency} in ${transferAccount}, over all`);
  }
  const item = "clearing_accounts";
  if (unexplained.length > 0) {
    return { item, state: "unmet", detail: `not explained: ${unexplained.slice(0, 10).join("; ")}` };
  }
  const detail = `${standing.length} balances are the sum of their open items; nothing is in suspense or in transfer`;
  return { item, state: "met", detail };
}

async function revenueAccrued(tx: Tx, month: Period): Promise<ChecklistItem> {
  const item = "revenue_accrued";
  const { from, to } = daysOf(month);
  const { asked, missing } = await readMonthsWithoutRevenue(tx, { from, to });
  if (asked === 0) return { item, state: "not_applicable", detail: "no portfolio is carried by effective interest" };
  if (missing.length === 0) return { item, state: "met", detail: `accrued for ${asked} portfolios` };
  return { item, state: "unmet", detail: `not accrued: ${missing.slice(0, 10).join(", ")}` };
}

async function facilitiesCharged(tx: Tx, to: string): Promise<ChecklistItem> {
  const item = "facility_charges";
  const { asked, missing } = await uncharged(tx, to);
  if (asked === 0) return { item, state: "not_applicable", detail: "nothing is due of facilities beside their fees" };
  if (missing.length === 0) return { item, state: "met", detail: `charged to ${asked} facilities` };
  return { item, state: "unmet", detail: `not charged: ${missing.slice(0, 10).join(", ")}` };
}

/** True when nothing stands in the way. */
export function mayClose(checklist: readonly ChecklistItem[]): boolean {
  return checklist.every(({ state }) => state !== "unmet");
}
