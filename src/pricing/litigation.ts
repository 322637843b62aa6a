import type { Assumptions } from "../../models/strategy.js";

/**
 * The balance at which a suit just pays for itself: court cost / (collectability x (1 - attorney's share)).
 * At 30 % x 67 % a filing of 300 needs 1,493 [clearslate u8].
 * @returns Infinity where a suit brings nothing
 */
export function breakEvenBalance(suit: { courtCost: number; collectability: number; feeRate: number }): number {
  return suit.courtCost / (suit.collectability * (1 - suit.feeRate));
}

export interface LitigationRows {
  /** current balance in major units */
  readonly balances: Float64Array;
  /** 0: the row is priced */
  readonly status: Uint8Array;
  /** by row: whether limitation is open, as the code `open`; any other code may not be sued */
  readonly limitation: Uint8Array;
  readonly open: number;
  /** by row: index into `stateKeys` */
  readonly state: Uint8Array;
  /** two-letter codes, and a word for unknown */
  readonly stateKeys: readonly string[];
}

export interface Litigation {
  /** priced, within limitation, and large enough for a suit to pay */
  readonly accounts: number;
  /** expected court costs: the share that is sued, each at the cost of its state */
  readonly expectedCost: number;
  /** balance from which a row may be sued, by state key */
  readonly thresholds: Float64Array;
}

/**
 * What suing will cost up front, over the accounts on which it pays. An account whose limitation is barred or unknown
 * is never among them. In a currency without a court cost nothing is sued.
 */
export function litigation(rows: LitigationRows, costs: Assumptions["costs"]): Litigation {
  const courtCosts = Float64Array.from(rows.stateKeys, (key) => costs.court_cost_by_state[key] ?? costs.court_cost);
  const thresholds = courtCosts.map((courtCost) => {
    if (courtCost === 0) return Number.POSITIVE_INFINITY;
    const { suit_collectability: collectability, suit_fee_rate: feeRate } = costs;
    return breakEvenBalance({ courtCost, collectability, feeRate });
  });
  let accounts = 0;
  let cost = 0;
  for (let i = 0; i < rows.status.length; i++) {
    if (rows.status[i] !== 0 || rows.limitation[i] !== rows.open) continue;
    const at = rows.state[i]!;
    if (rows.balances[i]! < thresholds[at]!) continue;
    accounts++;
    cost += courtCosts[at]!;
  }
  return { accounts, expectedCost: cost * costs.share_sued, thresholds };
}
