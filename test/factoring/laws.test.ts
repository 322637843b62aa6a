import { expect } from "chai";
import fc from "fast-check";
import { type FactoringTerms, type FactoringTermsInput, factoringTermsSchema } from "../../models/factoring-terms.js";
import { addDays, type Day, parseDay } from "../../src/calendar/day.js";
import { facilityRoom } from "../../src/factoring/borrowing-base.js";
import { cheapestSet } from "../../src/factoring/cheapest-set.js";
import { offer } from "../../src/factoring/offer.js";
import type { KnownDebtor, OfferedInvoice } from "../../src/factoring/schedule-base.js";
import { fraction } from "../../src/money/fraction.js";
import { minor, parseMinor } from "../../src/money/money.js";
import { remittance } from "../../src/servicing/remittance.js";

const asOf = parseDay("2026-10-20");
const usd = (text: string) => parseMinor(text, "USD");

const rate = (most: number) => fc.integer({ min: 0, max: most }).map((points) => (points / 10_000).toFixed(4));

const schedules: fc.Arbitrary<NonNullable<FactoringTermsInput["fee_schedule"]>> = fc.oneof(
  fc.record({
    basis: fc.constantFrom("face", "advance", "funds_employed"),
    initial_rate: rate(600),
    initial_days: fc.constantFrom(1, 7, 15, 30, 90),
    step_rate: rate(300),
    step_days: fc.constantFrom(7, 10, 15, 30),
    proration: fc.constantFrom("whole_block", "daily"),
    minimum: fc.constantFrom("0", "5.00"),
    collected_at: fc.constantFrom("funding", "settlement"),
  }),
  fc.record({
    basis: fc.constantFrom("face" as const, "advance" as const),
    bands: fc.constant<NonNullable<NonNullable<FactoringTermsInput["fee_schedule"]>["bands"]>>([
      { from: 1, to: 10, fee_rate: "0.02" },
      { from: 11, to: 50, fee_rate: "0.04" },
      { from: 51, to: null, fee_rate: "0.09" },
    ]),
  }),
);

const terms: fc.Arbitrary<FactoringTerms> = fc
  .record({
    advance_rate: fc.constantFrom("0", "0.7", "0.80", "0.85", "0.9333", "1"),
    fee_schedule: schedules,
    charges: fc.constantFrom(
      [],
      [{ code: "wire", amount: "25.00" }],
      [{ code: "credit check", amount: "1.01", per: "invoice" as const }],
      [{ code: "wire", amount: "30.00", per: "payout" as const }],
      [
        { code: "set-up", amount: "10.00", per: "once" as const },
        { code: "lockbox", amount: "4.00", per: "month" as const },
      ],
    ),
    eligibility: fc.record({
      concentration_limit: fc.constantFrom(null, "0.25", "0.5"),
      proof_of_delivery_over: fc.constantFrom(null, "500.00"),
      verification_over: fc.constantFrom(null, "700.00"),
      debtor_verification_over: fc.constantFrom({}, { D2: "0" }),
      debtor_limits: fc.constantFrom({}, { D1: "900.00" }),
      dilution_rate: fc.constantFrom("0", "0.08"),
    }),
    opened: fc.record({
      funds_employed: fc.constantFrom("0", "500.00"),
      facility_limit: fc.constantFrom(null, "2500.00"),
    }),
  })
  .chain((given) =>
    fc
      .constantFrom(undefined, { annual_rate: "0.1025" }, { prime_rate: "0.0675", margin: "0.035", floor_rate: "0.11" })
      .map((interest) => factoringTermsSchema.parse(interest === undefined ? given : { ...given, interest })),
  );

const invoice: fc.Arbitrary<OfferedInvoice> = fc
  .record({
    invoiceNumber: fc.string({ minLength: 1, maxLength: 4 }),
    debtorId: fc.constantFrom("D1", "D2", "D3", "D4"),
    age: fc.integer({ min: -3, max: 130 }),
    terms: fc.constantFrom(10, 30, 60),
    amountMinor: fc.oneof({ weight: 9, arbitrary: fc.bigInt(1n, 500_000n) }, fc.bigInt(-40_000n, -1n)).map(minor),
    paid: fc.constantFrom(0n, 0n, 1n),
    hasPurchaseOrder: fc.boolean(),
    hasProofOfDelivery: fc.boolean(),
    country: fc.constantFrom(null, "US", "US", "DE"),
    disputed: fc.constantFrom(false, false, false, true),
    disputedMinor: fc.constantFrom(null, minor(100n), minor(100_000n)),
    verified: fc.boolean(),
    debtorType: fc.constantFrom(null, "business", "government", "affiliate"),
    alreadyAssigned: fc.constantFrom(false, false, false, true),
    settled: fc.constantFrom(false, false, false, true),
    expectedDays: fc.constantFrom(null, 20, 47.5),
  })
  .map(({ age, terms: days, paid, ...rest }) => ({
    ...rest,
    issuedOn: addDays(asOf, -age),
    dueOn: addDays(asOf, days - age) as Day,
    paidMinor: minor(rest.amountMinor > 0n ? paid : 0n),
  }));

