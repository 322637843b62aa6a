import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "chai";
import { parse } from "csv-parse/sync";
import { readSheet } from "read-excel-file/node";
import type { ActInput } from "../../models/acts.js";
import type { ExportFormat } from "../../models/export.js";
import { eachDatabase } from "../harness/database.js";
import { fillRandomBook, hostileTexts } from "../harness/random-book.js";
import { DeskFixture } from "./desk-fixture.js";

/** Describes what a program finds in the journal; where it is not installed, that stands there as a pending test. */
function readBy(programs: readonly string[], suite: () => void): void {
  const missing = programs.filter((program) => spawnSync(program, ["--version"]).error !== undefined);
  const title = `read by ${programs[0]}`;
  if (missing.length === 0) describe(title, suite);
  else it(`${title}: skipped, ${missing.join(" and ")} is not installed`);
}

/** The last days of the months that the random books have entries in, and one after. */
const monthEnds = [
  ...["01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31", "11-30", "12-31"].map(
    (day) => `2025-${day}`,
  ),
  "2026-01-31",
];
/** What programs said of a journal, by its content: the same one need not be read again on the other engine. */
const said = new Map<string, string>();

/** Runs a program over the journal that must end well; its standard output. */
function run(path: string, program: string, args: readonly string[]): string {
  const content = createHash("sha256").update(readFileSync(path)).digest("hex");
  const question = JSON.stringify([content, program, ...args.filter((arg) => arg !== path)]);
  const env = { ...process.env, LANG: "C.UTF-8" };
  const answer = said.get(question) ?? execFileSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28, env });
  said.set(question, answer);
  return answer;
}

const dayAfter = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

