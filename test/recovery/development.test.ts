import { expect } from "chai";
import fc from "fast-check";
import type { TapeColumn, TapeColumns } from "../../models/tape.js";
import { chance } from "../../seeds/random-numbers.js";
import { parseDay } from "../../src/calendar/day.js";
import { growthAt } from "../../src/recovery/growth.js";
import { risesAndFalls } from "../../src/recovery/rises-and-falls.js";
import { cardOf, scoresOf } from "./history-of.js";

const ages = [0, 1, 2, 3, 6, 9, 12, 18, 24, 36, 48, 60, 72];
const usual = { family: "gamma", shape: 1.388, scale_years: 2.635 } as const;
const sure = { doubt: ages.map(() => 1e-4), usual };
const growth = { family: "gamma", shape: 1.2, scale: 14 } as const;
const alike = ages.map((age) => 0.1 * growthAt(growth, age));

describe("means by age, parted into development and level", () => {
  it("give the curve back where all vintages are alike", () => {
    const { shares, level } = risesAndFalls(ages, alike, sure);
    for (const [a, age] of ages.entries()) {
      expect(shares[a], `${age} months`).to.be.closeTo(growthAt(growth, age) / growthAt(growth, 72), 0.02);
      expect(level[a]).to.be.closeTo(1, 0.05);
    }
  });

  it("count a dip that comes back as one poor vintage, and not as money still to come", () => {
    const dipped = alike.map((mean, a) => (ages[a] === 36 ? mean * 0.6 : mean));
    const { shares } = risesAndFalls(ages, dipped, sure);
    const at36 = shares[ages.indexOf(36)]!;
    expect(at36).to.be.closeTo(growthAt(growth, 36) / growthAt(growth, 72), 0.05);
  });

  it("rise from 0 to 1, and fall from 1, whatever the means", () => {
    const means = fc.array(fc.double({ min: 0, max: 0.5, noNaN: true }), {
      minLength: ages.length,
      maxLength: ages.length,
    });
    fc.assert(
      fc.property(means, (some) => {
        const { shares, level } = risesAndFalls(ages, [0, ...some.slice(1)], { doubt: ages.map(() => 0.01), usual });
        expect([shares[0], shares.at(-1), level[0]]).to.deep.equal([0, 1, 1]);
        for (let a = 1; a < ages.length; a++) {
          expect(shares[a]).to.be.at.least(shares[a - 1]!);
          expect(level[a]).to.be.at.most(level[a - 1]! + 1e-12);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("lean on the usual timing where the history says nothing", () => {
    const doubt = ages.map(() => 1e4);
    const whole = growthAt({ family: "gamma", shape: 1.388, scale: 2.635 * 12 }, 72);
    const { shares } = risesAndFalls(ages, alike, { doubt, usual });
    const expected = growthAt({ family: "gamma", shape: 1.388, scale: 2.635 * 12 }, 24) / whole;
    expect(shares[ages.indexOf(24)]).to.be.closeTo(expected, 0.03);
  });
});

const observed = parseDay("2022-01-01");

/**
 * Accounts of up to 72 months that pay a twenty-fifth of their balance at a time, by a process that slows down with age;
 * each quarter of charge-off is better or worse than the others by a draw of its own. With it goes what they will truly
 * bring over the next months, on average.
 */
function scattered(seed: number, { meanMonths, deviation }: { meanMonths: number; deviation: number }) {
  const random = chance(seed).next;
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const levels = Array.from({ length: 24 }, () => Math.exp(deviation * normal() - deviation ** 2 / 2));
  const rows = 6000;
  const balance = new BigInt64Array(rows);
  const recovered = new BigInt64Array(rows);
  const chargedOff = new Int32Array(rows);
  const inBy = (age: number) => 1 - Math.exp(-age / meanMonths);
  const truth = (months: number, i: number, rate: number) => {
    const age = (observed - chargedOff[i]!) / 30.4375;
    return (Number(balance[i]!) / 2500) * rate * (inBy(age + months) - inBy(age));
  };
  let next12 = 0;
  for (let i = 0; i < rows; i++) {
    const age = random() * 72;
    const rate = 1.6 * levels[Math.floor(age / 3)]!;
    balance[i] = BigInt(Math.round(20_000 + 900_000 * random()));
    chargedOff[i] = observed - Math.round(age * 30.4375);
    let payments = 0;
    const wait = () => -Math.log(1 - random());
    for (let t = wait(); t < rate * inBy(age); t += wait()) payments++;
    recovered[i] = BigInt(Math.round((Number(balance[i]!) / 25) * Math.min(payments, 25)));
    next12 += truth(12, i, rate);
  }
  const days = (values: Int32Array): TapeColumn => ({ kind: "day", values });
  const columns: TapeColumns = {
    rows,
    rowNumbers: Int32Array.from({ length: rows }, (_, i) => i + 1),
    currency: "USD",
    columns: new Map<string, TapeColumn>([
      ["current_balance", { kind: "money", values: balance }],
      ["charge_off_balance", { kind: "money", values: balance }],
      ["recovered_amount", { kind: "money", values: recovered }],
      ["charge_off_date", days(chargedOff)],
      ["observed_on", days(new Int32Array(rows).fill(observed))],
    ]),
  };
  return { columns, next12 };
}

describe("the cash of the coming year, on made histories whose process is known", () => {
  const cases = [
    { why: "vintages alike, slow", meanMonths: 18, deviation: 0, mean: 0.12, one: 0.2 },
    { why: "vintages scattering by a quarter, slow", meanMonths: 18, deviation: 0.25, mean: 0.3, one: 0.65 },
    {
      why: "vintages scattering by a quarter, nearly all within a year",
      meanMonths: 4,
      deviation: 0.25,
      mean: 0.4,
      one: 0.8,
    },
  ];
  for (const { why, meanMonths, deviation, mean, one } of cases) {
    it(`is met: ${why}`, () => {
      const strayed = [31, 62, 93, 124].map((seed) => {
        const { columns, next12 } = scattered(seed, { meanMonths, deviation });
        const { totals } = scoresOf(columns, cardOf(columns), { toObservation: false, horizonMonths: 12 });
        return Math.log(totals.expected / next12);
      });
      expect(Math.abs(strayed.reduce((sum, each) => sum + each) / strayed.length)).to.be.below(mean);
      for (const each of strayed) expect(Math.abs(each)).to.be.below(one);
    });
  }
});
