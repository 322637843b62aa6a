import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import { recoveryCardSchema } from "../../models/recovery-card.js";
import { priceDocumentSchema } from "../../models/valuation.js";
import { csvOf, madeHistory } from "../recovery/made-history.js";
import { netback } from "./run-netback.js";

const added = [
  "expected_recovery_rate",
  "expected_recovery",
  "probability_any",
  "recovery_p10",
  "recovery_p90",
  "reason_1",
  "reason_2",
  "reason_3",
];

describe("fit recovery, score recovery and price --model", () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const json = async (...args: string[]) => {
    const ran = await netback([...args, "--json"]);
    expect(ran.code, ran.err).to.equal(0);
    return JSON.parse(ran.out);
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "netback-cli-"));
    const history = madeHistory(1500);
    await writeFile(at("history.csv"), csvOf(history));
    const tape = madeHistory(300, 21).map(({ recovered_amount: _, observed_on: __, ...row }) => row);
    tape[4] = { ...tape[4]!, current_balance: "lots" };
    tape[6] = { ...tape[6]!, noise: "=1+2" };
    await writeFile(at("tape.csv"), csvOf(tape));
    await json("fit", "recovery", at("history.csv"), "--as-of", "2022-01-01", "--out", at("model.json"));
  });
  after(() => rm(folder, { recursive: true }));

  it("writes a card that is complete and readable, and answers with how well it does", async () => {
    const card = recoveryCardSchema.parse(JSON.parse(await readFile(at("model.json"), "utf8")));
    expect(card.history).to.include({ rows: 1500, used: 1500, file: "history.csv" });
    expect(card.history.sha256).to.match(/^[0-9a-f]{64}$/);
    expect(card.metrics.mean.auc).to.be.within(0.65, 0.9);
    expect(card.calibration).to.have.length(10);
    const answer = await json("fit", "recovery", at("history.csv"), "--as-of", "2022-01-01", "--out", at("twice.json"));
    expect(await readFile(at("twice.json"), "utf8")).to.equal(await readFile(at("model.json"), "utf8"));
    expect(answer.model).to.match(/^recovery-[0-9a-f]{12}$/);
    expect(answer.findings.by_code).to.deep.equal({ column_unmapped: 3 });
  });

  it("adds the eight columns to those of the file, in its order, with blanks where a row cannot be read", async () => {
    const out = at("scored.csv");
    const answer = await json("score", "recovery", at("tape.csv"), "--model", at("model.json"), "--out", out);
    expect(answer).to.include({ rows: 300, scored: 299, scored_to_observation: 0 });
    const [header, ...lines] = (await readFile(out, "utf8")).trimEnd().split("\n");
    const own = (await readFile(at("tape.csv"), "utf8")).split("\n")[0]!;
    expect(header).to.equal(`${own},${added.join(",")}`);
    expect(lines.map((line) => line.split(",")[0])).to.deep.equal(Array.from({ length: 300 }, (_, i) => `A${i + 1}`));
    expect(lines[4]).to.match(/^A5,lots,.*,{8}$/);
    expect(lines[6]).to.contain("'=1+2");
    expect(lines.join()).to.match(/charged off \d+ months ago: (raises|lowers) the score/);
  });

  it("scores a history up to each row's own observation, to about what came in", async () => {
    const args = ["score", "recovery", at("history.csv"), "--model", at("model.json"), "--out", at("own.parquet")];
    const answer = await json(...args);
    expect(answer.scored_to_observation).to.equal(1500);
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const reader = await connection.runAndReadAll(
      "SELECT count(*)::INTEGER, sum(expected_recovery), sum(recovered_amount::DOUBLE), min(recovery_p90), max(reason_1) FROM read_parquet($1)",
      [at("own.parquet")],
    );
    const [rows, expected, recovered, least, reason] = reader.getRows()[0] as [number, number, number, number, string];
    expect(rows).to.equal(1500);
    expect(expected / recovered).to.be.closeTo(1, 0.03);
    expect(least).to.be.at.least(0);
    expect(reason).to.match(/the score$/);
    expect(Number(answer.total.expected_recovery)).to.be.closeTo(expected, 15);
    expect(Number(answer.total.p10)).to.be.below(expected);
  });

  it("prices by the model: its version among the assumptions, its drift beside, priors on recovery gone", async () => {
    const price = ["price", at("tape.csv"), "--as-of", "2022-01-01"];
    const byModel = await json(...price, "--model", at("model.json"));
    const byPriors = await json(...price);
    expect(priceDocumentSchema.safeParse(byModel).success).to.equal(true);
    const names = byModel.assumptions.map(({ name }: { name: string }) => name);
    expect(names).to.include.members(["recovery.model", "recovery.model.shared_cv", "recovery.collections_multiplier"]);
    expect(names).to.not.include.members(["recovery.timing"]);
    expect(byModel.model.version).to.match(/^recovery-/);
    expect(byModel.model.stability.map(({ column }: { column: string }) => column)).to.include("grade");
    expect(byPriors).to.not.have.property("model");
    expect(byModel.bid.price).to.not.equal(byPriors.bid.price);
    const { p10, p50, p90 } = byModel.bid.interval;
    expect(Number(p10)).to.be.below(Number(p50)).and.below(Number(p90));
    const monthly = byModel.forecast.monthly.reduce(
      (sum: number, row: { gross: string }) => sum + Number(row.gross),
      0,
    );
    expect(monthly).to.be.closeTo(Number(byModel.forecast.gross), 0.5);
    const strata = byModel.strata.filter(({ by }: { by: string }) => by === "stage");
    const bySum = strata.reduce(
      (sum: number, row: { expected_recovery: string }) => sum + Number(row.expected_recovery),
      0,
    );
    expect(bySum).to.be.closeTo(Number(byModel.forecast.gross), 0.5);
  });

  it("compares the alternatives on the same expected collections", async () => {
    const price = await json("price", at("tape.csv"), "--as-of", "2022-01-01", "--model", at("model.json"));
    const compared = await json("compare", at("tape.csv"), "--as-of", "2022-01-01", "--model", at("model.json"));
    const hold = compared.alternatives.find(({ kind }: { kind: string }) => kind === "hold");
    expect(hold.gross).to.equal(price.forecast.gross);
  });

  it("prices by a curve's card, and compares by it; anything else is refused", async () => {
    const timing = { shape: 1.5, scale_years: 1 };
    const card = {
      kind: "curve",
      as_of: "2021-12-31",
      currency: "USD",
      horizon_months: 84,
      data_hash: "",
      timing: { ...timing, family: "gamma" },
      own_timing: null,
      prior_timing: { shape: 1.388, scale_years: 2.635, source: "published", shape_spread: 0.2, scale_spread: 0.3 },
      timing_credibility: { shape: 0, scale: 0 },
      level: {
        value: 0.5,
        own: 0.5,
        credibility: 1,
        prior: 1,
        prior_variation: 0.26,
        variation: 0.2,
        between_variation: 0.1,
      },
      segments: [],
      portfolios: [],
      limits: [],
    };
    await writeFile(at("curve.json"), JSON.stringify(card));
    const price = ["price", at("tape.csv"), "--as-of", "2022-01-01"];
    const plain = await json(...price);
    const byCurve = await json(...price, "--curve", at("curve.json"));
    expect(byCurve.forecast.gross / plain.forecast.gross).to.be.closeTo(0.5, 1e-4);
    const row = byCurve.assumptions.find(({ name }: { name: string }) => name === "recovery.timing");
    expect(row.mark).to.equal("computed");
    expect(row.source).to.match(/^curve [0-9a-f]{12}, /);
    const compared = await json("compare", at("tape.csv"), "--as-of", "2022-01-01", "--curve", at("curve.json"));
    const hold = compared.alternatives.find(({ kind }: { kind: string }) => kind === "hold");
    expect(hold.gross).to.equal(byCurve.forecast.gross);
    const refused = await netback([...price, "--curve", at("model.json"), "--json"]);
    expect([refused.code === 0, refused.err.includes("model_invalid")]).to.deep.equal([false, true]);
  });

  it("refuses a model in another currency", async () => {
    const ran = await netback(["price", at("tape.csv"), "--currency", "EUR", "--model", at("model.json"), "--json"]);
    expect(ran.code).to.equal(1);
    expect(JSON.parse(ran.out).code).to.equal("currency_mismatch");
  });
});
