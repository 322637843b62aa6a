import { expect } from "chai";
import * as fc from "fast-check";
import { type CommissionScheduleInput, commissionScheduleSchema } from "../../models/commission.js";
import { commissionSchedules } from "../../seeds/commission-schedules.js";
import { type Minor, minor, zeroMinor } from "../../src/money/money.js";
import { expectedFeeRate } from "../../src/pricing/commission-estimate.js";
import { commission, type Receipt } from "../../src/servicing/commission.js";

const claim = { balanceMinor: 1_000_000n as Minor, currency: "USD", ageDays: 100, placement: 1 };
const receipt = (amount: bigint, over: Partial<Receipt> = {}): Receipt => ({
  amountMinor: minor(amount),
  channel: "agency",
  collectedBeforeMinor: zeroMinor,
  daysSincePlacement: 30,
  legal: false,
  ...over,
});
const schedule = (input: CommissionScheduleInput) => commissionScheduleSchema.parse(input);
const msccm = schedule(commissionSchedules.msccm);
const flat = (rate: string, over: object = {}) => {
  return schedule({ name: "flat", rules: [{ name: "all", method: "whole", bands: [{ up_to: null, rate }] }], ...over });
};

describe("commission on a receipt", () => {
  it("every seeded schedule has the form of a schedule", () => {
    for (const each of Object.values(commissionSchedules)) schedule(each);
  });

  it("marginal bands go on where the last receipt left off", () => {
    expect(commission(msccm, claim, receipt(20_000n)).feeMinor, "200 at 50 %").to.equal(10_000n);
    const next = commission(msccm, claim, receipt(20_000n, { collectedBeforeMinor: 20_000n as Minor }));
    expect(next.feeMinor, "100 at 50 %, 100 at 20 %").to.equal(7_000n);
  });

  it("rounds once, half up", () => {
    expect(commission(flat("0.25"), claim, receipt(2n)).feeMinor, "0.5 cents").to.equal(1n);
    expect(commission(flat("0.25"), claim, receipt(1n)).feeMinor, "0.25 cents").to.equal(0n);
  });

  it("direct payments earn nothing where they do not count", () => {
    const { feeMinor, rule } = commission(
      flat("0.25", { direct_payments_count: false }),
      claim,
      receipt(100n, { channel: "direct" }),
    );
    expect([feeMinor, rule]).to.deep.equal([0n, "direct payments earn no commission"]);
  });

  it("the minimum is never more than the receipt", () => {
    const minimum = flat("0.1", { minimum_fee: "5.00" });
    expect(commission(minimum, claim, receipt(2_000n)).feeMinor).to.equal(500n);
    expect(commission(minimum, claim, receipt(300n)).feeMinor).to.equal(300n);
    expect(commission(minimum, claim, receipt(-300n)).feeMinor, "and goes back with it").to.equal(-300n);
  });

  it("refuses a claim that the schedule has no rule or no band for", () => {
    const ricci = schedule(commissionSchedules.stevens_ricci);
    expect(() => commission(ricci, { ...claim, ageDays: 731 }, receipt(100n))).to.throw(
      /no rule for a claim of 10000.00, 731 days/,
    );
    const dcs = schedule(commissionSchedules.dcs);
    expect(() => commission(dcs, { ...claim, balanceMinor: 3_000_001n as Minor }, receipt(100n))).to.throw(
      /end at 30000/,
    );
  });

  it("refuses bands that do not rise, and an open band that is not the last", () => {
    for (const ends of [
      ["300", "200"],
      ["300", "300"],
      [null, "300"],
    ]) {
      const bands = ends.map((up_to) => ({ up_to, rate: "0.2" }));
      expect(() => schedule({ name: "x", rules: [{ name: "x", method: "marginal", bands }] })).to.throw(
        /bands must rise/,
      );
    }
  });

  it("law: a returned payment takes back exactly the fee it had", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 9n), fc.bigInt(0n, 10n ** 9n), (amount, before) => {
        const paid = commission(msccm, claim, receipt(amount, { collectedBeforeMinor: minor(before) }));
        const returned = commission(msccm, claim, receipt(-amount, { collectedBeforeMinor: minor(before + amount) }));
        expect(paid.feeMinor + returned.feeMinor).to.equal(0n);
      }),
    );
  });

  it("law: a fee lies between nothing and the receipt, and parts of a receipt earn what the whole earns, to a cent each", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 7n), fc.bigInt(1n, 10n ** 7n), (first, second) => {
        const whole = commission(msccm, claim, receipt(first + second)).feeMinor;
        const one = commission(msccm, claim, receipt(first)).feeMinor;
        const two = commission(msccm, claim, receipt(second, { collectedBeforeMinor: minor(first) })).feeMinor;
        expect(Number(whole - one - two)).to.be.within(-1, 1);
        expect(whole >= 0n && whole <= first + second).to.equal(true);
      }),
    );
  });

  it("law: the estimate for a claim is the commission on one receipt of its severity", () => {
    const any = fc.record({
      name: fc.constantFrom(
        "msccm" as const,
        "aged_consumer" as const,
        "nacm_tampa" as const,
        "redwood_city_2019" as const,
      ),
      balance: fc.integer({ min: 10, max: 50_000 }),
      ageDays: fc.integer({ min: 0, max: 4000 }),
      placement: fc.integer({ min: 1, max: 5 }),
      legal: fc.boolean(),
    });
    fc.assert(
      fc.property(any, ({ name, balance, ageDays, placement, legal }) => {
        const terms = schedule(commissionSchedules[name]);
        const payment = BigInt(balance) * 50n;
        const { feeMinor } = commission(
          terms,
          { balanceMinor: minor(BigInt(balance) * 100n), currency: "USD", ageDays, placement },
          receipt(payment, { legal }),
        );
        const rate = expectedFeeRate(terms, 0.5)({ balance, ageDays, placement, legal });
        expect(rate * Number(payment)).to.be.closeTo(Number(feeMinor), 0.5 + 1e-6);
      }),
    );
  });
});
