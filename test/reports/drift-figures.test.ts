import { expect } from "chai";
import type { DriftDocument } from "../../models/drift.js";
import { segmentations } from "../../models/strategy.js";
import { chance as chanceOf } from "../../seeds/random-numbers.js";
import type { Segments } from "../../src/portfolio/segment.js";
import { type DriftRows, driftFigures } from "../../src/reports/drift-figures.js";

const accounts = 2000;
const severity = 0.5;

/** Debtors who pay half of the balance or nothing, each with the chance that makes up the expectation, times a level. */
function drawn(seed: number, level: (decile: number) => number): DriftRows {
  const { next: random } = chanceOf(seed);
  const rows = Array.from({ length: accounts }, (_, i) => i);
  const faces = rows.map(() => 200 + 1800 * random());
  const expected = rows.map((row) => faces[row]! * (0.02 + (0.1 * row) / accounts));
  const actualMinor = rows.map((row) => {
    const chance = (expected[row]! / (severity * faces[row]!)) * level(Math.floor((row * 10) / accounts));
    return random() < chance ? BigInt(Math.round(severity * faces[row]! * 100)) : 0n;
  });
  const codes = Uint8Array.from(rows, (row) => row % 3);
  const one = (by: (typeof segmentations)[number]) => [by, { by, keys: ["a", "b", "c"], codes }] as const;
  const segments = { ...Object.fromEntries(segmentations.map(one)), inferredStages: 0 } as unknown as Segments;
  return { rows, faces, expected, actualMinor, segments, currency: "USD", severity };
}

const verdicts = (level: (decile: number) => number, of = (_: ReturnType<typeof driftFigures>) => true) =>
  Array.from({ length: 100 }, (_, seed) => driftFigures(drawn(seed + 1, level))).filter(
    (one) => one.verdict === "refit" && of(one),
  ).length;

describe("drift of a forecast", () => {
  it("is seldom seen where there is none: at most 5 reports in 100", () => {
    expect(verdicts(() => 1)).to.be.at.most(5);
  });

  it("is seen where collections are 0.6 of what was expected", () => {
    expect(verdicts(() => 0.6)).to.be.above(95);
  });

  it("is seen where the ranking has gone and the level has not", () => {
    const gone = verdicts(
      (decile) => (decile < 5 ? 1.8 : 0.8),
      ({ rank_test: rank }) => rank!.p < 0.01,
    );
    expect(gone).to.be.above(85);
  });

  it("adds up: every cut to the whole", () => {
    const rows = drawn(7, () => 1.2);
    const figures = driftFigures(rows);
    const cents = (text: string) => Math.round(Number(text) * 100);
    for (const by of ["decile", ...segmentations] as const) {
      const ours = figures.rows.filter((row) => row.by === by);
      const sum = (of: (row: DriftDocument["total"]) => number) => ours.reduce((total, row) => total + of(row), 0);
      expect(
        sum((row) => row.accounts),
        by,
      ).to.equal(accounts);
      expect(
        sum((row) => cents(row.actual)),
        by,
      ).to.equal(cents(figures.total.actual));
      expect(
        sum((row) => cents(row.expected)),
        by,
      ).to.be.closeTo(cents(figures.total.expected), 10);
    }
  });

  it("says that it is too early where hardly anybody was due to have paid", () => {
    const rows = drawn(3, () => 1);
    const early = {
      ...rows,
      expected: rows.expected.map((value) => value / 100),
      actualMinor: rows.actualMinor.map(() => 0n),
    };
    const { verdict, reasons } = driftFigures(early);
    expect(verdict).to.equal("too_early");
    expect(reasons[0]).to.contain("at least 16");
    const nothing = driftFigures({
      ...rows,
      expected: rows.expected.map(() => 0),
      actualMinor: rows.actualMinor.map(() => 0n),
    });
    expect(nothing.verdict).to.equal("too_early");
    expect(nothing.total).to.include({ ratio: null, outside: false });
  });

  it("by hand: 40 debtors of 100.00 each, 10 expected of each, who pay 50 or nothing", () => {
    const base = drawn(1, () => 1);
    const rows = Array.from({ length: 40 }, (_, i) => i);
    const by = {
      ...base,
      rows,
      faces: rows.map(() => 100),
      expected: rows.map(() => 10),
      actualMinor: rows.map((row) => (row < 8 ? 5000n : 0n)),
    };
    const { total } = driftFigures(by);
    // variance 40 x 10 x (50 - 10) = 16,000 on 400: 0.1, and the calendar's 0.01
    expect(total.ratio).to.equal(1);
    expect(total.high! - 1).to.be.closeTo(1.959964 * Math.sqrt(0.11), 1e-6);
  });
});
