import { expect } from "chai";
import fc from "fast-check";
import { segmentations } from "../../models/strategy.js";
import { parseDay } from "../../src/calendar/day.js";
import { ageMonths, pastDueMonths } from "../../src/portfolio/age.js";
import { fillRates } from "../../src/portfolio/quality.js";
import { type ScreenPolicy, screen } from "../../src/portfolio/screen.js";
import { segmentsOf } from "../../src/portfolio/segment.js";
import { agingTable, strata } from "../../src/portfolio/strata.js";
import { type TapeRow, tapeOf } from "../harness/tape.js";

const asOf = parseDay("2026-10-20");
const policy: ScreenPolicy = {
  max_age_years: 50,
  exclude_judgment: true,
  exclude_disputed: false,
  excluded_states: [],
};

function segmented(rows: TapeRow[], currency = "USD") {
  const columns = tapeOf(rows, currency);
  const screened = screen(columns, policy, asOf, { add: () => {} });
  return { columns, screened, segments: segmentsOf(columns, ageMonths(columns, asOf)) };
}
function keyOf(row: TapeRow, by: (typeof segmentations)[number], currency = "USD"): string {
  const { segments } = segmented([row], currency);
  return segments[by].keys[segments[by].codes[0]!]!;
}

describe("age", () => {
  const ages: [why: string, row: TapeRow, months: number][] = [
    ["charged off today", { charge_off_date: "2026-10-20" }, 0],
    ["a day short of a month", { charge_off_date: "2026-09-21" }, 0],
    ["a month", { charge_off_date: "2026-09-20" }, 1],
    ["ten years", { charge_off_date: "2016-10-20" }, 120],
    [
      "no charge-off date: unknown, whatever else is known",
      { delinquency_date: "2020-01-01", open_date: "2015-01-01" },
      -1,
    ],
    ["a charge-off in the future is not known", { charge_off_date: "2026-10-21" }, -1],
    ["a charge-off of another age is not known", { charge_off_date: "0210-10-21" }, -1],
  ];
  for (const [why, row, months] of ages) {
    it(why, () => expect([...ageMonths(tapeOf([row]), asOf)]).to.deep.equal([months]));
  }
  it("counts months past due from the delinquency", () => {
    expect([...pastDueMonths(tapeOf([{ delinquency_date: "2026-01-31" }, {}]), asOf)]).to.deep.equal([8, -1]);
  });
});

describe("segments", () => {
  // biome-ignore format: a table
  const bands: [row: TapeRow, by: (typeof segmentations)[number], key: string][] = [
    [{ charge_off_date: "2026-10-20" }, "age_band", "0-6 months"],
    [{ charge_off_date: "2026-03-21" }, "age_band", "0-6 months"],
    [{ charge_off_date: "2026-03-20" }, "age_band", "7-12 months"],
    [{ charge_off_date: "2025-04-20" }, "age_band", "13-18 months"],
    [{ charge_off_date: "2024-04-20" }, "age_band", "19-30 months"],
    [{ charge_off_date: "2023-10-20" }, "age_band", "31-36 months"],
    [{ charge_off_date: "2020-10-20" }, "age_band", "37-72 months"],
    [{ charge_off_date: "2011-10-20" }, "age_band", "73-180 months"],
    [{ charge_off_date: "2011-09-20" }, "age_band", "181+ months"],
    [{ charge_off_date: "1950-09-20" }, "age_band", "181+ months"],
    [{}, "age_band", "unknown"],
    [{ current_balance: "0.01" }, "balance_band", "0-500"],
    [{ current_balance: "499.99" }, "balance_band", "0-500"],
    [{ current_balance: "500.00" }, "balance_band", "500-1k"],
    [{ current_balance: "1000.00" }, "balance_band", "1k-2.5k"],
    [{ current_balance: "2499.99" }, "balance_band", "1k-2.5k"],
    [{ current_balance: "2500" }, "balance_band", "2.5k-5k"],
    [{ current_balance: "5000" }, "balance_band", "5k-10k"],
    [{ current_balance: "24999.99" }, "balance_band", "10k-25k"],
    [{ current_balance: "25000" }, "balance_band", "25k+"],
    [{ prior_placements: 0, charge_off_date: "2001-01-01" }, "stage", "fresh"],
    [{ prior_placements: 1 }, "stage", "primary"],
    [{ prior_placements: 3 }, "stage", "tertiary"],
    [{ prior_placements: 9 }, "stage", "quad"],
    [{ charge_off_date: "2026-03-21" }, "stage", "fresh"],
    [{ charge_off_date: "2025-10-20" }, "stage", "primary"],
    [{ charge_off_date: "2025-09-20" }, "stage", "secondary"],
    [{ charge_off_date: "2024-04-20" }, "stage", "tertiary"],
    [{ charge_off_date: "2024-03-20" }, "stage", "quad"],
    [{}, "stage", "quad"],
    [{ product_type: "medical" }, "product_type", "medical"],
    [{ product_type: "gym_membership" }, "product_type", "other"],
    [{}, "product_type", "unknown"],
    [{ state: "CA" }, "state", "CA"],
    [{ state: "new york" }, "state", "NY"],
    [{ state: "ZZ" }, "state", "unknown"],
    [{}, "state", "unknown"],
  ];
  for (const [row, by, key] of bands) {
    it(`${JSON.stringify(row)} is ${by} ${key}`, () => expect(keyOf(row, by)).to.equal(key));
  }

  it("bands balances in units of the tape's currency, whatever its decimals", () => {
    expect(keyOf({ current_balance: "500" }, "balance_band", "JPY")).to.equal("500-1k");
    expect(keyOf({ current_balance: "499.999" }, "balance_band", "KWD")).to.equal("0-500");
    expect(keyOf({ current_balance: "500.000" }, "balance_band", "KWD")).to.equal("500-1k");
  });

  it("says of how many rows the stage was inferred", () => {
    expect(
      segmented([{ prior_placements: 2 }, { charge_off_date: "2026-01-01" }, {}]).segments.inferredStages,
    ).to.equal(2);
  });
});

