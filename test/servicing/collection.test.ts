import { expect } from "chai";
import { defaultWaterfall } from "../../models/claim.js";
import { commissionScheduleSchema } from "../../models/commission.js";
import { isRefusal } from "../../models/refusal.js";
import { noParts, onePart } from "../../src/ledger/claim.js";
import { type Minor, minor, parseMinor, zeroMinor } from "../../src/money/money.js";
import {
  bookCollection,
  type Debt,
  type DebtPlacement,
  type IncomingPayment,
  type Original,
} from "../../src/servicing/collection.js";

const usd = (text: string): Minor => parseMinor(text, "USD");
const debt: Debt = {
  held: true,
  claim: onePart("principal", usd("5000")),
  paid: noParts,
  collectedMinor: zeroMinor,
  unappliedMinor: zeroMinor,
  refundDueMinor: zeroMinor,
  commissionMinor: zeroMinor,
  advanceMinor: zeroMinor,
  advanceRecoveredMinor: zeroMinor,
};
const terms = { waterfall: defaultWaterfall, overpayment: "unapplied" as const };
/** A payment of which nothing but principal was paid, and so much of it has come back. */
function originalOf(amount: string, how: { commission?: string; returned?: string } = {}): Original {
  const returnedMinor = usd(how.returned ?? "0");
  return {
    amountMinor: usd(amount),
    commissionMinor: usd(how.commission ?? "0"),
    commissionLeftMinor: usd(how.commission ?? "0"),
    returnedMinor,
    left: { applied: onePart("principal", minor(usd(amount) - returnedMinor)), unappliedMinor: zeroMinor },
    advanceLeftMinor: zeroMinor,
    grossRemittance: false,
  };
}
const investment = {
  method: "cost_recovery" as const,
  costMinor: usd("200"),
  collectedMinor: zeroMinor,
  recoveredMinor: zeroMinor,
};

/** 50 % of the first 300.00 on a claim, 20 % of the rest; 40 % when it came by suit; nothing within ten days. */
const schedule = commissionScheduleSchema.parse({
  name: "test",
  rules: [
    { name: "legal", when: { legal: true }, method: "marginal", bands: [{ up_to: null, rate: "0.40" }] },
    {
      name: "marginal",
      method: "marginal",
      bands: [
        { up_to: "300", rate: "0.50" },
        { up_to: null, rate: "0.20" },
      ],
    },
  ],
  grace_days: 10,
  direct_payments_count: false,
});

const placed: DebtPlacement = {
  terms: { schedule },
  balanceMinor: usd("5000"),
  ageDays: 400,
  placement: 1,
  collectedMinor: zeroMinor,
  daysSincePlacement: 30,
  grossRemittance: false,
};

function payment(amount: string, how: Partial<IncomingPayment> = {}): IncomingPayment {
  return {
    channel: "agency",
    currency: "USD",
    amountMinor: usd(amount),
    legal: false,
    statedCommissionMinor: undefined,
    original: undefined,
    placement: placed,
    ...how,
  };
}

describe("the commission of a collection", () => {
  const cases: { why: string; payment: IncomingPayment; is: string }[] = [
    { why: "both bands: 150.00 + 140.00", payment: payment("1000"), is: "290.00" },
    {
      why: "the first band was used up by what came before",
      payment: payment("1000", { placement: { ...placed, collectedMinor: usd("300") } }),
      is: "200.00",
    },
    { why: "by suit", payment: payment("1000", { legal: true }), is: "400.00" },
    {
      why: "within the days of grace",
      payment: payment("1000", { placement: { ...placed, daysSincePlacement: 10 } }),
      is: "0.00",
    },
    {
      why: "paid to the seller, which does not count here",
      payment: payment("1000", { channel: "direct" }),
      is: "0.00",
    },
    { why: "received by us", payment: payment("1000", { channel: "own" }), is: "0.00" },
    {
      why: "as the agency states it",
      payment: payment("1000", { statedCommissionMinor: usd("123.45") }),
      is: "123.45",
    },
    {
      why: "the share of the payment that comes back",
      payment: payment("-250", { original: originalOf("1000", { commission: "290" }) }),
      is: "-72.50",
    },
  ];
  for (const { why, payment: incoming, is } of cases) {
    it(`${is}: ${why}`, () => {
      const paid = onePart("principal", usd("1000"));
      const before = { ...debt, paid, collectedMinor: usd("1000"), commissionMinor: usd("290") };
      const booked = bookCollection(incoming, { debt: before, investment }, terms);
      expect(booked.commissionMinor).to.equal(usd(is));
    });
  }
});

