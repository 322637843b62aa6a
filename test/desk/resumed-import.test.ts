import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { parseChildId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import type { Desk } from "../../src/desk/desk.js";
import { perform } from "../../src/desk/perform.js";
import { openStore, type StoreConfig } from "../../src/store/store.js";
import { createEmptyPostgres, eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";

const rows = 9000;
/** two in a hundred, and the poison */
const skipped = rows / 50 + 1;
const poisonRow = 6_789;
const paidOn = "2026-01-10";

/** A file of which every 100th row is bad in one way or another, and one in the middle is poison. */
function fileText(count = rows): string {
  const lines = ["account_number,amount,paid_on,external_id,reverses"];
  for (let row = 1; row <= count; row++) {
    const account = `A${1 + (row % 19)}`;
    const text = `${account},0.0${1 + (row % 9)},${paidOn},R-${row},`;
    if (row === poisonRow) lines.push(`"A\u0000\\'"";drop,9223372036854775808,9999-99-99,R-${row},`);
    else if (row % 100 === 0) lines.push(`ZZ,1.00,${paidOn},R-${row},`);
    else if (row % 100 === 50) lines.push(`${account},1.00,${paidOn},R-${row - 49},`);
    else if (row % 5000 === 4999) lines.push(`A${1 + ((row - 4500) % 19)},-0.01,${paidOn},R-${row},R-${row - 4500}`);
    else lines.push(text);
  }
  return `${lines.join("\n")}\n`;
}

const call = (idempotencyKey: string) => ({
  actor: { tenantId: "alpha", actorId: "tester", roles: ["finance"] as const },
  idempotencyKey,
});

/** All that an import leaves behind, without ids and instants. */
async function leftBehind(fixture: DeskFixture, portfolioId: string): Promise<string> {
  const { accounts } = await fixture.do("report-trial-balance", { portfolio_id: portfolioId });
  const tables = await fixture.desk.store.transaction({ tenantId: "alpha" }, async (tx) => ({
    entries: await tx.query(
      "select sequence, kind, effective_on, receivable_no, reverses_sequence from entry where portfolio_id = ? order by 1",
      [portfolioId],
    ),
    payments: await tx.query(
      "select sequence, receivable_no, amount_minor, external_id, reverses_sequence, batch_no from payment where portfolio_id = ? order by 1",
      [portfolioId],
    ),
    positions: await tx.query("select * from position where portfolio_id = ? order by receivable_no", [portfolioId]),
    batches: await tx.query(
      "select batch_no, state, rows, recorded, skipped, amount_minor from payment_batch where portfolio_id = ?",
      [portfolioId],
    ),
    refusals: await tx.query(
      "select row_no, account_number, external_id, code, detail from payment_refusal where portfolio_id = ? order by 1",
      [portfolioId],
    ),
  }));
  const text = JSON.stringify({ accounts, tables }, (_, value) => (typeof value === "bigint" ? String(value) : value));
  return text.replaceAll(portfolioId, "PORTFOLIO");
}

eachDatabase("an import in steps", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;
  let reference: { output: unknown; left: string };
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    bought = await boughtPortfolio(fixture);
    const { portfolioId: portfolio_id } = bought;
    const { output } = await fixture.answer("record-payments", { portfolio_id, file: file() }, { key: "whole" });
    reference = { output: withoutIds(output), left: await leftBehind(fixture, portfolio_id) };
  });
  after(() => fixture.remove());

  const file = () => fixture.file("steps.csv", fileText());
  const withoutIds = (output: object) => ({ ...output, batch_id: "", portfolio_id: "" });

  it("names every bad row and takes the others, the poison among them", async () => {
    const { output } = await fixture.answer(
      "record-payments",
      { portfolio_id: bought.portfolioId, file: file() },
      { key: "whole" },
    );
    expect(output).to.deep.include({ imported: true, rows, recorded: rows - skipped, skipped });
    expect(output.refused.filter(({ row }) => row === poisonRow).map(({ code }) => code)).to.have.length(1);
    expect(JSON.stringify(output)).not.to.contain("drop");
  });

  it("goes on where it broke off: nothing is lost, nothing is doubled, the answer is the same", async function () {
    this.timeout(120_000);
    for (const cutAfter of [2, 4, 5]) {
      const { portfolioId: portfolio_id } = await boughtPortfolio(fixture, { name: `Cut after ${cutAfter}` });
      let transactions = 0;
      const store: Desk["store"] = {
        ...fixture.desk.store,
        transaction(scope, work, options) {
          if (++transactions > cutAfter) throw new Refusal("database_unreachable", "cut by the test");
          return fixture.desk.store.transaction(scope, work, options);
        },
      };
      const order = { portfolio_id, file: file() };
      const cut = await perform({ ...fixture.desk, store }, "record-payments", order, call(`cut-${cutAfter}`)).catch(
        (error: unknown) => error,
      );
      expect(cut).to.be.instanceOf(Refusal);
      const { output, replayed } = await fixture.answer("record-payments", order, { key: `cut-${cutAfter}` });
      expect(withoutIds(output), `cut after ${cutAfter}`).to.deep.equal(reference.output);
      expect(replayed).to.equal(false);
      expect(await leftBehind(fixture, portfolio_id), `cut after ${cutAfter}`).to.equal(reference.left);
    }
  });

  it("of one file sent twice at once is one import", async function () {
    this.timeout(120_000);
    const { portfolioId: portfolio_id } = await boughtPortfolio(fixture, { name: "Twice at once" });
    const both = await Promise.all([
      fixture.do("record-payments", { portfolio_id, file: file() }),
      fixture.do("record-payments", { portfolio_id, file: file() }),
    ]);
    expect(both.map(({ imported }) => imported).sort()).to.deep.equal([false, true]);
    expect(withoutIds({ ...both[0], imported: true })).to.deep.equal(reference.output);
    expect(await leftBehind(fixture, portfolio_id)).to.equal(reference.left);
  });

  it("lets single payments in between its steps", async function () {
    this.timeout(120_000);
    const { portfolioId: portfolio_id } = await boughtPortfolio(fixture, { name: "In between" });
    const importing = fixture.do("record-payments", { portfolio_id, file: file() });
    const one = { portfolio_id, account_number: "A1", amount: "0.01", paid_on: paidOn };
    const single = await fixture.do("record-payment", one);
    await importing;
    const sequence = parseChildId("en", single.entry_id)!.number;
    expect(sequence).to.be.below(rows - skipped);
  });

  it("that was begun is not gone on with in another way", async function () {
    this.timeout(120_000);
    const { portfolioId: portfolio_id } = await boughtPortfolio(fixture, { name: "Another way" });
    const path = fixture.file("begun.csv", fileText(4100));
    let transactions = 0;
    const store: Desk["store"] = {
      ...fixture.desk.store,
      transaction(scope, work, options) {
        if (++transactions > 3) throw new Refusal("database_unreachable", "cut by the test");
        return fixture.desk.store.transaction(scope, work, options);
      },
    };
    const order = { portfolio_id, file: path };
    await perform({ ...fixture.desk, store }, "record-payments", order, call("begun")).catch(() => undefined);
    const others = [{ mode: "atomic" as const }, { date_pattern: "MM/DD/YYYY" }];
    for (const other of others) {
      const refused = await fixture.refusal("record-payments", { ...order, ...other });
      expect(refused.code).to.equal("conflict");
      expect(refused.detail).to.contain("4000 rows");
    }
    const shown = await fixture.answer("record-payments", order, { dryRun: true });
    expect(shown.output).to.deep.include({ rows: 4100, imported: true });
    expect(await fixture.do("record-payments", order)).to.deep.include({ rows: 4100, imported: true });
  });

  it("of a file without a payment leaves nothing behind", async function () {
    this.timeout(120_000);
    const { portfolioId: portfolio_id } = await boughtPortfolio(fixture, { name: "No payment" });
    const text = `account_number,amount,paid_on\n${"A1,ten,yesterday\n".repeat(9000)}`;
    const refused = await fixture.refusal("record-payments", { portfolio_id, file: fixture.file("none.csv", text) });
    expect(refused.code).to.equal("file_unreadable");
    const left = JSON.parse(await leftBehind(fixture, portfolio_id));
    expect(left.tables.batches).to.deep.equal([]);
    expect(left.tables.refusals).to.deep.equal([]);
    const late = fixture.file("late.csv", `${text}A1,1.00,${paidOn}\n`);
    const done = await fixture.do("record-payments", { portfolio_id, file: late });
    expect(done).to.deep.include({ rows: 9001, recorded: 1, skipped: 9000 });
  });
});