const debtor: fc.Arbitrary<KnownDebtor> = fc.record({
  payableMinor: fc.constantFrom(0n, 30_000n).map(minor),
  limitMinor: fc.constantFrom(null, minor(200_000n)),
  outstandingMinor: fc.constantFrom(0n, 100_000n).map(minor),
  overAgeMinor: fc.constantFrom(0n, 60_000n).map(minor),
  debtorType: fc.constant(null),
});

const order = fc.record({
  terms,
  invoices: fc.array(invoice, { minLength: 1, maxLength: 12 }),
  debtors: fc.oneof(
    fc.constant(null),
    fc.array(debtor, { minLength: 3, maxLength: 3 }).map((known) => new Map(known.map((one, i) => [`D${i + 1}`, one]))),
  ),
  targetMinor: fc.constantFrom(null, minor(100_000n)),
});

type Order = Parameters<typeof offer>[0];
const offered = (given: Pick<Order, "terms" | "invoices" | "debtors" | "targetMinor">) =>
  offer({ ...given, givenTerms: {}, asOf, course: null, expectedFrom: "test" });

describe("laws of an offer", () => {
  it("advance + reserve = face, of each invoice that is bought and of all", () => {
    fc.assert(
      fc.property(order, (given) => {
        const { offer: all, invoices } = offered(given);
        for (const row of invoices.filter(({ selected }) => selected)) {
          expect(usd(row.advance) + usd(row.reserve)).to.equal(usd(row.amount));
        }
        expect(usd(all.gross_advance) + usd(all.reserve)).to.equal(usd(all.purchased));
      }),
    );
  });

  it("net funded + release + fees and charges = face, on every day", () => {
    fc.assert(
      fc.property(order, (given) => {
        const { offer: all, cost_by_day: rows } = offered(given);
        expect(rows.length).to.be.at.least(120);
        for (const row of rows) {
          expect(usd(all.net_funded) + usd(row.release) + usd(row.cost)).to.equal(usd(all.purchased));
          expect(usd(row.client_receives) + usd(row.cost)).to.equal(usd(all.purchased));
        }
      }),
    );
  });

  it("the fee never falls with days", () => {
    fc.assert(
      fc.property(order, (given) => {
        // a credit takes a little interest away; with it alone, interest falls
        const { cost_by_day: rows } = offered({
          ...given,
          invoices: given.invoices.filter(({ amountMinor }) => amountMinor > 0n),
        });
        for (const [i, row] of rows.entries()) expect(usd(row.fee) >= usd(rows[i - 1]?.fee ?? "0")).to.equal(true);
      }),
    );
  });

  it("the yearly rate falls with days inside a block", () => {
    fc.assert(
      fc.property(order, (given) => {
        if (given.terms.fee_schedule.proration === "daily" || given.terms.interest !== undefined) return;
        const { cost_by_day: rows } = offered(given);
        for (const [i, row] of rows.entries()) {
          const before = rows[i - 1];
          if (before === undefined || row.fee !== before.fee || row.apr_of_advance === null) continue;
          // on the first of a month a charge of the facility may fall due
          if (row.charges !== before.charges) continue;
          expect(Number(row.apr_of_advance)).to.be.at.most(Number(before.apr_of_advance));
        }
      }),
    );
  });

  it("a fee whose steps are nothing has one block, and no day on which a new one begins", () => {
    fc.assert(
      fc.property(order, (given) => {
        const { bands: _, ...flat } = { ...given.terms.fee_schedule, initial_rate: "0.03", step_rate: "0" };
        const { cost_by_day: rows } = offered({ ...given, terms: { ...given.terms, fee_schedule: flat } });
        expect(rows.filter(({ new_block: begins }) => begins)).to.deep.equal([]);
      }),
      { numRuns: 20 },
    );
  });

  it("eligible + what was removed = gross, of the schedule and of each invoice", () => {
    fc.assert(
      fc.property(order, (given) => {
        const { offer: all, base, invoices } = offered(given);
        const removed = base.reduce((sum, step) => sum + usd(step.removed), 0n);
        expect(usd(all.eligible) + removed).to.equal(usd(all.gross));
        expect(base.at(-1)!.remaining).to.equal(all.eligible);
        for (const row of invoices) {
          const taken = row.reasons.reduce((sum, reason) => sum + usd(reason.removed_amount), 0n);
          expect(usd(row.eligible_amount) + taken).to.equal(usd(row.amount));
          if (row.eligible_amount !== row.amount) expect(row.reasons).to.not.deep.equal([]);
        }
      }),
    );
  });

  it("no more is advanced than the limit leaves, and availability x over-advance = 0", () => {
    fc.assert(
      fc.property(order, (given) => {
        const { offer: all } = offered(given);
        if (all.facility_room !== null) expect(usd(all.gross_advance) <= usd(all.facility_room)).to.equal(true);
      }),
    );
    const money = fc.bigInt(0n, 10_000_000n).map(minor);
    fc.assert(
      fc.property(money, money, money, money, (eligibleMinor, reservesMinor, limitMinor, fundsEmployedMinor) => {
        const asked = { eligibleMinor, reservesMinor, limitMinor, fundsEmployedMinor, advanceRate: fraction("0.85") };
        const room = facilityRoom(asked);
        expect(room.availabilityMinor * room.overAdvanceMinor).to.equal(0n);
      }),
    );
  });

  it("a target that is said to be reached is reached", () => {
    fc.assert(
      fc.property(order, (given) => {
        const { target, offer: all } = offered({ ...given, targetMinor: minor(100_000n) });
        if (target!.reached) expect(usd(all.net_funded) >= 100_000n).to.equal(true);
      }),
    );
  });
});

