import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";
import { booksOf } from "./whole-books.js";

eachDatabase("an entry that is corrected", (open) => {
  let fixture: DeskFixture;
  let wrong: Bought;
  let right: Bought;
  let agencyId: string;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    [wrong, right] = [await boughtPortfolio(fixture), await boughtPortfolio(fixture, { name: "Right from the start" })];
    agencyId = (await fixture.do("register-agency", { name: "Able" })).id;
    for (const { portfolioId } of [wrong, right]) {
      await fixture.do("place-receivables", {
        portfolio_id: portfolioId,
        agency_id: agencyId,
        placed_on: "2026-01-15",
        commission: { rate: "0.25" },
        receivables: { account_numbers: ["A4", "A5"] },
      });
    }
  });
  after(() => fixture.remove());

  const reason = "typed wrongly";
  type Payment = { account_number: string; amount: string; paid_on: string; [more: string]: unknown };
  const pay = (bought: Bought, payment: Payment) =>
    fixture.do("record-payment", { portfolio_id: bought.portfolioId, ...payment });
  /** Two books that should be one: without the names of the portfolios. */
  const same = async () => {
    const [is, should] = [await booksOf(fixture, wrong.portfolioId), await booksOf(fixture, right.portfolioId)];
    expect(JSON.parse(JSON.stringify(is).replaceAll(wrong.portfolioId, right.portfolioId))).to.deep.equal(should);
  };

  const payments: { why: string; was: Payment; is: Partial<Payment> }[] = [
    {
      why: "the amount",
      was: { account_number: "A1", amount: "100.00", paid_on: "2026-01-10" },
      is: { amount: "90.00" },
    },
    {
      why: "the receivable",
      was: { account_number: "A1", amount: "12.00", paid_on: "2026-01-10" },
      is: { account_number: "A2" },
    },
    {
      why: "the day",
      was: { account_number: "A1", amount: "13.00", paid_on: "2026-01-10" },
      is: { paid_on: "2026-01-12" },
    },
    {
      why: "who took it",
      was: { account_number: "A4", amount: "40.00", paid_on: "2026-01-15", channel: "own" },
      is: { channel: "agency" },
    },
    {
      why: "the amount that an agency took: its commission goes with it",
      was: { account_number: "A4", amount: "44.44", paid_on: "2026-01-15", channel: "agency" },
      is: { amount: "11.12" },
    },
    {
      why: "the commission",
      was: { account_number: "A5", amount: "40.00", paid_on: "2026-01-15", channel: "agency" },
      is: { commission: "9.99" },
    },
    {
      why: "several fields at once",
      was: { account_number: "A5", amount: "40.00", paid_on: "2026-01-15", channel: "agency" },
      is: { account_number: "A1", amount: "4.00", channel: "own" },
    },
  ];
  for (const { why, was, is } of payments) {
    it(`leaves the books as if it had been right: ${why}`, async () => {
      const { entry_id } = await pay(wrong, was);
      await pay(right, { ...was, ...is });
      const corrected = await fixture.do("correct-entry", { entry_id, reason, with: is });
      await same();
      expect(corrected.reversal).to.deep.include({ reverses_entry_id: entry_id, reason, kind: "entry_reversed" });
      expect(corrected.rebooked).to.deep.include({ corrects_entry_id: entry_id, reason });
      const again = await fixture.refusal("correct-entry", { entry_id, reason, with: is });
      expect(again.code).to.equal("entry_not_reversible");
      await same();
    });
  }

  it("leaves the books as if it had been right: a cost", async () => {
    const cost = { cost_type: "court", amount: "75.00", incurred_on: "2026-01-14", account_number: "A1" } as const;
    const { entry_id } = await fixture.do("record-cost", { portfolio_id: wrong.portfolioId, ...cost });
    const is = { cost_type: "media", amount: "57.00", account_number: "A2" } as const;
    await fixture.do("record-cost", { portfolio_id: right.portfolioId, ...cost, ...is });
    await fixture.do("correct-entry", { entry_id, reason, with: is });
    await same();
  });

  it("leaves the books as if it had been right: a receipt", async () => {
    const receipt = { kind: "put_back_refund", amount: "20.00", received_on: "2026-01-14" } as const;
    const { entry_id } = await fixture.do("record-receipt", { portfolio_id: wrong.portfolioId, ...receipt });
    const is = { kind: "agency_remittance", agency_id: agencyId } as const;
    await fixture.do("record-receipt", { portfolio_id: right.portfolioId, ...receipt, ...is });
    await fixture.do("correct-entry", { entry_id, reason, with: is });
    await same();
  });

  it("may be booked on another day, with the day of the event kept", async () => {
    const { entry_id } = await pay(wrong, { account_number: "A1", amount: "7.00", paid_on: "2026-01-10" });
    const corrected = await fixture.do("correct-entry", {
      entry_id,
      reason,
      corrected_on: "2026-01-15",
      with: { amount: "6.00" },
    });
    expect(corrected.reversal).to.deep.include({ effective_on: "2026-01-15", original_on: null });
    expect(corrected.rebooked).to.deep.include({ effective_on: "2026-01-15", original_on: "2026-01-10" });
    const { data } = await fixture.do("list-payments", { portfolio_id: wrong.portfolioId, limit: 1000 });
    expect(data.at(-1)).to.deep.include({ amount: "6.00", paid_on: "2026-01-10" });
  });

  it("lets the owner's number lead to what stands today", async () => {
    const portfolio_id = wrong.portfolioId;
    const payment = { account_number: "A1", amount: "50.00", paid_on: "2026-01-10", external_id: "X-1" };
    const first = await pay(wrong, payment);
    const once = await fixture.do("correct-entry", { entry_id: first.entry_id, reason, with: { amount: "30.00" } });
    const twice = await fixture.do("correct-entry", { entry_id: once.rebooked.id, reason, with: { amount: "20.00" } });
    const duplicate = await fixture.refusal("record-payment", { portfolio_id, ...payment });
    expect(duplicate.code).to.equal("payment_duplicate");
    const back = { portfolio_id, account_number: "A1", paid_on: "2026-01-15", reverses: "X-1" };
    const tooMuch = await fixture.refusal("record-payment", { ...back, amount: "-20.01" });
    expect(tooMuch.code).to.equal("reversal_too_large");
    await fixture.do("record-payment", { ...back, amount: "-20.00" });
    const entry = await fixture.do("show-entry", { entry_id: twice.rebooked.id });
    expect(entry.reversed_by_entry_ids).to.have.length(1);
    const { data } = await fixture.do("list-payments", { portfolio_id, limit: 1000 });
    const standing = data.find(({ entry_id }) => entry_id === twice.rebooked.id);
    expect(standing?.stands_for_payment_id).to.equal(first.id);
  });

  it("changes nothing when it is refused", async () => {
    const { entry_id } = await pay(wrong, { account_number: "A1", amount: "7.00", paid_on: "2026-01-10" });
    const before = await booksOf(fixture, wrong.portfolioId);
    const attempts = [
      { with: { account_number: "none" }, code: "receivable_unknown" },
      { with: { amount: "-7.00" }, code: "amount_invalid" },
      { with: { paid_on: "2027-01-01" }, code: "effective_date_refused" },
      { with: { cost_type: "media" as const }, code: "invalid_request" },
      { with: {}, code: "invalid_request" },
    ];
    for (const { with: fields, code } of attempts) {
      const refusal = await fixture.refusal("correct-entry", { entry_id, reason, with: fields });
      expect(refusal.code, JSON.stringify(fields)).to.equal(code);
      expect(await booksOf(fixture, wrong.portfolioId)).to.deep.equal(before);
    }
  });
});
