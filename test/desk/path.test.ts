import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { DeskFixture, tapeText } from "./desk-fixture.js";

eachDatabase("the whole path, from a tape to net-back", (open) => {
  let fixture: DeskFixture;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
  });
  after(() => fixture.remove());

  it("prices, quotes, buys, collects and reports the same figures on every engine", async function () {
    this.timeout(60_000);
    const portfolio = await fixture.do("create-portfolio", { name: "Cards 2026", seller: "First Bank" });
    const portfolio_id = portfolio.id;
    const file = fixture.file("tape.csv", tapeText(200));
    const imported = await fixture.do("import-tape", { portfolio_id, file, as_of: "2026-01-01" });
    expect(imported).to.deep.include({ imported: true });
    expect(imported.tape).to.deep.include({ rows_kept: 200, rows_rejected: 0 });
    const again = await fixture.do("import-tape", { portfolio_id, file, as_of: "2026-01-01" });
    expect(again.imported).to.equal(false);

    const quote = await fixture.do("issue-quote", { portfolio_id, strategy: { target_irr: 0.2 } });
    expect(quote.state).to.equal("issued");
    expect(await fixture.do("reprice-quote", { quote_id: quote.id })).to.deep.include({
      same: true,
      price: quote.price,
    });
    const purchase = await fixture.do("accept-quote", { quote_id: quote.id });
    expect(purchase).to.deep.include({ price: quote.price, receivables: 190, face: quote.face });
  });
});
