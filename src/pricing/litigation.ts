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
  /** expected gross over the horizon, in major units */
  readonly expectedGross: Float64Array;
  /** what the freshest debts bring over the horizon, as a fraction of face */
  readonly freshRate: number;
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
  /** by row: 1 where the debt is priced, within limitation, and large enough for a suit to pay */
  readonly pays: Uint8Array;
  readonly accounts: number;
  /** expected court costs: the share that is sued, each at the cost of its state */
  readonly expectedCost: number;
}

/**
 * What suing will cost up front, over the accounts on which it pays.
 *
 * An account whose limitation is barred or unknown is never among them. The collectability of a judgment is that of
 * fresh debts; a staler or otherwise weaker debt is worth suing on only from a balance that is larger in the proportion
 * in which it is expected to bring in less. In a currency without a court cost nothing is sued.
 */
export function litigation(rows: LitigationRows, costs: Assumptions["costs"]): Litigation {
  const courtCosts = Float64Array.from(rows.stateKeys, (key) => costs.court_cost_by_state[key] ?? costs.court_cost);
  const { suit_collectability: collectability, suit_fee_rate: feeRate } = costs;
  const thresholds = courtCosts.map((courtCost) => {
    return courtCost === 0 ? Number.POSITIVE_INFINITY : breakEvenBalance({ courtCost, collectability, feeRate });
  });
  const pays = new Uint8Array(rows.status.length);
  let accounts = 0;
  let cost = 0;
  for (let i = 0; i < pays.length; i++) {
    if (rows.status[i] !== 0 || rows.limitation[i] !== rows.open) continue;
    const state = rows.state[i]!;
    const balance = rows.balances[i]!;
    const asFresh = Math.min(balance, rows.expectedGross[i]! / rows.freshRate);
    if (!(asFresh >= thresholds[state]! * (1 - 1e-12))) continue;
    pays[i] = 1;
    accounts++;
    cost += courtCosts[state]!;
  }
  return { pays, accounts, expectedCost: cost * costs.share_sued };
}
