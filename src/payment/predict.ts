import type { PaymentModel, PaymentTerm } from "../../models/payment-card.js";
import { missing } from "../../models/tape.js";
import { type Day, parseDay } from "../calendar/day.js";
import type { Term } from "./additive.js";
import { offScale, onScale } from "./days.js";
import { keyReader } from "./debtor-key.js";
import { type DesignTerm, termOn } from "./design.js";
import { chanceOf } from "./disputes.js";
import type { InvoiceFacts } from "./facts.js";
import { ResidualSpread } from "./residuals.js";

/** What the model expects of each invoice: its place on the scale, and how likely it is disputed. */
export interface Outlook {
  /** where the middle of an undisputed invoice lies, on the scale */
  readonly middle: Float64Array;
  /** standard deviation about it, what is uncertain of the effects counted in */
  readonly deviation: Float64Array;
  readonly disputeChance: Float64Array;
  /** days from the invoice to its due date; the typical ones where none are stated */
  readonly termsDays: Float64Array;
  /** days that an invoice is known to have been open for; 0 at its issue */
  readonly openDays: Float64Array;
  /** the terms on these rows, for whoever explains */
  readonly terms: readonly Term[];
  readonly disputeTerms: readonly Term[];
}

export function designOf(term: PaymentTerm): DesignTerm {
  const { name, source, shape, keys, bounds, center } = term;
  return { name, source, shape, keys, bounds, center, isRecent: term.is_recent, isFree: term.is_free };
}

/**
 * Looks at invoices with a fitted model.
 *
 * @param openOn the day on which invoices without a settlement are known to be still open, the model's own when left
 *   out; null looks at every invoice as on the day of its issue
 */
export function outlookOf(model: PaymentModel, facts: InvoiceFacts, openOn?: Day | null): Outlook {
  const asOf = parseDay(model.as_of);
  const keyOf = keyReader(model.salt);
  const terms = model.terms.map((term) => termOn(designOf(term), facts, asOf, keyOf));
  // A term looks at the same rows for the days and for disputes.
  const disputeTerms = model.dispute_terms.map(({ name }) => terms.find((term) => term.name === name)!);
  const { sums: middle, variances } = sumOf(model.terms, terms, facts.rows);
  const disputeChance = disputeTerms.length === 0 ? new Float64Array(facts.rows) : chances(model, disputeTerms, facts);
  const termsDays = facts.termsDays.map((days) => (Number.isNaN(days) ? model.typical_terms_days : days));
  const noise = model.noise * model.noise;
  return {
    middle,
    deviation: variances.map((variance) => Math.sqrt(variance + noise)),
    disputeChance,
    termsDays,
    openDays: openDaysOf(facts, openOn === undefined ? asOf : openOn),
    terms,
    disputeTerms,
  };
}

function sumOf(estimates: readonly PaymentTerm[], terms: readonly Term[], rows: number) {
  const sums = new Float64Array(rows);
  const variances = new Float64Array(rows);
  for (const [k, { levels, multiplier }] of terms.entries()) {
    const { effects, deviations, prior_deviation: prior, is_recent: isRecent } = estimates[k]!;
    const squares = deviations.map((deviation) => deviation * deviation);
    // A code that was never seen is as uncertain as its kind; an effect that does not concern the row adds nothing.
    const unseen = isRecent ? 0 : prior * prior;
    for (let i = 0; i < rows; i++) {
      const level = levels === null ? 0 : levels[i]!;
      if (level < 0) {
        variances[i]! += unseen;
        continue;
      }
      const x = multiplier === null ? 1 : multiplier[i]!;
      sums[i]! += effects[level]! * x;
      variances[i]! += squares[level]! * x * x;
    }
  }
  return { sums, variances };
}

function chances(model: PaymentModel, terms: readonly Term[], facts: InvoiceFacts): Float64Array {
  const { sums } = sumOf(model.dispute_terms, terms, facts.rows);
  const known = model.knows_open_disputes ? facts.disputed : null;
  return sums.map((logOdds, i) => (known?.[i] === 1 ? 1 : chanceOf(logOdds)));
}

