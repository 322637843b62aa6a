import {
  bandsOf,
  daysInYear,
  type FeeBasis,
  type FeeScheduleTerms,
  type InterestTerms,
} from "../../models/factoring-terms.js";
import { Refusal } from "../../models/refusal.js";
import { compareShares, type Fraction, fraction, noShare, plus, shareOf, times } from "../money/fraction.js";
import { type Minor, parseMinor } from "../money/money.js";

/** What a fee may be of. */
export interface FeeBases {
  readonly faceMinor: Minor;
  readonly advanceMinor: Minor;
}

/** A fee schedule made ready: the rate of every day, and the fee on an invoice. */
export interface FeeSchedule {
  readonly basis: FeeBasis;
  readonly minimumMinor: Minor;
  /** The whole fee when the debtor pays on that day, as a share of the basis. The same object within one block. */
  rateOn(day: number): Fraction;
  /** The same as an amount, rounded half up, at least the minimum. */
  feeOn(bases: FeeBases, day: number): Minor;
}

/**
 * Makes a fee schedule ready.
 *
 * The day of funding is day 0, and the first fee is for the days up to `initial_days` with it [S01][S02]. Each further
 * block of `step_days` costs `step_rate`: a part of a block as a whole one ("each 15 day period or any portion thereof"
 * [S01]), or by the day where the schedule says so [S08]. A table of bands says the whole fee of each band instead.
 *
 * @param schedule as it was read; its bands follow each other without a gap
 * @param currency of the minimum
 */
export function feeSchedule(schedule: FeeScheduleTerms, currency: string): FeeSchedule {
  const bands = bandsOf(schedule);
  const rates = bands === undefined ? steppedRates(schedule) : bandRates(bands);
  const known = new Map<number, Fraction>();
  const rateOn = (day: number): Fraction => {
    const found = known.get(day);
    if (found !== undefined) return found;
    const made = rates(day);
    known.set(day, made);
    return made;
  };
  const minimumMinor = parseMinor(schedule.minimum, currency);
  const { basis } = schedule;
  return {
    basis,
    minimumMinor,
    rateOn,
    feeOn({ faceMinor, advanceMinor }, day) {
      const fee = shareOf(basis === "face" ? faceMinor : advanceMinor, rateOn(day));
      return fee < minimumMinor ? minimumMinor : fee;
    },
  };
}

type Rates = (day: number) => Fraction;

function steppedRates(schedule: FeeScheduleTerms): Rates {
  const { initial_days: initialDays, step_days: stepDays } = schedule;
  const initial = fraction(schedule.initial_rate!);
  const step = fraction(schedule.step_rate);
  const byBlocks = new Map<number, Fraction>();
  return (day) => {
    const over = Math.max(0, day - initialDays);
    if (schedule.proration === "daily") return plus(initial, times(step, over, stepDays));
    // steps of nothing are no steps: there is one block, the first
    const blocks = step.numerator === 0n ? 0 : Math.ceil(over / stepDays);
    const found = byBlocks.get(blocks) ?? plus(initial, times(step, blocks));
    byBlocks.set(blocks, found);
    return found;
  };
}

function bandRates(bands: NonNullable<FeeScheduleTerms["bands"]>): Rates {
  const rates = bands.map((band) => fraction(band.fee_rate));
  return (day) => {
    const at = Math.max(day, bands[0]!.from);
    const found = bands.findIndex(({ from, to }) => at >= from && (to === null || at <= to));
    if (found >= 0) return rates[found]!;
    throw new Refusal(
      "assumption_out_of_range",
      `the bands end at day ${bands.at(-1)!.to}; there is no fee for day ${day}`,
    );
  };
}

/** Interest on funds employed, made ready: the share of the balance that so many days cost. */
export interface Interest {
  shareFor(days: number): Fraction;
}

/** No interest where the terms have none. The yearly rate is prime plus margin, at least the floor, or the one stated. */
export function interestOf(terms: InterestTerms | undefined): Interest {
  if (terms === undefined) return { shareFor: () => noShare };
  const stated =
    terms.annual_rate === undefined
      ? plus(fraction(terms.prime_rate!), fraction(terms.margin ?? "0"))
      : fraction(terms.annual_rate);
  const floor = fraction(terms.floor_rate ?? "0");
  const perYear = compareShares(floor, stated) > 0 ? floor : stated;
  const year = daysInYear(terms.day_count);
  return { shareFor: (days) => times(perYear, days, year) };
}
