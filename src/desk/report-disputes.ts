import { formatDay, parseDay } from "../calendar/day.js";
import { formatMinor, lesserMinor, minor } from "../money/money.js";
import { disputeRecourseDay } from "../store/dispute.js";
import { readDisputesAt } from "../store/facility-past.js";
import { readOpenInvoices } from "../store/invoice-moment.js";
import { implement } from "./act.js";
import { facilityAt, momentHead } from "./facility-moment.js";

interface Sum {
  disputes: number;
  amount: bigint;
  /** by age: to 30 days, to 60, to 90, over */
  readonly byAge: [bigint, bigint, bigint, bigint];
  oldest: number;
  mayGoBack: bigint;
}

/**
 * Open disputes of bought invoices by reason and by the days since they were raised, as they stood on a day. What may go
 * back is judged by the terms that held on the day.
 */
export const reportDisputes = implement("report-disputes", async (context, input) => {
  const moment = await facilityAt(context, input);
  const { facility, terms, asOf, knownAt } = moment;
  const day = formatDay(asOf);
  const open = await readOpenInvoices(context.tx, facility.portfolioId, moment.book);
  const openOf = new Map(open.map(({ invoiceNo, openMinor }) => [invoiceNo, openMinor]));
  const sums = new Map<string, Sum>();
  for (const dispute of await readDisputesAt(context.tx, facility.portfolioId, { asOf: day, knownAt })) {
    const openMinor = openOf.get(dispute.invoiceNo);
    if (openMinor === undefined) continue;
    const reason = dispute.reason ?? "unstated";
    const sum = sums.get(reason) ?? { disputes: 0, amount: 0n, byAge: [0n, 0n, 0n, 0n], oldest: 0, mayGoBack: 0n };
    sums.set(reason, sum);
    const amountMinor = lesserMinor(minor(dispute.amountMinor ?? openMinor), openMinor);
    const days = asOf - parseDay(dispute.raisedOn);
    sum.disputes += 1;
    sum.amount += amountMinor;
    sum.byAge[Math.min(3, Math.max(0, Math.ceil(days / 30) - 1)) as 0 | 1 | 2 | 3] += amountMinor;
    sum.oldest = Math.max(sum.oldest, days);
    const { dispute_days: disputeDays } = terms.recourse;
    if (disputeRecourseDay({ raisedOn: dispute.raisedOn, disputeDays }) <= day) sum.mayGoBack += openMinor;
  }
  const show = (amount: bigint) => formatMinor(amount, facility.currency);
  const sorted = [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...momentHead(moment),
    reasons: sorted.map(([reason, { disputes, amount, byAge, oldest, mayGoBack }]) => ({
      reason,
      disputes,
      amount: show(amount),
      days_0_30: show(byAge[0]),
      days_31_60: show(byAge[1]),
      days_61_90: show(byAge[2]),
      over_90_days: show(byAge[3]),
      oldest_days: oldest,
      may_go_back: show(mayGoBack),
    })),
    disputes: sorted.reduce((count, [, { disputes }]) => count + disputes, 0),
    amount: show(sorted.reduce((sum, [, { amount }]) => sum + amount, 0n)),
  };
});
