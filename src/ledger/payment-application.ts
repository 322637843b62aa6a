import { Refusal } from "../../models/refusal.js";
import { lesserMinor, type Minor, minor } from "../money/money.js";

export interface Claim {
  /** what the debtor still owes */
  readonly claimMinor: Minor;
  /** what was paid over it and is kept as unapplied cash */
  readonly unappliedMinor: Minor;
  /** what was paid on it and over it */
  readonly paidMinor: Minor;
}

export interface Application {
  readonly appliedMinor: Minor;
  readonly unappliedMinor: Minor;
}

/**
 * Splits a payment into what pays the claim and what is over it; both negative for a payment that comes back, which
 * takes away the unapplied part first (it was the last to come in). The parts sum to the payment.
 * Throws `reversal_too_large` when more comes back than was paid.
 */
export function applyPayment(claim: Claim, amountMinor: Minor): Application {
  if (amountMinor >= 0n) {
    const applied = lesserMinor(amountMinor, claim.claimMinor);
    return { appliedMinor: applied, unappliedMinor: minor(amountMinor - applied) };
  }
  const back = minor(-amountMinor);
  if (back > claim.paidMinor) {
    throw new Refusal("reversal_too_large", `${back} minor units come back; ${claim.paidMinor} were paid on this debt`);
  }
  const unapplied = lesserMinor(back, claim.unappliedMinor);
  return { appliedMinor: minor(-(back - unapplied)), unappliedMinor: minor(-unapplied) };
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
