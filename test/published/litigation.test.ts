/**
 * Break-even balance of a suit: (filing + service) / (collectability x (1 - attorney's share)), at 30 % x 67 %.
 * Source: clearslate-v2 research notes u8 (second hand), whose dollars are reproduced by the formula.
 */
import { expect } from "chai";
import { breakEvenBalance } from "../../src/pricing/litigation.js";

// biome-ignore format: a table
const courts = [
  { court: "California limited civil", cost: 300, balance: 1493 },
  { court: "California small claims", cost: 75, balance: 373 },
  { court: "Texas Justice Court", cost: 152.5, balance: 759 },
  { court: "New York Supreme", cost: 285, balance: 1418 },
  { court: "Pennsylvania", cost: 273, balance: 1358 },
  { court: "Ohio", cost: 326, balance: 1622 },
  { court: "Georgia", cost: 286, balance: 1423 },
  { court: "North Carolina", cost: 275, balance: 1368 },
  { court: "Michigan", cost: 250, balance: 1244 },
];

describe("published break-even balances of a suit", () => {
  for (const { court, cost, balance } of courts) {
    it(`${court}: ${cost} needs ${balance}`, () => {
      expect(Math.round(breakEvenBalance({ courtCost: cost, collectability: 0.3, feeRate: 0.33 }))).to.equal(balance);
    });
  }

  it("a suit that brings nothing never pays", () => {
    expect(breakEvenBalance({ courtCost: 300, collectability: 0.3, feeRate: 1 })).to.equal(Number.POSITIVE_INFINITY);
  });
});
