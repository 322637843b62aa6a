import { expect } from "chai";
import { calculate } from "../../src/desk/calculate.js";
import { rate } from "../../src/money/money.js";

/** A question, its figures and the figures that were printed for an answer. */
export interface Case {
  readonly id: string;
  readonly asks: string;
  readonly figures: unknown;
  readonly answer: Readonly<Record<string, unknown>>;
  /** how far the printed figures may be off, in their own unit; none when left out */
  readonly within?: string;
}

const decimal = /^-?\d+(\.\d+)?$/;

/** One test a case: every printed figure must come out, to the decimals that were printed. */
export function checkCases(cases: readonly Case[]): void {
  for (const { id, asks, figures, answer, within = "0" } of cases) {
    it(`${id}: ${asks}`, () => {
      const answered = calculate(asks, figures) as Record<string, unknown>;
      for (const [name, printed] of Object.entries(answer)) {
        if (typeof printed !== "string" || !decimal.test(printed)) {
          expect(answered[name], name).to.equal(printed);
          continue;
        }
        const places = printed.split(".")[1]?.length ?? 0;
        const ours = rate(String(answered[name])).toDecimalPlaces(places, 4);
        const off = ours.minus(printed).abs();
        expect(off.lte(within), `${name}: ${ours.toFixed(places)}, printed ${printed}`).to.equal(true);
      }
    });
  }
}
