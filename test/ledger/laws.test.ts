import { expect } from "chai";
import fc from "fast-check";
import { claimComponents, defaultWaterfall } from "../../models/claim.js";
import { isRefusal } from "../../models/refusal.js";
import { carryingShares } from "../../src/ledger/carrying-share.js";
import { addParts, negateParts, noParts, onePart, sumParts } from "../../src/ledger/claim.js";
import {
  afterCollection,
  carryingAmount,
  costRelief,
  type Investment,
  refundRelief,
} from "../../src/ledger/cost-recovery.js";
import { collectionEntry } from "../../src/ledger/events.js";
import { applyPayment, returnPayment, shareOf } from "../../src/ledger/payment-application.js";
import { balanceOf, turnovers } from "../../src/ledger/trial-balance.js";
import { type Minor, minor, zeroMinor } from "../../src/money/money.js";

const amount = fc.bigInt({ min: 0n, max: 10n ** 12n }).map((value) => minor(value));
const signed = fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }).map((value) => minor(value));
const share = fc.bigInt({ min: 0n, max: 10n ** 6n }).map((value) => minor(value));

const recovering: Investment = {
  method: "cost_recovery",
  costMinor: zeroMinor,
  collectedMinor: zeroMinor,
  recoveredMinor: zeroMinor,
};

function collect(before: Investment, flows: readonly Minor[]): Investment {
  return flows.reduce((investment, appliedMinor) => {
    const costReliefMinor = costRelief(investment, appliedMinor);
    return afterCollection(investment, { appliedMinor, costReliefMinor });
  }, before);
}

describe("the effective-interest method", () => {
  it("takes all that comes in off the carrying amount, and puts all that goes back on", () => {
    const before = { ...recovering, method: "effective_interest" as const, costMinor: minor(100n) };
    const after = collect(before, [minor(80n), minor(50n), minor(-10n)]);
    expect(carryingAmount(after)).to.equal(-20n);
  });
});

describe("the cost-recovery method", () => {
  it("recovers the same cost whatever the order of payments and returns", () => {
    fc.assert(
      fc.property(amount, fc.array(signed, { maxLength: 20 }), (costMinor, flows) => {
        const investment = collect({ ...recovering, costMinor }, flows);
        const total = flows.reduce((sum, flow) => sum + flow, 0n);
        expect(investment).to.deep.equal(collect({ ...recovering, costMinor }, [minor(total)]));
        expect(carryingAmount(investment) >= 0n).to.equal(true);
      }),
    );
  });

  it("never takes more out for a refund than is carried", () => {
    fc.assert(
      fc.property(amount, signed, amount, (costMinor, collectedMinor, refund) => {
        const investment = collect({ ...recovering, costMinor }, [collectedMinor]);
        const relief = refundRelief(investment, refund);
        expect(relief <= refund && relief <= carryingAmount(investment)).to.equal(true);
        const after = { ...investment, costMinor: minor(costMinor - relief) };
        expect(costRelief(after, zeroMinor), "what collections have recovered stays").to.equal(0n);
      }),
    );
  });

  it("gives 100 back of a cost of 100 after 80 and 50 came, and 50 when the 80 bounced", () => {
    const both = collect({ ...recovering, costMinor: minor(100n) }, [minor(80n), minor(50n)]);
    expect(both.recoveredMinor).to.equal(100n);
    expect(costRelief(both, minor(-80n))).to.equal(-50n);
  });
});

const someParts = fc.record({ principal: amount, interest: share, fees: share, court_costs: share });
const anyOrder = fc.shuffledSubarray([...claimComponents], { minLength: 4 });

