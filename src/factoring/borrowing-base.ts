import { compareShares, type Fraction, less, shareOf } from "../money/fraction.js";
import { displayMinor, lesserMinor, type Minor, minor, zeroMinor } from "../money/money.js";

/** One open invoice, or a credit (below zero), as far as eligibility goes. */
export interface BasePosition {
  readonly debtorId: string;
  /** what is open of it */
  readonly balanceMinor: Minor;
  /** days since the invoice or due date, by the policy */
  readonly ageDays: number;
  /** how much of it is disputed */
  readonly disputedMinor: Minor;
  /** what it or its debtor is: codes of steps that take it out, with what is to be said of it */
  readonly flags: ReadonlyMap<string, string>;
}

/** What is known of a debtor beside the invoices at hand. */
export interface BaseDebtor {
  /** what the seller owes the debtor */
  readonly payableMinor: Minor;
  /** most that is bought of it; null: no limit */
  readonly limitMinor: Minor | null;
  /** outstanding of it in all portfolios of the factor, beside the invoices at hand */
  readonly outstandingMinor: Minor;
  /** the part of that which is over age */
  readonly overAgeMinor: Minor;
}

export interface BasePolicy {
  readonly currency: string;
  /** null: no limit */
  readonly maxAgeDays: number | null;
  readonly crossAge: { readonly threshold: Fraction; readonly orAt: boolean } | null;
  readonly concentration: {
    readonly limit: Fraction;
    readonly of: "eligible_before_concentration" | "gross";
  } | null;
  /** in the order they are taken; any code beside the six that are known takes out the positions that are flagged with it */
  readonly steps: readonly string[];
}

/** Why a position is out, or a part of it. */
export interface Reason {
  readonly code: string;
  /** number of the step, from 1 */
  readonly step: number;
  /** zero where an earlier step had taken it all: it would be out for this reason too */
  readonly removedMinor: Minor;
  readonly message: string;
}

export interface BaseStep {
  readonly step: string;
  readonly removedMinor: Minor;
  readonly remainingMinor: Minor;
}

export interface Base {
  readonly grossMinor: Minor;
  readonly steps: readonly BaseStep[];
  readonly eligibleMinor: Minor;
  /** by position: what is left of it */
  readonly eligible: readonly Minor[];
  readonly reasons: readonly (readonly Reason[])[];
  /** the cap of one debtor; null without a concentration limit */
  readonly concentrationCapMinor: Minor | null;
}

/**
 * Works down the open invoices of a seller to what is eligible, step by step: each works on what the one before has
 * left, and says what it took, so that the order is part of the answer (and is data).
 *
 * An old credit does not make the over-age invoices less ("credits in prior"): over age takes only what is above zero,
 * and the credit stays in and reduces the base. Cross-age: the over-age part of a debtor over all that it owes, here and
 * in the factor's other portfolios. A step that takes a debtor whole takes its credits with it, unless they outweigh.
 * What is taken of a debtor's total (contra, limit, concentration) comes off its last invoices first.
 *
 * Invariant: gross = eligible + the sum of what was removed, and the same by position.
 */
export function borrowingBase(
  positions: readonly BasePosition[],
  debtors: ReadonlyMap<string, BaseDebtor>,
  policy: BasePolicy,
): Base {
  const work = new Work(positions, debtors, policy);
  const steps: BaseStep[] = [];
  let remaining = work.grossMinor;
  for (const [i, step] of policy.steps.entries()) {
    const removed = work.take(step, i + 1);
    remaining = minor(remaining - removed);
    steps.push({ step, removedMinor: removed, remainingMinor: remaining });
  }
  return {
    grossMinor: work.grossMinor,
    steps,
    eligibleMinor: remaining,
    eligible: work.left,
    reasons: work.reasons,
    concentrationCapMinor: work.cap,
  };
}

const unknown: BaseDebtor = {
  payableMinor: zeroMinor,
  limitMinor: null,
  outstandingMinor: zeroMinor,
  overAgeMinor: zeroMinor,
};
/** of all positions of which nothing was taken; never added to */
const nothing: Reason[] = [];

class Work {
  readonly left: Minor[];
  readonly reasons: Reason[][];
  readonly grossMinor: Minor;
  cap: Minor | null = null;
  readonly #positions: readonly BasePosition[];
  readonly #debtors: ReadonlyMap<string, BaseDebtor>;
  readonly #policy: BasePolicy;
  /** positions of each debtor, by index */
  readonly #of = new Map<string, number[]>();
  /** positions that are flagged with each code, by index */
  readonly #flaggedWith = new Map<string, number[]>();

