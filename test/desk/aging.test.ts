import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture, importedPortfolio } from "./desk-fixture.js";

eachDatabase("the aging of claims", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;

  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    bought = await boughtPortfolio(fixture, { rows: 60 });
    fixture.setDay("2026-06-30");
    const pay = (account_number: string, amount: string, paid_on: string, more = {}) =>
      fixture.do("record-payment", { portfolio_id: bought.portfolioId, account_number, amount, paid_on, ...more });
    await pay("A1", "37.11", "2026-06-01", { external_id: "one" });
    await pay("A2", "50.00", "2026-02-01", { external_id: "two" });
    fixture.setDay("2026-07-31");
    await pay("A1", "-37.11", "2026-07-15", { reverses: "one" });
    await fixture.do("put-back-receivables", {
      purchase_id: bought.purchaseId,
      account_numbers: ["A5"],
      reason: "deceased",
      put_back_on: "2026-07-20",
      override_reason: "test",
    });
  });
  after(() => fixture.remove());

  const cents = (text: string) => BigInt(text.replace(".", ""));
  const aging = (as_of?: string, known_at?: string) =>
    fixture.do("report-aging", { portfolio_id: bought.portfolioId, as_of, known_at });

  it("adds up to the claim accounts of the ledger, on any day and as known at any instant", async () => {
    const asked: [string, string | undefined][] = [
      ["2026-01-15", undefined],
      ["2026-01-31", undefined],
      ["2026-06-01", undefined],
      ["2026-07-15", undefined],
      ["2026-07-31", undefined],
      ["2026-07-31", "2026-06-30T23:00:00Z"],
      ["2026-01-14", undefined],
    ];
    const claims = new Map<string, string>();
    for (const [asOf, knownAt] of asked) {
      const found = await aging(asOf, knownAt);
      expect(found.difference, asOf).to.equal("0.00");
      for (const bands of [found.aging, found.since_last_payment]) {
        const sum = bands.reduce((total, { claim }) => total + cents(claim), 0n);
        expect(sum, asOf).to.equal(cents(found.claim));
        expect(bands.reduce((total, { accounts }) => total + accounts, 0)).to.equal(found.accounts);
      }
      claims.set(`${asOf} ${knownAt ?? ""}`, found.claim);
    }
    const opening = cents(claims.get("2026-01-15 ")!);
    expect(cents(claims.get("2026-06-01 ")!)).to.equal(opening - 3711n - 5000n);
    expect(cents(claims.get("2026-07-15 ")!)).to.equal(opening - 5000n);
    // A5 owed 100.00 + 37.11 x 5
    expect(cents(claims.get("2026-07-31 ")!)).to.equal(opening - 5000n - 28_555n);
    expect(claims.get("2026-07-31 2026-06-30T23:00:00Z")).to.equal(claims.get("2026-06-01 "));
    expect(claims.get("2026-01-14 ")).to.equal("0.00");
  });

  it("counts from the last payment that did not come back", async () => {
    const june = await aging("2026-06-30");
    const recent = june.since_last_payment.find(({ age_band }) => age_band === "0-6 months")!;
    expect(recent.accounts, "A1 and A2").to.equal(2);
    const july = await aging("2026-07-31");
    expect(july.since_last_payment.find(({ age_band }) => age_band === "0-6 months")!.accounts, "A2").to.equal(1);
    // charge-offs from 2023-01-15 to 2023-09-15
    expect(july.aging.map(({ age_band }) => age_band)).to.deep.equal(["31-36 months", "37-72 months"]);
  });

  it("is that of the tape before the purchase", async () => {
    const portfolio_id = await importedPortfolio(fixture, { rows: 40, name: "Offered" });
    const found = await fixture.do("report-aging", { portfolio_id });
    expect(found).to.include({ basis: "tape", accounts: 40, difference: "0.00" });
    expect(found.aging.map(({ face }) => face)).to.deep.equal(found.aging.map(({ claim }) => claim));
  });
});
