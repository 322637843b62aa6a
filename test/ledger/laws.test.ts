import { expect } from "chai";
import fc from "fast-check";
import { isRefusal } from "../../models/refusal.js";
import {
  afterCollection,
  carryingAmount,
  costRelief,
  type Investment,
  refundRelief,
} from "../../src/ledger/cost-recovery.js";
import { collectionEntry } from "../../src/ledger/events.js";
import { applyPayment, shareOf } from "../../src/ledger/payment-application.js";
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

describe("a payment applied to a claim", () => {
  it("is split without a rest, and a full return leaves the claim as it was", () => {
    fc.assert(
      fc.property(amount, amount, (claimMinor, paid) => {
        const before = { claimMinor, unappliedMinor: zeroMinor, paidMinor: zeroMinor };
        const came = applyPayment(before, paid);
        expect(came.appliedMinor + came.unappliedMinor).to.equal(paid);
        const after = {
          claimMinor: minor(claimMinor - came.appliedMinor),
          unappliedMinor: came.unappliedMinor,
          paidMinor: paid,
        };
        const back = applyPayment(after, minor(-paid));
        expect([back.appliedMinor, back.unappliedMinor]).to.deep.equal([-came.appliedMinor, -came.unappliedMinor]);
      }),
    );
  });

  it("refuses to give back more than came", () => {
    const claim = { claimMinor: 5n as Minor, unappliedMinor: zeroMinor, paidMinor: 3n as Minor };
    expect(() => applyPayment(claim, -4n as Minor))
      .to.throw()
      .that.satisfies(isRefusal);
  });
});

describe("an entry and its opposite", () => {
  it("leave every account at zero", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("own" as const, "agency" as const, "direct" as const),
        fc.tuple(share, share, share, share),
        (channel, [appliedMinor, unappliedMinor, commissionMinor, costReliefMinor]) => {
          const entry = collectionEntry({ channel, appliedMinor, unappliedMinor, commissionMinor, costReliefMinor });
          const opposite = collectionEntry({
            channel,
            appliedMinor: minor(-appliedMinor),
            unappliedMinor: minor(-unappliedMinor),
            commissionMinor: minor(-commissionMinor),
            costReliefMinor: minor(-costReliefMinor),
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
