import { addParts, type ClaimParts, negateParts, noParts } from "../ledger/claim.js";
import { type Minor, minor } from "../money/money.js";
import { type AppliedSince, type ReceivableAfter, readAppliedSince } from "../store/later-entries.js";
import type { Position, PositionState } from "../store/position.js";
import type { Context } from "./desk.js";
import { debtOf, withDebt } from "./position-debt.js";

/** What a receivable had when it went to another. */
export interface LeftWith {
  readonly claim: ClaimParts;
  readonly advanceMinor: Minor;
  readonly state: PositionState;
}

/** What came back of payments on receivables since they went: their debtors owe that, too, when they are ours again. */
export async function bouncedSince(
  { tx }: Context,
  portfolioId: string,
  of: readonly ReceivableAfter[],
): Promise<(receivableNo: number) => ClaimParts> {
  const applied = await readAppliedSince(tx, portfolioId, of);
  return (receivableNo) => {
    const since = applied.get(receivableNo);
    return since === undefined ? noParts : negateParts(partsOf(since));
  };
}

function partsOf({ principal, interest, fees, court_costs }: AppliedSince): ClaimParts {
  return {
    principal: minor(principal),
    interest: minor(interest),
    fees: minor(fees),
    court_costs: minor(court_costs),
  };
}

/** The receivable is ours again: with the claim it left with and what bounced since, its advance and its state. */
export function cameBack(
  gone: Position,
  left: LeftWith,
  bounced: ClaimParts,
): { readonly claim: ClaimParts; readonly after: Position } {
  const claim = addParts(left.claim, bounced);
  const debt = debtOf(gone);
  const after = withDebt(
    { ...gone, state: left.state },
    { ...debt, claim: addParts(debt.claim, claim), advanceMinor: minor(debt.advanceMinor + left.advanceMinor) },
  );
  return { claim, after };
}
