import { expect } from "chai";
import { commissionScheduleSchema } from "../../models/commission.js";
import { isRefusal } from "../../models/refusal.js";
import { type Minor, parseMinor, zeroMinor } from "../../src/money/money.js";
import { bookCollection, type DebtPlacement, type IncomingPayment } from "../../src/servicing/collection.js";

const usd = (text: string): Minor => parseMinor(text, "USD");
const debt = {
  claimMinor: usd("5000"),
  collectedMinor: zeroMinor,
  unappliedMinor: zeroMinor,
  commissionMinor: zeroMinor,
};
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
      payment: payment("-250", {
        original: { amountMinor: usd("1000"), commissionMinor: usd("290"), returnedMinor: zeroMinor },
      }),
      is: "-72.50",
    },
  ];
  for (const { why, payment: incoming, is } of cases) {
    it(`${is}: ${why}`, () => {
      const before = { ...debt, collectedMinor: usd("1000"), commissionMinor: usd("290") };
      const booked = bookCollection(incoming, { debt: before, investment });
      expect(booked.commissionMinor).to.equal(usd(is));
    });
  }
});

describe("a collection", () => {
  it("hands on the debt and the investment for the next one", () => {
    const first = bookCollection(payment("150", { channel: "own" }), { debt, investment });
    const second = bookCollection(payment("100", { channel: "own" }), first);
    expect(second.debt.claimMinor).to.equal(usd("4750"));
    const relief = second.entry.postings.find(({ debit }) => debit === "4900");
    expect(relief?.amountMinor, "50.00 of the cost of 200.00 were left").to.equal(usd("50"));
  });

  it("refuses more than is left of the payment that comes back", () => {
    const original = { amountMinor: usd("100"), commissionMinor: zeroMinor, returnedMinor: usd("60") };
    const before = { ...debt, collectedMinor: usd("100") };
    const tooMuch = () => bookCollection(payment("-40.01", { original }), { debt: before, investment });
    expect(tooMuch).to.throw().that.satisfies(isRefusal);
    expect(bookCollection(payment("-40", { original }), { debt: before, investment }).appliedMinor).to.equal(
      usd("-40"),
    );
  });
});
