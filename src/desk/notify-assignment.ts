import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { findFacility, takeNumbers } from "../store/facility.js";
import { insertNotice, lockNotice, listNotices as readPage, saveNotice } from "../store/factoring-paper.js";
import { implement } from "./act.js";
import { assertFacilityDay, childOf, facilityPortfolio } from "./facility-book.js";

/**
 * A notice of assignment to a debtor: from its receipt on, only payment to the factor discharges (UCC 9-406). Refuses
 * `effective_date_refused`, `already_exists` while one stands.
 */
export const notifyAssignment = implement("notify-assignment", async (context, input) => {
  const { tx, now } = context;
  const { portfolioId } = await findFacility(tx, facilityPortfolio(input.facility_id));
  assertFacilityDay(context, input.sent_on);
  const noticeNo = await takeNumbers(tx, portfolioId, "notice", 1);
  const { debtor_id: debtorId, method, sent_on: sentOn } = input;
  await insertNotice(tx, portfolioId, { noticeNo, debtorId, method, sentOn, at: now });
  return {
    id: childId("na", portfolioId, noticeNo),
    facility_id: input.facility_id,
    debtor_id: debtorId,
    method,
    sent_on: sentOn,
    received_on: null,
    acknowledged_on: null,
    proof_requested_on: null,
    released_on: null,
  };
});

/** What became of a notice. Refuses `not_found`, `conflict` for what was recorded before or after its release, `effective_date_refused`. */
export const updateNotice = implement("update-notice", async (context, input) => {
  const { tx } = context;
  const { portfolioId, number } = childOf("na", input.notice_id, "notice");
  const notice = await lockNotice(tx, portfolioId, number);
  const field = `${input.event}_on` as const;
  const said = notice.released_on ?? notice[field];
  if (said !== null)
    throw new Refusal(
      "conflict",
      `the notice was ${notice.released_on === null ? input.event : "released"} on ${said}`,
    );
  assertFacilityDay(context, input.happened_on, { day: notice.sent_on, what: "the notice" });
  const after = { ...notice, [field]: input.happened_on };
  await saveNotice(tx, portfolioId, number, after);
  return after;
});

export const listNotices = implement("list-notices", async ({ tx }, input) => {
  const { portfolioId } = await findFacility(tx, facilityPortfolio(input.facility_id));
  return readPage(tx, portfolioId, input);
});
