import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { boughtPortfolio, DeskFixture } from "./desk-fixture.js";

eachDatabase("portfolios in other currencies", (open) => {
  let fixture: DeskFixture;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
  });
  after(() => fixture.remove());

  const currencies = [
    { currency: "JPY", decimals: 0, part: "10", fine: "10.5", why: "no decimals" },
    { currency: "KWD", decimals: 3, part: "10.005", fine: "10.0005", why: "three decimals" },
  ];
  for (const { currency, decimals, part, fine, why } of currencies) {
    it(`keeps ${currency} with ${why}, to the last unit`, async function () {
      this.timeout(60_000);
      const { portfolioId: portfolio_id, price } = await boughtPortfolio(fixture, { currency, decimals, rows: 40 });
      const decimalsOf = (text: string) => (text.split(".")[1] ?? "").length;
      expect(decimalsOf(price)).to.equal(decimals);
      const units = (text: string | null) => BigInt((text ?? "0").replace(".", ""));
      const { data } = await fixture.do("list-receivables", { portfolio_id, state: "owned", limit: 1000 });
      expect(data.reduce((sum, { cost }) => sum + units(cost), 0n)).to.equal(units(price));
      const payment = { portfolio_id, account_number: "A1", paid_on: "2026-01-15" };
      const paid = await fixture.do("record-payment", { ...payment, amount: part });
      expect(paid.applied).to.equal(part);
      expect((await fixture.refusal("record-payment", { ...payment, amount: fine })).code).to.equal("amount_invalid");
      const report = await fixture.do("report-netback", { portfolio_id });
      expect(report.to_date).to.deep.include({ gross: part, price_paid: price });
      const all = await fixture.do("report-trial-balance", {});
      expect(all.accounts.filter((account) => account.currency === currency)).to.not.have.length(0);
    });
  }
});
