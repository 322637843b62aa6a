import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { fitRecoveryModel } from "../../src/desk/fit-recovery.js";
import { priceTape } from "../../src/desk/price-tape.js";
import { scoreRecoveryTape } from "../../src/desk/score-recovery.js";
import { sharedPathOrSkip } from "../harness/shared.js";

const page = readFileSync(fileURLToPath(new URL("../../../docs/MODELS.md", import.meta.url)), "utf8");

/** The first figure of the row of docs/MODELS.md that begins with these words. */
function told(words: string): string {
  const row = page.split("\n").find((line) => line.startsWith(`| ${words}`));
  return row!.split("|")[2]!.trim();
}

describe("the worked example of docs/MODELS.md, from history to bid", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "netback-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("comes to the figures that the page tells", async function () {
    const path = sharedPathOrSkip(this, "data", "recovery", "lendingclub_history_dev.csv.gz");
    const workFolder = () => mkdtempSync(join(folder, "work-"));
    const common = {
      path,
      asOf: "2022-01-01",
      currency: "USD",
      layout: undefined,
      onProgress: () => undefined,
      maxFindings: 10,
    };
    const directions = { olderNeverHigher: true, rises: [], falls: [] };
    const { card } = await fitRecoveryModel({ ...common, ...directions, workFolder: workFolder() });
    const { mean, pools } = card.metrics;
    expect(mean.auc.toFixed(4)).to.equal(told("area under the curve"));
    expect(mean.brier.toFixed(4)).to.equal(told("Brier score"));
    expect(mean.mean_absolute_error.toFixed(4)).to.equal(told("mean absolute error"));
    expect((pools.median_error * 100).toFixed(2)).to.equal(told("pools of 250"));
    expect((pools.coverage * 100).toFixed(1)).to.equal(told("pools within"));
    expect((1 + mean.total_error).toFixed(4)).to.equal(told("total, expected"));
    expect(card.history.recovered).to.equal(told("recovered by"));

    const model: unknown = JSON.parse(JSON.stringify(card));
    const out = join(folder, "scored.csv");
    const scored = await scoreRecoveryTape({
      ...common,
      model,
      horizonMonths: 84,
      unknownAgeMonths: 60,
      out,
      raw: false,
      workFolder: workFolder(),
    });
    expect(scored.total.expected_recovery).to.equal(told("expected by"));
    const price = (by: unknown) =>
      priceTape({
        ...common,
        model: by,
        strategy: undefined,
        overrides: {},
        expectRows: undefined,
        expectFace: undefined,
        seconds: () => 0,
        workFolder: workFolder(),
      });
    const { forecast, bid } = await price(model);
    expect(forecast.gross).to.equal(told("expected from then on"));
    expect(bid.price).to.equal(told("bid at 20 %"));
    expect(bid.interval.p10).to.equal(told("bid, had collections"));
    expect((await price(undefined)).bid.price).to.equal(told("bid on priors"));
  });
});
