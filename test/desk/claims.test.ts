import { expect } from "chai";
import type { RefusalCode } from "../../models/refusal.js";
import { eachDatabase } from "../harness/database.js";
import { expectProved } from "./book-proof.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";

const on = "2026-01-15";

/** Balances of the tape: A1 137.11, A2 174.22, A3 211.33, and so on. */
eachDatabase("claims", (open) => {
  let fixture: DeskFixture;
  let agency_id: string;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    agency_id = (await fixture.do("register-agency", { name: "Able" })).id;
  });
  after(() => fixture.remove());

  const pay = (portfolio_id: string, account_number: string, amount: string, more: { [key: string]: string } = {}) =>
    fixture.do("record-payment", { portfolio_id, account_number, amount, paid_on: on, ...more });
  const show = (portfolio_id: string, account_number: string) =>
    fixture.do("show-receivable", { portfolio_id, account_number, with_carrying_amount: true });
  const balances = async (portfolio_id: string) => {
    const { accounts } = await fixture.do("report-trial-balance", { portfolio_id });
    return Object.fromEntries(accounts.map(({ code, balance }) => [code, balance]));
  };
  const cents = (text: string | null) => BigInt((text ?? "0").replace(".", ""));
  const text = (amount: bigint) =>
    `${amount < 0n ? "-" : ""}${String(amount < 0n ? -amount : amount)
      .padStart(3, "0")
      .replace(/(..)$/, ".$1")}`;

  it("are split as the tape states them, where its parts add up to the balance", async function () {
    this.timeout(60_000);
    const { id: portfolio_id } = await fixture.do("create-portfolio", { name: "Parts", seller: "First Bank" });
    const rows = [
      "account_number,state,product_type,open_date,charge_off_date,current_balance,principal,interest,fees",
      "P1,TX,credit_card,2019-03-01,2023-01-15,1000.00,800.00,150.00,50.00",
      "P2,TX,credit_card,2019-03-01,2023-01-15,1000.00,800.00,150.00,49.99",
      "P3,TX,credit_card,2019-03-01,2023-01-15,1000.00,900.00,100.00,",
      "P4,TX,credit_card,2019-03-01,2023-01-15,1000.00,,,",
    ];
    const file = fixture.file("parts.csv", `${rows.join("\n")}\n`);
    await fixture.do("import-tape", { portfolio_id, file, as_of: "2026-01-01" });
    const quote = await fixture.do("issue-quote", { portfolio_id });
    await fixture.do("accept-quote", { quote_id: quote.id });
    const of = async (account: string) => (await show(portfolio_id, account)).claim_parts;
    const whole = { principal: "1000.00", interest: "0.00", fees: "0.00", court_costs: "0.00" };
    expect(await of("P1")).to.deep.equal({ ...whole, principal: "800.00", interest: "150.00", fees: "50.00" });
    expect(await of("P2"), "a cent short").to.deep.equal(whole);
    expect(await of("P3")).to.deep.equal({ ...whole, principal: "900.00", interest: "100.00" });
    expect(await of("P4")).to.deep.equal(whole);
    expect(await balances(portfolio_id)).to.include({ "9000": "3700.00", "9010": "250.00", "9020": "50.00" });
    await expectProved(fixture, portfolio_id);
  });

  it("grow by court costs, interest and fees, and are paid down the waterfall; a bounce brings just that back", async function () {
    this.timeout(60_000);
    const { portfolioId: portfolio_id } = await boughtPortfolio(fixture);
    const cost = { portfolio_id, cost_type: "court" as const, incurred_on: on, account_number: "A1" };
    const advance = await fixture.do("record-cost", { ...cost, amount: "75.00", recoverable: true });
    expect(advance.recoverable).to.equal(true);
    const added = await fixture.do("adjust-claims", {
      portfolio_id,
      adjusted_on: on,
      reason: "interest_accrued",
      adjustments: [
        { account_number: "A1", component: "interest", amount: "12.50" },
        { account_number: "A1", component: "fees", amount: "20.00" },
        { account_number: "A2", component: "court_costs", amount: "15.00" },
      ],
    });
    expect(added).to.deep.include({ change: "47.50" });
    const before = await show(portfolio_id, "A1");
    expect(before).to.deep.include({ claim: "244.61", court_costs_advanced: "75.00" });
    const booked = await balances(portfolio_id);
    expect(booked).to.include({ "1300": "75.00", "9010": "12.50", "9020": "20.00", "9030": "90.00" });

    const paid = await pay(portfolio_id, "A1", "100.00", { external_id: "W-1" });
    expect(paid.applied_to).to.deep.equal({ court_costs: "75.00", fees: "20.00", interest: "5.00", principal: "0.00" });
    const after = await balances(portfolio_id);
    expect(after).to.include({ "4000": "-100.00", "4920": "75.00", "4900": "25.00" });
    expect(after["1300"], "given back").to.equal("0.00");

    // what was agreed meanwhile is for later payments: the return takes back what the payment had paid
    const waterfall = ["principal", "interest", "fees", "court_costs"] as const;
    const terms = await fixture.do("set-collection-terms", { portfolio_id, waterfall: [...waterfall] });
    expect(terms).to.deep.equal({ portfolio_id, waterfall: [...waterfall], overpayment: "unapplied" });
    const part = await pay(portfolio_id, "A1", "-10.00", { reverses: "W-1" });
    expect(part.applied_to, "in the order of now, last first").to.include({ court_costs: "-10.00" });
    await pay(portfolio_id, "A1", "-90.00", { reverses: "W-1" });
    expect(await show(portfolio_id, "A1")).to.deep.equal(before);
    const again = await pay(portfolio_id, "A1", "100.00");
    expect(again.applied_to).to.include({ principal: "100.00", court_costs: "0.00" });
    await expectProved(fixture, portfolio_id);

    const { data } = await fixture.do("list-claim-events", { portfolio_id, account_number: "A1" });
    expect(data.map(({ kind, claim_change }) => [kind, claim_change])).to.deep.equal([
      ["court_cost_advanced", "75.00"],
      ["claim_adjusted", "12.50"],
      ["claim_adjusted", "20.00"],
    ]);
    const report = await fixture.do("report-netback", { portfolio_id });
    expect(report.to_date, "paid, whether it comes back or not").to.include({ costs: "75.00", gross: "100.00" });
  });

  it("are settled: the rest is written off with the advance, later money waits, a bounce opens them again", async function () {
    this.timeout(60_000);
    const { portfolioId: portfolio_id } = await boughtPortfolio(fixture);
    await fixture.do("record-cost", {
      portfolio_id,
      cost_type: "court",
      incurred_on: on,
      account_number: "A1",
      amount: "40.00",
      recoverable: true,
    });
    await pay(portfolio_id, "A1", "60.00", { external_id: "S-1" });
    const settle = { portfolio_id, account_number: "A1", settled_on: on };
    expect((await fixture.refusal("settle-receivable", { ...settle, agreed: "60.01" })).code).to.equal(
      "amount_not_available",
    );
    const { output: tried } = await fixture.answer("settle-receivable", settle, { dryRun: true });
    const carried = (await balances(portfolio_id))["1500"];
    const settled = await fixture.do("settle-receivable", { ...settle, agreed: "60.00" });
    expect({ ...tried, recorded_at: "" }).to.deep.equal({ ...settled, recorded_at: "" });
    expect(settled).to.deep.include({ written_off: "117.11", collected: "60.00", court_costs_written_off: "0.00" });
    expect((await balances(portfolio_id))["1500"], "carried as before").to.equal(carried);
    expect(await show(portfolio_id, "A1")).to.deep.include({ state: "settled", claim: "0.00" });
    expect((await fixture.refusal("settle-receivable", settle)).code).to.equal("amount_not_available");
    const later = await pay(portfolio_id, "A1", "5.00");
    expect(later).to.deep.include({ applied: "0.00", unapplied: "5.00" });
    await pay(portfolio_id, "A1", "-60.00", { reverses: "S-1" });
    const opened = await show(portfolio_id, "A1");
    expect(opened).to.deep.include({ state: "owned", claim: "60.00", court_costs_advanced: "40.00" });
    const lost = await fixture.do("write-off-court-cost", {
      portfolio_id,
      account_number: "A1",
      written_off_on: on,
      amount: "15.00",
    });
    expect(lost).to.deep.include({ amount: "15.00", left: "25.00" });
    expect(await balances(portfolio_id)).to.include({ "1300": "25.00", "5100": "15.00" });
    await expectProved(fixture, portfolio_id);
  });

  it("are overpaid: the money goes back, or pays another debt, and no more than there is", async function () {
    this.timeout(60_000);
    const { portfolioId: portfolio_id } = await boughtPortfolio(fixture);
    await fixture.do("set-collection-terms", { portfolio_id, overpayment: "refund" });
    const paid = await pay(portfolio_id, "A1", "237.11", { external_id: "O-1" });
    expect(paid).to.deep.include({ applied: "137.11", unapplied: "100.00" });
    expect(await show(portfolio_id, "A1")).to.deep.include({ unapplied: "100.00", refund_due: "100.00" });
    const refund = { portfolio_id, account_number: "A1", refunded_on: on };
    const tooMuch = await fixture.refusal("refund-debtor", { ...refund, amount: "100.01" });
    expect(tooMuch.code).to.equal("amount_not_available");
    const back = await fixture.do("refund-debtor", { ...refund, amount: "30.00" });
    expect(back).to.deep.include({ amount: "30.00", left: "70.00" });
    const apply = { portfolio_id, from_account_number: "A1", applied_on: on };
    expect((await fixture.refusal("apply-unapplied", apply)).code, "A1 owes nothing").to.equal("amount_not_available");
    const applied = await fixture.do("apply-unapplied", { ...apply, account_number: "A2", amount: "50.00" });
    expect(applied).to.deep.include({ account_number: "A2", amount: "50.00", left: "20.00" });
    expect(await show(portfolio_id, "A2")).to.deep.include({ claim: "124.22", collected: "50.00" });
    expect(await show(portfolio_id, "A1")).to.deep.include({ unapplied: "20.00", refund_due: "20.00" });
    expect(await balances(portfolio_id)).to.include({ "2100": "-20.00", "4000": "-187.11" });
    // all of it bounces: what was passed on is owed by the debtor as well, for it was never paid
    await pay(portfolio_id, "A1", "-237.11", { reverses: "O-1" });
    expect(await show(portfolio_id, "A1")).to.deep.include({ claim: "217.11", unapplied: "0.00", collected: "-80.00" });
    await expectProved(fixture, portfolio_id);
  });

  it("are sold on in part: shares to the cent, out of the books and from the agency", async function () {
    this.timeout(60_000);
    const { portfolioId: portfolio_id, price } = await boughtPortfolio(fixture);
    const placed = { portfolio_id, agency_id, placed_on: on, commission: { rate: "0.25" } };
    const placement = await fixture.do("place-receivables", { ...placed, receivables: { account_numbers: ["A1"] } });
    await pay(portfolio_id, "A3", "11.33");
    const each = await Promise.all(["A1", "A2", "A3"].map((account) => show(portfolio_id, account)));
    const sale = {
      portfolio_id,
      account_numbers: ["A1", "A2", "A3"],
      buyer: "Next Ltd",
      proceeds: "50.01",
      sold_on: on,
    };
    const sold = await fixture.do("sell-receivables", { ...sale, external_id: "SALE-1" });
    const carried = each.reduce((sum, { carrying_amount }) => sum + cents(carrying_amount), 0n);
    expect(sold).to.deep.include({ receivables: 3, claim: "511.33", carrying_amount: text(carried) });
    const { data: shares } = await fixture.do("list-resale-receivables", { resale_id: sold.id });
    expect(shares.map(({ carrying_amount }) => carrying_amount)).to.deep.equal(each.map((one) => one.carrying_amount));
    expect(shares.reduce((sum, { proceeds }) => sum + cents(proceeds), 0n)).to.equal(5001n);
    expect((await fixture.do("list-resales", { portfolio_id })).data).to.deep.equal([sold]);
    const { data: placements } = await fixture.do("list-placements", { portfolio_id });
    expect(placements[0]).to.deep.include({ id: placement.id, still_placed: 0 });
    expect(await balances(portfolio_id)).to.include({ "4200": "-50.01", "4930": text(carried) });
    expect(text(cents(price) - carried - 1133n), "the rest is carried on").to.equal(
      (await balances(portfolio_id))["1500"],
    );
    expect(await show(portfolio_id, "A1")).to.deep.include({ state: "sold", claim: "0.00", carrying_amount: null });
    const report = await fixture.do("report-netback", { portfolio_id });
    expect(report.to_date).to.include({ resale_proceeds: "50.01", price_paid: price });
    const again = await fixture.refusal("sell-receivables", sale);
    expect(again.code).to.equal("receivable_not_owned");
    const twice = { ...sale, account_numbers: ["A4"], external_id: "SALE-1" };
    expect((await fixture.refusal("sell-receivables", twice)).code).to.equal("already_exists");

    // what comes in on it is the buyer's: it waits, and is passed on
    const strange = await pay(portfolio_id, "A3", "9.00");
    expect(strange).to.deep.include({ applied: "0.00", unapplied: "9.00" });
    await fixture.do("refund-debtor", { portfolio_id, account_number: "A3", refunded_on: on, note: "to Next Ltd" });
    // what was collected before comes back: our collection, not their claim
    const returned = await pay(portfolio_id, "A3", "-11.33");
    expect(returned).to.deep.include({ applied: "-11.33" });
    expect(await show(portfolio_id, "A3")).to.deep.include({ state: "sold", claim: "0.00", collected: "0.00" });
    expect((await balances(portfolio_id))["4000"]).to.equal("0.00");
    await expectProved(fixture, portfolio_id);
  });

  it("go back to the seller, who accepts, pays less, or refuses", async function () {
    this.timeout(60_000);
    const { portfolioId: portfolio_id, purchaseId: purchase_id } = await boughtPortfolio(fixture);
    await fixture.do("record-cost", {
      portfolio_id,
      cost_type: "court",
      incurred_on: on,
      account_number: "A3",
      amount: "30.00",
      recoverable: true,
    });
    const before = await show(portfolio_id, "A3");
    const booksBefore = await balances(portfolio_id);
    const put = { purchase_id, reason: "bankrupt" as const, put_back_on: on };
    const asked = await fixture.do("put-back-receivables", { ...put, account_numbers: ["A1", "A2", "A3"] });
    expect(asked.put_backs[0]).to.deep.include({ state: "asked", accepted: null });
    expect(await balances(portfolio_id), "the advance is lost with it").to.include({ "1300": "0.00", "5100": "30.00" });
    await expectProved(fixture, portfolio_id);
    const answer = { purchase_id, answered_on: on };
    const refunds = asked.put_backs.map(({ refund }) => cents(refund));
    const yes = { ...answer, decision: "accepted" as const };
    const more = { ...yes, account_numbers: ["A1"], accepted_amount: text(refunds[0]! + 1n) };
    expect((await fixture.refusal("answer-put-back", more)).code).to.equal("amount_not_available");
    await fixture.do("answer-put-back", { ...yes, account_numbers: ["A1"] });
    const less = await fixture.do("answer-put-back", { ...yes, account_numbers: ["A2"], accepted_amount: "1.00" });
    expect(less).to.deep.include({ refund: "1.00" });
    const no = { ...answer, decision: "refused" as const, account_numbers: ["A3"], reason: "it is not bankrupt" };
    await fixture.do("answer-put-back", no);
    const twice = await fixture.refusal("answer-put-back", no);
    expect(twice.code).to.equal("not_found");
    const { carrying_amount: _share, ...restored } = await show(portfolio_id, "A3");
    expect({ ...restored, carrying_amount: before.carrying_amount }).to.deep.equal(before);
    const books = await balances(portfolio_id);
    expect(books).to.include({ "1150": text(refunds[0]! + 100n), "1300": "30.00", "5100": "0.00" });
    expect(cents(books["1500"]!)).to.equal(cents(booksBefore["1500"]!) - refunds[0]! - 100n);
    const { data } = await fixture.do("list-put-backs", { purchase_id });
    expect(data.map(({ state, accepted }) => [state, accepted])).to.deep.equal([
      ["accepted", text(refunds[0]!)],
      ["accepted", "1.00"],
      ["refused", "0.00"],
    ]);
    await expectProved(fixture, portfolio_id);
    // refused once, it can be put back once more
    await fixture.do("put-back-receivables", { ...put, account_numbers: ["A3"] });
    await expectProved(fixture, portfolio_id);
  });

  it("go back for what was paid for them where the contract says so", async function () {
    this.timeout(60_000);
    const { id: portfolio_id } = await fixture.do("create-portfolio", { name: "Basis", seller: "First Bank" });
    const rows = ["account_number,state,product_type,open_date,charge_off_date,current_balance"];
    rows.push("B1,TX,credit_card,2019-03-01,2025-06-15,1000.00", "B2,TX,medical,2009-03-01,2012-01-15,1000.00");
    const file = fixture.file("basis.csv", `${rows.join("\n")}\n`);
    await fixture.do("import-tape", { portfolio_id, file, as_of: "2026-01-01" });
    const quote = await fixture.do("issue-quote", { portfolio_id });
    const terms = { allocation: "expected_value" as const, put_back_basis: "allocated_price" as const };
    const purchase = await fixture.do("accept-quote", { quote_id: quote.id, ...terms });
    expect(purchase.put_back_basis).to.equal("allocated_price");
    const { data } = await fixture.do("list-receivables", { portfolio_id, state: "owned" });
    const bought = data[0]!;
    const put = { reason: "no_documents" as const, put_back_on: on, account_numbers: [bought.account_number] };
    const back = await fixture.do("put-back-receivables", { purchase_id: purchase.id, ...put });
    expect(back.refund).to.equal(bought.cost);
  });

  it("earn commission that the agency bills under gross remittance, and takes back on a bounce", async function () {
    this.timeout(60_000);
    const { portfolioId: portfolio_id } = await boughtPortfolio(fixture);
    await fixture.do("place-receivables", {
      portfolio_id,
      agency_id,
      placed_on: on,
      commission: { rate: "0.25" },
      remittance: "gross",
      receivables: { account_numbers: ["A1"] },
    });
    await pay(portfolio_id, "A1", "100.00", { channel: "agency", external_id: "G-1" });
    expect(await balances(portfolio_id)).to.include({ "1100": "100.00", "2050": "-25.00", "5000": "25.00" });
    const bill = { portfolio_id, agency_id, paid_on: on };
    expect((await fixture.refusal("pay-commission", { ...bill, amount: "25.01" })).code).to.equal(
      "amount_not_available",
    );
    const other = await fixture.do("register-agency", { name: "Second Agency" });
    const theirs = { ...bill, agency_id: other.id, amount: "0.01" };
    expect((await fixture.refusal("pay-commission", theirs)).detail, "what is owed to another").to.match(/0\.00/);
    expect(await fixture.do("pay-commission", { ...bill, amount: "20.00" })).to.deep.include({ left: "5.00" });
    await pay(portfolio_id, "A1", "-100.00", { reverses: "G-1" });
    expect(await balances(portfolio_id)).to.include({ "1100": "0.00", "2050": "20.00", "5000": "0.00" });
    await expectProved(fixture, portfolio_id);
  });

  it("show the carrying amount of each, and all of them sum to the portfolio's", async function () {
    this.timeout(60_000);
    const { portfolioId: portfolio_id } = await boughtPortfolio(fixture, { rows: 12 });
    await pay(portfolio_id, "A1", "3.33");
    const { data } = await fixture.do("list-receivables", { portfolio_id, state: "owned" });
    const shown = await Promise.all(data.map(({ account_number }) => show(portfolio_id, account_number)));
    const sum = shown.reduce((total, { carrying_amount }) => total + cents(carrying_amount), 0n);
    expect(text(sum)).to.equal((await balances(portfolio_id))["1500"]);
  });

  it("are kept in the chart of their kind of portfolio", async () => {
    const { kind, accounts } = await fixture.do("list-ledger-accounts", {});
    expect(kind).to.equal("purchased_debt");
    expect(accounts.find(({ code }) => code === "9030")).to.deep.equal({
      code: "9030",
      name: "Claims: court costs",
      path: "memo:claims:court costs",
      kind: "memo",
    });
  });
});

