import { expect } from "chai";
import { clearingAccounts } from "../../src/ledger/clearing-accounts.js";
import { eachDatabase } from "../harness/database.js";
import { fillRandomBook } from "../harness/random-book.js";
import { boughtPortfolio, DeskFixture } from "./desk-fixture.js";

eachDatabase("clearing accounts", (open) => {
  let fixture: DeskFixture;
  let portfolioId: string;
  let randomId: string;
  let agencies: { able: string; baker: string };

  before(async function () {
    this.timeout(120_000);
    const store = await open();
    fixture = new DeskFixture(store);
    const bought = await boughtPortfolio(fixture, { rows: 60 });
    portfolioId = bought.portfolioId;
    const able = (await fixture.do("register-agency", { name: "Able" })).id;
    const baker = (await fixture.do("register-agency", { name: "Baker" })).id;
    agencies = { able, baker };
    const place = (agency_id: string, account_numbers: string[]) =>
      fixture.do("place-receivables", {
        portfolio_id: portfolioId,
        agency_id,
        placed_on: "2026-01-15",
        commission: { rate: "0.25" },
        receivables: { account_numbers },
      });
    await place(able, ["A1", "A2"]);
    await place(baker, ["A3"]);
    fixture.setDay("2026-06-30");
    const pay = (account_number: string, amount: string, paid_on: string, more = {}) =>
      fixture.do("record-payment", {
        portfolio_id: portfolioId,
        account_number,
        amount,
        paid_on,
        channel: "agency",
        external_id: `${account_number} ${paid_on} ${amount}`,
        ...more,
      });
    await pay("A1", "40.00", "2026-01-20");
    await pay("A2", "80.00", "2026-02-10");
    await pay("A3", "20.00", "2026-03-01");
    await pay("A1", "60.00", "2026-05-20");
    await pay("A2", "-80.00", "2026-06-01", { reverses: "A2 2026-02-10 80.00" });
    const remit = (agency_id: string | undefined, amount: string, received_on: string) =>
      fixture.do("record-receipt", {
        portfolio_id: portfolioId,
        kind: "agency_remittance",
        amount,
        received_on,
        agency_id,
      });
    await remit(able, "50.00", "2026-05-31");
    await remit(baker, "20.00", "2026-06-15");
    await fixture.do("put-back-receivables", {
      purchase_id: bought.purchaseId,
      account_numbers: ["A7"],
      reason: "deceased",
      put_back_on: "2026-02-01",
      override_reason: "test",
    });
    await fixture.do("record-payment", {
      portfolio_id: portfolioId,
      account_number: "A9",
      amount: "1000.00",
      paid_on: "2026-06-30",
    });
    randomId = (await fixture.do("create-portfolio", { name: "Random", seller: "First Bank", currency: "JPY" })).id;
    const recordedAt = "2026-01-31T12:00:00Z";
    await fillRandomBook(store, { portfolioId: randomId, tenantId: "alpha", entries: 3000, seed: 5, recordedAt });
  });
  after(() => fixture.remove());

  it("are explained by agency: the return cancels its payment, a remittance settles the oldest", async () => {
    const found = await fixture.do("explain-balance", {
      portfolio_id: portfolioId,
      account: "1100",
      as_of: "2026-06-30",
    });
    expect(found).to.include({ balance: "20.00", explained: "20.00", difference: "0.00", open_items: 2 });
    expect(found.account).to.deep.equal({ code: "1100", name: "assets:agency clearing", title: "Agency clearing" });
    // 30.00 and 45.00 less the 50.00 that came; Baker has sent 5.00 more than it owed
    const shown = found.data.map((row) => [
      row.effective_on,
      row.kind,
      row.counterparty,
      row.amount,
      row.open,
      row.age_days,
    ]);
    expect(shown).to.deep.equal([
      ["2026-05-20", "collection_by_agency", "Able", "45.00", "25.00", 41],
      ["2026-06-15", "receipt", "Baker", "-20.00", "-5.00", 15],
    ]);
    expect(found.counterparties).to.deep.equal([
      { id: agencies.able, name: "Able", items: 1, amount: "25.00" },
      { id: agencies.baker, name: "Baker", items: 1, amount: "-5.00" },
    ]);
    expect(found.ageing.map((row) => `${row.days}: ${row.items}, ${row.amount}`)).to.deep.equal([
      "0-30: 1, -5.00",
      "31-60: 1, 25.00",
      "61-90: 0, 0.00",
      "over 90: 0, 0.00",
    ]);
  });

  it("are explained as of an earlier day", async () => {
    const found = await fixture.do("explain-balance", {
      portfolio_id: portfolioId,
      account: "1100",
      as_of: "2026-03-31",
    });
    expect(found.data.map((row) => row.open)).to.deep.equal(["30.00", "60.00", "15.00"]);
    expect(found.balance).to.equal("105.00");
  });

  it("are explained by receivable and by seller", async () => {
    const over = await fixture.do("explain-balance", {
      portfolio_id: portfolioId,
      account: "2100",
      as_of: "2026-06-30",
    });
    expect(over.data.map((row) => row.counterparty)).to.deep.equal(["A9"]);
    expect(over.counterparties).to.deep.equal([]);
    expect(over.balance).to.equal(over.data[0]!.open);
    const seller = await fixture.do("explain-balance", { portfolio_id: portfolioId, account: "1150" });
    expect(seller.data.map((row) => [row.kind, row.counterparty])).to.deep.equal([
      ["receivable_put_back", "First Bank"],
    ]);
  });

  it("are explained to the unit in a random book, at any day and instant, page by page", async () => {
    for (const account of clearingAccounts.keys()) {
      const input = { portfolio_id: randomId, account, as_of: "2025-08-15", limit: 500 };
      const first = await fixture.do("explain-balance", input);
      expect(first.difference, account).to.equal("0");
      let open = 0n;
      let cursor: string | null | undefined;
      let [count, last] = [0, ""];
      do {
        const page = await fixture.do("explain-balance", { ...input, ...(cursor ? { cursor } : {}) });
        for (const row of page.data) {
          open += BigInt(row.open);
          count++;
          expect(row.effective_on >= last, "oldest first").to.equal(true);
          last = row.effective_on;
        }
        cursor = page.next_cursor;
      } while (cursor !== null);
      expect([String(open), count], account).to.deep.equal([first.balance, first.open_items]);
      const known = await fixture.do("explain-balance", { ...input, known_at: "2026-01-01T00:00:00Z" });
      expect(known).to.include({ balance: "0", explained: "0", open_items: 0 });
    }
  });

  it("are shown with their ages, all of them, without a difference", async () => {
    const report = await fixture.do("report-clearing", { as_of: "2026-06-30" });
    const codes = report.accounts.filter((row) => row.portfolio_id === portfolioId).map((row) => row.code);
    expect(codes).to.deep.equal(["1100", "1150", "2100"]);
    for (const row of report.accounts) expect(Number(row.difference), row.code).to.equal(0);
    const agency = report.accounts.find((row) => row.portfolio_id === portfolioId)!;
    expect(agency).to.include({ balance: "20.00", oldest_on: "2026-05-20", days_0_30: "-5.00", days_31_60: "25.00" });
    expect((await fixture.do("report-clearing", {}, { tenantId: "beta" })).accounts).to.deep.equal([]);
  });

  it("are no other accounts", async () => {
    const refused = await fixture.refusal("explain-balance", { portfolio_id: portfolioId, account: "4000" });
    expect(refused.code).to.equal("not_found");
    expect(refused.detail).to.include("1100");
  });
});
