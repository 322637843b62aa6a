import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { FindingCode } from "../../models/finding.js";
import { isRefusal } from "../../models/refusal.js";
import type { CodeColumn } from "../../models/tape.js";
import type { Tape } from "../../src/tape/tape.js";
import { cardOf, readHistory, scoresOf } from "./history-of.js";
import { csvOf, type MadeRow, madeHistory } from "./made-history.js";

describe("an account score on bad data", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "netback-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const tapeOf = (rows: readonly MadeRow[]): Promise<Tape> => {
    const path = join(folder, "history.csv");
    writeFileSync(path, csvOf(rows));
    return readHistory(path);
  };
  const codesOf = (tape: Tape) => [...tape.findings].map(({ code, column }) => `${code} ${column ?? ""}`.trim());
  const expectNumbers = ({ columns }: Tape, card: ReturnType<typeof cardOf>) => {
    for (const toObservation of [true, false]) {
      const scored = scoresOf(columns, card, { toObservation });
      for (const values of [scored.rate, scored.expected, scored.probability, scored.p10, scored.p90]) {
        expect(values.every((value) => Number.isFinite(value) && value >= 0)).to.equal(true);
      }
      expect(scored.rate.every((rate) => rate <= 1)).to.equal(true);
      expect(scored.probability.every((chance) => chance <= 1)).to.equal(true);
    }
  };

  // biome-ignore format: a table
  const columns: { why: string; change: (row: MadeRow, i: number) => MadeRow; finds: string }[] = [
    { why: "a constant column", change: (row) => ({ ...row, branch: "north" }), finds: "column_constant extra.branch" },
    { why: "a constant number", change: (row) => ({ ...row, term: 36 }), finds: "column_constant extra.term" },
    { why: "a column missing in every row", change: (row) => ({ ...row, old_score: "" }), finds: "column_empty extra.old_score" },
    { why: "an identifier", change: (row, i) => ({ ...row, lead_source: `x${i}q` }), finds: "column_identifier extra.lead_source" },
    { why: "a numeric identifier", change: (row, i) => ({ ...row, batch_id: 70_000 + i }), finds: "column_identifier extra.batch_id" },
    { why: "a protected attribute", change: (row, i) => ({ ...row, gender: i % 2 }), finds: "column_protected gender" },
    { why: "an outcome by its name", change: (row, i) => ({ ...row, total_collected_to_date: i }), finds: "column_leaks extra.total_collected_to_date" },
    { why: "an outcome by its behaviour", change: (row) => ({ ...row, late_stage: Number(row.recovered_amount) * 0.18 }), finds: "column_leaks extra.late_stage" },
    { why: "a value that only payers have", change: (row, i) => ({ ...row, mood: Number(row.recovered_amount) > 0 && i % 3 === 0 ? "good" : "none" }), finds: "column_leaks extra.mood" },
    { why: "infinite values", change: (row, i) => ({ ...row, ratio: i % 7 === 0 ? "inf" : i % 11 }), finds: "feature_unreadable extra.ratio" },
    { why: "words among numbers", change: (row, i) => ({ ...row, ratio: i % 50 === 3 ? "high" : i % 11 }), finds: "feature_unreadable extra.ratio" },
    { why: "observed before charge-off", change: (row, i) => (i === 5 ? { ...row, observed_on: "2001-01-01" } : row), finds: "observed_before_charge_off observed_on" },
    { why: "no observation date", change: (row, i) => (i === 5 ? { ...row, observed_on: "" } : row), finds: "exposure_unknown observed_on" },
    { why: "an outcome missing in a row", change: (row, i) => (i === 5 ? { ...row, recovered_amount: "" } : row), finds: "outcome_missing recovered_amount" },
    { why: "a negative outcome", change: (row, i) => (i === 5 ? { ...row, recovered_amount: "-5.00" } : row), finds: "outcome_negative recovered_amount" },
  ];
  for (const { why, change, finds } of columns) {
    it(`finds ${why}, fits without it and scores numbers`, async () => {
      const tape = await tapeOf(madeHistory(600).map(change));
      const card = cardOf(tape.columns, { findings: tape.findings });
      expect(codesOf(tape)).to.include(finds);
      const [code, column] = finds.split(" ");
      if (code!.startsWith("column_")) {
        const used = card.columns.filter((each) => each.used).map((each) => each.column);
        expect(used).to.not.include(column);
      }
      expectNumbers(tape, card);
    });
  }

  it("takes no continuous number for an identifier, whatever its name and however many values it has", async () => {
    const tape = await tapeOf(
      madeHistory(400).map((row, i) => ({ ...row, ratio_number: Math.sqrt(i + 2).toFixed(6) })),
    );
    cardOf(tape.columns, { findings: tape.findings });
    expect(codesOf(tape)).to.not.include("column_identifier extra.ratio_number");
  });

  // biome-ignore format: a table
  const named: { header: string; leaks: boolean }[] = [
    { header: "CashCollected To-Date", leaks: true }, { header: "payments after charge-off", leaks: true },
    { header: "Post-CO payments", leaks: true }, { header: "last_pymnt_d", leaks: true },
    { header: "total_rec_prncp", leaks: true }, { header: "settlement_amount", leaks: true },
    { header: "collections_to_date", leaks: true }, { header: "later payments", leaks: true },
    { header: "collections_12_mths_ex_med", leaks: false }, { header: "months_paid", leaks: false },
    { header: "principal_paid", leaks: false }, { header: "branch_count", leaks: false },
    { header: "companies", leaks: false }, { header: "hours since contact", leaks: false },
  ];
  it("tells by its words what only collection could have filled", async () => {
    const extra = (i: number) => Object.fromEntries(named.map(({ header }, k) => [header, (i * (k + 3)) % 17]));
    const tape = await tapeOf(madeHistory(300).map((row, i) => ({ ...row, ...extra(i) })));
    cardOf(tape.columns, { findings: tape.findings });
    const leaks = codesOf(tape).filter((each) => each.startsWith("column_leaks"));
    const wanted = named.filter((each) => each.leaks).map(({ header }) => `column_leaks extra.${header}`);
    expect(leaks).to.have.members(wanted);
  });

  // biome-ignore format: a table
  const unusable: { why: string; rows: () => MadeRow[]; code: FindingCode }[] = [
    { why: "ten rows", rows: () => madeHistory(10), code: "history_too_short" },
    { why: "nobody paid", rows: () => madeHistory(300).map((row) => ({ ...row, recovered_amount: "0.00" })), code: "outcomes_all_alike" },
    { why: "everybody paid", rows: () => madeHistory(300).map((row) => ({ ...row, recovered_amount: "9.00" })), code: "outcomes_all_alike" },
    { why: "three payers", rows: () => madeHistory(300).map((row, i) => ({ ...row, recovered_amount: i < 3 ? "9.00" : "0.00" })), code: "history_too_short" },
    { why: "no outcome", rows: () => madeHistory(300).map(({ recovered_amount: _, ...row }) => row), code: "history_without_outcome" },
    { why: "no outcome in any row", rows: () => madeHistory(300).map((row) => ({ ...row, recovered_amount: "" })), code: "history_too_short" },
    { why: "no observation date", rows: () => madeHistory(300).map(({ observed_on: _, ...row }) => row), code: "history_without_outcome" },
    { why: "every row observed before its charge-off", rows: () => madeHistory(300).map((row) => ({ ...row, observed_on: "2000-01-01" })), code: "history_too_short" },
  ];
  for (const { why, rows, code } of unusable) {
    it(`learns nothing from a history of ${why}, and says so`, async () => {
      const tape = await tapeOf(rows());
      try {
        cardOf(tape.columns, { findings: tape.findings });
      } catch (error) {
        if (!isRefusal(error)) throw error;
        expect(error.code).to.equal("history_unusable");
        expect(error.items.map((item) => item.code)).to.deep.equal([code]);
        expect(codesOf(tape)).to.include(code);
        return;
      }
      expect.fail("it was fitted");
    });
  }

  it("scores categories it has never seen, columns that are gone and cells that are blank as missing, and says so", async () => {
    const history = madeHistory(800);
    const card = cardOf((await tapeOf(history)).columns);
    const tape = await tapeOf([
      { account_number: "1", current_balance: "500.00", charge_off_date: "2021-06-01", grade: "Z" },
      { account_number: "2", current_balance: "500.00", charge_off_date: "", grade: "" },
      { account_number: "3", current_balance: "0.00", charge_off_date: "2030-01-01", grade: "A" },
      { account_number: "4", current_balance: "500.00", charge_off_date: "1950-01-01", grade: "A" },
    ]);
    const scored = scoresOf(tape.columns, card, { findings: tape.findings, toObservation: true });
    expect(scored.observedRows).to.equal(0);
    expect(codesOf(tape)).to.include.members(["value_unseen extra.grade", "column_absent extra.phones"]);
    expect(codesOf(tape)).to.include("horizon_beyond_history");
    expect([...scored.rate, ...scored.expected, ...scored.p90].every(Number.isFinite)).to.equal(true);
    expect(scored.rate[0]).to.be.above(0);
    expect(scored.rate[3]).to.equal(0);
    expect(scored.expected[2]).to.equal(0);
  });

  it("takes a column into the amount where it clearly tells how much is paid, and only there", async () => {
    const rich = (row: MadeRow) => (row.grade === "A" ? 3 : 1);
    const tape = await tapeOf(
      madeHistory(4000).map((row) => ({
        ...row,
        recovered_amount: (Number(row.recovered_amount) * rich(row)).toFixed(2),
      })),
    );
    const { amount } = cardOf(tape.columns);
    expect(amount.terms.map(({ column }) => column)).to.deep.equal(["charge_off_date", "extra.grade"]);
    const [, a, b] = amount.terms[1]!.effects;
    expect(Math.exp(a! - b!)).to.be.closeTo(3, 0.3);
  });

  it("expects of the months to come about what the process that made the history will bring", async () => {
    const ratios: number[] = [];
    for (const seed of [7, 8, 99, 12_345]) {
      const { columns } = await tapeOf(madeHistory(8000, seed));
      const scored = scoresOf(columns, cardOf(columns), { toObservation: false, horizonMonths: 12 });
      const balances = columns.columns.get("current_balance")!.values as BigInt64Array;
      const grades = columns.columns.get("extra.grade") as CodeColumn;
      const phones = columns.columns.get("extra.phones")!.values as Float64Array;
      let truth = 0;
      for (let i = 0; i < columns.rows; i++) {
        const grade = ["A", "B", "C", "D"].indexOf(grades.labels[grades.values[i]!]!);
        const age = scored.ages[i]! + 0.5;
        const window = Math.exp(-age / 8) - Math.exp(-(age + 12) / 8);
        truth += (Number(balances[i]) / 100) * (0.2 + 0.1 * grade + 0.06 * phones[i]!) * 0.2 * window;
      }
      ratios.push(scored.totals.expected / truth);
      expect(ratios.at(-1)).to.be.within(0.6, 1.6);
    }
    expect(ratios.reduce((sum, ratio) => sum + ratio / ratios.length, 0)).to.be.closeTo(1, 0.25);
  });

  it("keeps a direction that it is told", async () => {
    const { columns } = await tapeOf(madeHistory(2000));
    const { probability } = cardOf(columns, { directions: new Map([["extra.phones", -1]]) });
    const term = probability.terms.find(({ column }) => column === "extra.phones");
    expect(term === undefined || term.effects.every((effect, k) => k < 2 || effect <= term.effects[k - 1]!)).to.equal(
      true,
    );
  });

  it("gives numbers by a card that was edited out of all measure", async () => {
    const { columns } = await tapeOf(madeHistory(300));
    const card = cardOf(columns);
    for (const intercept of [-1e6, 1e6]) {
      const edited = {
        ...card,
        probability: { ...card.probability, intercept },
        amount: { ...card.amount, intercept },
      };
      const { rate, p90 } = scoresOf(columns, edited);
      expect([...rate, ...p90].every(Number.isFinite)).to.equal(true);
    }
  });

  it("finds a tape of another population", async () => {
    const card = cardOf((await tapeOf(madeHistory(2000))).columns);
    const tape = await tapeOf(madeHistory(500, 9).map((row) => ({ ...row, grade: "A", phones: 0 })));
    const { stability } = scoresOf(tape.columns, card, { findings: tape.findings });
    expect(codesOf(tape)).to.include("population_differs grade");
    expect(stability.find(({ column }) => column === "grade")!.level).to.equal("other");
    const alike = scoresOf((await tapeOf(madeHistory(2000, 8))).columns, card);
    expect(alike.stability.map(({ level }) => level)).to.not.include("other");
  });
});
