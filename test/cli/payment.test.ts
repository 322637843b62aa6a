import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import { paymentCardSchema } from "../../models/payment-card.js";
import type { Day } from "../../src/calendar/day.js";
import { formatDay } from "../../src/calendar/day.js";
import { madeInvoices } from "../payment/made-history.js";
import { netback } from "./run-netback.js";

const added = "probability_late,expected_days_to_pay,days_to_pay_p90,expected_dilution_rate,reason_1,reason_2,reason_3";

describe("payment behaviour on the command line", () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const rowsOf = (text: string) => text.trimEnd().split("\n");
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "netback-cli-"));
    const rows = madeInvoices({ seed: 31, rows: 600 }).map(({ debtor, issued, terms, cents, settled, channel }, k) => {
      const days = [issued, issued + terms].map((day) => formatDay(day as Day));
      return `${k},${debtor},${days.join(",")},${(cents / 100).toFixed(2)},${settled === null ? "" : formatDay(settled as Day)},${channel}`;
    });
    const header = "Invoice No,Customer ID,Invoice Date,Due Date,Amount,Clear Date,Channel";
    await writeFile(at("history.csv"), [header, ...rows].join("\n"));
    await writeFile(
      at("offered.csv.gz"),
      gzipSync(
        [
          "Invoice No,Customer ID,Invoice Date,Due Date,Amount,Channel,probability_late,=note",
          '1,D1,2026-01-02,2026-02-01,"1,000.00",post,old,"a ""b"", c"',
          "2,D2,2026-01-02,2026-02-01,x,post,old,rejected",
          "3,new,2026-01-03,,12.00,fax,old,no due date",
          "4,D3,2026-01-04,2026-02-03,-5.00,mail,old,credit note",
        ].join("\n"),
      ),
    );
    await writeFile(at("open.csv"), "invoice,debtor,date,due,amount\n1,A,2026-01-02,2026-02-01,5\n");
    await writeFile(at("other.json"), '{"kind": "recovery"}');
    const ran = await netback(["fit", "payment", at("history.csv"), "--as-of", "2025-12-31", "--out", at("m.json")]);
    expect(ran.code, ran.err).to.equal(0);
    expect(ran.out).to.match(/Out of time/);
  });
  after(() => rm(folder, { recursive: true }));

  it("writes a card that says what it was learned from, and shows it", async () => {
    const card = paymentCardSchema.parse(JSON.parse(await readFile(at("m.json"), "utf8")));
    expect(card.data).to.include({ file: "history.csv", rows: 600, as_of: "2025-12-31", currency: "USD" });
    expect(card.columns).to.deep.include({ name: "Channel", use: "used", why: "known at issue" });
    const ran = await netback([
      "fit",
      "payment",
      at("history.csv"),
      "--as-of",
      "2025-12-31",
      "--out",
      at("n.json"),
      "--json",
    ]);
    const shown = JSON.parse(ran.out) as { data: unknown; out: string };
    expect(shown.data).to.deep.equal(card.data);
    expect(await readFile(at("n.json"), "utf8")).to.equal(await readFile(at("m.json"), "utf8"));
  });

  it("adds its columns to the invoices, which stay as they are", async () => {
    const ran = await netback([
      "score",
      "payment",
      at("offered.csv.gz"),
      "--model",
      at("m.json"),
      "--out",
      at("s.csv"),
      "--json",
    ]);
    expect(ran.code, ran.err).to.equal(0);
    const [header, first, rejected, unseen, credit, ...more] = rowsOf(await readFile(at("s.csv"), "utf8"));
    expect(header).to.equal(`Invoice No,Customer ID,Invoice Date,Due Date,Amount,Channel,=note,${added}`);
    expect(first).to.match(
      /^1,D1,2026-01-02,2026-02-01,"1,000\.00",post,"a ""b"", c",[01]\.\d+,\d+\.\d+,\d+\.\d+,0\.05,/,
    );
    expect(first).to.match(/the debtor, by \d+ invoices: \d+ days? (later|sooner) than usual/);
    expect(unseen).to.match(
      /^3,new,2026-01-03,,12\.00,fax,no due date,[01]\.\d+,.*,a debtor not seen before: about as usual,,$/,
    );
    expect(rejected, "a row that cannot be read has no figures").to.match(
      /^2,D2,2026-01-02,2026-02-01,x,post,.*,,,,,,,$/,
    );
    expect(credit).to.match(/^4,D3,.*,credit note,,,,,/);
    expect(more).to.deep.equal([]);
    const answer = JSON.parse(ran.out) as { findings: { by_code: Record<string, number> } };
    expect(answer).to.include({ rows: 4, scored: 2, rejected: 1 });
    expect(answer.findings.by_code).to.include({
      amount_invalid: 1,
      credit_note: 1,
      due_date_missing: 1,
      value_unseen: 2,
    });
  });

  it("writes the same to Parquet", async () => {
    const ran = await netback([
      "score",
      "payment",
      at("offered.csv.gz"),
      "--model",
      at("m.json"),
      "--out",
      at("s.parquet"),
    ]);
    expect(ran.code, ran.err).to.equal(0);
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const columns = "probability_late, expected_days_to_pay, reason_1";
    const rows = async (from: string) =>
      (await connection.runAndReadAll(`SELECT "Invoice No"::INT, ${columns} FROM ${from} ORDER BY 1`)).getRows();
    const parquet = await rows(`'${at("s.parquet")}'`);
    expect(parquet).to.have.lengthOf(4);
    expect(parquet.slice(0, 2)).to.deep.equal((await rows(`'${at("s.csv")}'`)).slice(0, 2));
    connection.closeSync();
  });

  const score = (...more: string[]) => ["score", "payment", at("open.csv"), "--out", at("x.csv"), "--model", ...more];
  // biome-ignore format: a table
  const refused: { why: string; args: () => string[]; exit: number; code: string; says: RegExp }[] = [
    { why: "a group without a command", args: () => ["fit"], exit: 2, code: "usage", says: /payment/ },
    { why: "a fit without a file to write", args: () => ["fit", "payment", at("history.csv")], exit: 2, code: "usage", says: /out/ },
    { why: "a history without a settlement", args: () => ["fit", "payment", at("open.csv"), "--as-of", "2026-05-01", "--out", at("x.json")], exit: 1, code: "history_unusable", says: /settled_date/ },
    { why: "a day that does not exist", args: () => ["fit", "payment", at("history.csv"), "--as-of", "2026-02-30", "--out", at("x.json")], exit: 1, code: "date_invalid", says: /2026-02-30/ },
    { why: "a model that is another's", args: () => score(at("other.json")), exit: 1, code: "model_invalid", says: /payment card/ },
    { why: "a model that is not there", args: () => score(at("none.json")), exit: 1, code: "file_not_found", says: /none\.json/ },
    { why: "amounts in another currency than the model's", args: () => [...score(at("m.json")), "--currency", "EUR"], exit: 1, code: "currency_mismatch", says: /USD.*EUR/ },
    { why: "a file of another kind to write", args: () => [...score(at("m.json")), "--out", at("x.pdf")], exit: 1, code: "file_unsupported", says: /x\.pdf/ },
  ];
  for (const { why, args, exit, code, says } of refused) {
    it(`refuses ${why}: exit ${exit}, ${code}`, async () => {
      const ran = await netback([...args(), "--json"]);
      expect(ran.code, ran.err).to.equal(exit);
      const problem = JSON.parse(ran.out) as { code: string; detail: string };
      expect(problem.code).to.equal(code);
      expect(problem.detail).to.match(says);
    });
  }
});