  constructor(positions: readonly BasePosition[], debtors: ReadonlyMap<string, BaseDebtor>, policy: BasePolicy) {
    this.#positions = positions;
    this.#debtors = debtors;
    this.#policy = policy;
    this.left = positions.map(({ balanceMinor }) => balanceMinor);
    this.reasons = positions.map(() => nothing);
    this.grossMinor = total(this.left);
    for (const [i, { debtorId, flags }] of positions.entries()) {
      addTo(this.#of, debtorId, i);
      if (flags.size > 0) for (const code of flags.keys()) addTo(this.#flaggedWith, code, i);
    }
  }

  /** Takes one step and returns what it removed. */
  take(step: string, number: number): Minor {
    switch (step) {
      case "over_age":
        return this.#overAge(number);
      case "cross_age":
        return this.#crossAge(number);
      case "disputed":
        return this.#disputed(number);
      case "contra":
        return this.#contra(number);
      case "credit_limit":
        return this.#creditLimit(number);
      case "concentration":
        return this.#concentration(number);
      default:
        return this.#flagged(step, number);
    }
  }

  #overAge(number: number): Minor {
    const { maxAgeDays } = this.#policy;
    if (maxAgeDays === null) return zeroMinor;
    let removed = 0n;
    for (const [i, { ageDays, balanceMinor }] of this.#positions.entries()) {
      if (ageDays <= maxAgeDays || balanceMinor <= 0n) continue;
      removed += this.#remove(i, this.left[i]!, {
        code: "over_age",
        step: number,
        message: `${ageDays} days old; at most ${maxAgeDays}`,
      });
    }
    return minor(removed);
  }

  #crossAge(number: number): Minor {
    const { crossAge, maxAgeDays } = this.#policy;
    if (crossAge === null || maxAgeDays === null) return zeroMinor;
    let removed = 0n;
    for (const [debtorId, indexes] of this.#of) {
      const { outstandingMinor, overAgeMinor } = this.#debtor(debtorId);
      let [old, all]: [bigint, bigint] = [overAgeMinor, outstandingMinor];
      for (const i of indexes) {
        const { balanceMinor, ageDays } = this.#positions[i]!;
        all += balanceMinor;
        if (ageDays > maxAgeDays && balanceMinor > 0n) old += balanceMinor;
      }
      if (!isCrossAged(old, all, crossAge)) continue;
      const message = `${this.#shown(old)} of ${this.#shown(all)} of this debtor is over age: ${percentOf(old, all)}; the limit is ${percentOf(crossAge.threshold.numerator, crossAge.threshold.denominator)}`;
      removed += this.#removeWhole(indexes, { code: "cross_age", step: number, message });
    }
    return minor(removed);
  }

  #flagged(code: string, number: number): Minor {
    const byDebtor = new Map<string, number[]>();
    for (const i of this.#flaggedWith.get(code) ?? []) addTo(byDebtor, this.#positions[i]!.debtorId, i);
    let removed = 0n;
    for (const indexes of byDebtor.values()) {
      const message = this.#positions[indexes[0]!]!.flags.get(code)!;
      removed += this.#removeWhole(indexes, { code, step: number, message });
    }
    return minor(removed);
  }

  #disputed(number: number): Minor {
    let removed = 0n;
    for (const [i, { disputedMinor }] of this.#positions.entries()) {
      if (disputedMinor <= 0n) continue;
      const part = this.left[i]! > 0n ? lesserMinor(disputedMinor, this.left[i]!) : zeroMinor;
      const message = `${this.#shown(disputedMinor)} of it is disputed`;
      removed += this.#remove(i, part, { code: "disputed", step: number, message });
    }
    return minor(removed);
  }

  #contra(number: number): Minor {
    let removed = 0n;
    for (const [debtorId, indexes] of this.#of) {
      const { payableMinor } = this.#debtor(debtorId);
      if (payableMinor <= 0n) continue;
      const message = `the seller owes this debtor ${this.#shown(payableMinor)}, which may be set off`;
      removed += this.#removeOf(indexes, payableMinor, { code: "contra", step: number, message });
    }
    return minor(removed);
  }

  #creditLimit(number: number): Minor {
    let removed = 0n;
    for (const [debtorId, indexes] of this.#of) {
      const { limitMinor, outstandingMinor } = this.#debtor(debtorId);
      if (limitMinor === null) continue;
      const exposure = this.#leftOf(indexes) + outstandingMinor;
      if (exposure <= limitMinor) continue;
      const elsewhere = outstandingMinor > 0n ? `, ${this.#shown(outstandingMinor)} of it outstanding already` : "";
      const message = `${this.#shown(exposure)} of this debtor${elsewhere}; the limit is ${this.#shown(limitMinor)}`;
      removed += this.#removeOf(indexes, minor(exposure - limitMinor), { code: "credit_limit", step: number, message });
    }
    return minor(removed);
  }

  #concentration(number: number): Minor {
    const { concentration } = this.#policy;
    if (concentration === null) return zeroMinor;
    let base: bigint = concentration.of === "gross" ? this.grossMinor : total(this.left);
    for (const { outstandingMinor } of this.#debtors.values()) base += outstandingMinor;
    const cap = shareOf(minor(base > 0n ? base : 0n), concentration.limit);
    this.cap = cap;
    const limit = percentOf(concentration.limit.numerator, concentration.limit.denominator);
    let removed = 0n;
    for (const [debtorId, indexes] of this.#of) {
      const exposure = this.#leftOf(indexes) + this.#debtor(debtorId).outstandingMinor;
      if (exposure <= cap) continue;
      const message = `${this.#shown(exposure)} of this debtor; at most ${limit} of ${this.#shown(base)}, which is ${this.#shown(cap)}`;
      removed += this.#removeOf(indexes, minor(exposure - cap), { code: "concentration", step: number, message });
    }
    return minor(removed);
  }

  #debtor(id: string): BaseDebtor {
    return this.#debtors.get(id) ?? unknown;
  }

  #leftOf(indexes: readonly number[]): bigint {
    let sum = 0n;
    for (const i of indexes) sum += this.left[i]!;
    return sum;
  }

  /** Takes a debtor's positions whole, credits with them; a debtor whose credits outweigh is left to reduce the base. */
  #removeWhole(indexes: readonly number[], reason: Omit<Reason, "removedMinor">): bigint {
    const net = this.#leftOf(indexes);
    if (net < 0n) return 0n;
    let removed = 0n;
    for (const i of indexes) removed += this.#remove(i, this.left[i]!, reason);
    return removed;
  }

  /** Takes an amount off a debtor's positions, the last ones first, and no more than is left of them. */
  #removeOf(indexes: readonly number[], wanted: Minor, reason: Omit<Reason, "removedMinor">): bigint {
    const net = this.#leftOf(indexes);
    let rest: bigint = wanted < net ? wanted : net;
    let removed = 0n;
    for (let k = indexes.length - 1; k >= 0 && rest > 0n; k--) {
      const i = indexes[k]!;
      if (this.left[i]! <= 0n) continue;
      const part = lesserMinor(minor(rest), this.left[i]!);
      removed += this.#remove(i, part, reason);
      rest -= part;
    }
    return removed;
  }

  #remove(index: number, part: Minor, { code, step, message }: Omit<Reason, "removedMinor">): bigint {
    this.left[index] = minor(this.left[index]! - part);
    const reason = { code, step, removedMinor: part, message };
    if (this.reasons[index] === nothing) this.reasons[index] = [reason];
    else this.reasons[index]!.push(reason);
    return part;
  }

  #shown(amount: bigint): string {
    return displayMinor(amount, this.#policy.currency);
  }
}

