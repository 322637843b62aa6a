import type { EventChargeShown } from "../../models/factoring-offer.js";
import { type EventCharge, eventCharges, type FactoringTerms } from "../../models/factoring-terms.js";

const occasions: Readonly<Record<EventCharge, string>> = {
  payout: "for each payment to you beyond the one at the funding and the one of the reserve",
  unfactored_payment: "for each payment of a debtor on an invoice that was not sold",
  occasion: "each time that it happens",
};

const isEvent = (per: string): per is EventCharge => eventCharges.some((one) => one === per);

/** What an offer says may be charged beside its cost: nobody knows whether it happens, or how often. */
export function eventChargesShown({ charges }: FactoringTerms): EventChargeShown[] {
  return charges.flatMap(({ code, per, amount }) =>
    isEvent(per) && Number(amount) > 0 ? [{ code, per, amount, charged: occasions[per] }] : [],
  );
}
