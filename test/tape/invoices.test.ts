import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import { missing } from "../../models/tape.js";
import { type Day, formatDay } from "../../src/calendar/day.js";
import { type InvoiceFile, type InvoiceOptions, readInvoices } from "../../src/tape/invoices.js";
import { readInvoicesIsolated } from "../../src/tape/isolated.js";
import { sharedPathOrSkip } from "../harness/shared.js";
import { fileOf, newFolder, refusalOf } from "./work-folder.js";

const header = "invoice_number,debtor_id,invoice_date,due_date,amount";

async function readFile(path: string, options: Partial<InvoiceOptions> = {}): Promise<InvoiceFile> {
  return await readInvoices(path, { workFolder: newFolder(), ...options });
}

const readText = (text: string, options: Partial<InvoiceOptions> = {}) => readFile(fileOf(text), options);

const found = ({ findings }: InvoiceFile): string[] =>
  [...findings.inFileOrder()].map(
    ({ row, column, code, value }) => `${row ?? "-"} ${column ?? "-"} ${code}${value === null ? "" : ` ${value}`}`,
  );

describe("a file of invoices", () => {
  it("becomes columns: exact amounts, plain days, flags, codes and the columns of its own", async () => {
    const file = await readText(
      [
        "Invoice #,Customer ID,Customer Name,Inv Date,Due Date,Invoice Amount,Ccy,PO Number,POD,Country,Dispute,Amount Paid,Cust Type,Clear Date,Paperless,Lines",
        '7,D1,Acme Ltd,2026-01-05,2026-02-04,"1,234.56",USD,PO-9,DN-17,US,No,"1,200.00",business,2026-02-10,Yes,3',
        "8,D2,Bolt AG,2026-01-06,2026-02-05,90071992547409.93,usd,,no,DE,,,government,,,12",
      ].join("\n"),
    );
    const { columns } = file;
    expect(found(file)).to.deep.equal(["- Paperless column_unmapped", "- Lines column_unmapped"]);
    expect(columns.invoiceNumbers).to.deep.equal(["7", "8"]);
    expect([...columns.amountMinor]).to.deep.equal([123_456n, 9_007_199_254_740_993n]);
    expect([...columns.paidMinor!]).to.deep.equal([120_000n, missing.money]);
    expect(Array.from(columns.dueDay, (day) => formatDay(day as Day))).to.deep.equal(["2026-02-04", "2026-02-05"]);
    expect([...columns.settledDay!].map((day) => (day === missing.day ? null : formatDay(day as Day)))).to.deep.equal([
      "2026-02-10",
      null,
    ]);
    expect([...columns.proofOfDelivery!]).to.deep.equal([1, 0]);
    expect([...columns.disputed!]).to.deep.equal([0, missing.flag]);
    expect(columns.debtor.labels).to.deep.equal(["D1", "D2"]);
    expect(columns.debtorName!.labels).to.deep.equal(["Acme Ltd", "Bolt AG"]);
    expect(columns.purchaseOrder!.labels).to.deep.equal(["PO-9"]);
    expect(columns.debtorType!.labels).to.deep.equal(["business", "government"]);
    expect(columns.extras.get("Lines")).to.deep.include({ kind: "number", values: Float64Array.of(3, 12) });
    expect(columns.extras.get("Paperless")).to.deep.include({ kind: "code", labels: ["Yes"] });
  });

  const cases: { why: string; header?: string; rows: string[]; finds: string[]; keeps: number }[] = [
    { why: "sound rows", rows: ["1,A,2026-01-05,2026-02-04,10.00"], finds: [], keeps: 1 },
    {
      why: "a due date before the invoice is kept, and named",
      rows: ["1,A,2026-01-05,2026-01-04,10.00"],
      finds: ["1 due_date due_before_invoice 2026-01-04"],
      keeps: 1,
    },
    {
      why: "credit notes and zeros are kept, and named",
      rows: ["1,A,2026-01-05,2026-02-04,(10.00)", "2,A,2026-01-05,2026-02-04,0"],
      finds: ["1 amount credit_note -10.00", "2 amount amount_zero 0.00"],
      keeps: 2,
    },
    {
      why: "one number twice of one debtor, not of two",
      rows: ["1,A,2026-01-05,2026-02-04,10.00", "1,B,2026-01-05,2026-02-04,10.00", "1,A,2026-01-06,2026-02-04,11.00"],
      finds: ["3 invoice_number invoice_duplicate 1"],
      keeps: 2,
    },
    {
      why: "one number written otherwise: capitals, blanks and full-width letters",
      rows: [
        "inv-1,A,2026-01-05,2026-02-04,10.00",
        "INV - 1 ,A,2026-01-05,2026-02-04,10.00",
        "\uff29NV-1,A,2026-01-05,2026-02-04,10.00",
        "INV1,A,2026-01-05,2026-02-04,10.00",
      ],
      finds: ["2 invoice_number invoice_duplicate INV - 1", "3 invoice_number invoice_duplicate \uff29NV-1"],
      keeps: 2,
    },
    {
      why: "paid or disputed below zero would make more of the invoice than it is",
      header: `${header},paid_amount,disputed_amount`,
      rows: [
        "1,A,2026-01-05,2026-02-04,10.00,-5,",
        "2,A,2026-01-05,2026-02-04,10.00,0,-5",
        "3,A,2026-01-05,2026-02-04,10.00,0,5",
      ],
      finds: ["1 paid_amount part_negative -5.00", "2 disputed_amount part_negative -5.00"],
      keeps: 1,
    },
    {
      why: "due in the year 9999",
      rows: ["1,A,2026-01-05,9999-02-04,10.00", "2,A,2026-01-05,2036-01-03,10.00"],
      finds: ["1 due_date due_date_far 9999-02-04"],
      keeps: 2,
    },
    {
      why: "what is missing",
      rows: [
        ",A,2026-01-05,2026-02-04,1",
        "2,,2026-01-05,2026-02-04,1",
        "3,A,,2026-02-04,1",
        "4,A,2026-01-05,,1",
      ].concat("5,A,2026-01-05,2026-02-04,"),
      finds: [
        "1 invoice_number invoice_number_missing",
        "2 debtor_id debtor_missing",
        "3 invoice_date invoice_date_missing",
        "4 due_date due_date_missing",
        "5 amount amount_missing",
      ],
      keeps: 1,
    },
    {
      why: "what cannot be read",
      rows: [
        "1,A,2026-13-05,2026-02-04,1.00",
        "2,A,2026-01-05,2026-02-04,1.005",
        "3,A,2026-01-05,2026-02-04,inf",
      ].concat("4,A,2026-01-05,2026-02-04,1.00"),
      finds: [
        "1 invoice_date date_invalid 2026-13-05",
        "2 amount amount_over_precise 1.005",
        "3 amount amount_invalid inf",
      ],
      keeps: 1,
    },
    {
      why: "two currencies: the one of the first row is read",
      header: `${header},currency`,
      rows: [
        "1,A,2026-01-05,2026-02-04,1.00,EUR",
        "2,A,2026-01-05,2026-02-04,1.00,USD",
        "3,A,2026-01-05,2026-02-04,1.00,",
      ],
      finds: ["2 currency currency_differs USD"],
      keeps: 2,
    },
    {
      why: "settled before it was issued, and paid twice",
      header: `${header},settled_date,paid_amount`,
      rows: ["1,A,2026-01-05,2026-02-04,1.00,2026-01-04,2.00"],
      finds: ["1 paid_amount paid_over_amount 2.00", "1 settled_date settled_before_invoice 2026-01-04"],
      keeps: 1,
    },
    {
      why: "a placeholder for a date is none",
      rows: ["1,A,1900-01-01,2026-02-04,1.00", "2,A,2026-01-05,2026-02-04,1.00"],
      finds: ["1 invoice_date date_placeholder 1900-01-01", "1 invoice_date invoice_date_missing"],
      keeps: 1,
    },
    {
      why: "a row with too many fields",
      rows: ["1,A,2026-01-05,2026-02-04,1.00,9", "2,A,2026-01-05,2026-02-04,1.00"],
      finds: ["1 - row_ragged 6"],
      keeps: 1,
    },
    {
      why: "nothing protected and nothing personal is read",
      header: `${header},debtor gender,email of buyer`,
      rows: ["1,A,2026-01-05,2026-02-04,1.00,f,a@b.example"],
      finds: ["- debtor gender column_protected", "- email of buyer column_unmapped"],
      keeps: 1,
    },
  ];
  for (const { why, rows, finds, keeps, ...rest } of cases) {
    it(`is examined: ${why}`, async () => {
      const file = await readText([rest.header ?? header, ...rows].join("\n"));
      expect(found(file)).to.deep.equal(finds);
      expect(file.columns.rows).to.equal(keeps);
      expect(file.rejected).to.equal(rows.length - keeps);
    });
  }

  it("is read the same from Parquet and JSON Lines, and in a process of its own", async () => {
    const rows = ["1,A,2026-01-05,2026-02-04,10.00", "2,B,2026-01-06,2026-02-05,20.50"];
    const csv = await readText([header, ...rows].join("\n"));
    const folder = newFolder();
    const source = fileOf([header, ...rows].join("\n"));
    const database = await DuckDBInstance.create(":memory:");
    const connection = await database.connect();
    await connection.run(
      `COPY (SELECT * FROM read_csv('${source}')) TO '${join(folder, "i.parquet")}' (FORMAT parquet)`,
    );
    connection.closeSync();
    const names = header.split(",");
    const lines = rows.map((row) => JSON.stringify(Object.fromEntries(row.split(",").map((v, at) => [names[at], v]))));
    writeFileSync(join(folder, "i.jsonl"), lines.join("\n"));
    for (const other of [
      await readFile(join(folder, "i.parquet")),
      await readFile(join(folder, "i.jsonl")),
      await readInvoicesIsolated(source, { workFolder: newFolder() }),
    ]) {
      expect(other.columns).to.deep.equal(csv.columns);
      expect(found(other)).to.deep.equal([]);
    }
  });

  const refused: { why: string; text: string; options?: Partial<InvoiceOptions>; code: string; says: RegExp }[] = [
    {
      why: "no due date",
      text: "invoice,debtor,date,amount\n1,A,2026-01-05,1",
      code: "layout_unresolved",
      says: /due_date/,
    },
    {
      why: "dates that could be two",
      text: `${header}\n1,A,03/04/2026,2026-05-04,1`,
      code: "layout_unresolved",
      says: /MM\/DD\/YYYY or DD\/MM\/YYYY/,
    },
    {
      why: "no such currency",
      text: `${header}\n1,A,2026-01-05,2026-02-04,1`,
      options: { currency: "XXX" },
      code: "currency_unknown",
      says: /XXX/,
    },
    {
      why: "another sum",
      text: `${header}\n1,A,2026-01-05,2026-02-04,1`,
      options: { expectFace: "2" },
      code: "control_total_mismatch",
      says: /1\.00 USD; 2/,
    },
    {
      why: "another count",
      text: `${header}\n1,A,2026-01-05,2026-02-04,1`,
      options: { expectRows: 2 },
      code: "control_total_mismatch",
      says: /1 rows; 2/,
    },
    { why: "a header alone", text: header, code: "file_without_rows", says: /only a header/ },
  ];
  for (const { why, text, options, code, says } of refused) {
    it(`is refused: ${why}`, async () => {
      const refusal = await refusalOf(readText(text, options));
      expect(refusal.code).to.equal(code);
      expect(refusal.detail).to.match(says);
    });
  }

  it("is read whole where it is a real history", async function () {
    const file = await readFile(sharedPathOrSkip(this, "data", "invoices", "receivables_history_dev.csv"));
    expect(file.columns.rows).to.equal(1594);
    expect(file.columns.debtor.labels).to.have.lengthOf(100);
    expect([...file.columns.extras.keys()]).to.deep.equal(["paperless"]);
    expect(found(file)).to.deep.equal(["- paperless column_unmapped"]);
  });
});
