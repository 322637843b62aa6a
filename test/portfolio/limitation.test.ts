import { readFileSync } from "node:fs";
import { expect } from "chai";
import { jurisdictionOf, jurisdictions } from "../../models/jurisdiction.js";
import { debtClasses, type LimitationTable } from "../../models/limitation.js";
import { missing } from "../../models/tape.js";
import { limitationTable } from "../../seeds/limitation.js";
import { type Day, formatDay, parseDay } from "../../src/calendar/day.js";
import { limitation, limitationStatuses } from "../../src/portfolio/limitation.js";
import { screen } from "../../src/portfolio/screen.js";
import { sharedPathOrSkip } from "../harness/shared.js";
import { type TapeRow, tapeOf } from "../harness/tape.js";

const asOf = parseDay("2026-10-20");
const policy = { max_age_years: 50, exclude_judgment: true, exclude_disputed: false, excluded_states: [] };

function limited(rows: TapeRow[], table: LimitationTable = limitationTable) {
  const columns = tapeOf(rows);
  return limitation(columns, table, asOf, screen(columns, policy, asOf, { add: () => {} }));
}

describe("limitation", () => {
  const card = { product_type: "credit_card" };
  // biome-ignore format: a table
  const cases: [why: string, row: TapeRow, status: string, until: string | null][] = [
    ["runs from the delinquency", { ...card, state: "CA", delinquency_date: "2023-01-15" }, "open", "2027-01-15"],
    ["the anniversary is still in time", { ...card, state: "CA", delinquency_date: "2022-10-20" }, "open", "2026-10-20"],
    ["the day after is not", { ...card, state: "CA", delinquency_date: "2022-10-19" }, "barred", "2026-10-19"],
    ["New York has three years", { ...card, state: "NY", delinquency_date: "2023-11-01" }, "open", "2026-11-01"],
    ["a card has the shorter of written and open: Delaware 3", { ...card, state: "DE", delinquency_date: "2023-10-01" }, "barred", "2026-10-01"],
    ["a loan in writing has the longer time: Illinois 10", { product_type: "personal_loan", state: "IL", delinquency_date: "2018-01-01" }, "open", "2028-01-01"],
    ["a card in Illinois has 5", { ...card, state: "IL", delinquency_date: "2018-01-01" }, "barred", "2023-01-01"],
    ["a product that may be of any class has the shortest", { product_type: "medical", state: "IL", delinquency_date: "2018-01-01" }, "barred", "2023-01-01"],
    ["so has a product that is not known", { state: "IL", delinquency_date: "2018-01-01" }, "barred", "2023-01-01"],
    ["a later payment does not extend it", { ...card, state: "TX", delinquency_date: "2022-01-01", last_payment_date: "2026-01-01" }, "barred", "2026-01-01"],
    ["nor does it where revival is unknown", { ...card, state: "CA", delinquency_date: "2022-01-01", last_payment_date: "2026-01-01" }, "barred", "2026-01-01"],
    ["the last payment before the charge-off stands in for the default", { ...card, state: "CA", last_payment_date: "2023-01-15", charge_off_date: "2023-07-15" }, "open", "2027-01-15"],
    ["a payment after the charge-off does not", { ...card, state: "CA", last_payment_date: "2023-08-15", charge_off_date: "2023-07-15" }, "unknown", null],
    ["nor one of which that cannot be told", { ...card, state: "CA", last_payment_date: "2023-01-15" }, "unknown", null],
    ["a missing last payment never falls back to the charge-off", { ...card, state: "CA", charge_off_date: "2026-07-15" }, "unknown", null],
    ["a default in the future is not known", { ...card, state: "CA", delinquency_date: "2027-01-01" }, "unknown", null],
    ["a year beyond the calendar is not known", { ...card, state: "CA", delinquency_date: "9998-01-01" }, "unknown", null],
    ["no state", { ...card, delinquency_date: "2025-01-01" }, "unknown", null],
    ["a state without a rule", { ...card, state: "GU", delinquency_date: "2025-01-01" }, "unknown", null],
    ["a text that is no state", { ...card, state: "constructor", delinquency_date: "2025-01-01" }, "unknown", null],
  ];
  for (const [why, row, status, until] of cases) {
    it(why, () => {
      const found = limited([row]);
      expect(limitationStatuses[found.status[0]!]).to.equal(status);
      expect(found.until[0]).to.equal(until === null ? missing.day : parseDay(until));
    });
  }

  it("counts the later of default and payment where a rule says that payment revives", () => {
    const rules = limitationTable.rules.map((rule) => ({ ...rule, revival: "payment" as const }));
    const row = { ...card, state: "CA", delinquency_date: "2022-01-01", last_payment_date: "2026-01-01" };
    const { until } = limited([row, { ...row, last_payment_date: "2021-12-01" }], { version: "test", rules });
    expect([...until].map((day) => formatDay(day as Day))).to.deep.equal(["2030-01-01", "2026-01-01"]);
  });

  it("sums the priced rows by status, says why some are unknown, and how many rest on a disputed rule", () => {
    const { summary, gaps, disputed } = limited([
      { ...card, state: "CA", delinquency_date: "2025-01-01", current_balance: "1.00" },
      { ...card, state: "NY", delinquency_date: "2025-01-01", current_balance: "2.00" },
      { ...card, state: "CA", delinquency_date: "2001-01-01", current_balance: "4.00" },
      { ...card, delinquency_date: "2025-01-01", current_balance: "8.00" },
      { ...card, state: "PW", delinquency_date: "2025-01-01", current_balance: "16.00" },
      { ...card, state: "CA", current_balance: "32.00" },
      { ...card, state: "CA", delinquency_date: "2025-01-01", current_balance: "64.00", deceased: true },
    ]);
    expect(summary).to.deep.equal([
      { status: "open", accounts: 2, face: 300n },
      { status: "barred", accounts: 1, face: 400n },
      { status: "unknown", accounts: 3, face: 5_600n },
    ]);
    expect(gaps).to.deep.equal({ state_missing: 1, state_without_rule: 1, start_missing: 1 });
    expect(disputed).to.equal(1);
  });

  it("is unknown throughout, and no failure, on a tape without states", () => {
    const { summary, gaps } = limited([{ delinquency_date: "2025-01-01" }, { charge_off_date: "2025-01-01" }]);
    expect(summary.map(({ accounts }) => accounts)).to.deep.equal([0, 0, 2]);
    expect(gaps.state_missing).to.equal(2);
  });
});

