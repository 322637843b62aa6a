/** The audit finds what it is there to find: an audit that never fails would let every round of the torture pass. */
import { expect } from "chai";
import { boughtPortfolio, DeskFixture } from "../desk/desk-fixture.js";
import { eachDatabase } from "../harness/database.js";
import type { Happening } from "../harness/reference-happening.js";
import { audit } from "./audit.js";
import type { LoadBook, Order } from "./ledger-load.js";

eachDatabase("the audit of the torture", (open) => {
  let fixture: DeskFixture;
  let book: LoadBook;
  const paid: Happening = { what: "payment", account: "A1", amount: 100n, on: "2026-01-15", channel: "own" };
  const order = (key: string, status: number): Order => ({
    key,
    path: "/v1/payments",
    body: "",
    type: "application/json",
    happening: paid,
    caller: 0,
    answer: { status, text: "{}" },
    attempts: 1,
  });
  const pay = (key: string) =>
    fixture.do(
      "record-payment",
      { portfolio_id: book.portfolioId, account_number: "A1", amount: "1.00", paid_on: "2026-01-15" },
      { key },
    );
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    const bought = await boughtPortfolio(fixture, { rows: 6 });
    const purchase = await fixture.do("show-purchase", { purchase_id: bought.purchaseId });
    const { data } = await fixture.do("list-receivables", { portfolio_id: bought.portfolioId });
    const minorOf = (text: string) => BigInt(text.replace(".", ""));
    book = {
      tenantId: "alpha",
      portfolioId: bought.portfolioId,
      purchaseId: bought.purchaseId,
      terms: {
        price: minorOf(purchase.price),
        cutOffOn: purchase.cut_off_on,
        closingOn: purchase.closing_on,
        putBackUntil: purchase.put_back_until,
        receivables: new Map(
          data.map((one) => [
            one.account_number,
            { balance: minorOf(one.current_balance), cost: minorOf(one.cost ?? "0.00") },
          ]),
        ),
      },
    };
    await pay("done");
    await pay("refused");
  });
  after(() => fixture.remove());

  const look = (...orders: Order[]) => audit(fixture.desk.store, book, orders);

  it("is content with what is there as it was told", async () => {
    const found = await look(order("done", 201), order("refused", 201));
    expect(found).to.deep.equal({ acknowledged: 2, lost: 0, doubled: 0, faults: [] });
  });

  it("misses what was acknowledged and is not there", async () => {
    const found = await look(order("done", 201), order("refused", 201), order("gone", 201));
    expect([found.acknowledged, found.lost]).to.deep.equal([3, 1]);
  });

  it("finds what was refused and moved money all the same, and what nobody ordered", async () => {
    const refused = await look(order("done", 201), order("refused", 409));
    expect(refused.doubled).to.equal(1);
    expect(refused.faults.join()).to.contain("refused was answered 409");
    const strange = await look(order("done", 201));
    expect(strange.doubled).to.equal(1);
    expect(strange.faults.join()).to.contain("nobody's order");
  });

  it("finds a balance that its postings do not give, and a debt that the payments do not", async () => {
    const { store } = fixture.desk;
    await store.asOwner((knex) =>
      knex.raw("update ledger_balance set debit_minor = debit_minor + 1 where account_code = '1000'"),
    );
    await store.asOwner((knex) =>
      knex.raw("update position set claim_minor = claim_minor - 1 where receivable_no = 2"),
    );
    const found = await look(order("done", 201), order("refused", 201));
    expect(found.faults.join()).to.contain("account 1000: kept").and.to.contain("A2:");
  });
});