describe("strata", () => {
  it("adds up a small tape, checked by hand", () => {
    const { columns, screened, segments } = segmented([
      { current_balance: "100.00", state: "CA", charge_off_date: "2026-09-20" },
      { current_balance: "900.00", state: "CA", charge_off_date: "2020-10-20" },
      { current_balance: "50.50", state: "TX", charge_off_date: "2026-09-20" },
      { current_balance: "7777.00", state: "TX", bankruptcy: true },
    ]);
    const rows = strata(columns, screened, segments, Float64Array.of(10, 45, 0, 0));
    expect(rows.filter(({ by }) => by === "state")).to.deep.equal([
      { by: "state", key: "CA", accounts: 2, face: 100_000n, expectedRecovery: 55, recoveryRateOfFace: 0.055 },
      { by: "state", key: "TX", accounts: 1, face: 5_050n, expectedRecovery: 0, recoveryRateOfFace: 0 },
    ]);
    expect(agingTable(rows)).to.deep.equal([
      { ageBand: "0-6 months", accounts: 2, face: 15_050n, shareOfFace: 15_050 / 105_050 },
      { ageBand: "37-72 months", accounts: 1, face: 90_000n, shareOfFace: 90_000 / 105_050 },
    ]);
  });

  const row = fc.record<TapeRow>(
    {
      current_balance: fc.integer({ min: 0, max: 4_000_000 }).map((units) => (units / 100).toFixed(2)),
      charge_off_date: fc.integer({ min: 1990, max: 2027 }).map((year) => `${year}-05-17`),
      prior_placements: fc.integer({ min: 0, max: 6 }),
      product_type: fc.constantFrom("credit_card", "medical", "constructor"),
      state: fc.constantFrom("CA", "Ohio", "??"),
      deceased: fc.boolean(),
    },
    { requiredKeys: ["current_balance"] },
  );
  it("law: every segmentation partitions the priced rows: accounts, face to the cent and expected recovery", () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
        const { columns, screened, segments } = segmented(rows);
        const lines = strata(columns, screened, segments, new Float64Array(rows.length).fill(0.25));
        for (const by of segmentations) {
          const own = lines.filter((line) => line.by === by);
          expect(own.reduce((total, line) => total + line.accounts, 0)).to.equal(screened.priced.accounts);
          expect(own.reduce((total, line) => total + line.face, 0n)).to.equal(screened.priced.face);
          expect(own.reduce((total, line) => total + line.expectedRecovery, 0)).to.equal(screened.priced.accounts / 4);
          expect(new Set(own.map((line) => line.key)).size).to.equal(own.length);
        }
      }),
    );
  });
});

describe("data quality", () => {
  it("counts what is filled in each kind of column", () => {
    const full = {
      last_payment_amount: "1.00",
      open_date: "2020-01-01",
      interest_rate: 0.1,
      state: "CA",
      fraud: false,
    };
    const fill = fillRates(tapeOf([{ ...full, account_number: "1" }, {}, full, {}]));
    const byColumn = new Map(fill.map((line) => [line.column, line]));
    for (const column of Object.keys(full)) {
      expect(byColumn.get(column)).to.deep.equal({ column, filled: 2, fillRate: 0.5 });
    }
    expect(byColumn.get("account_number")).to.include({ filled: 1, fillRate: 0.25 });
    expect(byColumn.get("current_balance")).to.include({ filled: 4, fillRate: 1 });
  });
});
