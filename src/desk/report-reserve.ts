import type { EntryKind } from "../../models/entry.js";
import { releasable } from "../factoring/reserve.js";
import { formatMinor } from "../money/money.js";
import { type Measures, noMeasures } from "../store/invoice.js";
import { sumEvents } from "../store/invoice-event.js";
import { readHeldInvoices } from "../store/invoice-moment.js";
import { implement } from "./act.js";
import { balancesAt, facilityAt, momentHead } from "./facility-moment.js";
import { reservedInvoice } from "./release-reserve.js";

/** What moved the reserve, by what happened: differences, as the invoices' movements tell them. */
export interface ReserveCourse {
  readonly held: bigint;
  readonly fees: bigint;
  readonly interest: bigint;
  readonly dilution: bigint;
  readonly returned: bigint;
  readonly claimed: bigint;
  readonly released: bigint;
  readonly balance: bigint;
}

export function reserveCourse(sums: ReadonlyMap<string, Measures>): ReserveCourse {
  const of = (...kinds: EntryKind[]) => kinds.reduce((sum, kind) => sum + (sums.get(kind) ?? noMeasures).reserve, 0n);
  const accrued = sums.get("factoring_fees_accrued") ?? noMeasures;
  const course = {
    held: of("invoices_purchased"),
    fees: accrued.fee,
    interest: accrued.interest,
    dilution: -of("invoices_diluted"),
    returned: -of("invoices_charged_back", "invoices_bought_back", "credit_loss"),
    claimed: of("shortfall_claimed"),
    released: -of("reserve_released"),
  };
  const { held, fees, interest, dilution, returned, claimed, released } = course;
  return { ...course, balance: held - fees - interest - dilution - returned + claimed - released };
}

/**
 * The reserve of a facility on a day: what was held back, what came out of it, what is left, what may be released. The
 * figure of the ledger stands beside what the invoices' movements come to.
 */
export const reportReserve = implement("report-reserve", async (context, input) => {
  const moment = await facilityAt(context, input);
  const { facility, terms, book } = moment;
  const { portfolioId, presentation, currency } = facility;
  const [sums, held, balances] = await Promise.all([
    sumEvents(context.tx, portfolioId, book),
    readHeldInvoices(context.tx, portfolioId, book),
    balancesAt(context.tx, moment, input.known_at),
  ]);
  const course = reserveCourse(sums);
  const balance = (code: string) => balances.get(code) ?? 0n;
  const ledger = presentation === "sale" ? -balance("2200") : balance("9100") - balance("1250");
  const may = releasable(
    // one that nothing was open of on the day was settled by then, whatever came of it later
    held.map((invoice) => reservedInvoice({ ...invoice, settledOn: null }, book.asOf)),
    terms,
  );
  const show = (amount: bigint) => formatMinor(amount, currency);
  return {
    ...momentHead(moment),
    method: terms.reserve.method,
    held: show(course.held),
    fees: show(course.fees),
    interest: show(course.interest),
    dilution: show(course.dilution),
    returned: show(course.returned),
    claimed: show(course.claimed),
    released: show(course.released),
    balance: show(course.balance),
    ledger_balance: show(ledger),
    floor: show(may.floorMinor),
    releasable: show(may.releasableMinor),
    escrow: show(-balance("2210")),
    charges: show(-balance("4620") - balance("4630") - balance("4640")),
    charges_due: show(balance("1170")),
    due_from_seller: show(balance("1150") + balance("1160") + balance("1170")),
  };
});
