import { facilityOfPortfolio } from "../../models/facility.js";
import { Refusal } from "../../models/refusal.js";
import { formatDay } from "../calendar/day.js";
import { formatMinor } from "../money/money.js";
import { chargeDocumentOf, readCharges } from "../store/facility-charge.js";
import { noMeasures } from "../store/invoice.js";
import { readScheduleAt, sumEvents } from "../store/invoice-event.js";
import { findSchedule } from "../store/schedule.js";
import { implement } from "./act.js";
import { childOf } from "./facility-book.js";
import { balancesAt, facilityAt } from "./facility-moment.js";
import { reserveCourse } from "./report-reserve.js";

/**
 * What became of a schedule, for the seller: what it was paid, what debtors paid, what was taken, what is left. Refuses
 * `schedule_state` before it is funded.
 */
export const showSettlement = implement("show-settlement", async (context, input) => {
  const { portfolioId, number: scheduleNo } = childOf("sc", input.schedule_id, "schedule");
  const facilityId = facilityOfPortfolio(portfolioId);
  const schedule = await findSchedule(context.tx, portfolioId, { scheduleNo });
  if (schedule.fundedOn === null) throw new Refusal("schedule_state", `the schedule is ${schedule.state}, not funded`);
  const moment = await facilityAt(context, { facility_id: facilityId, as_of: input.as_of });
  const day = formatDay(moment.asOf);
  const at = { asOf: day, sequence: moment.book.sequence, scheduleNo };
  const known = { sequence: moment.book.sequence, knownAt: moment.knownAt };
  const [sums, invoices, charges, balances] = await Promise.all([
    sumEvents(context.tx, portfolioId, at),
    readScheduleAt(context.tx, portfolioId, at),
    readCharges(context.tx, portfolioId, { from: schedule.fundedOn, through: day, known }),
    balancesAt(context.tx, moment),
  ]);
  const course = reserveCourse(sums);
  let [collected, diluted, open] = [0n, 0n, 0n];
  for (const sum of sums.values()) {
    collected += sum.collected;
    diluted += sum.diluted;
    open += sum.open;
  }
  const atFunding = sums.get("invoices_purchased") ?? noMeasures;
  const show = (amount: bigint) => formatMinor(amount, moment.facility.currency);
  return {
    schedule_id: input.schedule_id,
    facility_id: facilityId,
    currency: moment.facility.currency,
    as_of: day,
    funded_on: schedule.fundedOn,
    face: show(schedule.faceMinor),
    advance: show(schedule.advanceMinor),
    fee_at_funding: show(atFunding.fee),
    charges: show(schedule.chargesMinor),
    net_funded: show(schedule.advanceMinor - schedule.feeMinor - schedule.chargesMinor),
    collected: show(collected),
    dilution: show(diluted),
    fees: show(course.fees),
    interest: show(course.interest),
    returned: show(course.returned),
    claimed: show(course.claimed),
    released: show(course.released),
    reserve_left: show(course.balance),
    open: show(open),
    facility_charges: charges.map((charge) => chargeDocumentOf(charge, moment.facility)),
    charges_due: show(balances.get("1170") ?? 0n),
    invoices: invoices.map((invoice) => ({
      invoice_number: invoice.invoiceNumber,
      debtor_id: invoice.debtorId,
      state: invoice.state,
      amount: show(invoice.amountMinor),
      advance: show(invoice.advanceMinor),
      collected: show(invoice.now.collected),
      dilution: show(invoice.now.diluted),
      fees: show(invoice.now.fee + invoice.now.interest),
      reserve_left: show(invoice.now.reserve),
      open: show(invoice.now.open),
      settled_on: invoice.settledOn,
    })),
  };
});