function addTo(lists: Map<string, number[]>, key: string, index: number): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [index]);
  else known.push(index);
}

function total(amounts: readonly Minor[]): Minor {
  let sum = 0n;
  for (const amount of amounts) sum += amount;
  return minor(sum);
}

/** Whether so much of a debtor is over age that the rest is out too. A debtor whose credits outweigh counts as all old. */
export function isCrossAged(old: bigint, all: bigint, rule: { threshold: Fraction; orAt: boolean }): boolean {
  if (old <= 0n) return false;
  if (all <= 0n) return true;
  const side = compareShares({ numerator: old, denominator: all }, rule.threshold);
  return side > 0 || (rule.orAt && side === 0);
}

/** For people: "46.7 %". */
function percentOf(part: bigint, whole: bigint): string {
  if (whole <= 0n) return "all of it";
  const tenths = (2000n * part + whole) / (2n * whole);
  return `${tenths / 10n}.${tenths % 10n} %`;
}

/** What may still be drawn on a facility. */
export interface Room {
  readonly borrowingBaseMinor: Minor;
  readonly availabilityMinor: Minor;
  readonly overAdvanceMinor: Minor;
}

/**
 * The base is the advance rate times what is eligible, less reserves, and at most the limit; what is employed above it
 * is an over-advance, what is below it is available. One of the two is always zero.
 */
export function facilityRoom(of: {
  eligibleMinor: Minor;
  advanceRate: Fraction;
  reservesMinor: Minor;
  limitMinor: Minor | null;
  fundsEmployedMinor: Minor;
}): Room {
  const lent = minor(shareOf(of.eligibleMinor, of.advanceRate) - of.reservesMinor);
  const base = lent < 0n ? zeroMinor : lent;
  const bound = of.limitMinor === null ? base : lesserMinor(base, of.limitMinor);
  const room = bound - of.fundsEmployedMinor;
  return {
    borrowingBaseMinor: base,
    availabilityMinor: minor(room > 0n ? room : 0n),
    overAdvanceMinor: minor(room < 0n ? -room : 0n),
  };
}

/**
 * What is held back of the base because more than the norm is diluted: eligible x (dilution - norm), where above zero.
 *
 * Dilution is what falls away without cash (credits, returns, discounts) over sales (the factor's way) or over
 * collections (the lender's): the same book is 10 % or 11.1 % [S39], so that the denominator is always named.
 */
export function dilutionReserve(eligibleMinor: Minor, rates: { dilution: Fraction; norm: Fraction }): Minor {
  if (eligibleMinor <= 0n || compareShares(rates.dilution, rates.norm) <= 0) return zeroMinor;
  return shareOf(eligibleMinor, less(rates.dilution, rates.norm));
}
