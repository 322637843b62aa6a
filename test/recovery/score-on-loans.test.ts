/**
 * The account score on 3,482 real charged-off loans. The peer is scikit-learn's histogram gradient boosting, tuned: area
 * under the curve of any recovery 0.749, Brier 0.1834, mean absolute error of the recovery rate 0.0763 (constant
 * 0.088), pools of 250 off by 6.9 % in the median; trained on loans opened up to 2017 and tested on later ones 0.599
 * and -2.1 % of dollars.
 */
import { expect } from "chai";
import { type RecoveryCard, recoveryCardSchema } from "../../models/recovery-card.js";
import type { DayColumn, MoneyColumn, TapeColumns } from "../../models/tape.js";
import { parseDay } from "../../src/calendar/day.js";
import { estimatesOf } from "../../src/money/column.js";
import { areaUnderCurve } from "../../src/recovery/score-validation.js";
import { sharedPathOrSkip } from "../harness/shared.js";
import { cardOf, readHistory, rowsWhere, scoresOf } from "./history-of.js";

describe("the account score on real charged-off loans", () => {
  let columns: TapeColumns;
  let card: RecoveryCard;
  before(async function () {
    const path = sharedPathOrSkip(this, "data", "recovery", "lendingclub_history_dev.csv.gz");
    columns = (await readHistory(path, "2022-01-01")).columns;
    card = cardOf(columns);
  });

  it("is ahead of the peer in five stratified folds, drawn three times", () => {
    const { mean, by_fold: byFold, pools } = card.metrics;
    expect(card.metrics).to.include({ folds: 5, repeats: 3, rows: 3482 });
    expect(mean.auc).to.be.above(0.765);
    expect(mean.brier).to.be.below(0.181);
    expect(mean.mean_absolute_error).to.be.below(0.0745);
    expect(mean.constant_mean_absolute_error).to.be.closeTo(0.088, 0.0005);
    expect(Math.abs(mean.total_error)).to.be.below(0.02);
    expect(pools.median_error).to.be.below(0.072);
    expect(pools.coverage).to.be.within(0.75, 0.85);
    for (const { auc } of byFold) expect(auc).to.be.above(0.74);
  });

  it("says probabilities that come true, decile by decile", () => {
    for (const decile of card.calibration) {
      expect(decile.probability, `decile ${decile.decile}`).to.be.closeTo(decile.share_with_recovery, 0.06);
    }
  });

  it("holds out of time: learned on loans opened up to 2017, on later ones AUC 0.62 and dollars within 3 %", () => {
    const opened = (columns.columns.get("open_date") as DayColumn).values;
    const cut = parseDay("2018-01-01");
    const later = rowsWhere(columns, (i) => opened[i]! >= cut);
    const scored = scoresOf(later, cardOf(rowsWhere(columns, (i) => opened[i]! < cut)));
    const recovered = estimatesOf((later.columns.get("recovered_amount") as MoneyColumn).values, "USD");
    const area = areaUnderCurve(
      recovered.map((amount) => (amount > 0 ? 1 : 0)),
      scored.probability,
    );
    expect(later.rows).to.equal(1723);
    expect(area).to.be.above(0.7);
    expect(scored.totals.expected / recovered.reduce((sum, each) => sum + each)).to.be.closeTo(1, 0.03);
  });

  it("comes back from its JSON and scores to the last bit alike, whatever was fitted in between", () => {
    const again = recoveryCardSchema.parse(JSON.parse(JSON.stringify(cardOf(columns))));
    expect(again).to.deep.equal(JSON.parse(JSON.stringify(card)));
    expect(scoresOf(columns, again).rate).to.deep.equal(scoresOf(columns, card).rate);
  });

  it("never scores an older account higher, over any horizon", () => {
    const row = rowsWhere(columns, (i) => i === 1000);
    for (const horizonMonths of [1, 3, 6, 12, 36, 84, 240]) {
      const rates = Array.from({ length: 140 }, (_, k) => {
        const day = parseDay("2022-01-01") - k * 20;
        const aged = new Map(row.columns).set("charge_off_date", { kind: "day", values: Int32Array.of(day) });
        return scoresOf({ ...row, columns: aged }, card, { toObservation: false, horizonMonths }).rate[0]!;
      });
      expect(rates.some((rate) => rate > 0)).to.equal(true);
      for (let k = 1; k < rates.length; k++) expect(rates[k]).to.be.at.most(rates[k - 1]! + 1e-12);
    }
  });

  it("gives a longer horizon never less", () => {
    const totals = [1, 6, 12, 24, 48, 84].map(
      (horizonMonths) => scoresOf(columns, card, { toObservation: false, horizonMonths }).totals.expected,
    );
    for (let k = 1; k < totals.length; k++) expect(totals[k]).to.be.at.least(totals[k - 1]!);
  });

  it("carries three reasons in words, and quantiles in order", () => {
    const scored = scoresOf(columns, card);
    for (let i = 0; i < columns.rows; i++) {
      expect(scored.p10[i]).to.be.at.most(scored.p90[i]!);
      const reasons = [0, 1, 2].map((place) => scored.reasonTexts[scored.reasons[3 * i + place]!]!);
      for (const reason of reasons) expect(reason).to.match(/: (raises|lowers) the score$/);
      expect(new Set(reasons).size).to.equal(3);
    }
    expect(scored.reasonTexts).to.include("charged off 41 months ago: lowers the score");
  });

  it("uses no column that only collection could have filled", () => {
    const used = card.columns.filter((column) => column.used).map(({ column }) => column);
    expect(used).to.not.include.members(["collection_fee"]);
    expect(used).to.not.include.members(["current_balance"]);
    expect(used).to.include.members(["charge_off_date", "interest_rate", "extra.total_accounts"]);
  });
});
