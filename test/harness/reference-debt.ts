import type { ClaimComponent } from "../../models/claim.js";

/** What one debtor owes and has paid, as the reference keeps it; written from docs/LEDGER.md. Amounts in minor units. */
export type Parts = Record<ClaimComponent, bigint>;

/** The order of the waterfall where nothing else was agreed. */
const waterfall = ["court_costs", "fees", "interest", "principal"] as const satisfies readonly ClaimComponent[];
const backwards = [...waterfall].reverse();

/** The memorandum account of each component. */
export const accountOf: Readonly<Record<ClaimComponent, string>> = {
  principal: "9000",
  interest: "9010",
  fees: "9020",
  court_costs: "9030",
};

export const none = (): Parts => ({ principal: 0n, interest: 0n, fees: 0n, court_costs: 0n });
export const least = (a: bigint, b: bigint) => (a < b ? a : b);
const atLeastZero = (a: bigint) => (a > 0n ? a : 0n);
export const total = (parts: Parts) => waterfall.reduce((sum, name) => sum + parts[name], 0n);
export const plus = (a: Parts, b: Parts, times = 1n): Parts => {
  const sum = none();
  for (const name of waterfall) sum[name] = a[name] + times * b[name];
  return sum;
};

export interface ReferenceDebt {
  readonly face: bigint;
  /** its part of the price */
  readonly cost: bigint;
  state: "owned" | "settled" | "put_back" | "sold";
  claim: Parts;
  /** what payments have paid of each component, less what came back */
  paid: Parts;
  unapplied: bigint;
  /** gross, less what came back or was paid out again */
  collected: bigint;
  commission: bigint;
  /** court costs that we have paid and not had back, and those that payments gave back */
  advance: bigint;
  advanceRecovered: bigint;
  /** what came back of its payments while it was another's */
  bounced: Parts;
  /** what happened to it, by number of the entry, and whether it stands */
  readonly later: { readonly entry: number; readonly stands: () => boolean }[];
  /** what its agency keeps, in hundredths of a per cent, and whether it sends all that it takes; undefined with none */
  placed: { readonly basisPoints: bigint; readonly gross: boolean } | undefined;
}

/** How a payment was applied; negative for one that came back. */
export interface Applied {
  readonly parts: Parts;
  readonly over: bigint;
}

function pour(into: Parts, amount: bigint, order: readonly ClaimComponent[]): { parts: Parts; rest: bigint } {
  const parts = none();
  let rest = amount;
  for (const name of order) {
    parts[name] = least(atLeastZero(into[name]), rest);
    rest -= parts[name];
  }
  return { parts, rest };
}

/** A payment goes down the waterfall; what is over is unapplied. */
export function pay(claim: Parts, amount: bigint): Applied {
  const { parts, rest } = pour(claim, amount, waterfall);
  return { parts, over: rest };
}

/**
 * A payment that comes back takes back what is left of its own parts, as far as the debt still has them: what was
 * unapplied first, then the components from the last. Then it takes from the others' likewise; and what nobody has any
 * more, the debtor owes as principal. One that is not named takes from all; undefined when there is not as much.
 */
export function takeBack(debt: ReferenceDebt, amount: bigint, own: Applied | undefined): Applied | undefined {
  let [parts, over, rest] = [none(), 0n, amount];
  const take = (from: Parts, unapplied: bigint) => {
    const fromOver = least(atLeastZero(unapplied), rest);
    const poured = pour(from, rest - fromOver, backwards);
    parts = plus(parts, poured.parts);
    over += fromOver;
    rest = poured.rest;
  };
  if (own !== undefined) {
    const there = none();
    for (const name of waterfall) there[name] = least(own.parts[name], atLeastZero(debt.paid[name]));
    take(there, least(own.over, debt.unapplied));
  }
  take(plus(debt.paid, parts, -1n), debt.unapplied - over);
  if (rest > 0n && own === undefined) return undefined;
  parts.principal += rest;
  return { parts: plus(none(), parts, -1n), over: -over };
}
