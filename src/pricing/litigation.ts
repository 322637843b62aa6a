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
  /** 1 where limitation is known to be open; anything else may not be sued */
  readonly suable: (row: number) => boolean;
  readonly state: { readonly values: Int32Array; readonly labels: readonly string[] } | undefined;
}

export interface Litigation {
  /** priced, within limitation, and large enough for a suit to pay */
  readonly accounts: number;
  /** expected court costs: the share that is sued, each at the cost of its state */
  readonly expectedCost: number;
  /** balance from which a row may be sued, by label of the state column; the last entry is that of a blank */
  readonly thresholds: Float64Array;
}

/**
 * What suing will cost up front, over the accounts on which it pays. An account whose limitation is barred or unknown
 * is never among them. In a currency without a court cost nothing is sued.
 */
export function litigation(rows: LitigationRows, costs: Assumptions["costs"]): Litigation {
  const labels = rows.state?.labels ?? [];
  const courtCosts = new Float64Array(labels.length + 1).fill(costs.court_cost);
  for (const [i, label] of labels.entries()) courtCosts[i] = costs.court_cost_by_state[label] ?? costs.court_cost;
  const thresholds = courtCosts.map((courtCost) => {
    if (courtCost === 0) return Number.POSITIVE_INFINITY;
    const { suit_collectability: collectability, suit_fee_rate: feeRate } = costs;
    return breakEvenBalance({ courtCost, collectability, feeRate });
  });
  let accounts = 0;
  let cost = 0;
  for (let i = 0; i < rows.status.length; i++) {
    if (rows.status[i] !== 0 || !rows.suable(i)) continue;
    const code = rows.state === undefined ? -1 : rows.state.values[i]!;
    const at = code < 0 ? labels.length : code;
    if (rows.balances[i]! < thresholds[at]!) continue;
    accounts++;
    cost += courtCosts[at]!;
  }
  return { accounts, expectedCost: cost * costs.share_sued, thresholds };
}
