import { facilityOfPortfolio } from "../../models/facility.js";
import { formatMinor } from "../money/money.js";
import { findFacility } from "../store/facility.js";
import { chargeDocumentOf, listCharges as readPage } from "../store/facility-charge.js";
import { readBalances } from "../store/ledger.js";
import { implement } from "./act.js";
import { assertFacilityDay, facilityPortfolio, openFacilityBook } from "./facility-book.js";
import { chargeThrough } from "./facility-charges.js";

/**
 * Charges what a facility owes beside fees, up to a day; run again it charges what has fallen due since, and nothing twice.
 * The seller owes it (1170): the next release keeps it back, or the seller pays it.
 *
 * Guards in this order: the facility (`not_found`), the day (`effective_date_refused`), the months that charges are due in
 * (`period_closed`).
 */
export const chargeFacility = implement("charge-facility", async (context, input) => {
  const book = await openFacilityBook(context, facilityPortfolio(input.facility_id));
  assertFacilityDay(context, input.through);
  const { facility } = book;
  const { charges, amountMinor } = await chargeThrough(context, book, { through: input.through, withFees: false });
  const dueMinor = (await readBalances(context.tx, facility.portfolioId)).get("1170") ?? 0n;
  return {
    facility_id: facilityOfPortfolio(facility.portfolioId),
    currency: facility.currency,
    through: input.through,
    amount: formatMinor(amountMinor, facility.currency),
    charges_due: formatMinor(dueMinor, facility.currency),
    charges: charges.map((charge) => chargeDocumentOf(charge, facility)),
  };
});

export const listCharges = implement("list-charges", async ({ tx }, input) =>
  readPage(tx, await findFacility(tx, facilityPortfolio(input.facility_id)), input),
);