describe("table of limitation rules", () => {
  const rules = new Map(limitationTable.rules.map((rule) => [rule.state, rule]));

  it("has a rule, a citation and a day for each state, the district, Puerto Rico and the Virgin Islands", () => {
    expect(rules.size).to.equal(53);
    for (const [state, rule] of rules) {
      expect(jurisdictionOf(state)).to.equal(state);
      expect(rule.citation).to.match(/\w/);
      expect(rule.seen_on).to.match(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
  it("cites the statutes that were looked up", () => {
    expect(rules.get("NY")).to.deep.include({ years: { written: 3, promissory: 3, open: 3 }, revival: "none" });
    expect(rules.get("NY")!.citation).to.include("214-i");
    expect(rules.get("TX")).to.deep.include({ revival: "none" });
    expect(rules.get("TX")!.citation).to.include("392.307");
  });
  it("takes the shortest where the tables disagree, and flags it", () => {
    expect(rules.get("KY")).to.deep.include({ years: { written: 10, promissory: 10, open: 5 } });
    expect(rules.get("KY")!.disputed).to.deep.equal(["written", "promissory", "open"]);
    expect(rules.get("CA")!.disputed).to.deep.equal([]);
  });
  it("finds the tables at odds on 8 jurisdictions for written contracts and 14 for open accounts, as was counted", () => {
    const disputed = (name: (typeof debtClasses)[number]) =>
      limitationTable.rules.filter((rule) => rule.disputed.includes(name)).length;
    expect(disputed("written")).to.equal(8);
    expect(disputed("open")).to.equal(14);
  });
});

describe("table of limitation rules, against the tables it was taken from", () => {
  it("has the shortest figure of each class", function () {
    const path = sharedPathOrSkip(this, "golden", "debt-buying", "sol_by_state_three_sources.csv");
    const [header, ...lines] = readFileSync(path, "utf8").trim().split("\n");
    const names = header!.split(",");
    for (const line of lines) {
      const fields = line.split(",");
      const rule = limitationTable.rules.find(({ state }) => state === fields[0])!;
      for (const name of debtClasses) {
        const read = ["a", "b", "c"]
          .map((source) => fields[names.indexOf(`${source}_${name}`)]!)
          .filter((text) => text !== "");
        expect(rule.years[name], `${rule.state} ${name}`).to.equal(Math.min(...read.map(Number)));
        expect(rule.disputed.includes(name), `${rule.state} ${name}`).to.equal(new Set(read).size > 1);
      }
    }
  });
});

describe("jurisdictions", () => {
  it("are 50 states, the district and six territories, each once", () => {
    expect(new Set(jurisdictions.map(([code]) => code)).size).to.equal(57);
  });
  const read: [text: string, code: string | undefined][] = [
    ["CA", "CA"],
    [" ca ", "CA"],
    ["US-CA", "CA"],
    ["District of Columbia", "DC"],
    ["PUERTO RICO", "PR"],
    ["Calif.", undefined],
    ["AE", undefined],
    ["", undefined],
    ["__proto__", undefined],
  ];
  for (const [text, code] of read) it(`"${text}" is ${code}`, () => expect(jurisdictionOf(text)).to.equal(code));
});
