import { expect } from "chai";
import type { RefusalCode } from "../../models/refusal.js";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture, importedPortfolio, tapeText } from "./desk-fixture.js";

eachDatabase("what the desk refuses", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    bought = await boughtPortfolio(fixture);
  });
  after(() => fixture.remove());

  const nobody = "pf_00000000000000000000000000";
  const refused: { why: string; code: RefusalCode; run: () => Promise<{ code: RefusalCode }> }[] = [
    {
      why: "a currency that does not exist",
      code: "currency_unknown",
      run: () => fixture.refusal("create-portfolio", { name: "x", seller: "y", currency: "ZZZ" }),
    },
    {
      why: "a NUL byte in a name",
      code: "invalid_request",
      run: () => fixture.refusal("create-portfolio", { name: "x\u0000y", seller: "y" }),
    },
    {
      why: "a portfolio that is not there",
      code: "not_found",
      run: () => fixture.refusal("show-portfolio", { portfolio_id: nobody }),
    },
    {
      why: "an external id twice",
      code: "already_exists",
      run: async () => {
        await fixture.do("create-portfolio", { name: "x", seller: "y", external_id: "E1" });
        return fixture.refusal("create-portfolio", { name: "z", seller: "y", external_id: "E1" });
      },
    },
    {
      why: "a quote on a portfolio without a tape",
      code: "nothing_to_price",
      run: async () => {
        const { id } = await fixture.do("create-portfolio", { name: "bare", seller: "y" });
        return fixture.refusal("issue-quote", { portfolio_id: id });
      },
    },
    {
      why: "a negative target IRR",
      code: "invalid_request",
      run: async () =>
        fixture.refusal("value-portfolio", { portfolio_id: bought.portfolioId, strategy: { target_irr: -0.1 } }),
    },
    {
      why: "another tape on top of one",
      code: "conflict",
      run: () => {
        const file = fixture.file("other.csv", tapeText(3));
        return fixture.refusal("import-tape", { portfolio_id: bought.portfolioId, file, as_of: "2026-01-01" });
      },
    },
    {
      why: "control totals that do not agree",
      code: "control_total_mismatch",
      run: async () => {
        const { id } = await fixture.do("create-portfolio", { name: "control", seller: "y" });
        const file = fixture.file("control.csv", tapeText(3));
        return fixture.refusal("import-tape", { portfolio_id: id, file, as_of: "2026-01-01", expect_rows: 4 });
      },
    },
    {
      why: "a quote on a portfolio that was bought",
      code: "portfolio_already_bought",
      run: () => fixture.refusal("issue-quote", { portfolio_id: bought.portfolioId }),
    },
    {
      why: "accepting a quote twice",
      code: "quote_not_open",
      run: () => fixture.refusal("accept-quote", { quote_id: bought.quoteId }),
    },
    {
      why: "declining a quote that was accepted",
      code: "quote_not_open",
      run: () => fixture.refusal("decline-quote", { quote_id: bought.quoteId }),
    },
    {
      why: "accepting a declined quote",
      code: "quote_not_open",
      run: async () => {
        const portfolio_id = await importedPortfolio(fixture, { rows: 20, name: "declined" });
        const quote = await fixture.do("issue-quote", { portfolio_id });
        await fixture.do("decline-quote", { quote_id: quote.id, reason: "too low" });
        return fixture.refusal("accept-quote", { quote_id: quote.id });
      },
    },
    {
      why: "accepting a quote whose place another one took",
      code: "quote_not_open",
      run: async () => {
        const portfolio_id = await importedPortfolio(fixture, { rows: 20, name: "superseded" });
        const first = await fixture.do("issue-quote", { portfolio_id });
        await fixture.do("issue-quote", { portfolio_id });
        return fixture.refusal("accept-quote", { quote_id: first.id });
      },
    },
    {
      why: "accepting an expired quote",
      code: "quote_expired",
      run: async () => {
        const portfolio_id = await importedPortfolio(fixture, { rows: 20, name: "expired" });
        const quote = await fixture.do("issue-quote", { portfolio_id, valid_days: 1 });
        const now = fixture.clockMs;
        fixture.clockMs += 86_400_000;
        expect((await fixture.do("show-quote", { quote_id: quote.id })).state).to.equal("expired");
        const refusal = await fixture.refusal("accept-quote", { quote_id: quote.id });
        fixture.clockMs = now;
        return refusal;
      },
    },
    {
      why: "accepting a quote at zero",
      code: "quote_price_zero",
      run: async () => {
        const portfolio_id = await importedPortfolio(fixture, { rows: 20, name: "zero" });
        const strategy = { recovery: { collections_multiplier: 0 } };
        const quote = await fixture.do("issue-quote", { portfolio_id, strategy });
        expect(quote.price).to.equal("0.00");
        return fixture.refusal("accept-quote", { quote_id: quote.id });
      },
    },
    {
      why: "closing tomorrow",
      code: "effective_date_refused",
      run: async () => {
        const portfolio_id = await importedPortfolio(fixture, { rows: 20, name: "tomorrow" });
        const quote = await fixture.do("issue-quote", { portfolio_id });
        return fixture.refusal("accept-quote", { quote_id: quote.id, closing_on: "2026-01-16" });
      },
    },
    {
      why: "a payment on a portfolio that was not bought",
      code: "portfolio_not_owned",
      run: async () => {
        const portfolio_id = await importedPortfolio(fixture, { rows: 20, name: "unbought" });
        const payment = { account_number: "A1", amount: "1.00", paid_on: "2026-01-10" };
        return fixture.refusal("record-payment", { portfolio_id, ...payment });
      },
    },
    {
      why: "a payment so large that two of them could not be added up",
      code: "amount_out_of_range",
      run: () => {
        const payment = { account_number: "A4", amount: "92233720368547758.07", paid_on: "2026-01-15" };
        return fixture.refusal("record-payment", { portfolio_id: bought.portfolioId, ...payment });
      },
    },
    {
      why: "a cost of zero",
      code: "amount_invalid",
      run: () =>
        fixture.refusal("record-cost", {
          portfolio_id: bought.portfolioId,
          cost_type: "court",
          amount: "0",
          incurred_on: "2026-01-10",
        }),
    },
    {
      why: "a placement with an agency that is not there",
      code: "agency_unknown",
      run: () =>
        fixture.refusal("place-receivables", {
          portfolio_id: bought.portfolioId,
          agency_id: "ag_0000",
          placed_on: "2026-01-15",
          commission: { rate: "0.3" },
          receivables: { all: true },
        }),
    },
    {
      why: "placing a receivable twice",
      code: "receivable_placed",
      run: async () => {
        const { id } = await fixture.do("register-agency", { name: "Busy" });
        const placement = {
          portfolio_id: bought.portfolioId,
          agency_id: id,
          placed_on: "2026-01-15",
          commission: { rate: "0.3" },
          receivables: { account_numbers: ["A2"] },
        };
        await fixture.do("place-receivables", placement);
        return fixture.refusal("place-receivables", placement);
      },
    },
    {
      why: "a put-back after the window without a reason",
      code: "put_back_window_over",
      run: async () => {
        const now = fixture.clockMs;
        fixture.setDay("2026-08-01");
        const putBack = {
          purchase_id: bought.purchaseId,
          account_numbers: ["A3"],
          reason: "bankrupt" as const,
          put_back_on: "2026-07-31",
        };
        const refusal = await fixture.refusal("put-back-receivables", putBack);
        const late = await fixture.do("put-back-receivables", {
          ...putBack,
          override_reason: "seller agreed by letter",
        });
        expect(late.put_backs[0]).to.deep.include({ late: true, override_reason: "seller agreed by letter" });
        fixture.clockMs = now;
        return refusal;
      },
    },
    {
      why: "a report before the purchase",
      code: "effective_date_refused",
      run: () => fixture.refusal("report-netback", { portfolio_id: bought.portfolioId, as_of: "2026-01-14" }),
    },
    {
      why: "a cursor of one's own making",
      code: "invalid_request",
      run: () => fixture.refusal("list-portfolios", { cursor: "eyJhIjoxfQ" }),
    },
  ];
  for (const { why, code, run } of refused) {
    it(`${why}: ${code}`, async function () {
      this.timeout(60_000);
      expect((await run()).code).to.equal(code);
    });
  }

  it("shows every fault of a request at once, each with its pointer", async () => {
    const faulty = { name: "", seller: "y", currency: "usd", extra: 1 } as unknown as { name: string; seller: string };
    const refusal = await fixture.refusal("create-portfolio", faulty);
    expect(refusal.items.map(({ pointer }) => pointer)).to.have.members(["/name", "/currency", ""]);
  });
});
