import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import writeXlsxFile from "write-excel-file/node";
import { layoutSchema, type TapeColumns } from "../../models/tape.js";
import { parseDay } from "../../src/calendar/day.js";
import { fillRates } from "../../src/portfolio/quality.js";
import { readPersonsIsolated, readTapeIsolated } from "../../src/tape/isolated.js";
import { readPersons } from "../../src/tape/persons.js";
import { sharedPathOrSkip } from "../harness/shared.js";
import { fileOf, newFolder, read, refusalOf, valuesOf } from "./work-folder.js";

const names = [
  "account_number",
  "product_type",
  "open_date",
  "charge_off_date",
  "original_balance",
  "charge_off_balance",
  "current_balance",
  "interest_rate",
];
const sellers = ["ACCT", "TYPE", "OPENDATE", "CODATE", "Orig Bal", "CO Bal", "BAL", "APR"];

async function duck(statement: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

/** The first rows of the real file, with the columns above. */
function realRows(path: string, most: number): string[][] {
  const [header, ...lines] = gunzipSync(readFileSync(path)).toString().trimEnd().split("\n");
  const at = names.map((name) => header!.split(",").indexOf(name));
  return lines.slice(0, most).map((line) => at.map((column) => line.split(",")[column]!));
}

function same(a: TapeColumns, b: TapeColumns): void {
  expect([...b.columns.keys()]).to.deep.equal([...a.columns.keys()]);
  for (const [name, column] of a.columns) expect(b.columns.get(name), name).to.deep.equal(column);
  expect(b.rowNumbers).to.deep.equal(a.rowNumbers);
}

describe("the same rows give the same columns", () => {
  let rows: string[][];
  let plain: TapeColumns;

  before(async function () {
    rows = realRows(sharedPathOrSkip(this.test!.ctx!, "data/recovery/lendingclub_history_dev.csv.gz"), 3000);
    plain = (await read(fileOf([names, ...rows].map((row) => row.join(",")).join("\n")), { columns: "all" })).columns;
    expect(plain.rows).to.equal(3000);
  });

  it("with the seller's headers, dollar signs and MM/DD/YYYY, in semicolons", async () => {
    const dollars = (text: string): string => `"$${text.replace(/\B(?=(\d{3})+(?!\d)(?<!\.\d*))/g, ",")}"`;
    const american = (text: string): string => `${text.slice(5, 7)}/${text.slice(8)}/${text.slice(0, 4)}`;
    const dressed = rows.map(([account, type, open, off, ...rest]) =>
      [
        account,
        type!.replace("_", " ").toUpperCase(),
        american(open!),
        american(off!),
        ...rest.slice(0, 3).map(dollars),
        `${rest[3]}%`,
      ].join(";"),
    );
    const layout = layoutSchema.parse({ columns: {}, date_pattern: "MM/DD/YYYY" });
    const tape = await read(fileOf([sellers.join(";"), ...dressed].join("\r\n")), { columns: "all", layout });
    expect([...tape.findings]).to.deep.equal([]);
    same(plain, tape.columns);
  });

  it("as Parquet, in its own types", async () => {
    const path = `${newFolder()}/tape.parquet`;
    const csv = fileOf([names, ...rows].map((row) => row.join(",")).join("\n"));
    await duck(`COPY (SELECT * FROM read_csv('${csv}')) TO '${path}' (FORMAT parquet)`);
    const tape = await read(path, { columns: "all" });
    expect(tape.file.format).to.equal("parquet");
    same(plain, tape.columns);
  });

  it("as JSON Lines", async () => {
    const lines = rows.map((row) =>
      JSON.stringify(Object.fromEntries(names.map((name, at) => [name, at >= 4 ? Number(row[at]) : row[at]]))),
    );
    const tape = await read(fileOf(lines.join("\n"), "tape.jsonl"), { columns: "all" });
    expect(tape.file.format).to.equal("jsonl");
    same(plain, tape.columns);
  });

  it("as XLSX, with real dates and numbers", async () => {
    const path = `${newFolder()}/tape.xlsx`;
    const cells = rows.map((row) =>
      row.map((text, at) => {
        if (at < 2) return { value: text, type: String };
        return at < 4
          ? { value: new Date(`${text}T00:00:00Z`), type: Date, format: "mm/dd/yyyy" }
          : { value: Number(text), type: Number };
      }),
    );
    await writeXlsxFile([names.map((value) => ({ value, type: String })), ...cells]).toFile(path);
    const tape = await read(path, { columns: "all" });
    expect(tape.file.format).to.equal("xlsx");
    same(plain, tape.columns);
  });

  it("in a process of its own", async () => {
    const path = fileOf([names, ...rows].map((row) => row.join(",")).join("\n"));
    const options = { currency: "USD", asOf: parseDay("2026-10-20"), columns: "all" as const };
    const tape = await readTapeIsolated(path, { ...options, workFolder: newFolder() });
    same(plain, tape.columns);
    expect(tape.findings.size).to.equal(0);
  });
});

describe("the real file", () => {
  it("is read without a finding on a row", async function () {
    const tape = await read(sharedPathOrSkip(this, "data/recovery/lendingclub_history_dev.csv.gz"), { columns: "all" });
    expect([tape.rowsInFile, tape.rejected]).to.deep.equal([3482, 0]);
    expect([...tape.findings].every((finding) => finding.row === null)).to.equal(true);
    expect(valuesOf(tape, "current_balance")[0]).to.equal(2_530_265n);
    expect(tape.columns.columns.get("extra.months_paid")!.kind).to.equal("number");
    expect(tape.columns.columns.get("extra.grade")!.kind).to.equal("code");
    expect(fillRates(tape.columns).find(({ column }) => column === "charge_off_date")?.filled).to.equal(3482);
  });
});

describe("the order of the file", () => {
  it("is kept over many blocks, blanks and slow amounts among them", async function () {
    this.timeout(20_000);
    const line = (row: number): string =>
      `A${row},${row % 7 === 0 ? `"$${row}.00"` : `${row}.00`},${row % 3 === 0 ? "n/a" : "2020-01-01"}`;
    const lines = Array.from({ length: 400_000 }, (_, row) => line(row + 1));
    const tape = await read(fileOf(`ACCT,BAL,OPENDATE\n${lines.join("\n")}\n`), { columns: "all" });
    expect(tape.rejected).to.equal(0);
    const balances = valuesOf(tape, "current_balance");
    const accounts = valuesOf(tape, "account_number");
    expect(balances.findIndex((value, at) => value !== BigInt(at + 1) * 100n)).to.equal(-1);
    expect(accounts.findIndex((value, at) => value !== `A${at + 1}`)).to.equal(-1);
  });
});

describe("a file whose name says that it is packed", () => {
  const csv = "ACCT,BAL,NAME\nA1,5.00,Jane Roe\nA2,6.00,Joe Doe\n";
  const jsonl = '{"ACCT":"A1","BAL":"5.00","NAME":"Jane Roe"}\n{"ACCT":"A2","BAL":"6.00","NAME":"Joe Doe"}\n';
  for (const [name, content] of [
    ["tape.csv.gz", csv],
    ["tape.csv.zst", csv],
    ["tape.jsonl.gz", jsonl],
  ] as const) {
    it(`and is not, is read by its content, the persons too: ${name}`, async () => {
      const path = fileOf(content, name);
      const layout = layoutSchema.parse({ columns: { debtor_name: "NAME" } });
      const tape = await read(path, { layout });
      expect(tape.columns.rows).to.equal(2);
      const persons: unknown[] = [];
      const options = { workFolder: newFolder(), layout: tape.layout };
      for await (const { columns } of readPersons(path, options)) persons.push(...columns.get("debtor_name")!);
      expect(persons).to.deep.equal(["Jane Roe", "Joe Doe"]);
    });
  }
});

describe("JSON Lines that are not all objects", () => {
  it("name the line", async () => {
    const tape = await read(
      fileOf('{"ACCT":"12345678901234567890","BAL":1.10}\n{"ACCT": broken\n{"BAL":2,"ACCT":"B"}\n'),
      { columns: "all" },
    );
    expect([...tape.findings].map(({ row, code }) => `${row} ${code}`)).to.deep.equal(["2 row_unreadable"]);
    expect(valuesOf(tape, "account_number")).to.deep.equal(["12345678901234567890", "B"]);
    expect([...tape.columns.rowNumbers]).to.deep.equal([1, 3]);
  });
});

describe("personal columns are read apart", () => {
  it("in batches, with the row numbers of the tape", async () => {
    const path = fileOf('ACCT,Debtor Name,BAL,SSN\nA,"Doe, Ann",1,078-05-1120\nB,x\nC,,3,\nD,Roe,4,1\n');
    const tape = await read(path);
    expect([...tape.columns.columns.keys()]).to.not.include.members(["debtor_name", "debtor_id"]);
    const batches = [];
    for await (const batch of readPersons(path, { workFolder: newFolder(), layout: tape.layout, batchRows: 2 }))
      batches.push(batch);
    expect(batches.map((batch) => [...batch.rowNumbers])).to.deep.equal([[1, 3], [4]]);
    expect(batches[0]!.columns.get("debtor_name")).to.deep.equal(["Doe, Ann", null]);
    expect(batches[1]!.columns.get("debtor_id")).to.deep.equal(["1"]);
    const isolated = [];
    const options = { workFolder: newFolder(), layout: tape.layout, batchRows: 2 };
    for await (const batch of readPersonsIsolated(path, options)) isolated.push(batch);
    expect(isolated).to.deep.equal(batches);
  });
});

describe("a process of its own", () => {
  const options = { currency: "USD", asOf: parseDay("2026-10-20") };

  it("hands on a refusal", async () => {
    const refusal = await refusalOf(readTapeIsolated(fileOf(""), { ...options, workFolder: newFolder() }));
    expect(refusal.code).to.equal("file_empty");
  });

  it("is ended when its time is up", async () => {
    const path = fileOf("ACCT,BAL\nA,1\n");
    const refusal = await refusalOf(readTapeIsolated(path, { ...options, workFolder: newFolder(), timeLimitMs: 1 }));
    expect(refusal.detail).to.match(/not read within 1 ms/);
    const batches = readPersonsIsolated(path, {
      layout: (await read(path)).layout,
      workFolder: newFolder(),
      timeLimitMs: 1,
    });
    expect((await refusalOf(batches.next())).detail).to.match(/not read within 1 ms/);
  });
});
