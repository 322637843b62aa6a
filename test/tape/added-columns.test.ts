import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import { renderXlsx } from "../../src/reports/render-xlsx.js";
import { writeWithColumns } from "../../src/tape/added-columns.js";
import { readInvoices } from "../../src/tape/invoices.js";
import { fileOf, newFolder, refusalOf } from "./work-folder.js";

const header = "invoice,debtor,date,due,amount,note";
const row = (number: number, note = "") => `${number},A,2026-01-05,2026-02-04,10.00,${note}`;

/** Reads a file and writes it again with the number of each row beside it. */
async function numbered(path: string, ending = "csv"): Promise<string> {
  const { columns, layout, isRepaired } = await readInvoices(path, { workFolder: newFolder() });
  const out = join(newFolder(), `out.${ending}`);
  await writeWithColumns(path, {
    layout,
    isRepaired,
    workFolder: newFolder(),
    out,
    rowNumbers: columns.rowNumbers,
    numbers: [
      { name: "twice", values: Float64Array.from(columns.invoiceNumbers, (number) => 2 * Number(number)), decimals: 2 },
    ],
    words: ["", "o'dd", "even"],
    texts: [
      {
        name: "parity",
        codes: Int32Array.from(columns.invoiceNumbers, (number) => (Number(number) % 2 === 0 ? 2 : 1)),
      },
    ],
  });
  return out;
}

const textOf = (path: string): string => readFileSync(path, "utf8").trimEnd();
const expected = (numbers: readonly number[], notes: Readonly<Record<number, string>> = {}): string =>
  [
    `${header},twice,parity`,
    ...numbers.map((n) => `${row(n, notes[n] ?? "")},${(2 * n).toFixed(1)},${n % 2 === 0 ? "even" : "o'dd"}`),
  ].join("\n");

describe("a file written again with further columns", () => {
  const lines = (rows: readonly string[]) => [header, ...rows].join("\n");
  const cases: { why: string; file: () => string; gives: string }[] = [
    { why: "a sound file", file: () => fileOf(lines([row(1), row(2), row(3)])), gives: expected([1, 2, 3]) },
    {
      why: "rows that are rejected for what they say are not in it, wherever they stand",
      file: () =>
        fileOf(
          lines([row(9).replace("10.00", "x"), row(1), row(8).replace("10.00", ""), row(2), row(7).replace("A", "")]),
        ),
      gives: expected([1, 2]),
    },
    {
      why: "ragged rows and broken quotes, which take a repair",
      file: () =>
        fileOf(
          lines([
            row(1),
            `${row(9)},more`,
            row(2),
            "only,two",
            `${row(3)}`,
            '5,"A"x,2026-01-05,2026-02-04,10.00,',
            row(4),
          ]),
        ),
      gives: expected([1, 2, 3, 4]),
    },
    {
      why: "quotes, delimiters and line ends in a field",
      file: () => fileOf(lines([row(1, '"a ""b"", c\nd"'), row(2)])),
      gives: expected([1, 2], { 1: '"a ""b"", c\nd"' }),
    },
    {
      why: "a packed file",
      file: () => fileOf(gzipSync(lines([row(1), row(2)])), "tape.csv.gz"),
      gives: expected([1, 2]),
    },
    {
      why: "another encoding becomes UTF-8",
      file: () => fileOf(Buffer.from(lines([row(1, "M\u00fcller"), row(2)]), "latin1")),
      gives: expected([1, 2], { 1: "M\u00fcller" }),
    },
    {
      why: "another delimiter becomes a comma",
      file: () => fileOf(lines([row(1), row(2)]).replaceAll(",", ";")),
      gives: expected([1, 2]),
    },
    {
      why: "a column of the same name is replaced",
      file: () =>
        fileOf(
          lines([row(1), row(2)])
            .replace("note", "note,Twice")
            .replaceAll("10.00,", "10.00,,old"),
        ),
      gives: expected([1, 2]),
    },
  ];
  for (const { why, file, gives } of cases) {
    it(`keeps each row with its own figures: ${why}`, async () => {
      expect(textOf(await numbered(file()))).to.equal(gives);
    });
  }

  it("reads a workbook and JSON Lines as well", async () => {
    const columns = header.split(",").map((key) => ({ key, title: key, kind: "text" as const }));
    const sheet = { name: "s", title: "s", columns, rows: [row(1, "a"), row(2, "b")].map((text) => text.split(",")) };
    const book = join(newFolder(), "b.xlsx");
    writeFileSync(book, await renderXlsx([sheet]));
    const objects = sheet.rows.map((cells) =>
      JSON.stringify(Object.fromEntries(cells.map((cell, k) => [columns[k]!.key, cell]))),
    );
    const notes = { 1: "a", 2: "b" };
    expect(textOf(await numbered(fileOf(objects.join("\n"), "f.jsonl")))).to.equal(expected([1, 2], notes));
    expect(textOf(await numbered(book))).to.equal(expected([1, 2], notes));
  });

  it("writes Parquet, and reads its own again", async () => {
    const parquet = await numbered(fileOf(lines([row(1), row(9).replace("10.00", "x"), row(2)])), "parquet");
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const rows = (await connection.runAndReadAll(`SELECT invoice, twice, parity FROM '${parquet}'`)).getRows();
    expect(rows).to.deep.equal([
      ["1", 2, "o'dd"],
      ["2", 4, "even"],
    ]);
    connection.closeSync();
    expect(textOf(await numbered(parquet))).to.equal(expected([1, 2]));
  });

  it("refuses a name of another kind before it reads anything", async () => {
    expect((await refusalOf(numbered(fileOf(lines([row(1)])), "pdf"))).code).to.equal("file_unsupported");
  });
});
