import { facilityOfPortfolio } from "../../models/facility.js";
import type { FilingDocument } from "../../models/facility-charge.js";
import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { addDays, type Day, formatDay, parseDay } from "../calendar/day.js";
import { continuableFrom, lapseAfter } from "../factoring/filing.js";
import { findFacility, takeNumbers } from "../store/facility.js";
import {
  type FinancingStatement,
  findStatement,
  insertStatement,
  listStatements,
  saveStatement,
} from "../store/financing-statement.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import { assertFacilityDay, childOf, type FacilityBook, facilityPortfolio, openFacilityBook } from "./facility-book.js";
import { bookCharge } from "./facility-charges.js";
import { movementMinor } from "./portfolio-book.js";

function documentOf(statement: FinancingStatement, today: Day): FilingDocument {
  const lapsesOn = parseDay(statement.lapsesOn);
  const daysLeft = lapsesOn - today;
  return {
    id: childId("fs", statement.portfolioId, statement.filingNo),
    facility_id: facilityOfPortfolio(statement.portfolioId),
    jurisdiction: statement.jurisdiction,
    file_number: statement.fileNumber,
    state: statement.terminatedOn !== null ? "terminated" : daysLeft < 0 ? "lapsed" : "effective",
    filed_on: statement.filedOn,
    continuable_from: formatDay(continuableFrom(lapsesOn)),
    lapses_on: statement.lapsesOn,
    days_left: daysLeft,
    continued_on: statement.continuedOn,
    terminated_on: statement.terminatedOn,
  };
}

/** The cost of what was filed, if the seller bears it. Throws `amount_invalid`, `period_closed`. */
async function chargeCost(
  context: Context,
  book: FacilityBook,
  of: {
    statement: FinancingStatement;
    event: "filed" | "continued" | "terminated";
    on: string;
    cost: string | undefined;
  },
): Promise<void> {
  if (of.cost === undefined) return;
  const { jurisdiction, fileNumber, filingNo } = of.statement;
  await bookCharge(context, book, {
    kind: "filing",
    code: `${of.event} ${filingNo}`,
    periodOn: of.on,
    revision: 1,
    amountMinor: movementMinor(of.cost, book.facility.currency),
    happenedOn: of.on,
    reason: `statement ${fileNumber} of ${jurisdiction} ${of.event}`,
  });
}

/**
 * Records a financing statement: who buys accounts is safe against others by being the first to file (U.C.C. 9-322, 9-310).
 * It lapses five years later unless it is continued (9-515).
 *
 * Guards in this order: the facility (`not_found`), the days (`effective_date_refused`), the number (`already_exists`), the cost
 * (`amount_invalid`), its month (`period_closed`).
 */
export const recordFiling = implement("record-filing", async (context, input) => {
  const { tx, now, today } = context;
  const book = await openFacilityBook(context, facilityPortfolio(input.facility_id));
  const { portfolioId } = book.facility;
  const { filed_on: filedOn, cost } = input;
  assertFacilityDay(context, filedOn);
  const lapsesOn = input.lapses_on ?? formatDay(lapseAfter(parseDay(filedOn)));
  if (lapsesOn <= filedOn) {
    throw new Refusal("effective_date_refused", `it lapses on ${lapsesOn}, and was filed on ${filedOn}`);
  }
  const statement: FinancingStatement = {
    portfolioId,
    filingNo: await takeNumbers(tx, portfolioId, "filing", 1),
    jurisdiction: input.jurisdiction,
    fileNumber: input.file_number,
    filedOn,
    lapsesOn,
    continuedOn: null,
    terminatedOn: null,
  };
  await insertStatement(tx, statement, now);
  await chargeCost(context, book, { statement, event: "filed", on: filedOn, cost });
  return documentOf(statement, today);
});

/**
 * Records that a statement was continued, for five years from the day that it would have lapsed on, or terminated.
 *
 * Guards in this order: the statement (`not_found`, `conflict` once it is terminated), the day (`effective_date_refused`: in the
 * future, before the filing, of a continuation outside the last six months), the cost, its month.
 */
export const updateFiling = implement("update-filing", async (context, input) => {
  const { tx, today } = context;
  const { portfolioId, number } = childOf("fs", input.filing_id, "financing statement");
  const book = await openFacilityBook(context, portfolioId);
  const before = await findStatement(tx, portfolioId, number);
  const { happened_on: on, event, cost } = input;
  if (before.terminatedOn !== null) {
    throw new Refusal("conflict", `the statement was terminated on ${before.terminatedOn}`);
  }
  assertFacilityDay(context, on, { day: before.filedOn, what: "the filing" });
  const statement = event === "terminated" ? { ...before, terminatedOn: on } : continued(before, on);
  await saveStatement(tx, statement);
  await chargeCost(context, book, { statement, event, on, cost });
  return documentOf(statement, today);
});

function continued(statement: FinancingStatement, on: string): FinancingStatement {
  const lapsesOn = parseDay(statement.lapsesOn);
  const from = formatDay(continuableFrom(lapsesOn));
  if (on < from || on > statement.lapsesOn) {
    throw new Refusal(
      "effective_date_refused",
      `a continuation is filed from ${from} to ${statement.lapsesOn}, when the statement lapses; ${on} is outside that`,
    );
  }
  return { ...statement, continuedOn: on, lapsesOn: formatDay(lapseAfter(lapsesOn)) };
}

export const listFilings = implement("list-filings", async ({ tx, today }, input) => {
  const { facility_id: facilityId, lapses_within_days: days, ...page } = input;
  const portfolioId =
    facilityId === undefined ? undefined : (await findFacility(tx, facilityPortfolio(facilityId))).portfolioId;
  const lapsesBy = days === undefined ? undefined : formatDay(addDays(today, days));
  return listStatements(tx, { ...page, portfolioId, lapsesBy }, (statement) => documentOf(statement, today));
});
