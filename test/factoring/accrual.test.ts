import { expect } from "chai";
import fc from "fast-check";
import { type FactoringTerms, factoringTermsSchema } from "../../models/factoring-terms.js";
import type { Day } from "../../src/calendar/day.js";
import { type Accruing, accrue, feeRules } from "../../src/factoring/accrual.js";
import { releasable, releaseParts, takenFrom } from "../../src/factoring/reserve.js";
import { advanceOn } from "../../src/factoring/settlement.js";
import { fraction } from "../../src/money/fraction.js";
import { type Minor, minor, parseMinor, zeroMinor } from "../../src/money/money.js";

const usd = (text: string) => parseMinor(text, "USD");

const anyTerms: fc.Arbitrary<FactoringTerms> = fc
  .record({
    basis: fc.constantFrom("face", "advance", "funds_employed"),
    initial: fc.integer({ min: 0, max: 60 }),
    initialDays: fc.integer({ min: 1, max: 45 }),
    step: fc.integer({ min: 0, max: 30 }),
    stepDays: fc.constantFrom(7, 10, 15, 30),
    proration: fc.constantFrom("whole_block", "daily"),
    atFunding: fc.boolean(),
    rate: fc.integer({ min: 0, max: 200 }),
    advance: fc.integer({ min: 0, max: 100 }),
  })
  .map((t) =>
    factoringTermsSchema.parse({
      advance_rate: (t.advance / 100).toFixed(2),
      fee_schedule: {
        basis: t.basis,
        initial_rate: (t.initial / 1000).toFixed(3),
        initial_days: t.initialDays,
        step_rate: (t.step / 1000).toFixed(3),
        step_days: t.stepDays,
        proration: t.proration,
        collected_at: t.atFunding ? "funding" : "settlement",
      },
      interest: { annual_rate: (t.rate / 1000).toFixed(3), day_count: "act/360" },
    }),
  );

const purchasedOn = 20_000 as Day;

/** An invoice as it is when it is bought. */
function bought(faceMinor: Minor, terms: FactoringTerms): Accruing {
  const { advanceMinor } = advanceOn(faceMinor, fraction(terms.advance_rate));
  const { fees } = feeRules(terms);
  const atFunding = terms.fee_schedule.collected_at === "funding";
  const firstFeeMinor = atFunding ? fees.feeOn({ faceMinor, advanceMinor }, 0) : zeroMinor;
  return {
    faceMinor,
    advanceMinor,
    purchasedOn,
    firstFeeMinor,
    employedMinor: advanceMinor,
    segmentOn: purchasedOn,
    segmentFeeMinor: firstFeeMinor,
    segmentInterestMinor: zeroMinor,
    feeMinor: firstFeeMinor,
    interestMinor: zeroMinor,
    unearnedMinor: firstFeeMinor,
  };
}

function charged(invoice: Accruing, age: number, terms: FactoringTerms): Accruing {
  const due = accrue(invoice, (purchasedOn + age) as Day, feeRules(terms));
  return {
    ...invoice,
    feeMinor: minor(invoice.feeMinor + due.feeMinor),
    interestMinor: minor(invoice.interestMinor + due.interestMinor),
    unearnedMinor: minor(invoice.unearnedMinor - due.earnedMinor),
  };
}

const faces = fc.bigInt({ min: 1n, max: 10n ** 12n }).map((amount) => minor(amount));
const ages = fc.integer({ min: 0, max: 200 });

describe("fees of a bought invoice, by day", () => {
  it("come to the same however often they are accrued, in whichever order of days", () => {
    fc.assert(
      fc.property(anyTerms, faces, fc.array(ages, { maxLength: 6 }), ages, (terms, face, between, last) => {
        const start = bought(face, terms);
        const often = between.reduce((invoice, age) => charged(invoice, age, terms), start);
        expect(charged(often, last, terms)).to.deep.equal(charged(start, last, terms));
      }),
    );
  });

  it("never fall with days, and earn the first fee by the end of the days it is for", () => {
    fc.assert(
      fc.property(anyTerms, faces, ages, ages, (terms, face, a, b) => {
        const [early, late] = [Math.min(a, b), Math.max(a, b)].map((age) => charged(bought(face, terms), age, terms));
        expect(late!.feeMinor >= early!.feeMinor && late!.interestMinor >= early!.interestMinor).to.equal(true);
        expect(late!.unearnedMinor <= early!.unearnedMinor && late!.unearnedMinor >= 0n).to.equal(true);
        const end = charged(bought(face, terms), terms.fee_schedule.initial_days, terms);
        expect(end.unearnedMinor).to.equal(0n);
      }),
    );
  });

  it("go on from where they were when funds employed change, and stop growing with interest when none are", () => {
    fc.assert(
      fc.property(anyTerms, faces, ages, ages, (terms, face, paidAge, more) => {
        const before = charged(bought(face, terms), paidAge, terms);
        const after: Accruing = {
          ...before,
          employedMinor: zeroMinor,
          segmentOn: (purchasedOn + paidAge) as Day,
          segmentFeeMinor: before.feeMinor,
          segmentInterestMinor: before.interestMinor,
        };
        const later = charged(after, paidAge + more, terms);
        expect(later.interestMinor).to.equal(before.interestMinor);
        expect(later.feeMinor >= before.feeMinor || paidAge === 0).to.equal(true);
        if (terms.fee_schedule.basis === "funds_employed" && paidAge > 0) {
          expect(later.feeMinor).to.equal(before.feeMinor);
        }
      }),
    );
  });
});

