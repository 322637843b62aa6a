import { defaultWaterfall } from "../../models/claim.js";
import { isCurrency } from "../../models/currency.js";
import { type FacilityTerms, portfolioOfFacility } from "../../models/facility.js";
import { recordId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { formatDay } from "../calendar/day.js";
import { contradiction } from "../factoring/charges.js";
import { parseMinor } from "../money/money.js";
import {
  type Facility,
  facilityDocumentOf,
  findFacility,
  insertFacility,
  listFacilities as readPage,
  saveTerms,
} from "../store/facility.js";
import { openLedger } from "../store/ledger.js";
import { insertPortfolio } from "../store/portfolio.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import { assertGoesOn, facilityPortfolio, openFacilityBook } from "./facility-book.js";
import { paymentModelInUse } from "./payment-in-use.js";

/**
 * Opens a facility: a portfolio of kind factoring, its first terms and its ledger.
 * Refuses `currency_unknown`, `assumption_out_of_range` for terms that say what the books say, `already_exists`.
 */
export const openFacility = implement("open-facility", async ({ tx, desk, now, today }, input) => {
  const { terms } = input;
  if (!isCurrency(terms.currency)) throw new Refusal("currency_unknown", `"${terms.currency}"`);
  await assertTerms({ tx, today }, terms, terms.currency);
  const facility: Facility = {
    portfolioId: recordId("pf", desk.clock(), desk.randomBytes(10)),
    name: input.name,
    seller: input.seller,
    externalId: input.external_id ?? null,
    currency: terms.currency,
    presentation: input.presentation,
    termsVersion: 1,
    termsFrom: formatDay(today),
    terms,
    openedAt: now,
    chargesFrom: formatDay(today),
    endedOn: null,
    endReason: null,
  };
  await insertPortfolio(tx, {
    ...facility,
    state: "owned",
    kind: "factoring",
    carryingMethod: "cost_recovery",
    waterfall: defaultWaterfall,
    overpayment: "unapplied",
    createdAt: now,
  });
  await openLedger(tx, facility.portfolioId, now);
  await insertFacility(tx, facility);
  return facilityDocumentOf(facility);
});

/**
 * Throws `currency_mismatch`, `assumption_out_of_range`, also for charges that contradict each other, and what
 * `paymentModelInUse` throws. Funds employed come from the books, never from the terms.
 */
async function assertTerms(
  { tx, today }: Pick<Context, "tx" | "today">,
  terms: FacilityTerms,
  currency: string,
): Promise<void> {
  if (terms.currency !== currency) {
    throw new Refusal("currency_mismatch", `the terms are in ${terms.currency}, the facility is in ${currency}`);
  }
  const wrong = contradiction(terms);
  if (wrong !== undefined) throw new Refusal("assumption_out_of_range", wrong);
  const stated = parseMinor(terms.opened.funds_employed, currency);
  if (stated !== 0n) {
    throw new Refusal(
      "assumption_out_of_range",
      `opened.funds_employed is ${terms.opened.funds_employed}; the books say it`,
    );
  }
  if (terms.payment_model !== undefined) {
    await paymentModelInUse(tx, terms.payment_model, { currency, asOf: today });
  }
}

/** New terms, for what is offered from now on. What was bought stays on the terms that it was bought on. Refuses `facility_ended`. */
export const changeFacilityTerms = implement("change-facility-terms", async (context, input) => {
  const { tx, now, today } = context;
  const { facility } = await openFacilityBook(context, portfolioOfFacility(input.facility_id));
  assertGoesOn(facility);
  await assertTerms(context, input.terms, facility.currency);
  const version = facility.termsVersion + 1;
  const fromOn = formatDay(today);
  await saveTerms(tx, facility.portfolioId, { version, terms: input.terms, fromOn, reason: input.reason, at: now });
  return facilityDocumentOf({ ...facility, terms: input.terms, termsVersion: version, termsFrom: fromOn });
});

export const showFacility = implement("show-facility", async ({ tx }, input) =>
  facilityDocumentOf(await findFacility(tx, facilityPortfolio(input.facility_id))),
);

export const listFacilities = implement("list-facilities", async ({ tx }, input) => readPage(tx, input));
