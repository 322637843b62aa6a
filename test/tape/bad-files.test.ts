import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { RefusalCode } from "../../models/refusal.js";
import { fileOf, newFolder, read, refusalOf, rowFindings, valuesOf } from "./work-folder.js";

const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, "utf16le");

describe("a file without a header", () => {
  const row = "A-1,Zebulon Quackenbush,987-65-4329,TX,5000.00";
  const table = [
    { file: `${row}\n`, why: "one row" },
    { file: `${row}\n`.repeat(3), why: "several rows" },
    { file: `${row},Zebulon Quackenbush\n`.repeat(3), why: "a name twice in the row" },
    { file: `"${row}\n${row}\n`, why: "a quote that never closes" },
    { file: `${row.replaceAll(",", "^")}\n`.repeat(3), why: "an unknown delimiter" },
  ];
  for (const { file, why } of table) {
    it(`is refused without a word of the person in its first line: ${why}`, async () => {
      const { message, items } = await refusalOf(read(fileOf(file)));
      expect(`${message} ${JSON.stringify(items)}`).not.to.match(/Zebulon|987/);
    });
  }
});

describe("a file that cannot be read as a tape is refused", () => {
  const table: { file: string | Buffer; code: RefusalCode; says: RegExp; why: string }[] = [
    { file: "", code: "file_empty", says: /no bytes/, why: "an empty file" },
    { file: "\n\r\n\n", code: "file_empty", says: /blank lines/, why: "blank lines only" },
    { file: gzipSync(""), code: "file_empty", says: /unpacks to no bytes/, why: "an empty file, packed" },
    { file: "ACCT,BAL\n", code: "file_without_rows", says: /only a header/, why: "header only" },
    { file: "ACCT,BAL", code: "file_without_rows", says: /only a header/, why: "header only, without a line end" },
    { file: "ACCT^BAL\nA1^5\n", code: "layout_unresolved", says: /one column.*ACCT\^BAL/, why: "an unknown delimiter" },
    { file: "ACCT,BAL,acct\nA1,5,A1\n", code: "header_duplicate", says: /"acct".*1.*3/, why: "duplicate headers" },
    { file: "ACCT,BAL\0\nA1,5\n", code: "file_unreadable", says: /NUL/, why: "NUL bytes in the header" },
    { file: Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 1, 2]), code: "file_unreadable", says: /NUL/, why: "a binary" },
    { file: "%PDF-1.7 ...", code: "file_unsupported", says: /PDF/, why: "a PDF" },
    { file: '[{"acct":"A1","bal":5}]', code: "file_unsupported", says: /one object a line/, why: "a JSON array" },
    { file: "PAR1 not really", code: "file_unreadable", says: /parquet/, why: "Parquet by its magic alone" },
    { file: "PK\u0003\u0004 not really", code: "file_unreadable", says: /archive/, why: "ZIP by its magic alone" },
    { file: gzipSync("ACCT,BAL\nA1,5\n").subarray(0, 20), code: "file_unreadable", says: /gzip/, why: "cut gzip" },
    { file: gzipSync(Buffer.alloc(3e8, "A")), code: "file_too_large", says: /unpacks to more/, why: "a gzip bomb" },
    { file: '"ACCT,BAL\nA1,5\n', code: "file_unreadable", says: /header/, why: "a header whose quote never closes" },
    { file: "FOO,BAR\n1,2\n", code: "layout_unresolved", says: /account_number.*"FOO"/, why: "unknown columns" },
    { file: "ACCT,Loan ID,BAL\n1,2,3\n", code: "layout_unresolved", says: /"ACCT".*"Loan ID"/, why: "two candidates" },
    {
      file: "ACCT,BAL,CODATE\n1,2,03/04/2021\n",
      code: "layout_unresolved",
      says: /03\/04\/2021.*MM\/DD\/YYYY or DD\/MM\/YYYY/,
      why: "an ambiguous date",
    },
    {
      file: "ACCT,BAL,CODATE\n1,2,03/31/2021\n",
      code: "layout_unresolved",
      says: /could be MM\/DD\/YYYY or M\/D/,
      why: "unambiguous, still declared",
    },
  ];
  for (const { file, code, says, why } of table) {
    it(why, async () => {
      const refusal = await refusalOf(read(fileOf(file)));
      expect(refusal.code).to.equal(code);
      expect(refusal.detail).to.match(says);
    });
  }

  it("a file that is not there, without its folder in the message", async () => {
    const refusal = await refusalOf(read("/nowhere/at/all.csv"));
    expect(refusal.code).to.equal("file_not_found");
    expect(refusal.detail).to.include("all.csv").and.not.include("/nowhere");
  });

  it("control totals that do not agree, with both numbers", async () => {
    const path = fileOf("ACCT,BAL\nA1,5\nA1,7.50\n");
    const rows = await refusalOf(read(path, { expectRows: 3 }));
    expect([rows.code, rows.detail]).to.deep.equal(["control_total_mismatch", "the file has 2 rows; 3 were declared"]);
    const face = await refusalOf(read(path, { expectFace: "12.51" }));
    expect(face.detail).to.equal("the balances sum to 12.50 USD; 12.51 was declared");
    const tape = await read(path, { expectRows: 2, expectFace: "12.50" });
    expect(tape.rejected).to.equal(1);
  });
});

