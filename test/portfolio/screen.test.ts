import { expect } from "chai";
import fc from "fast-check";
import type { FindingCode } from "../../models/finding.js";
import { parseDay } from "../../src/calendar/day.js";
import { type ExclusionReason, exclusionReasons, type ScreenPolicy, screen } from "../../src/portfolio/screen.js";
import { type TapeRow, tapeOf } from "../harness/tape.js";

const asOf = parseDay("2026-10-20");
const policy: ScreenPolicy = {
  max_age_years: 15,
  exclude_judgment: true,
  exclude_disputed: false,
  excluded_states: [],
};

function screened(rows: TapeRow[], overrides: Partial<ScreenPolicy> = {}) {
  const found: { code: FindingCode; row: number; column: string; value: string | null }[] = [];
  const sink = {
    add: (code: FindingCode, at: { row: number; column: string; value: string | null }) => found.push({ code, ...at }),
  };
  return { ...screen(tapeOf(rows), { ...policy, ...overrides }, asOf, sink), found };
}

describe("screen", () => {
  // biome-ignore format: a table
  const cases: [why: string, row: TapeRow, reason: ExclusionReason | null, policy?: Partial<ScreenPolicy>][] = [
    ["nothing is said against it", {}, null],
    ["bankrupt", { bankruptcy: true }, "bankrupt"],
    ["not bankrupt", { bankruptcy: false }, null],
    ["deceased", { deceased: true }, "deceased"],
    ["fraud", { fraud: true }, "fraud"],
    ["settled", { settled: true }, "settled"],
    ["military", { military: true }, "military"],
    ["a judgment, which policy keeps out", { judgment: true }, "judgment"],
    ["a judgment, which policy keeps", { judgment: true }, null, { exclude_judgment: false }],
    ["disputed, which policy keeps", { disputed: true }, null],
    ["disputed, which policy keeps out", { disputed: true }, "disputed", { exclude_disputed: true }],
    ["a balance of zero", { current_balance: "0.00" }, "balance_zero"],
    ["the smallest balance", { current_balance: "0.01" }, null],
    ["a balance whose low 32 bits are zero", { current_balance: "42949672.96" }, null],
    ["15 years in default to the day", { delinquency_date: "2011-10-20" }, null],
    ["15 years and a day", { delinquency_date: "2011-10-19" }, "too_old"],
    ["younger than the policy of 5 years", { delinquency_date: "2021-10-21" }, null, { max_age_years: 5 }],
    ["older than the policy of 5 years", { delinquency_date: "2021-10-01" }, "too_old", { max_age_years: 5 }],
    ["charged off 15 years and a day ago, default unknown", { charge_off_date: "2011-10-19" }, "too_old"],
    ["the default counts, not the charge-off", { delinquency_date: "2011-10-01", charge_off_date: "2012-04-01" }, "too_old"],
    ["charged off lately, default unknown", { charge_off_date: "2020-01-01" }, null],
    ["a state that policy keeps out", { state: "OH" }, "outside_states", { excluded_states: ["OH"] }],
    ["the same state by its name", { state: "Ohio" }, "outside_states", { excluded_states: ["OH"] }],
    ["another state", { state: "CA" }, null, { excluded_states: ["OH"] }],
    ["a text that is no state", { state: "Ohioo" }, null, { excluded_states: ["OH"] }],
    ["two reasons: the first counts", { deceased: true, bankruptcy: true, current_balance: "0" }, "bankrupt"],
  ];
  for (const [why, row, reason, overrides] of cases) {
    it(`${reason === null ? "prices" : "keeps out"}: ${why}`, () => {
      // a second row, blank but for its balance, must come through every case
      const { status, reasons, priced, excluded, found } = screened([row, {}], overrides);
      const code = reason === null ? 0 : exclusionReasons.indexOf(reason) + 1;
      expect([...status]).to.deep.equal([code, 0]);
      expect(reasons.map((line) => line.reason)).to.deep.equal(reason === null ? [] : [reason]);
      expect(priced.accounts + excluded.accounts).to.equal(2);
      expect(found.filter(({ code }) => code !== "disputed_kept").map(({ row, code }) => [row, code])).to.deep.equal(
        reason === null ? [] : [[1, reason]],
      );
    });
  }

  it("points out a disputed debt that it prices, and not one that it keeps out for another reason", () => {
    const { found } = screened([{ disputed: true }, { disputed: true, fraud: true }]);
    expect(found.map(({ row, code }) => [row, code])).to.deep.equal([
      [2, "fraud"],
      [1, "disputed_kept"],
    ]);
  });

  it("says what it went by: the day of the default, the state", () => {
    const rows = [{ delinquency_date: "2001-02-03" }, { state: "Ohio" }, { charge_off_date: "2002-02-03" }];
    expect(screened(rows, { excluded_states: ["OH"] }).found).to.deep.equal([
      { code: "too_old", row: 1, column: "delinquency_date", value: "2001-02-03" },
      { code: "outside_states", row: 2, column: "state", value: "Ohio" },
      { code: "too_old", row: 3, column: "charge_off_date", value: "2002-02-03" },
    ]);
  });

  it("law: what is priced and what is kept out add up to the tape, in number and to the cent", () => {
    const row = fc.record<TapeRow>(
      {
        current_balance: fc
          .bigInt(0n, 9_000_000_000_000_000_000n)
          .map((units) => `${units / 100n}.${String(units % 100n).padStart(2, "0")}`),
        bankruptcy: fc.boolean(),
        settled: fc.boolean(),
        judgment: fc.boolean(),
        state: fc.constantFrom("CA", "OH", "??"),
        delinquency_date: fc.constantFrom("2001-01-01", "2020-01-01"),
      },
      { requiredKeys: ["current_balance"] },
    );
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 40 }), (rows) => {
        const { priced, excluded, reasons, found } = screened(rows, { excluded_states: ["OH"] });
        const units = rows.reduce(
          (total, { current_balance }) => total + BigInt(String(current_balance).replace(".", "")),
          0n,
        );
        expect(priced.face + excluded.face).to.equal(units);
        expect(priced.accounts + excluded.accounts).to.equal(rows.length);
        expect(reasons.reduce((total, { accounts }) => total + accounts, 0)).to.equal(found.length);
      }),
    );
  });

  it("screens a tape without rows", () => {
    const { priced, excluded, reasons } = screened([]);
    expect({ priced, excluded, reasons }).to.deep.equal({
      priced: { accounts: 0, face: 0n },
      excluded: { accounts: 0, face: 0n },
      reasons: [],
    });
  });
});