describe("a payment applied to a claim", () => {
  const nothing = { paid: noParts, unappliedMinor: zeroMinor };

  it("is split without a rest, and a full return leaves the claim as it was, whatever the waterfall meanwhile", () => {
    fc.assert(
      fc.property(someParts, amount, anyOrder, anyOrder, fc.boolean(), (claim, paid, then, now, isKnown) => {
        const came = applyPayment({ claim }, paid, then);
        expect(sumParts(came.applied) + came.unappliedMinor).to.equal(paid);
        const after = {
          claim: addParts(claim, negateParts(came.applied)),
          paid: came.applied,
          unappliedMinor: came.unappliedMinor,
        };
        const back = returnPayment(after, paid, { waterfall: now, left: isKnown ? came : undefined });
        expect(back).to.deep.equal({
          applied: negateParts(came.applied),
          unappliedMinor: minor(-came.unappliedMinor),
        });
      }),
    );
  });

  it("pays nothing of a component before the ones above it are paid", () => {
    fc.assert(
      fc.property(someParts, amount, anyOrder, (claim, paid, waterfall) => {
        const { applied } = applyPayment({ claim }, paid, waterfall);
        waterfall.forEach((component, i) => {
          if (applied[component] === 0n) return;
          for (const above of waterfall.slice(0, i)) expect(applied[above]).to.equal(claim[above]);
        });
      }),
    );
  });

  it("comes back in parts as it would at once, to the last unit", () => {
    fc.assert(
      fc.property(someParts, share, share, anyOrder, (claim, first, second, waterfall) => {
        const came = applyPayment({ claim }, minor(first + second), waterfall);
        const before = { claim, paid: came.applied, unappliedMinor: came.unappliedMinor };
        const one = returnPayment(before, first, { waterfall, left: came });
        const left = {
          applied: addParts(came.applied, one.applied),
          unappliedMinor: minor(came.unappliedMinor + one.unappliedMinor),
        };
        const two = returnPayment({ claim, paid: left.applied, unappliedMinor: left.unappliedMinor }, second, {
          waterfall,
          left,
        });
        expect(addParts(one.applied, two.applied)).to.deep.equal(negateParts(came.applied));
      }),
    );
  });

  it("is owed again as principal where its unapplied part was refunded before it bounced", () => {
    const left = { applied: onePart("principal", minor(80n)), unappliedMinor: minor(20n) };
    const refunded = { claim: noParts, paid: left.applied, unappliedMinor: zeroMinor };
    const back = returnPayment(refunded, minor(100n), { waterfall: defaultWaterfall, left });
    expect(back).to.deep.equal({ applied: onePart("principal", minor(-100n)), unappliedMinor: zeroMinor });
  });

  it("refuses to give back more than came", () => {
    const claim = { ...nothing, claim: onePart("principal", minor(5n)), paid: onePart("principal", minor(3n)) };
    expect(() => returnPayment(claim, minor(4n), { waterfall: defaultWaterfall, left: undefined }))
      .to.throw()
      .that.satisfies(isRefusal);
  });
});

describe("the carrying amounts of receivables", () => {
  it("sum to the portfolio's to the minor unit, and none is a unit or more from its exact share", () => {
    fc.assert(
      fc.property(amount, fc.array(share, { minLength: 1, maxLength: 30 }), (carrying, costs) => {
        const shares = carryingShares(carrying, costs);
        expect(shares.reduce((sum, one) => sum + one, 0n)).to.equal(carrying);
        const total = costs.reduce((sum, cost) => sum + cost, 0n);
        if (total === 0n) return;
        shares.forEach((one, i) => {
          const off = one * total - carrying * costs[i]!;
          expect(off < total && -off < total, `${one} of ${carrying} for ${costs[i]} of ${total}`).to.equal(true);
        });
      }),
    );
  });

  it("go by head where no cost was allocated", () => {
    expect(carryingShares(minor(5n), [zeroMinor, zeroMinor])).to.deep.equal([3n, 2n]);
  });
});

describe("an entry and its opposite", () => {
  it("leave every account at zero", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("own" as const, "agency" as const, "direct" as const),
        fc.tuple(share, share, share, share),
        someParts,
        fc.tuple(fc.boolean(), fc.boolean()),
        (channel, [unappliedMinor, commissionMinor, costReliefMinor, advanceMinor], applied, [held, isGross]) => {
          const how = { channel, held, grossRemittance: isGross };
          const entry = collectionEntry({
            ...how,
            applied,
            unappliedMinor,
            commissionMinor,
            costReliefMinor,
            advanceMinor,
          });
          const opposite = collectionEntry({
            ...how,
            applied: negateParts(applied),
            unappliedMinor: minor(-unappliedMinor),
            commissionMinor: minor(-commissionMinor),
            costReliefMinor: minor(-costReliefMinor),
            advanceMinor: minor(-advanceMinor),
          });
          for (const total of turnovers([...entry.postings, ...opposite.postings]).values()) {
            expect(balanceOf(total)).to.equal(0n);
          }
        },
      ),
    );
  });
});

describe("a share of an amount", () => {
  const cases = [
    { of: 100n, part: 1n, whole: 3n, is: 33n, why: "a third, below the half" },
    { of: 100n, part: 1n, whole: 8n, is: 13n, why: "12.5: the half goes up" },
    { of: 2500n, part: -5000n, whole: 10_001n, is: -1250n, why: "-1249.87..., for a payment that comes back" },
    { of: 4_000_000n, part: 100_000n, whole: 100_000_000n, is: 4000n, why: "the refund of docs/LEDGER.md" },
  ];
  for (const { of, part, whole, is, why } of cases) {
    it(`${of} x ${part} / ${whole} = ${is}: ${why}`, () => {
      expect(shareOf(of as Minor, { partMinor: part as Minor, wholeMinor: whole as Minor })).to.equal(is);
    });
  }
});