eachDatabase("what is refused of a claim", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    bought = await boughtPortfolio(fixture, { rows: 25 });
    const put = { purchase_id: bought.purchaseId, account_numbers: ["A9"], reason: "other" as const, put_back_on: on };
    await fixture.do("put-back-receivables", put);
    const paid = { portfolio_id: bought.portfolioId, account_number: "A3", amount: "10.00", paid_on: on };
    await fixture.do("record-payment", paid);
    await fixture.do("settle-receivable", { portfolio_id: bought.portfolioId, account_number: "A3", settled_on: on });
  });
  after(() => fixture.remove());

  const adjust = (account_number: string, amount: string, adjusted_on = on) =>
    fixture.refusal("adjust-claims", {
      portfolio_id: bought.portfolioId,
      adjusted_on,
      reason: "correction",
      adjustments: [{ account_number, component: "principal", amount }],
    });
  const cost = (account_number: string | undefined, how: { cost_type?: "court" | "data"; amount?: string }) =>
    fixture.refusal("record-cost", {
      portfolio_id: bought.portfolioId,
      cost_type: how.cost_type ?? "court",
      amount: how.amount ?? "1.00",
      incurred_on: on,
      recoverable: true,
      ...(account_number === undefined ? {} : { account_number }),
    });
  const terms = (waterfall: string[]) =>
    fixture.refusal("set-collection-terms", { portfolio_id: bought.portfolioId, waterfall: waterfall as never });
  const sell = (account: string) =>
    fixture.refusal("sell-receivables", {
      portfolio_id: bought.portfolioId,
      account_numbers: [account],
      buyer: "Next",
      proceeds: "1.00",
      sold_on: on,
    });

  const refused: { why: string; code: RefusalCode; run: () => Promise<{ code: RefusalCode }> }[] = [
    { why: "more off than there is", code: "amount_not_available", run: () => adjust("A1", "-137.12") },
    { why: "a change of nothing", code: "amount_invalid", run: () => adjust("A1", "0.00") },
    { why: "a change tomorrow", code: "effective_date_refused", run: () => adjust("A1", "1.00", "2026-01-16") },
    { why: "a claim that nobody knows", code: "receivable_unknown", run: () => adjust("ZZ", "1.00") },
    { why: "a claim that was not bought", code: "receivable_not_bought", run: () => adjust("A20", "1.00") },
    { why: "a claim that was put back", code: "receivable_not_owned", run: () => adjust("A9", "1.00") },
    { why: "an advance on no receivable", code: "invalid_request", run: () => cost(undefined, {}) },
    { why: "an advance that is no court cost", code: "invalid_request", run: () => cost("A1", { cost_type: "data" }) },
    { why: "an advance on what was put back", code: "receivable_not_owned", run: () => cost("A9", {}) },
    { why: "back more than is advanced", code: "amount_not_available", run: () => cost("A1", { amount: "-1.00" }) },
    { why: "a waterfall with a gap", code: "invalid_request", run: () => terms(["principal", "interest", "fees"]) },
    {
      why: "a waterfall with a component twice",
      code: "invalid_request",
      run: () => terms(["principal", "interest", "fees", "fees"]),
    },
    { why: "selling what was settled", code: "receivable_not_owned", run: () => sell("A3") },
    { why: "selling what was put back", code: "receivable_not_owned", run: () => sell("A9") },
    {
      why: "giving up an advance that is none",
      code: "amount_not_available",
      run: () =>
        fixture.refusal("write-off-court-cost", {
          portfolio_id: bought.portfolioId,
          account_number: "A1",
          written_off_on: on,
        }),
    },
    {
      why: "less accepted of two at once",
      code: "invalid_request",
      run: () =>
        fixture.refusal("answer-put-back", {
          purchase_id: bought.purchaseId,
          account_numbers: ["A9", "A8"],
          decision: "accepted",
          accepted_amount: "1.00",
          answered_on: on,
        }),
    },
    {
      why: "no terms at all",
      code: "invalid_request",
      run: () => fixture.refusal("set-collection-terms", { portfolio_id: bought.portfolioId }),
    },
  ];
  for (const { why, code, run } of refused) {
    it(`${why}: ${code}`, async () => {
      expect((await run()).code).to.equal(code);
    });
  }
});
