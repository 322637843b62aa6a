import { expect } from "chai";
import { factoringTermsSchema } from "../../models/factoring-terms.js";
import { feeTariffs } from "../../seeds/fee-tariffs.js";
import { parseDay } from "../../src/calendar/day.js";
import { contradiction, terminationFee } from "../../src/factoring/charges.js";
import { feeSchedule } from "../../src/factoring/fee-schedule.js";
import { shareText } from "../../src/money/fraction.js";
import { formatMinor } from "../../src/money/money.js";

describe("the printed tariffs", () => {
  it("are eleven, by different names", () => {
    expect(new Set(feeTariffs.map(({ name }) => name)).size).to.equal(11);
  });

  // biome-ignore format: a table
  const cases: Record<string, { day: number; rate: string; why: string }[]> = {
    "Factor 1": [{ day: 30, rate: "0.025000", why: "2.5 % for 30 days" }, { day: 31, rate: "0.045000", why: "2 % more" }],
    "Factor 3": [{ day: 61, rate: "0.110000", why: "4 % + 2 x 3.5 %" }],
    "Factor 4": [{ day: 90, rate: "0.140000", why: "5 % + 2 x 4.5 %" }],
    "Factor 5": [{ day: 45, rate: "0.100000", why: "a part of a month is a month" }],
    "Liquid Factors": [{ day: 38, rate: "0.066000", why: "4.5 % and two weeks begun" }],
    "Bay View Funding / Phunware": [{ day: 90, rate: "0.057000", why: "1.8 % + 6 x 0.65 %" }],
    "Cloud Factoring A": [{ day: 10, rate: "0.020000", why: "first band" }, { day: 91, rate: "0.200000", why: "open band" }],
    "MP Star": [{ day: 45, rate: "0.052500", why: "525 of 10,000" }],
    "altLINE market range": [{ day: 300, rate: "0.030000", why: "flat" }],
    FundThrough: [{ day: 45, rate: "0.041250", why: "by the day: 1.5 x 2.75 %" }],
    Fluid: [{ day: 25, rate: "0.030000", why: "three blocks of ten days" }],
  };
  // biome-ignore format: a table
  const ends: Record<string, { fee: string; why: string }> = {
    "Factor 1": { fee: "300000.00", why: "3 % of 10,000,000" },
    "Factor 3": { fee: "10000.00", why: "2 % of 500,000" },
    "Factor 4": { fee: "1380.00", why: "15 for each of 92 days" },
  };
  for (const { name, terms: given } of feeTariffs) {
    const { fee, why } = ends[name] ?? { fee: "0.00", why: "nothing is printed" };
    it(`${name}: its charges agree, and ending it 92 days before its first year costs ${fee}: ${why}`, () => {
      const terms = factoringTermsSchema.parse(given);
      expect(contradiction(terms)).to.equal(undefined);
      const days = { openedOn: parseDay("2026-01-01"), endedOn: parseDay("2026-10-01") };
      expect(formatMinor(terminationFee(terms, days), terms.currency)).to.equal(fee);
    });
  }

  for (const tariff of feeTariffs) {
    it(`${tariff.name} loads as terms and charges what it says`, () => {
      const terms = factoringTermsSchema.parse(tariff.terms);
      const { rateOn } = feeSchedule(terms.fee_schedule, terms.currency);
      for (const { day, rate, why } of cases[tariff.name]!) expect(shareText(rateOn(day), 6), why).to.equal(rate);
    });
  }
});
