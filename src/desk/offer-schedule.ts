import type { FactoringOffer } from "../../models/factoring-offer.js";
import type { FactoringTerms } from "../../models/factoring-terms.js";
import { Refusal } from "../../models/refusal.js";
import { type Day, formatDay, parseDay } from "../calendar/day.js";
import { offer } from "../factoring/offer.js";
import type { KnownDebtor } from "../factoring/schedule-base.js";
import { formatMinor, parseMinor, sumMinor, zeroMinor } from "../money/money.js";
import type { Facility } from "../store/facility.js";
import { employedOf, outstandingByDebtor, readInvoicesOf } from "../store/factored-invoice.js";
import {
  findOffer,
  findSchedule,
  insertOffer,
  type KeptOffer,
  type Schedule,
  scheduleIdOf,
} from "../store/factoring-schedule.js";
import type { Tx } from "../store/transaction.js";
import { implement } from "./act.js";
import { childOf, offeredOf, openSchedule } from "./facility-book.js";

const shown = (schedule: Schedule, { version, offeredAt, document }: KeptOffer) => ({
  ...document,
  schedule_id: scheduleIdOf(schedule),
  version,
  offered_at: offeredAt,
});

/** Refuses `not_found`, `schedule_not_ready` for one that is funded, `effective_date_refused` for a day of funding that is past. */
export const offerSchedule = implement("offer-schedule", async (context, input) => {
  const { tx, today, now } = context;
  const { book, schedule } = await openSchedule(context, input.schedule_id);
  if (schedule.state === "funded") throw new Refusal("schedule_not_ready", `it was funded on ${schedule.fundedOn}`);
  const asOf = input.as_of === undefined ? today : parseDay(input.as_of);
  if (asOf < today) {
    throw new Refusal("effective_date_refused", `${input.as_of} is past; today is ${formatDay(today)}`);
  }
  const document = await offerOn(tx, { facility: book.facility, schedule, asOf, targetCash: input.target_cash });
  const kept = { version: schedule.offerVersion + 1, expiresOn: document.offer.expires_on, offeredAt: now, document };
  await insertOffer(tx, schedule, kept);
  return shown(schedule, kept);
});

/** Refuses `not_found`, `offer_missing`. */
export const showOffer = implement("show-offer", async ({ tx }, input) => {
  const { portfolioId, number } = childOf("sc", input.schedule_id);
  const schedule = await findSchedule(tx, portfolioId, number);
  return shown(schedule, await findOffer(tx, schedule, input.version));
});

/** What is offered on a schedule as the books stand: limits over all facilities, the room that this one's limit leaves. */
export async function offerOn(
  tx: Tx,
  of: { facility: Facility; schedule: Schedule; asOf: Day; targetCash?: string | undefined },
): Promise<FactoringOffer> {
  const { facility, schedule, asOf, targetCash } = of;
  const { portfolioId, scheduleNo } = schedule;
  const invoices = await readInvoicesOf(tx, { portfolioId, scheduleNo });
  return offer({
    terms: await termsToday(tx, facility),
    givenTerms: facility.terms,
    asOf,
    invoices: invoices.map(offeredOf),
    debtors: await debtorsOnBooks(tx),
    strangersToo: true,
    targetMinor: targetCash === undefined ? null : parseMinor(targetCash, facility.currency),
    expectedFrom: "on the due date",
  });
}

/** The facility's terms with what it has out today. */
async function termsToday(tx: Tx, { portfolioId, terms, currency }: Facility): Promise<FactoringTerms> {
  const bought = await readInvoicesOf(tx, { portfolioId, state: "purchased" });
  const employed = formatMinor(sumMinor(bought.map(employedOf)), currency);
  return { ...terms, opened: { ...terms.opened, funds_employed: employed } };
}

async function debtorsOnBooks(tx: Tx): Promise<ReadonlyMap<string, KnownDebtor>> {
  const outstanding = await outstandingByDebtor(tx);
  const debtors = [...outstanding].map(([id, outstandingMinor]): [string, KnownDebtor] => [
    id,
    { outstandingMinor, overAgeMinor: zeroMinor, payableMinor: zeroMinor, limitMinor: null, debtorType: null },
  ]);
  return new Map(debtors);
}
