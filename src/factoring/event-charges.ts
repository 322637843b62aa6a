import type { EventChargeShown } from "../../models/factoring-offer.js";
import { type EventCharge, eventCharges, type FactoringTerms } from "../../models/factoring-terms.js";
import { formatMinor } from "../money/money.js";
import { chargesPer } from "./charges.js";

const occasions: Readonly<Record<EventCharge, string>> = {
  payout: "for each payment to you beyond the one at the funding and the one of the reserve",
  unfactored_payment: "for each payment of a debtor on an invoice that was not sold",
  occasion: "each time that it happens",
};

/** What an offer says may be charged beside its cost: nobody knows whether it happens, or how often. */
export function eventChargesShown(terms: FactoringTerms): EventChargeShown[] {
  return eventCharges.flatMap((per) =>
    chargesPer(terms, per).map(({ code, amountMinor }) => ({
      code,
      per,
      amount: formatMinor(amountMinor, terms.currency),
      charged: occasions[per],
    })),
  );
}
