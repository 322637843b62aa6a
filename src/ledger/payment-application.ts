import type { ClaimComponent } from "../../models/claim.js";
import { Refusal } from "../../models/refusal.js";
import { lesserMinor, type Minor, minor, zeroMinor } from "../money/money.js";
import { addParts, type ClaimParts, negateParts, noParts, onePart, takeInOrder } from "./claim.js";

export interface Claim {
  /** what the debtor still owes */
  readonly claim: ClaimParts;
  /** what payments have paid of each component, less what came back */
  readonly paid: ClaimParts;
  /** what was paid over the claim and is kept as unapplied cash */
  readonly unappliedMinor: Minor;
}

/** How a payment was applied; all amounts negative for one that came back. */
export interface Application {
  readonly applied: ClaimParts;
  readonly unappliedMinor: Minor;
}

/** Splits a payment over the claim in the order of the waterfall; what is over is unapplied. The parts sum to the payment. */
export function applyPayment(
  { claim }: Pick<Claim, "claim">,
  amountMinor: Minor,
  waterfall: readonly ClaimComponent[],
): Application {
  const { parts, restMinor } = takeInOrder(claim, amountMinor, waterfall);
  return { applied: parts, unappliedMinor: restMinor };
}

/**
 * Takes a payment back: the unapplied part first, then the components in the reverse order, so that what was paid last goes
 * first.
 *
 * Of a payment that is known (`left`: what is left of it) just its own parts come back, as far as they are there. Where
 * some of it has been refunded or applied elsewhere meanwhile, the rest comes back on the last component of the
 * waterfall: the debtor owes it, for it was never paid. Of a payment that is not named, no more comes back than was paid.
 *
 * @param backMinor what comes back, positive
 * @throws Refusal `reversal_too_large` when more comes back than was paid
 */
export function returnPayment(
  before: Claim,
  backMinor: Minor,
  how: { waterfall: readonly ClaimComponent[]; left: Application | undefined },
): Application {
  const order = [...how.waterfall].reverse();
  const first = how.left === undefined ? nothing(backMinor) : take(within(how.left, before), backMinor, order);
  const rest = {
    paid: addParts(before.paid, negateParts(first.applied)),
    unappliedMinor: minor(before.unappliedMinor - first.unappliedMinor),
  };
  const second = take({ applied: rest.paid, unappliedMinor: rest.unappliedMinor }, first.restMinor, order);
  if (second.restMinor > 0n && how.left === undefined) {
    const paid = minor(backMinor - second.restMinor);
    throw new Refusal("reversal_too_large", `${backMinor} minor units come back; ${paid} were paid on this debt`);
  }
  const excess = onePart(order[0]!, second.restMinor);
  return {
    applied: negateParts(addParts(addParts(first.applied, second.applied), excess)),
    unappliedMinor: minor(-(first.unappliedMinor + second.unappliedMinor)),
  };
}

interface TakenBack extends Application {
  readonly restMinor: Minor;
}

function nothing(restMinor: Minor): TakenBack {
  return { applied: noParts, unappliedMinor: zeroMinor, restMinor };
}

function take(from: Application, backMinor: Minor, order: readonly ClaimComponent[]): TakenBack {
  const unappliedMinor = lesserMinor(backMinor, from.unappliedMinor);
  const { parts, restMinor } = takeInOrder(from.applied, minor(backMinor - unappliedMinor), order);
  return { applied: parts, unappliedMinor, restMinor };
}

/** What is left of a payment, as far as the debt still has it. */
function within(left: Application, { paid, unappliedMinor }: Claim): Application {
  const lesser = (a: Minor, b: Minor) => lesserMinor(a, b > 0n ? b : zeroMinor);
  const { applied } = left;
  return {
    applied: {
      principal: lesser(applied.principal, paid.principal),
      interest: lesser(applied.interest, paid.interest),
      fees: lesser(applied.fees, paid.fees),
      court_costs: lesser(applied.court_costs, paid.court_costs),
    },
    unappliedMinor: lesser(left.unappliedMinor, unappliedMinor),
  };
}

/** A share of an amount, `amount x part / whole`, rounded half up; exact integers throughout. */
export function shareOf(amountMinor: Minor, share: { partMinor: Minor; wholeMinor: Minor }): Minor {
  const { partMinor, wholeMinor } = share;
  if (wholeMinor <= 0n) throw new RangeError(`a share of ${wholeMinor}`);
  const doubled = 2n * amountMinor * partMinor + wholeMinor;
  const whole = 2n * wholeMinor;
  const floor = doubled >= 0n ? doubled / whole : -((-doubled + whole - 1n) / whole);
  return minor(floor);
}