eachDatabase("the exported ledger", (open) => {
  let fixture: DeskFixture;
  const portfolios = new Map<string, string>();
  const books = [
    { currency: "USD", entries: 8000, seed: 1 },
    { currency: "JPY", entries: 1000, seed: 2 },
    { currency: "KWD", entries: 1000, seed: 3 },
  ];

  before(async function () {
    this.timeout(120_000);
    const store = await open();
    fixture = new DeskFixture(store);
    fixture.setDay("2026-02-01");
    for (const { currency, entries, seed } of books) {
      const { id } = await fixture.do("create-portfolio", { name: currency, seller: "First Bank", currency });
      const recordedAt = "2026-01-31T12:00:00Z";
      await fillRandomBook(store, { portfolioId: id, tenantId: "alpha", entries, seed, recordedAt });
      portfolios.set(currency, id);
    }
  });
  after(() => fixture.remove());

  async function exported<T>(
    input: Omit<ActInput<"export-ledger">, "format"> & { format: ExportFormat },
    use: (path: string, output: { entries: number; postings: number; sha256: string; bytes: number }) => T | Promise<T>,
  ): Promise<T> {
    const output = await fixture.do("export-ledger", input);
    try {
      return await use(output.file.path, output);
    } finally {
      rmSync(dirname(output.file.path), { recursive: true });
    }
  }

  /** "account currency" -> balance of the trial balance, without the accounts that stand at zero. */
  async function trialBalance(asOf: string, portfolioId?: string): Promise<Record<string, string>> {
    const { accounts } = await fixture.do("report-trial-balance", { as_of: asOf, portfolio_id: portfolioId });
    const rows = accounts.filter(({ balance }) => !/^-?0(\.0+)?$/.test(balance));
    return Object.fromEntries(rows.map(({ name, currency, balance }) => [`${name} ${currency}`, balance]));
  }

  /** hledger's balance at the end of every month, as "account currency" -> amount. */
  function hledgerMonths(path: string): Record<string, string>[] {
    const text = run(path, "hledger", [
      ...["-f", path, "bal", "--flat", "--no-total", "--historical", "-M", "-b", "2025-01-01", "-e", "2026-02-01"],
      ...["-O", "csv", "--layout", "bare"],
    ]);
    const rows = parse(text, { columns: true }) as Record<string, string>[];
    const ends = Object.keys(rows[0]!).filter((key) => key !== "account" && key !== "commodity");
    // whether a column is headed by its month or by the last day of it depends on the version
    expect(ends.map((end) => end.slice(0, 7))).to.deep.equal(monthEnds.map((end) => end.slice(0, 7)));
    return ends.map((end) =>
      Object.fromEntries(
        rows
          .filter((row) => !/^-?0(\.0+)?$/.test(row[end]!))
          .map((row) => [`${row.account} ${row.commodity}`, row[end]!]),
      ),
    );
  }

  readBy(["hledger"], () => {
    it("finds the journal sound, and agrees with the trial balance on every account and month", async function () {
      this.timeout(180_000);
      await exported({ format: "hledger" }, async (path, { entries }) => {
        expect(entries).to.equal(10_000);
        run(path, "hledger", ["-f", path, "check", "--strict"]);
        const months = hledgerMonths(path);
        for (const [i, end] of monthEnds.entries()) expect(months[i], end).to.deep.equal(await trialBalance(end));
        expect(Object.keys(months.at(-1)!).length, "accounts in three currencies").to.be.greaterThan(30);
      });
    });

    it("agrees for one portfolio by its tag, and by an export of its own", async function () {
      this.timeout(120_000);
      const jpy = portfolios.get("JPY")!;
      await exported({ format: "hledger", portfolio_id: jpy }, async (path) => {
        expect(hledgerMonths(path).at(-1)).to.deep.equal(await trialBalance("2026-01-31", jpy));
      });
      await exported({ format: "hledger" }, (path) => {
        const text = run(path, "hledger", ["-f", path, "bal", "--flat", "-N", `tag:portfolio=^${jpy}$`, "cur:USD"]);
        expect(text.trim()).to.equal("");
      });
    });

    it("begins a later journal with the balances of the day before", async function () {
      this.timeout(120_000);
      await exported({ format: "hledger", from: "2025-06-01" }, async (path, { entries }) => {
        expect(entries).to.be.lessThan(9000);
        run(path, "hledger", ["-f", path, "check", "--strict"]);
        const months = hledgerMonths(path);
        for (const [i, end] of monthEnds.entries()) {
          if (end >= "2025-05-31") expect(months[i], end).to.deep.equal(await trialBalance(end));
        }
      });
    });
  });

  readBy(["ledger"], () => {
    it("agrees with the trial balance on every account and month", async function () {
      this.timeout(180_000);
      await exported({ format: "ledger" }, async (path) => {
        for (const end of monthEnds) {
          const text = run(path, "ledger", [
            ...["-f", path, "--strict", "--args-only", "bal", "--flat", "--no-total", "-e", dayAfter(end)],
            ...["--format", "%(join(display_total))\t%(account)\n"],
          ]);
          const found: Record<string, string> = {};
          for (const line of text.split("\n").filter((l) => l !== "")) {
            const [amounts, account] = line.split("\t");
            for (const amount of amounts!.split("\\n")) {
              const [number, currency] = amount.trim().split(" ");
              if (number !== "0") found[`${account} ${currency}`] = number!;
            }
          }
          expect(found, end).to.deep.equal(await trialBalance(end));
        }
      });
    });
  });

  readBy(["bean-check", "bean-query"], () => {
    it("finds the journal sound, and agrees with the trial balance on every account and month", async function () {
      this.timeout(240_000);
      await exported({ format: "beancount" }, async (path) => {
        expect(run(path, "bean-check", [path]).trim()).to.equal("");
        const query =
          "select account, year, month, currency, sum(number) as total group by account, year, month, currency";
        const opened = readFileSync(path, "utf8").matchAll(/ open (\S+) .*\n {2}code: .*\n {2}name: "(.*)"/g);
        const names = new Map(Array.from(opened, (match) => [match[1], match[2]]));
        const text = run(path, "bean-query", ["-f", "csv", path, query]);
        const rows = parse(text, { columns: true, trim: true }) as Record<string, string>[];
        expect(rows.length).to.be.greaterThan(300);
        for (const end of monthEnds) {
          const sums = new Map<string, bigint>();
          const decimals = { USD: 2, JPY: 0, KWD: 3 } as Record<string, number>;
          for (const row of rows) {
            if (`${row.year}-${row.month!.padStart(2, "0")}` > end.slice(0, 7)) continue;
            const key = `${names.get(row.account)} ${row.currency}`;
            const minor = BigInt(row.total!.replace(".", ""));
            expect(row.total!.split(".")[1]?.length ?? 0, `decimals of ${row.total}`).to.equal(decimals[row.currency!]);
            sums.set(key, (sums.get(key) ?? 0n) + minor);
          }
          const balance = Object.entries(await trialBalance(end)).map(([key, text]) => [
            key,
            BigInt(text.replace(".", "")),
          ]);
          expect(Object.fromEntries([...sums].filter(([, n]) => n !== 0n)), end).to.deep.equal(
            Object.fromEntries(balance),
          );
        }
      });
    });
  });

  /** The turnover of every account by the rows of a table, against the trial balance. */
  async function expectTurnovers(rows: readonly Record<string, string>[]): Promise<void> {
    const sums = new Map<string, { debit: bigint; credit: bigint }>();
    for (const { debit_name, credit_name, currency, amount_minor } of rows) {
      const add = (name: string, side: "debit" | "credit") => {
        const sum = sums.get(`${name} ${currency}`) ?? { debit: 0n, credit: 0n };
        sum[side] += BigInt(amount_minor!);
        sums.set(`${name} ${currency}`, sum);
      };
      add(debit_name!, "debit");
      add(credit_name!, "credit");
    }
    const { accounts } = await fixture.do("report-trial-balance", { as_of: "2026-01-31" });
    const expected = accounts.map(({ name, currency, debit, credit }) => [
      `${name} ${currency}`,
      { debit: BigInt(debit.replace(".", "")), credit: BigInt(credit.replace(".", "")) },
    ]);
    expect(Object.fromEntries(sums)).to.deep.equal(Object.fromEntries(expected));
  }

  it("has every posting in its CSV, with words that a spreadsheet cannot run", async () => {
    await exported({ format: "csv" }, async (path, { postings }) => {
      const rows = parse(readFileSync(path), { columns: true }) as Record<string, string>[];
      expect(rows.length).to.equal(postings);
      await expectTurnovers(rows);
      const reasons = new Set(rows.map((row) => row.reason));
      expect(reasons.has(`'${hostileTexts[3]}`), "a formula is guarded").to.equal(true);
      expect(reasons.has(hostileTexts[1]), "lines stay in their field").to.equal(true);
      expect(rows[0]!.amount).to.match(/^\d+\.\d\d$|^\d+$|^\d+\.\d{3}$/);
    });
    await exported({ format: "csv", raw: true }, (path) => {
      expect(readFileSync(path, "utf8")).to.include(',"=HYPERLINK(""x"")",');
    });
  });

  it("has every posting in its workbook", async function () {
    this.timeout(60_000);
    const portfolio_id = portfolios.get("KWD")!;
    await exported({ format: "xlsx", portfolio_id }, async (path, { postings }) => {
      const rows = await readSheet(readFileSync(path), "postings");
      expect(rows.length).to.equal(postings + 1);
      const at = (key: string) => rows[0]!.indexOf(key);
      const total = rows.slice(1).reduce((sum, row) => sum + BigInt(String(row[at("amount_minor")])), 0n);
      const { accounts } = await fixture.do("report-trial-balance", { portfolio_id, as_of: "2026-01-31" });
      const debits = accounts.reduce((sum, { debit }) => sum + BigInt(debit.replace(".", "")), 0n);
      expect(total).to.equal(debits);
      expect(rows[1]![at("effective_on")]).to.be.instanceOf(Date);
      expect(rows.some((row) => row[at("reason")] === `'${hostileTexts[3]}`)).to.equal(true);
    });
  });

  it("has every posting in its Parquet", async function () {
    this.timeout(60_000);
    const { DuckDBInstance } = await import("@duckdb/node-api");
    await exported({ format: "parquet" }, async (path, { postings }) => {
      const connection = await (await DuckDBInstance.create(":memory:")).connect();
      const result = await connection.runAndReadAll(
        "select debit_name, credit_name, currency, amount_minor::varchar as amount_minor, reason, typeof(effective_on) as day, typeof(recorded_at) as instant from read_parquet($1)",
        [path],
      );
      const rows = result.getRowObjectsJson() as Record<string, string>[];
      connection.closeSync();
      expect(rows.length).to.equal(postings);
      await expectTurnovers(rows);
      expect(rows[0]).to.include({ day: "DATE", instant: "TIMESTAMP" });
      expect(new Set(rows.map((row) => row.reason)).has(hostileTexts[1]!)).to.equal(true);
    });
  });

  for (const format of ["hledger", "ledger", "beancount", "csv", "xlsx", "parquet"] as const) {
    it(`is the same file again for the same days and instant (${format})`, async function () {
      this.timeout(60_000);
      const input = {
        format,
        portfolio_id: portfolios.get("KWD")!,
        known_at: "2026-02-01T00:00:00Z",
        as_of: "2025-12-31",
      };
      const digest = await exported(input, (path, { sha256, bytes }) => {
        const content = readFileSync(path);
        expect(content.length).to.equal(bytes);
        expect(createHash("sha256").update(content).digest("hex")).to.equal(sha256);
        return sha256;
      });
      fixture.setDay("2026-03-01");
      expect(await exported(input, (_path, { sha256 }) => sha256)).to.equal(digest);
      fixture.setDay("2026-02-01");
    });
  }

  it("lets others have their turn while it reads, and is the same file all the same", async function () {
    this.timeout(60_000);
    const input = { format: "csv" as const, as_of: "2026-01-31" };
    const alone = await exported(input, (_path, { sha256 }) => sha256);
    const order: string[] = [];
    const named = <T>(name: string, work: Promise<T>) => work.finally(() => order.push(name));
    const beside = async () => {
      for (let n = 0; n < 3; n++) await fixture.do("create-portfolio", { name: `Beside ${n}`, seller: "First Bank" });
    };
    const [sha256] = await Promise.all([
      named(
        "export",
        exported(input, (_path, output) => output.sha256),
      ),
      named("others", beside()),
    ]);
    expect(sha256).to.equal(alone);
    expect(order).to.deep.equal(["others", "export"]);
  });

  it("shows what was known at an instant, and nothing of another tenant", async () => {
    await exported({ format: "csv", known_at: "2026-01-01T00:00:00Z" }, (_path, { entries }) =>
      expect(entries).to.equal(0),
    );
    const output = await fixture.do("export-ledger", { format: "hledger" }, { tenantId: "beta" });
    expect(output.entries).to.equal(0);
    rmSync(dirname(output.file.path), { recursive: true });
    const refused = await fixture.refusal(
      "export-ledger",
      { format: "csv", portfolio_id: portfolios.get("USD")! },
      { tenantId: "beta" },
    );
    expect(refused.code).to.equal("not_found");
  });

  it("leaves no file behind but the one it gives", async () => {
    await exported({ format: "parquet" }, (path) => expect(existsSync(`${path}.csv`)).to.equal(false));
  });
});
