import { createHash } from "node:crypto";
import { expect } from "chai";
import { isFaultOfFile, refusalOf as refusalOfError } from "../../src/tape/engine.js";
import { fileOf, read, rowFindings, valuesOf } from "./work-folder.js";

const rows = 30_000;
const lines = (line: (row: number) => string) => Array.from({ length: rows }, (_, i) => `${line(i + 1)}\n`).join("");

describe("a text that only shows late what it is", () => {
  const sound = `ACCT,ST,BAL\n${lines((row) => `A${row},TX,${row}.50`)}`;
  const cases: { why: string; file: Buffer; encoding: string; found: string[]; last: string | null }[] = [
    { why: "UTF-8 to the end", file: Buffer.from(`${sound}Z,CA,1\n`), encoding: "utf-8", found: [], last: "CA" },
    {
      why: "a byte of windows-1252 behind the head",
      file: Buffer.concat([Buffer.from(sound), Buffer.from("Z,\u00c4,1\n", "latin1")]),
      encoding: "windows-1252",
      found: [`${rows + 1} state_unknown`],
      last: "\u00c4",
    },
    {
      why: "a NUL byte behind the head",
      file: Buffer.from(`${sound}Y,C\0A,1\nZ,CA,1\n`),
      encoding: "utf-8",
      found: [`${rows + 1} text_with_control_characters`],
      last: "CA",
    },
    {
      why: "a NUL byte in a column that is not read",
      file: Buffer.from(`ACCT,ZIP,ST,BAL\n${lines((row) => `A${row},7${row},TX,2`)}Y,7\0,TX,1\nZ,7,CA,1\n`),
      encoding: "utf-8",
      found: [`${rows + 1} text_with_control_characters`],
      last: "CA",
    },
    {
      why: "a ragged row behind the head",
      file: Buffer.from(`${sound}Y,CA\nZ,CA,1\n`),
      encoding: "utf-8",
      found: [`${rows + 1} row_ragged`],
      last: "CA",
    },
  ];
  for (const { why, file, encoding, found, last } of cases) {
    it(why, async () => {
      const tape = await read(fileOf(file));
      expect(tape.file.encoding).to.equal(encoding);
      expect(tape.file.sha256).to.equal(createHash("sha256").update(file).digest("hex"));
      expect(rowFindings(tape)).to.deep.equal(found);
      expect(valuesOf(tape, "state").at(-1)).to.equal(last);
      expect(tape.columns.rows + tape.rejected).to.equal(tape.rowsInFile);
    });
  }
});

describe("texts kept as numbers", () => {
  it("are told apart by the ten thousand, and come back as they stand", async () => {
    const file = fileOf(`ACCT,BAL,NOTE\n${lines((row) => `A${row},1,note ${row % 10_007} of a length`)}`);
    const tape = await read(file, { columns: "all" });
    const notes = valuesOf(tape, "extra.NOTE");
    expect(new Set(notes).size).to.equal(10_007);
    expect([notes[0], notes[10_007], notes[29_999]]).to.deep.equal([
      "note 1 of a length",
      "note 1 of a length",
      `note ${30_000 % 10_007} of a length`,
    ]);
    expect(valuesOf(tape, "account_number").slice(0, 2)).to.deep.equal(["A1", "A2"]);
  });

  it("name the first row of a duplicate far apart, blanks around it or not", async () => {
    const file = fileOf(`ACCT,BAL\n${lines((row) => `${row === rows ? " A7 " : `A${row}`},1`)}A7,1\n`);
    const tape = await read(file);
    const found = [...tape.findings.inFileOrder()].map(({ row, value, message }) => [row, value, message.slice(-5)]);
    expect(found).to.deep.equal([
      [rows, "A7", "row 7"],
      [rows + 1, "A7", "row 7"],
    ]);
  });
});

describe("what pricing leaves out", () => {
  it("is texts alone: an amount that no price rests on still rejects its row", async () => {
    const file = fileOf("ACCT,BAL,ZIP,Orig Bal\nA,1,7,5\nB,1,7,x\n");
    const tape = await read(file);
    expect([...tape.columns.columns.keys()]).to.have.members(["current_balance", "original_balance"]);
    expect(rowFindings(tape)).to.deep.equal(["2 amount_invalid"]);
  });
});

describe("errors of the engine", () => {
  const cases = [
    { why: "memory", message: "Out of Memory Error: could not allocate", code: "file_too_large" },
    { why: "content", message: "Invalid Input Error: CSV Error on Line: 3", code: "file_unreadable" },
    { why: "damage", message: "Serialization Error: Failed to deserialize", code: "file_unreadable" },
    { why: "our own SQL", message: "Binder Error: no such column", code: undefined },
    { why: "our own code", message: "the vector of column 3 is not of fixed-width numbers", code: undefined },
  ];
  for (const { why, message, code } of cases) {
    it(`${why}: ${code ?? "a fault"}`, () => {
      const error = new Error(message);
      expect(isFaultOfFile(error)).to.equal(code !== undefined);
      expect(refusalOfError(error, "t.csv")?.code).to.equal(code);
      expect(refusalOfError(error, "t.csv")?.detail ?? "").to.not.contain(message);
    });
  }
});