describe("a collection", () => {
  it("hands on the debt and the investment for the next one", () => {
    const first = bookCollection(payment("150", { channel: "own" }), { debt, investment }, terms);
    const second = bookCollection(payment("100", { channel: "own" }), first, terms);
    expect(second.debt.claim.principal).to.equal(usd("4750"));
    const relief = second.entry.postings.find(({ debit }) => debit === "4900");
    expect(relief?.amountMinor, "50.00 of the cost of 200.00 were left").to.equal(usd("50"));
  });

  it("refuses more than is left of the payment that comes back", () => {
    const original = originalOf("100", { returned: "60" });
    const before = { ...debt, paid: onePart("principal", usd("40")), collectedMinor: usd("40") };
    const tooMuch = () => bookCollection(payment("-40.01", { original }), { debt: before, investment }, terms);
    expect(tooMuch).to.throw().that.satisfies(isRefusal);
    const back = bookCollection(payment("-40", { original }), { debt: before, investment }, terms);
    expect(back.appliedMinor).to.equal(usd("-40"));
  });
});

describe("a collection on a debt with court costs", () => {
  const owing: Debt = {
    ...debt,
    claim: { principal: usd("1000"), interest: usd("30"), fees: usd("20"), court_costs: usd("90") },
    advanceMinor: usd("75"),
  };
  const own = { channel: "own" as const };

  it("gives the advance back first, then recovers cost; and takes both back when it bounces", () => {
    const came = bookCollection(payment("150", own), { debt: owing, investment }, terms);
    expect(came.applied).to.deep.equal({
      court_costs: usd("90"),
      fees: usd("20"),
      interest: usd("30"),
      principal: usd("10"),
    });
    expect(came.advanceMinor).to.equal(usd("75"));
    expect(came.investment.recoveredMinor, "150.00 less the advance of 75.00").to.equal(usd("75"));
    const back = bookCollection(payment("-150", own), came, terms);
    expect(back.debt).to.deep.equal(owing);
    expect(back.investment).to.deep.equal(investment);
  });

  it("marks money over the claim as due back where that was agreed", () => {
    const refunding = { ...terms, overpayment: "refund" as const };
    const { debt: after } = bookCollection(payment("1150", own), { debt: owing, investment }, refunding);
    expect([after.unappliedMinor, after.refundDueMinor]).to.deep.equal([usd("10"), usd("10")]);
  });

  it("leaves the claim of a debt that is not ours alone, and keeps what comes in for others", () => {
    const gone: Debt = { ...owing, held: false, claim: noParts, advanceMinor: zeroMinor };
    const came = bookCollection(payment("40"), { debt: gone, investment }, terms);
    expect([came.appliedMinor, came.unappliedMinor, came.commissionMinor]).to.deep.equal([0n, usd("40"), 0n]);
    const before = { ...gone, paid: { ...noParts, court_costs: usd("90") }, advanceRecoveredMinor: usd("75") };
    const back = bookCollection(payment("-90", own), { debt: before, investment }, terms);
    expect(back.debt.claim).to.deep.equal(noParts);
    const lost = back.entry.postings.find(({ debit }) => debit === "5100");
    expect(lost, "the advance that had come back is lost").to.deep.equal({
      debit: "5100",
      credit: "4920",
      amountMinor: usd("75"),
    });
    expect(back.entry.postings.some(({ debit, credit }) => debit === "9900" || credit === "9900")).to.equal(false);
  });
});