describe("what may be released of a reserve", () => {
  const invoices = fc.array(
    fc.record({
      invoiceNo: fc.integer({ min: 1, max: 1000 }),
      openMinor: fc.bigInt({ min: 0n, max: 10n ** 9n }),
      reserveMinor: fc.bigInt({ min: -(10n ** 6n), max: 10n ** 8n }),
      settled: fc.boolean(),
    }),
    { maxLength: 20 },
  );
  const set = (given: typeof invoices extends fc.Arbitrary<infer T> ? T : never) =>
    given.map(({ settled, ...one }, i) => ({
      ...one,
      invoiceNo: i,
      openMinor: settled ? 0n : one.openMinor,
      isSettled: settled || one.openMinor === 0n,
    }));
  const terms = (method: string) => factoringTermsSchema.parse({ reserve: { method, floor_rate: "0.15" } });

  it("is never below zero nor more than the reserve, and is found on the invoices it comes off", () => {
    fc.assert(
      fc.property(invoices, fc.constantFrom("per_invoice", "pooled"), (given, method) => {
        const reserved = set(given);
        const { releasableMinor, balanceMinor, floorMinor } = releasable(reserved, terms(method));
        expect(releasableMinor >= 0n).to.equal(true);
        expect(releasableMinor === 0n || releasableMinor <= balanceMinor - floorMinor).to.equal(true);
        const taken = takenFrom(reserved, releasableMinor);
        expect([...taken.values()].reduce((sum, part) => sum + part, 0n)).to.equal(releasableMinor);
        for (const [no, part] of taken) expect(part <= reserved[no]!.reserveMinor).to.equal(true);
      }),
    );
  });

  it("goes to the seller's debts, the escrow and the seller, and to nobody else", () => {
    const amounts = fc.bigInt({ min: 0n, max: 10n ** 9n });
    const escrowTerms = factoringTermsSchema.parse({
      reserve: { escrow: { share_of_rebate: "0.10", cap: "5000.00" } },
    });
    fc.assert(
      fc.property(fc.tuple(amounts, amounts, amounts, amounts, amounts), fc.boolean(), (drawn, offset) => {
        const [amount, recourse, held, charges, escrow] = drawn.map(minor) as [Minor, Minor, Minor, Minor, Minor];
        const due = { recourseMinor: recourse, heldMinor: held, chargesMinor: charges };
        const parts = releaseParts(amount, { due: offset ? due : null, escrowMinor: escrow }, escrowTerms);
        const kept = [parts.recourseMinor, parts.heldMinor, parts.chargesMinor];
        const all = [...kept, parts.escrowMinor, parts.cashMinor];
        expect(all.every((part) => part >= 0n)).to.equal(true);
        expect(all.reduce<bigint>((sum, part) => sum + part, 0n)).to.equal(amount);
        expect(escrow + parts.escrowMinor <= usd("5000.00") || parts.escrowMinor === 0n).to.equal(true);
        const owed = recourse + held + charges;
        const keptMinor = kept.reduce<bigint>((sum, part) => sum + part, 0n);
        expect(keptMinor).to.equal(offset ? (owed < amount ? owed : amount) : 0n);
        const back = minor(-charges);
        const owing = releaseParts(amount, { due: { ...due, chargesMinor: back }, escrowMinor: null }, escrowTerms);
        expect([owing.chargesMinor, owing.cashMinor]).to.deep.equal([
          back,
          minor(amount - owing.recourseMinor - owing.heldMinor + charges),
        ]);
        expect(releaseParts(amount, { due: null, escrowMinor: null }, escrowTerms).cashMinor).to.equal(amount);
      }),
    );
  });
});
