import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { openServer, type TestServer } from "./open-server.js";
import { type SeededBook, seedBook } from "./seed-book.js";

/** From a cell of a report to its postings, from a posting to its entry, from the entry to the document behind it. */
eachDatabase("every way down from a report", (open) => {
  let server: TestServer;
  let book: SeededBook;
  before(async function () {
    this.timeout(60_000);
    server = await openServer(await open());
    book = await seedBook(server, "admin", "A");
    await seedBook(server, "admin", "B");
  });
  after(() => server.close());

  const ask = async (path: string) => {
    const { status, json, text } = await server.ask("GET", path);
    expect(status, `${path}: ${text.slice(0, 200)}`).to.equal(200);
    return json;
  };
  const cents = (text: string) => BigInt(text.replace(".", ""));

  it("goes from the trial balance of all portfolios to that of each, and to its statements", async () => {
    const { accounts } = await ask("/v1/ledger/trial-balance");
    expect(accounts.length).to.be.greaterThan(4);
    for (const row of accounts) {
      const each = (await ask(row.drill)).accounts;
      expect(each.length).to.be.greaterThan(0);
      expect(new Set(each.map((one: { code: string }) => one.code))).to.deep.equal(new Set([row.code]));
      let balance = 0n;
      for (const one of each) {
        const statement = await ask(one.drill);
        expect(statement.portfolio_id).to.equal(one.portfolio_id);
        expect(statement.closing, row.code).to.equal(one.balance);
        balance += cents(one.balance);
      }
      expect(balance, row.code).to.equal(cents(row.balance));
    }
  });

  it("goes from every posting to its entry and to what the entry books", async () => {
    const { accounts } = await ask(`/v1/ledger/trial-balance?portfolio_id=${book.portfolio_id}`);
    const kinds = new Set<string>();
    for (const { drill } of accounts) {
      for (const line of (await ask(drill)).data) {
        const entry = await ask(`/v1/ledger/entries/${line.entry_id}`);
        expect(entry.postings.length).to.be.greaterThan(0);
        if (entry.source === null) continue;
        kinds.add(entry.source_kind);
        expect(entry.source.entry_id).to.equal(entry.id);
        if (entry.source_kind === "payment") expect(entry.source.id).to.equal(entry.source_id);
      }
    }
    expect(kinds).to.include.members(["purchase", "payment"]);
  });

  it("goes from the figures of the net-back report to the statements they are the turnover of", async () => {
    const netback = await ask(`/v1/portfolios/${book.portfolio_id}/netback`);
    const turnover = async (figure: string) => {
      let sum = 0n;
      for (const path of netback.drill[figure] ?? []) {
        const { opening, closing } = await ask(path);
        sum += cents(closing) - cents(opening);
      }
      return sum;
    };
    expect(-(await turnover("gross"))).to.equal(cents(netback.to_date.gross));
    expect(await turnover("commission")).to.equal(cents(netback.to_date.commission));
    expect(await turnover("costs")).to.equal(cents(netback.to_date.costs));
    expect(await turnover("price_paid")).to.equal(cents(netback.to_date.price_paid));
  });

  /** What the accounts behind a cell moved by, credits counted as positive. */
  const credited = async (paths: readonly string[]) => {
    let sum = 0n;
    for (const path of paths) {
      const { opening, closing } = await ask(path);
      sum += cents(opening) - cents(closing);
    }
    return sum;
  };

  it("goes from every cell of the roll-forward to its accounts, on the days it speaks of", async () => {
    const { portfolios } = await ask("/v1/reports/roll-forward?from=2026-01-15");
    expect(portfolios.length).to.be.greaterThan(1);
    for (const { amounts, drill } of portfolios) {
      for (const key of ["opening", "closing"]) {
        expect((await ask(drill[key][0])).closing, key).to.equal(amounts[key]);
      }
      expect(await credited(drill.collections), "collections are taken off").to.equal(-cents(amounts.collections));
      expect(await credited(drill.put_backs), "so are refunds").to.equal(-cents(amounts.put_backs));
      expect(await credited(drill.disposals), "the cost of what was sold").to.equal(cents(amounts.disposals));
      expect(await credited(drill.revenue)).to.equal(cents(amounts.revenue));
    }
    expect(
      portfolios.some(({ amounts }: { amounts: { collections: string } }) => amounts.collections !== "0.00"),
    ).to.equal(true);
  });

  it("goes from the collections of a vintage and of the remaining expected collections to their postings", async () => {
    const { vintages } = await ask("/v1/reports/vintage?age=month");
    let cells = 0n;
    for (const { ages } of vintages) {
      for (const { collections, drill } of ages) {
        expect(await credited(drill)).to.equal(cents(collections));
        cells += cents(collections);
      }
    }
    const { portfolios, periods } = await ask("/v1/reports/erc?by=month");
    let whole = 0n;
    for (const { collections, drill } of portfolios) {
      expect(await credited([drill.collections])).to.equal(cents(collections));
      expect((await ask(drill.forecast)).data.length).to.be.greaterThan(0);
      whole += cents(collections);
    }
    for (const { collections, drill } of periods) expect(await credited(drill)).to.equal(cents(collections));
    expect(whole).to.equal(cells);
    expect(whole > 0n).to.equal(true);
  });

  it("lists the entries of a receivable, an agency and a source", async () => {
    const list = async (query: string) =>
      (await ask(`/v1/ledger/entries?portfolio_id=${book.portfolio_id}&${query}`)).data;
    const all = await list("limit=1000");
    const ofReceivable = all.filter((entry: { account_number: string | null }) => entry.account_number !== null);
    expect(ofReceivable.length).to.be.greaterThan(0);
    const [{ account_number }] = ofReceivable;
    const own = await list(`account_number=${account_number}`);
    expect(own).to.deep.equal(all.filter((e: { account_number: string }) => e.account_number === account_number));
    expect(await list("source_kind=purchase")).to.have.length(1);
    expect(await list("agency_id=ag_none")).to.deep.equal([]);
  });
});