describe("the cheapest set", () => {
  const candidates = fc.array(
    fc.record({ cashMinor: fc.bigInt(1n, 50n).map(minor), costMinor: fc.bigInt(0n, 20n).map(minor) }),
    { maxLength: 10 },
  );

  it("costs what trying every set finds", () => {
    fc.assert(
      fc.property(candidates, fc.bigInt(1n, 200n), (items, target) => {
        let best: bigint | null = null;
        for (let set = 0; set < 2 ** items.length; set++) {
          const chosen = items.filter((_, i) => (set & (2 ** i)) !== 0);
          const cash = chosen.reduce((sum, { cashMinor }) => sum + cashMinor, 0n);
          const cost = chosen.reduce((sum, { costMinor }) => sum + costMinor, 0n);
          if (cash >= target && (best === null || cost < best)) best = cost;
        }
        const found = cheapestSet(items, target);
        const cost = found.taken.reduce((sum, i) => sum + items[i]!.costMinor, 0n);
        expect(found.reached ? cost : null).to.equal(best);
        expect(found.proved).to.equal(true);
      }),
      { numRuns: 300 },
    );
  });

  it("ends for ten thousand invoices, and says whether it is proved", () => {
    const items = Array.from({ length: 10_000 }, (_, i) => ({
      cashMinor: minor(BigInt(100_000 + ((i * 7919) % 50_021))),
      costMinor: minor(BigInt(3_000 + ((i * 104_729) % 3_001))),
    }));
    const found = cheapestSet(items, 300_000_000n);
    expect(found.reached).to.equal(true);
    expect(found.taken.reduce((sum, i) => sum + items[i]!.cashMinor, 0n) >= 300_000_000n).to.equal(true);
  });
});

describe("a remittance", () => {
  it("leaves the owner the same, net or gross", () => {
    const receipt = fc.record({
      channel: fc.constantFrom("agency" as const, "direct" as const),
      amountMinor: fc.bigInt(-100_000n, 1_000_000n).map(minor),
      feeMinor: fc.bigInt(-1000n, 10_000n).map(minor),
    });
    fc.assert(
      fc.property(fc.array(receipt), fc.bigInt(0n, 10_000n).map(minor), (receipts, costsMinor) => {
        const net = remittance(receipts, { mode: "net", costsMinor });
        const gross = remittance(receipts, { mode: "gross", costsMinor });
        expect(net.netBackMinor).to.equal(gross.netBackMinor);
        expect(net.remittedMinor - net.invoiceMinor).to.equal(gross.remittedMinor - gross.invoiceMinor);
      }),
    );
  });
});