const program = fileURLToPath(new URL("../harness/import-until-killed.js", import.meta.url));

/** Where the process is killed: so many rows into the file, and so many milliseconds later. */
const kills = [
  { rows: 0, ms: 40 },
  { rows: 4000, ms: 0 },
  { rows: 8000, ms: 15 },
] as const;

describe("an import whose process is killed", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "netback-killed-import-"));
  const path = join(folder, "payments.csv");
  const children: ChildProcess[] = [];
  before(() => writeFileSync(path, fileText()));
  after(() => {
    for (const child of children) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  function start(config: StoreConfig, args: readonly string[]) {
    const child = spawn(process.execPath, [program, JSON.stringify(config), ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    children.push(child);
    return { child, lines: createInterface({ input: child.stdout! })[Symbol.asyncIterator]() };
  }

  /** Two portfolios that are alike: one for the import that is killed, one for that which is not. */
  async function bought(config: StoreConfig): Promise<[string, string]> {
    const { child, lines } = start(config, ["buy", "60"]);
    const ids = [(await lines.next()).value as string, (await lines.next()).value as string] as const;
    if (child.exitCode === null) await once(child, "exit");
    return [...ids];
  }

  async function killAndResume(config: StoreConfig): Promise<void> {
    const [portfolioId, whole] = await bought(config);
    let answer: string | undefined;
    for (const kill of [...kills, undefined]) {
      const { child, lines } = start(config, ["import", portfolioId, path, "the-key"]);
      let killed = false;
      for await (const line of { [Symbol.asyncIterator]: () => lines }) {
        if (line.startsWith("answer ")) answer = line.slice(7);
        const done = Number(/^rows (\d+)/.exec(line)?.[1] ?? -1);
        if (kill === undefined || killed || done < kill.rows) continue;
        killed = true;
        await sleep(kill.ms);
        child.kill("SIGKILL");
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
    expect(JSON.parse(answer!)).to.deep.include({ imported: true, rows, recorded: rows - skipped, skipped });
    const store = await openStore(config);
    const fixture = new DeskFixture(store);
    try {
      const file = { path, name: "payments.csv" };
      await fixture.do("record-payments", { portfolio_id: whole, file }, { key: "whole" });
      expect(await leftBehind(fixture, portfolioId)).to.equal(await leftBehind(fixture, whole));
    } finally {
      fixture.remove();
      await store.close();
    }
  }

  it("is resumed on the embedded database", () => killAndResume({ kind: "embedded", home: join(folder, "home") }));

  if (process.env.TEST_DATABASE_URL === undefined)
    it("is resumed on PostgreSQL: skipped, TEST_DATABASE_URL is not set");
  else {
    it("is resumed on PostgreSQL", async () => {
      const { ownerUrl, drop } = await createEmptyPostgres();
      await killAndResume({ kind: "postgres", url: ownerUrl }).finally(drop);
    });
  }
});
