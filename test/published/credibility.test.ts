/**
 * Hachemeister's bodily injury claims by state (1975), as R's actuar prints them:
 * cm(~state, hachemeister, ratios = ratio.1:ratio.12, weights = weight.1:weight.12).
 */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { credibility } from "../../src/recovery/credibility.js";
import { sharedPathOrSkip } from "../harness/shared.js";

describe("published: credibility", () => {
  it("gives Hachemeister's premiums, weights and variances", function () {
    const path = sharedPathOrSkip(this, "data/credibility/hachemeister.csv");
    const rows = readFileSync(path, "utf8").trim().split("\n").slice(1);
    const groups = rows.map((row) => {
      const [state, ...values] = row.split(",");
      const observations = values
        .slice(0, 12)
        .map((ratio, i) => ({ ratio: Number(ratio), weight: Number(values[12 + i]) }));
      return { name: state!, observations };
    });
    const fitted = credibility(groups)!;
    expect(fitted.collective).to.be.closeTo(1683.713, 5e-4);
    expect(fitted.betweenVariance).to.be.closeTo(89_638.73, 5e-3);
    expect(fitted.withinVariance).to.be.closeTo(139_120_026, 0.5);
    const premiums = [2055.165, 1523.706, 1793.444, 1442.967, 1603.285];
    const factors = [0.9847404, 0.9276352, 0.8984754, 0.7279092, 0.9587911];
    for (const [i, group] of fitted.groups.entries()) {
      expect(group.premium, group.name).to.be.closeTo(premiums[i]!, 5e-4);
      expect(group.credibility, group.name).to.be.closeTo(factors[i]!, 5e-8);
    }
  });
});