function openDaysOf({ rows, issued, settled }: InvoiceFacts, openOn: number | null): Float64Array {
  const days = new Float64Array(rows);
  if (openOn === null) return days;
  for (let i = 0; i < rows; i++) {
    const settledOn = settled?.[i] ?? missing.day;
    if (settledOn === missing.day || settledOn >= openOn) days[i] = Math.max(openOn - issued[i]!, 0);
  }
  return days;
}

/** A quantile is found when its probability is met this closely. */
const closeEnough = 1e-4;

/** The chances of single invoices to be paid by a day, from an outlook. */
export class PaymentTiming {
  readonly #model: PaymentModel;
  readonly #outlook: Outlook;
  readonly #spread: ResidualSpread;
  #known: (readonly [number, number])[] = [];

  constructor(model: PaymentModel, outlook: Outlook) {
    this.#model = model;
    this.#outlook = outlook;
    this.#spread = new ResidualSpread(model.quantiles, model.never_share);
  }

  /** P(not paid within so many whole days of the invoice), as seen on the day of issue. */
  #unpaidAfter(row: number, days: number): number {
    return this.#unpaidBeyond(row, onScale(days + 0.5, this.#model.power));
  }

  #unpaidBeyond(row: number, place: number): number {
    const { middle, deviation, disputeChance } = this.#outlook;
    const z = (place - middle[row]!) / deviation[row]!;
    const chance = disputeChance[row]!;
    const plain = this.#spread.survival(z);
    if (chance === 0) return plain;
    return (1 - chance) * plain + chance * this.#spread.survival(z - this.#model.dispute_effect / deviation[row]!);
  }

  /** P(not paid within so many whole days of the invoice), given that it is still open where that is known. */
  survival(row: number, days: number): number {
    const open = this.#outlook.openDays[row]!;
    if (open === 0) return this.#unpaidAfter(row, days);
    // Open on the morning of day n: not paid within n - 1 days.
    if (days < open) return 1;
    const before = this.#unpaidAfter(row, open - 1);
    return before <= 1e-9 ? 1 : this.#unpaidAfter(row, days) / before;
  }

  /**
   * The days within which an invoice is paid with probability p, counted from its date: at least 0, at least as many as
   * it has been open, at most the horizon.
   */
  quantile(row: number, p: number): number {
    const open = this.#outlook.openDays[row]!;
    const { power, horizon_days: horizon } = this.#model;
    const [least, most] = [open, Math.max(horizon, open)];
    const before = open === 0 ? 1 : this.#unpaidAfter(row, open - 1);
    if (before <= 1e-9) return most;
    const place = this.#placeExceededBy(row, (1 - p) * before);
    return Math.min(Math.max(offScale(place, power), least), most);
  }

  /** Most invoices are asked about the same probability: the last two answers are kept. */
  #exceededBy(s: number): number {
    const known = this.#known.find(([asked]) => asked === s);
    if (known !== undefined) return known[1];
    const z = this.#spread.exceededBy(s);
    this.#known = [[s, z], ...this.#known.slice(0, 1)];
    return z;
  }

  /**
   * The place on the scale that is exceeded with probability s. That of a mixture lies between those of its two parts,
   * where it is found by false position (Illinois).
   */
  #placeExceededBy(row: number, s: number): number {
    const { middle, deviation, disputeChance } = this.#outlook;
    const plain = middle[row]! + deviation[row]! * this.#exceededBy(s);
    const chance = disputeChance[row]!;
    const effect = this.#model.dispute_effect;
    if (chance === 0 || effect === 0 || plain === Number.POSITIVE_INFINITY) return plain;
    let [low, high] = [Math.min(plain, plain + effect), Math.max(plain, plain + effect)];
    let [above, below] = [this.#unpaidBeyond(row, low) - s, this.#unpaidBeyond(row, high) - s];
    if (above <= 0) return low;
    let last = 0;
    for (let step = 0; step < 30 && below < 0; step++) {
      const place = (low * below - high * above) / (below - above);
      const rest = this.#unpaidBeyond(row, place) - s;
      if (Math.abs(rest) < closeEnough) return place;
      const side = Math.sign(rest);
      if (rest > 0) {
        low = place;
        above = rest;
        if (last === side) below /= 2;
      } else {
        high = place;
        below = rest;
        if (last === side) above /= 2;
      }
      last = side;
    }
    return high;
  }
}