describe("a bad row is a finding with its number, and the rest is read", () => {
  const table: { file: string | Buffer; found: string[]; kept: string[]; why: string }[] = [
    {
      file: "ACCT,BAL,ST\nA,1,TX\nB,2\nC,3,TX,9\nD,4,TX\n",
      found: ["2 row_ragged", "3 row_ragged"],
      kept: ["A", "D"],
      why: "ragged rows",
    },
    {
      file: 'ACCT,BAL,ST\nA,1,"T\nX"\n\nB,2\nC,3,TX\n',
      found: ["1 state_unknown", "2 row_ragged"],
      kept: ["A", "C"],
      why: "a quoted line break and a blank line do not shift the numbers",
    },
    {
      file: 'ACCT,BAL,ST\nA,1,TX\nB,"2,TX\nC,3,TX\n"D"x,4,TX\nE,5,TX\n',
      found: ["2 row_unreadable", "4 row_unreadable"],
      kept: ["A", "C", "E"],
      why: "a stray quote does not swallow the rows behind it",
    },
    {
      file: "ACCT,BAL\nA,1\nB\0,2\nC,3\n",
      found: ["2 text_with_control_characters"],
      kept: ["A", "C"],
      why: "NUL in a row",
    },
    { file: "ACCT,BAL\r\nA,1\nB,2\r\nC\r\n", found: ["3 row_ragged"], kept: ["A", "B"], why: "mixed line ends" },
    { file: "ACCT,BAL\rA,1\rB,2\r", found: [], kept: ["A", "B"], why: "line ends of the old Macintosh" },
    { file: "\ufeffACCT,BAL\nA,1\n", found: [], kept: ["A"], why: "UTF-8 with its mark" },
    { file: "\ufeffACCT,BAL\nA,1\nB\n", found: ["2 row_ragged"], kept: ["A"], why: "the mark, and a ragged row" },
    { file: utf16("ACCT;BAL\nÄ1;1\n"), found: [], kept: ["Ä1"], why: "UTF-16 with its mark" },
    { file: utf16("ACCT;BAL\nÄ1;1\n").swap16(), found: [], kept: ["Ä1"], why: "UTF-16, big end first" },
    { file: Buffer.from("ACCT\tBAL\nÄ1\t1\n", "latin1"), found: [], kept: ["Ä1"], why: "Latin-1" },
    { file: Buffer.from("ACCT|BAL\n\x801|1\n", "latin1"), found: [], kept: ["€1"], why: "windows-1252" },
    {
      file: "ACCT,BAL\nA,1\n,2\nA,3\nB,\n  ,x\n",
      found: [
        "2 account_number_missing",
        "3 account_number_duplicate",
        "4 balance_missing",
        "5 amount_invalid",
        "5 account_number_missing",
      ],
      kept: ["A"],
      why: "missing and duplicate",
    },
    {
      file: "ACCT,BAL\nA1,1\nA1 ,2\n A1,3\nA1\u00a0,4\n\u2003A1,5\nÄ1,6\nÄ1 ,7\n~1,8\n ~1,9\n",
      found: [2, 3, 4, 5, 7, 9].map((row) => `${row} account_number_duplicate`),
      kept: ["A1", "Ä1", "~1"],
      why: "spaces of any kind around an account number make no other one",
    },
    {
      file: "ACCT,BAL\nA,(12.34)\nB,0.00\nC,-1\n",
      found: ["1 balance_negative", "3 balance_negative"],
      kept: ["B"],
      why: "negative and zero balances",
    },
    {
      file: "ACCT,BAL,CODATE,ODT,LPD\nA,1,2020-02-30,,\nB,1,1900-01-01,,\nC,1,2027-01-01,,\nD,1,2020-01-05,,2020-02-01\n".replace(
        "ODT",
        "Open Date",
      ),
      found: [
        "1 date_invalid",
        "2 date_placeholder",
        "2 missing_charge_off_date",
        "3 date_in_future",
        "4 last_payment_after_charge_off",
      ],
      kept: ["B", "C", "D"],
      why: "dates",
    },
    {
      file: "ACCT,BAL,CODATE,OPENDATE\nA,1,2020-02-03,2020-02-03\nB,1,2020-02-03,2020-02-04\nC,1,,\n",
      found: ["1 charge_off_on_open_date", "2 charge_off_before_open", "3 missing_charge_off_date"],
      kept: ["A", "B", "C"],
      why: "charge-off against opening",
    },
    {
      file: "ACCT,BAL,PRIN,INT,FEES\nA,6,1,2,3\nB,7,1,2,3\nC,7,1,,3\nD,N/A,1,2,3\n",
      found: ["2 balance_not_sum_of_parts", "4 balance_missing"],
      kept: ["A", "B", "C"],
      why: "balance and its parts; only where all are given",
    },
    {
      file: "ACCT,BAL,ST,TYPE,BK\nA,1,texas,Visa,CH 13\nB,1,ZZ,llama,perhaps\nC,1,,,\n",
      found: ["2 state_unknown", "2 product_type_unknown", "2 flag_invalid"],
      kept: ["A", "B", "C"],
      why: "words with no meaning",
    },
  ];
  for (const { file, found, kept, why } of table) {
    it(why, async () => {
      const tape = await read(fileOf(file), { columns: "all" });
      expect(rowFindings(tape).sort()).to.deep.equal([...found].sort());
      expect(valuesOf(tape, "account_number")).to.deep.equal(kept);
      expect(tape.rowsInFile - tape.rejected).to.equal(kept.length);
    });
  }

  it("a duplicate names the first row, and a personal value never shows", async () => {
    const tape = await read(fileOf("ACCT,BAL,SSN\nA,1,078-05-1120\nB,1,078-05-1121\nA,x,078-05-1120\n"));
    const all = JSON.stringify([...tape.findings]);
    expect(all).to.include("earlier row: row 1").and.not.include("078");
    tape.findings.add("row_unreadable", { row: 1, column: "debtor_id", value: "078-05-1120" });
    expect([...tape.findings].at(-1)!.value).to.equal("***-**-####");
  });

  it("a million bad rows, in bounded time and memory", async function () {
    this.timeout(30_000);
    const path = `${newFolder()}/bad.csv`;
    const file = createWriteStream(path);
    file.write("ACCT,BAL,CODATE\n");
    for (let block = 0; block < 100; block++) {
      let text = "";
      for (let row = 0; row < 10_000; row++)
        text += row % 2 === 0 ? `A${block}-${row},x${row},2020-01-01\n` : `"A${row},1\n`;
      if (!file.write(text)) await once(file, "drain");
    }
    file.end("Z,1,2020-01-01\n");
    await once(file, "close");
    const before = process.memoryUsage().rss;
    const tape = await read(path, { columns: "all" });
    expect(Object.fromEntries(tape.findings.countByCode())).to.deep.equal({
      amount_invalid: 500_000,
      row_unreadable: 500_000,
    });
    expect(valuesOf(tape, "account_number")).to.deep.equal(["Z"]);
    expect(tape.columns.rowNumbers[0]).to.equal(1_000_001);
    expect(tape.findings.at(0).severity).to.equal("reject");
    expect(process.memoryUsage().rss - before).to.be.below(700 * 2 ** 20);
  });
});
