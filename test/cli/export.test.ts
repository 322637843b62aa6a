import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "csv-parse/sync";
import { openBooks } from "./open-books.js";
import { netback, serve } from "./run-netback.js";

describe("netback export", function () {
  this.timeout(180_000);
  let folder: string;
  let home: string;
  const ask = (...args: string[]) => netback(args, { env: { NETBACK_HOME: home } });
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "netback-export-"));
    home = join(folder, "home");
    const { code, err } = await ask("demo");
    expect(code, err).to.equal(0);
  });
  after(() => rm(folder, { recursive: true }));

  const isInstalled = spawnSync("hledger", ["--version"]).error === undefined;
  if (!isInstalled) it("skipped: hledger is not installed, so that it does not read the demo book");
  else {
    it("gives hledger the demo book: it agrees with the trial balance on every account and month", async () => {
      const { code, out, err } = await ask("export", "--format", "hledger", "--as-of", "2026-09-30");
      expect(code, err).to.equal(0);
      const hledger = (...args: string[]) =>
        execFileSync("hledger", ["-f-", ...args], { input: out, encoding: "utf8" });
      hledger("check", "--strict");
      const served = await serve({ NETBACK_HOME: home });
      const balances = new Map<string, Record<string, string>[]>();
      for (let month = 0; month < 12; month++) {
        const end = new Date(Date.UTC(2025, 10 + month, 0)).toISOString().slice(0, 10);
        const response = await fetch(`${served.url}/v1/ledger/trial-balance?as_of=${end}`);
        balances.set(end, ((await response.json()) as { accounts: Record<string, string>[] }).accounts);
      }
      await served.stop();
      for (const [end, accounts] of balances) {
        const next = new Date(Date.parse(end) + 86_400_000).toISOString().slice(0, 10);
        const csv = hledger("bal", "--flat", "-N", "-e", next, "-O", "csv", "--layout", "bare");
        const found = (parse(csv, { columns: true }) as Record<string, string>[])
          .filter(({ balance }) => balance !== "0")
          .map(({ account, commodity, balance }) => `${account} ${commodity} ${balance}`);
        const expected = accounts
          .filter(({ balance }) => balance !== "0.00")
          .map(({ name, currency, balance }) => `${name} ${currency} ${balance}`);
        expect(found.sort(), end).to.deep.equal(expected.sort());
        expect(found.length, end).to.be.greaterThan(5);
      }
    });
  }

  it("writes a file where it is told, says what is in it, and leaves nothing else behind", async () => {
    const books = await openBooks(home);
    try {
      for (const format of ["csv", "xlsx", "parquet"]) {
        const file = join(folder, `postings.${format}`);
        const { code, out, err } = await books.ask("export", "--format", format, "--out", file, "--json");
        expect(code, err).to.equal(0);
        const document = JSON.parse(out);
        expect(document).to.include({ format, out: file, portfolios: 1 });
        expect((await readFile(file)).length).to.equal(document.bytes);
      }
    } finally {
      await books.close();
    }
    expect(await readdir(join(home, "work"))).to.deep.equal([]);
  });

  it("refuses a document about a file that has no name", async () => {
    const { code, err } = await ask("export", "--format", "parquet", "--json");
    expect(code).to.equal(2);
    expect(err).to.include("--out FILE.parquet");
  });
});
