import type { CarryingAdjustment } from "../../models/revenue.js";
import type { AccountCode } from "../../seeds/chart-of-accounts.js";
import type { Minor } from "../money/money.js";
import { type EntryDraft, signedPosting } from "./entry-draft.js";

/** Income of a month: what the carrying amount at its beginning has earned at the effective rate. */
export function revenueAccrued({ revenueMinor }: { readonly revenueMinor: Minor }): EntryDraft {
  return { kind: "revenue_accrued", builderVersion: 1, postings: signedPosting("1500", "4500", revenueMinor) };
}

export interface RecoveriesRemeasured {
  /** collections of the month, less what was expected in it */
  readonly changeCurrentMinor: Minor;
  /** value of the new forecast, less value of the old one, at the unchanged rate */
  readonly changeFutureMinor: Minor;
}

/** More or less came in than was expected, or is expected from now on. */
export function recoveriesRemeasured({ changeCurrentMinor, changeFutureMinor }: RecoveriesRemeasured): EntryDraft {
  return {
    kind: "recoveries_remeasured",
    builderVersion: 1,
    postings: [
      ...signedPosting("1500", "4510", changeCurrentMinor),
      ...signedPosting("1500", "4520", changeFutureMinor),
    ],
  };
}

const adjusted: Readonly<Record<CarryingAdjustment, AccountCode>> = {
  impairment: "4530",
  translation: "3900",
  transfer: "1950",
};

export interface CarryingAmountAdjusted {
  readonly reason: CarryingAdjustment;
  /** negative takes off */
  readonly amountMinor: Minor;
  /** cost that earlier collections, booked as income, recover of an amount that is added (costRelief) */
  readonly costReliefMinor: Minor;
}

/** The carrying amount is written down or up, translated, or moved to another portfolio. */
export function carryingAmountAdjusted({ reason, amountMinor, costReliefMinor }: CarryingAmountAdjusted): EntryDraft {
  return {
    kind: "carrying_amount_adjusted",
    builderVersion: 1,
    postings: [
      ...signedPosting("1500", adjusted[reason], amountMinor),
      ...signedPosting("4900", "1500", costReliefMinor),
    ],
  };
}

/**
 * From here on the portfolio is carried by another method. What it is carried at goes out under the old one and comes in
 * under the new one, through the account of transfers: no amount changes.
 */
export function methodChanged({ carryingMinor }: { readonly carryingMinor: Minor }): EntryDraft {
  return {
    kind: "method_changed",
    builderVersion: 1,
    postings: [...signedPosting("1950", "1500", carryingMinor), ...signedPosting("1500", "1950", carryingMinor)],
  };
}
