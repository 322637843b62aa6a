import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type OpenBooks, openBooks } from "./open-books.js";
import { demoFigures, netback, serve } from "./run-netback.js";

/**
 * The commands on the embedded database: the demo in processes of their own, as a user runs them; what is done with its
 * books one after another in this one; and what only a process shows, on the disk that they left, again in their own.
 */
describe("the books on the command line", function () {
  this.timeout(120_000);
  let folder: string;
  let home: string;
  let books: OpenBooks | undefined;
  const ask = (...args: string[]) => books?.ask(...args) ?? netback(args, { env: { NETBACK_HOME: home } });
  const leave = async () => {
    await books?.close();
    books = undefined;
  };
  const json = async (...args: string[]) => {
    const { code, out, err } = await ask(...args, "--json");
    expect(code, err).to.equal(0);
    return JSON.parse(out);
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "netback-book-"));
    home = join(folder, "home");
  });
  after(async () => {
    await leave();
    await rm(folder, { recursive: true });
  });

  it("loads the demo, and a second time finds it there with the same figures", async () => {
    const first = await json("demo");
    expect(first.netback).to.include({ currency: "USD", purchased_on: "2025-10-01", as_of: "2026-09-30" });
    const { to_date: figures } = first.netback;
    const cents = (text: string) => Math.round(Number(text) * 100);
    expect(cents(figures.gross) - cents(figures.commission) - cents(figures.costs)).to.equal(cents(figures.net_back));
    expect(figures).to.deep.include(demoFigures);
    const second = await json("demo");
    expect(second.netback.to_date).to.deep.equal(figures);
    books = await openBooks(home);
    expect((await json("portfolios", "list")).data).to.have.length(1);
  });

  it("shows the books: trial balance in balance, quote re-priced to the same figure, report in every format", async () => {
    const [portfolio] = (await json("portfolios", "list")).data;
    const { accounts } = await json("report", "trial-balance", "--as-of", "2026-09-30");
    const sum = accounts.reduce(
      (total: number, row: { balance: string }) => total + Math.round(Number(row.balance) * 100),
      0,
    );
    expect(sum).to.equal(0);
    const [quote] = (await json("quotes", "list")).data;
    expect(await json("quotes", "reprice", quote.id)).to.include({ same: true, price: quote.price });
    const csv = await ask("report", "netback", portfolio.id, "--as-of", "2026-09-30", "--format", "csv");
    expect(csv.out.split("\n")[0]).to.equal("figure,to_date,year_to_date,month_to_date");
    const file = join(folder, "netback.xlsx");
    const xlsx = await ask("report", "netback", portfolio.id, "--format", "xlsx", "--out", file);
    expect(xlsx.code, xlsx.err).to.equal(0);
    const aging = await json("report", "aging", portfolio.id);
    expect(aging).to.include({ basis: "ledger", difference: "0.00" });
    expect(aging.aging[0]).to.include.keys("age_band", "accounts", "face", "claim");
  });

  it("carries a portfolio by effective interest, and shows roll-forward, vintage and remaining collections", async () => {
    const [portfolio] = (await json("portfolios", "list")).data;
    const basis = await json("revenue", "method", portfolio.id, "effective_interest");
    expect(basis).to.include({ method: "effective_interest", starts_on: "2025-10-01" });
    const { posted } = await json("revenue", "accrue", "2026-09");
    expect(posted).to.have.length(12);
    const { totals } = await json("report", "roll-forward", "--from", "2025-10-01", "--as-of", "2026-09-30");
    expect(totals[0].amounts).to.include({ opening: "0.00", purchases: basis.carrying_amount, residual: "0.00" });
    const csv = await ask(
      "report",
      "vintage",
      "--as-of",
      "2026-09-30",
      "--format",
      "csv",
      "--sheet",
      "collections-usd",
    );
    expect(csv.out.split("\n")[0]).to.equal("vintage,price,year_1,to_date");
    const erc = await json("report", "erc", "--as-of", "2026-09-30", "--horizon-months", "84");
    expect(erc).to.include({ horizon_to: "2033-09-30" });
    expect(erc.portfolios[0].forecast_version).to.equal(1);
    // some of the demo's receivables were put back
    expect(erc.portfolios[0].share).to.be.within(0.99, 0.999);
  });

  it("imports a payments file twice and changes nothing the second time", async () => {
    const [portfolio] = (await json("portfolios", "list")).data;
    const owned = await json("portfolios", "receivables", portfolio.id, "--state", "owned", "--limit", "2");
    const [account] = owned.data;
    const path = join(folder, "payments.csv");
    const rows = [
      "account_number,amount,paid_on,external_id",
      `${account.account_number},10.00,2026-10-05,X-1`,
      "NONE,1.00,2026-10-05,X-2",
    ];
    await writeFile(path, `${rows.join("\n")}\n`);
    const first = await json("payments", "import", path, "--portfolio", portfolio.id);
    expect(first).to.include({ imported: true, recorded: 1, skipped: 1, amount: "10.00" });
    expect(first.refused[0]).to.include({ row: 2, code: "receivable_unknown" });
    const before = await json("report", "netback", portfolio.id, "--as-of", "2026-10-31");
    const second = await json("payments", "import", path, "--portfolio", portfolio.id);
    expect(second).to.include({ imported: false, recorded: 1, amount: "10.00" });
    const after = await json("report", "netback", portfolio.id, "--as-of", "2026-10-31");
    expect(after.to_date).to.deep.equal(before.to_date);
  });

  it("takes an entry back, after showing the postings and the balances that would come of it", async () => {
    const [portfolio] = (await json("portfolios", "list")).data;
    const list = await json("entries", "list", portfolio.id, "--kind", "cost_incurred", "--limit", "1");
    const [entry] = list.data;
    const order = ["entries", "reverse", entry.id, "--reversed-on", entry.effective_on, "--reason", "twice"];
    const dry = await ask(...order, "--dry-run");
    expect(dry.code, dry.err).to.equal(0);
    expect(dry.out).to.match(/entry_reversed[\s\S]*Balances before and after/);
    expect(dry.out, "the act says it itself").not.to.contain("that would");
    expect(dry.err).to.contain("Dry run: nothing was changed.");
    const done = await json(...order);
    expect(done.entry).to.include({ kind: "entry_reversed", reverses_entry_id: entry.id, reason: "twice" });
    const again = await ask(...order, "--json");
    expect(again.code).to.equal(1);
    expect(again.err + again.out).to.contain("reversal_too_large");
    const right = ["--reason", "typed wrongly", "--with", '{"amount":"1.00"}'];
    const wrong = await ask("entries", "correct", entry.id, ...right);
    expect(wrong.code, "it was taken back").to.equal(1);
  });

  it("does what happens to claims: terms, interest, a settlement, a sale", async () => {
    const [portfolio] = (await json("portfolios", "list")).data;
    const owned = await json("portfolios", "receivables", portfolio.id, "--state", "owned", "--limit", "5");
    const [debt, sold] = owned.data.slice(2);
    const waterfall = ["interest", "principal", "fees", "court_costs"];
    const terms = await json("claims", "terms", portfolio.id, "--waterfall", ...waterfall);
    expect(terms.waterfall).to.deep.equal(waterfall);
    const change = [{ account_number: debt.account_number, component: "interest", amount: "12.50" }];
    const about = ["--adjusted-on", "2026-10-06", "--reason", "interest_accrued"];
    await json("claims", "adjust", portfolio.id, ...about, "--adjustments", JSON.stringify(change));
    const of = [portfolio.id, "--account-number", debt.account_number];
    const settled = await json("claims", "settle", ...of, "--settled-on", "2026-10-08");
    expect(Number(settled.written_off)).to.be.closeTo(Number(debt.claim) + 12.5, 0.001);
    const sale = ["--account-numbers", sold.account_number, "--buyer", "Next", "--proceeds", "1.50"];
    await json("resales", "sell", portfolio.id, ...sale, "--sold-on", "2026-10-08");
    const events = await ask("claims", "events", portfolio.id, "--format", "csv");
    const [head, ...lines] = events.out.trimEnd().split("\n");
    expect(head).to.include("claim_change,unapplied_change");
    expect(lines.filter((line) => /claim_adjusted|claim_settled|receivables_sold/.test(line))).to.have.length(3);
  });

  it("shows what an order would do with --dry-run, and changes nothing", async () => {
    const created = await ask("portfolios", "create", "--name", "Try", "--seller", "S", "--dry-run", "--json");
    expect(created.code, created.err).to.equal(0);
    expect(JSON.parse(created.out)).to.include({ name: "Try" });
    const [portfolio, ...others] = (await json("portfolios", "list")).data;
    expect(others).to.deep.equal([]);
    const [debt] = (await json("portfolios", "receivables", portfolio.id, "--state", "owned", "--limit", "1")).data;
    const payment = ["--account-number", debt.account_number, "--amount", "1.00", "--paid-on", "2026-10-05"];
    const of = ["--portfolio", portfolio.id, "--external-id", "DRY-1"];
    const paid = await ask("payments", "add", ...of, ...payment, "--dry-run");
    expect(paid.code, paid.err).to.equal(0);
    expect(paid.out).to.match(/DRY-1[\s\S]*Entries that would be made: 1[\s\S]*Balances that would come of it/);
  });

  it("answers an order given twice under one key with the first answer", async () => {
    const order = ["portfolios", "create", "--name", "Once", "--seller", "S", "--idempotency-key", "k1"];
    const first = await json(...order);
    expect((await json(...order)).id).to.equal(first.id);
    const other = await ask(...order.map((word) => (word === "Once" ? "Twice" : word)));
    expect(other.code).to.equal(1);
    expect(other.err).to.include("idempotency_key_reused").and.to.include("name");
  });

  it("proves the books, closes a month, and checks what it sealed without a database", async () => {
    const verified = await json("verify");
    expect(verified).to.deep.include({ green: true, since: null, differences: [] });
    const early = await ask("close", "2025-11");
    expect(early.code).to.equal(1);
    expect(early.err).to.include("period_out_of_order").and.to.include("2025-10");
    const closed = await json("close", "2025-10");
    expect(closed).to.include({ month: "2025-10", state: "closed", version: 1 });
    const late = await ask(
      "costs",
      "add",
      "--portfolio",
      closed.seals[0].portfolio_id,
      "--cost-type",
      "court",
      "--amount",
      "1.00",
      "--incurred-on",
      "2025-10-30",
    );
    expect(late.code).to.equal(1);
    expect(late.err).to.include("period_closed").and.to.include("2025-11-01");
    expect(await json("verify", "--since-last")).to.include({ green: true, since: verified.id });
    const balance = await ask("report", "trial-balance", "--as-of", "2025-10-31");
    expect(balance.out).to.include(closed.seal);

    const path = join(folder, "books.sealed.ndjson");
    const exported = await ask("export", "--format", "sealed", "--out", path);
    expect(exported.code, exported.err).to.equal(0);
    const offline = (...args: string[]) =>
      netback(["verify", ...args], { env: { NETBACK_HOME: join(folder, "none") } });
    const proved = await offline("--file", path, "--seal", closed.seal, "--json");
    expect(proved.code, proved.err).to.equal(0);
    expect(JSON.parse(proved.out)).to.deep.include({ green: true, seal: closed.seal, months: 1, differences: [] });
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace(/"operator"/, '"somebody"'));
    const refused = await offline("--file", path);
    expect(refused.code).to.equal(1);
    expect(refused.out)
      .to.include("is not as it was sealed")
      .and.to.match(/period_chain|seal/);
    expect(await readdir(folder)).to.not.include("none");
  });

  it("serves, refuses a second opener while it does, and stops when told", async () => {
    await leave();
    const server = await serve({ NETBACK_HOME: home });
    try {
      const ready = await fetch(`${server.url}/readyz`);
      expect(ready.status).to.equal(200);
      const list = (await (await fetch(`${server.url}/v1/portfolios`)).json()) as { data: unknown[] };
      expect(list.data).to.have.length(2);
      const refused = await ask("portfolios", "list");
      expect(refused.code).to.equal(1);
      expect(refused.err).to.include("folder_in_use").and.to.include("HTTP");
    } finally {
      const { code, err } = await server.stop();
      expect(code, err).to.equal(0);
    }
    expect((await json("portfolios", "list")).data).to.have.length(2);
    expect(await json("verify"), "all that was done stands on the disk").to.include({ green: true });
  });

  it("finds everything well, and says what is ill", async () => {
    expect((await json("doctor")).well).to.equal(true);
    const ill = await netback(["doctor", "--json"], { env: { NETBACK_HOME: home, PORT: "seventy" } });
    expect(ill.code).to.equal(1);
    expect(JSON.parse(ill.out)).to.include({ well: false });
  });

  it("gives no key where none is needed", async () => {
    const { code, err } = await ask("keys", "create", "--tenant", "acme", "--role", "analyst");
    expect(code).to.equal(2);
    expect(err).to.include("PostgreSQL");
  });
});
