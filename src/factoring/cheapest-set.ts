import type { Minor } from "../money/money.js";

/** An invoice as it counts when a sum is to be raised. */
export interface Candidate {
  /** cash that it brings today, above zero */
  readonly cashMinor: Minor;
  /** what it is expected to cost, zero or more */
  readonly costMinor: Minor;
}

export interface CheapestSet {
  /** indexes of what is taken, rising; all of them where even those do not reach the target */
  readonly taken: readonly number[];
  readonly reached: boolean;
  /** false where the search was cut short: then it is the best that was found */
  readonly proved: boolean;
}

const mostNodes = 200_000;

/**
 * The set of candidates that brings at least the target and costs least.
 *
 * Branch and bound: candidates by cost for each unit of cash, cheapest first; a branch is left when even the rest taken
 * by fractions would cost more than the best set so far. Exact for what a business sells in a week; the search is cut
 * after 200,000 nodes.
 */
export function cheapestSet(candidates: readonly Candidate[], targetMinor: bigint): CheapestSet {
  const order = candidates.map((_, i) => i).filter((i) => candidates[i]!.cashMinor > 0n);
  const all = order.reduce((sum, i) => sum + candidates[i]!.cashMinor, 0n);
  if (all < targetMinor) return { taken: order, reached: false, proved: true };
  order.sort((a, b) => {
    const [x, y] = [candidates[a]!, candidates[b]!];
    const difference = x.costMinor * y.cashMinor - y.costMinor * x.cashMinor;
    return difference < 0n ? -1 : difference > 0n ? 1 : a - b;
  });
  const search = new Search(
    order.map((i) => candidates[i]!),
    targetMinor,
  );
  const taken = search.best.map((k) => order[k]!).sort((a, b) => a - b);
  return { taken, reached: true, proved: search.nodes < mostNodes };
}

class Search {
  best: readonly number[] = [];
  nodes = 0;
  #bestCost: bigint | null = null;
  readonly #items: readonly Candidate[];
  /** cash of the items from each on */
  readonly #cashFrom: bigint[];

  constructor(items: readonly Candidate[], target: bigint) {
    this.#items = items;
    this.#cashFrom = new Array(items.length + 1).fill(0n);
    for (let k = items.length - 1; k >= 0; k--) this.#cashFrom[k] = this.#cashFrom[k + 1]! + items[k]!.cashMinor;
    this.#walk(target);
  }

  /** Depth first, taking before leaving, with a stack of its own: a schedule may have ten thousand invoices. */
  #walk(target: bigint): void {
    const chosen: number[] = [];
    let [depth, missing, cost] = [0, target, 0n];
    for (;;) {
      this.nodes += 1;
      const found = missing <= 0n && (this.#bestCost === null || cost < this.#bestCost);
      if (found) {
        this.#bestCost = cost;
        this.best = [...chosen];
      }
      if (missing > 0n && this.nodes < mostNodes && this.#mayImprove(depth, missing, cost)) {
        chosen.push(depth);
        missing -= this.#items[depth]!.cashMinor;
        cost += this.#items[depth]!.costMinor;
        depth += 1;
        continue;
      }
      // back to the last that was taken, and on without it
      const last = chosen.pop();
      if (last === undefined) return;
      missing += this.#items[last]!.cashMinor;
      cost -= this.#items[last]!.costMinor;
      depth = last + 1;
      while (!this.#mayImprove(depth, missing, cost) || this.nodes >= mostNodes) {
        const earlier = chosen.pop();
        if (earlier === undefined) return;
        missing += this.#items[earlier]!.cashMinor;
        cost -= this.#items[earlier]!.costMinor;
        depth = earlier + 1;
      }
    }
  }

  /** Whether the rest, taken by fractions in order, could still be cheaper than the best set. */
  #mayImprove(depth: number, missing: bigint, cost: bigint): boolean {
    if (this.#cashFrom[depth]! < missing) return false;
    if (this.#bestCost === null) return true;
    let [left, bound] = [missing, cost];
    for (let k = depth; left > 0n; k++) {
      const { cashMinor, costMinor } = this.#items[k]!;
      if (cashMinor >= left) {
        // rounded up to a whole unit: costs are whole
        bound += (costMinor * left + cashMinor - 1n) / cashMinor;
        break;
      }
      left -= cashMinor;
      bound += costMinor;
    }
    return bound < this.#bestCost;
  }
}
