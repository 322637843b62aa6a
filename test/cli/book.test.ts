import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { demoFigures, netback, serve } from "./run-netback.js";

/** The commands on the embedded database, each in a process of its own, as a user runs them. */
describe("the books on the command line", function () {
  this.timeout(120_000);
  let folder: string;
  let home: string;
  const ask = (...args: string[]) => netback(args, { env: { NETBACK_HOME: home } });
  const json = async (...args: string[]) => {
    const { code, out, err } = await ask(...args, "--json");
    expect(code, err).to.equal(0);
    return JSON.parse(out);
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "netback-book-"));
    home = join(folder, "home");
  });
  after(() => rm(folder, { recursive: true }));

  it("loads the demo, and a second time finds it there with the same figures", async () => {
    const first = await json("demo");
    expect(first.netback).to.include({ currency: "USD", purchased_on: "2025-10-01", as_of: "2026-09-30" });
    const { to_date: figures } = first.netback;
    const cents = (text: string) => Math.round(Number(text) * 100);
    expect(cents(figures.gross) - cents(figures.commission) - cents(figures.costs)).to.equal(cents(figures.net_back));
    expect(figures).to.deep.include(demoFigures);
    const second = await json("demo");
    expect(second.netback.to_date).to.deep.equal(figures);
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

  it("shows what an order would do with --dry-run, and changes nothing", async () => {
    const created = await ask("portfolios", "create", "--name", "Try", "--seller", "S", "--dry-run", "--json");
    expect(created.code, created.err).to.equal(0);
    expect(JSON.parse(created.out)).to.include({ name: "Try" });
    expect((await json("portfolios", "list")).data).to.have.length(1);
  });

  it("answers an order given twice under one key with the first answer", async () => {
    const order = ["portfolios", "create", "--name", "Once", "--seller", "S", "--idempotency-key", "k1"];
    const first = await json(...order);
    expect((await json(...order)).id).to.equal(first.id);
    const other = await ask(...order.map((word) => (word === "Once" ? "Twice" : word)));
    expect(other.code).to.equal(1);
    expect(other.err).to.include("idempotency_key_reused").and.to.include("name");
  });

  it("serves, refuses a second opener while it does, and stops when told", async () => {
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
