import type { ActParsed } from "../../models/acts.js";
import { Refusal } from "../../models/refusal.js";
import type { ShownOffer } from "../../models/schedule.js";
import { formatDay } from "../calendar/day.js";
import { parseMinor } from "../money/money.js";
import { readSubmittedInvoices } from "../store/invoice.js";
import {
  findOffer,
  findSchedule,
  insertOffer,
  type StoredOffer,
  saveSchedule,
  shownOfferOf,
} from "../store/schedule.js";
import { implement, implementRecalled } from "./act.js";
import { assertScheduleState, lockSchedule } from "./check-schedule.js";
import type { Context } from "./desk.js";
import { assertGoesOn, childOf } from "./facility-book.js";
import { hashText } from "./request-hash.js";
import { reckonOffer } from "./schedule-offer.js";

/**
 * Makes an offer on a schedule and keeps it as it was shown, with its disclosures: it is written once, and the next one
 * is another version. The business may see one before its schedule is checked and approved; it is funded after that.
 * Refuses `facility_ended`, `schedule_state`, and what `paymentModelInUse` refuses.
 */
export const offerSchedule = implementRecalled("offer-schedule", {
  run: makeOffer,
  keep: ({ document: _, ...shown }) => shown,
  async recall({ tx }, kept) {
    const shown = kept as ShownOffer | Omit<ShownOffer, "document">;
    if ("document" in shown) return shown;
    const { portfolioId, number } = childOf("sc", shown.schedule_id, "schedule");
    const { document } = await findOffer(tx, portfolioId, { scheduleNo: number, version: shown.version });
    return { ...shown, document };
  },
});

async function makeOffer(context: Context, input: ActParsed<"offer-schedule">): Promise<ShownOffer> {
  const { tx, now, today } = context;
  const { portfolioId, number } = childOf("sc", input.schedule_id, "schedule");
  // the schedule is held before its invoices are read
  const [{ facility, schedule }, invoices] = await Promise.all([
    lockSchedule(context, input.schedule_id),
    readSubmittedInvoices(tx, portfolioId, number),
  ]);
  const { currency } = facility;
  assertGoesOn(facility);
  assertScheduleState(schedule, ["submitted", "checked", "approved"], "be offered on");
  const targetMinor = input.target_cash === undefined ? null : parseMinor(input.target_cash, currency);
  const document = await reckonOffer(tx, facility, {
    invoices,
    asOf: today,
    targetMinor,
    paymentModel: input.payment_model,
  });
  const text = JSON.stringify(document);
  const offer: StoredOffer = {
    scheduleNo: schedule.scheduleNo,
    version: schedule.offerVersion + 1,
    termsVersion: facility.termsVersion,
    asOf: formatDay(today),
    expiresOn: document.offer.expires_on,
    netFundedMinor: parseMinor(document.offer.net_funded, currency),
    document,
    sha256: hashText(text),
    shownAt: now,
  };
  tx.follow(insertOffer(tx, portfolioId, { offer, text }));
  tx.follow(saveSchedule(tx, portfolioId, schedule, { offerVersion: offer.version }));
  return shownOfferOf(offer, portfolioId);
}

export const showOffer = implement("show-offer", async ({ tx }, input) => {
  const { portfolioId, number } = childOf("sc", input.schedule_id, "schedule");
  const { offerVersion } = await findSchedule(tx, portfolioId, { scheduleNo: number });
  if (offerVersion === 0) throw new Refusal("not_found", `no offer was made on schedule ${input.schedule_id}`);
  const version = input.offer_version ?? offerVersion;
  return shownOfferOf(await findOffer(tx, portfolioId, { scheduleNo: number, version }), portfolioId);
});
