import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { isRefusal, type Refusal } from "../../models/refusal.js";
import { type FileRow, type PaymentFileForm, readPaymentFile } from "../../src/reconcile/payment-file.js";

describe("reading a payments file", () => {
  const folder = mkdtempSync(join(tmpdir(), "netback-payment-file-"));
  after(() => rmSync(folder, { recursive: true }));

  async function read(content: string | Buffer, form: Partial<PaymentFileForm> = {}): Promise<FileRow[]> {
    const path = join(folder, "payments");
    writeFileSync(path, content);
    const rows: FileRow[] = [];
    for await (const some of readPaymentFile(path, { format: "csv", ...form })) rows.push(...some);
    return rows;
  }
  const fieldsOf = async (content: string | Buffer, form?: Partial<PaymentFileForm>) =>
    (await read(content, form)).map(({ fields }) => fields);
  async function refusalOf(content: string | Buffer, form?: Partial<PaymentFileForm>): Promise<Refusal> {
    try {
      await read(content, form);
    } catch (error) {
      if (isRefusal(error)) return error;
      throw error;
    }
    throw new Error("the file was read, and should have been refused");
  }

  const header = "account_number,amount,paid_on,external_id";
  const one = { account_number: "A1", amount: "10.00", paid_on: "2026-01-10", external_id: "F-1" };
  const line = "A1,10.00,2026-01-10,F-1";

  // biome-ignore format: a table
  const forms: { why: string; content: string | Buffer; form?: Partial<PaymentFileForm> }[] = [
    { why: "the names of the fields", content: `${header}\n${line}\n` },
    { why: "an agency's names", content: `account,amount,date,reference\n${line}\n` },
    { why: "capitals, blanks and punctuation", content: `Acct,Payment Amount,"Payment-Date",TRANSACTION_ID\n${line}\n` },
    { why: "a third set of names", content: `Client Ref.,GROSS,Posted On,payment id\n${line}\n` },
    { why: "no newline at the end, CRLF", content: `${header}\r\n${line}` },
    { why: "a byte order mark", content: `\uFEFF${header}\n${line}\n` },
    { why: "UTF-16 with its mark", content: Buffer.from(`\uFEFF${header}\n${line}\n`, "utf16le") },
    { why: "semicolons", content: `${header}\n${line}\n`.replaceAll(",", ";") },
    { why: "tabs", content: `${header}\n${line}\n`.replaceAll(",", "\t") },
    { why: "bars", content: `${header}\n${line}\n`.replaceAll(",", "|") },
    { why: "gzip", content: gzipSync(`${header}\n${line}\n`) },
    { why: "quotes and blanks", content: `${header}\n"A1" , "10.00", 2026-01-10 ,"F-1"\n` },
    { why: "blank lines", content: `\n${header}\n\n${line}\n\n` },
    { why: "NDJSON", content: `${JSON.stringify(one)}\n`, form: { format: "ndjson" } },
    { why: "NDJSON, gzipped", content: gzipSync(`${JSON.stringify(one)}\n`), form: { format: "ndjson" } },
    { why: "American dates, declared", content: `${header}\nA1,10.00,01/10/2026,F-1\n`, form: { datePattern: "MM/DD/YYYY" } },
    { why: "European dates, declared", content: `${header}\nA1,10.00,10.1.26,F-1\n`, form: { datePattern: "d.M.yy" } },
  ];
  for (const { why, content, form } of forms) {
    it(`reads ${why}`, async () => {
      expect(await fieldsOf(content, form)).to.deep.equal([one]);
    });
  }

  it("reads amounts as people write them, and leaves what is none to the judge", async () => {
    const lines = ['"1,234.50"', "$12.50", "(12.34)", '"$(1,000.00)"', "12.5-", "abc", '"12,50"'].map(
      (a) => `A1,${a},2026-01-10,`,
    );
    const amounts = (await fieldsOf(`${header}\n${lines.join("\n")}\n`)).map((fields) => (fields as typeof one).amount);
    expect(amounts).to.deep.equal(["1234.50", "12.50", "-12.34", "-1000.00", "-12.5", "abc", "12,50"]);
  });

  it("loses a broken row and no other", async () => {
    const lines = [
      line,
      '"A2,10.00,2026-01-10,F-2',
      line,
      'A"4,10.00,2026-01-10,x"y',
      line,
      "A6,1",
      line,
      "A".repeat(50_000),
      line,
    ];
    const rows = await read(`${header}\n${lines.join("\n")}\n`);
    expect(rows.map(({ row }) => row)).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(rows.filter(({ fields }) => fields === undefined).map(({ row }) => row)).to.deep.equal([2, 4, 6, 8]);
  });

  it("loses no row of many batches to one quote, and counts on", async () => {
    const many = Array.from({ length: 3500 }, (_, i) =>
      i === 1700 ? `"A${i},1.00,2026-01-10,F` : `A${i},1.00,2026-01-10,"F,${i}"`,
    );
    const rows = await read(`${header}\n${many.join("\n")}\n`);
    expect(rows).to.have.length(3500);
    expect(rows.filter(({ fields }) => fields === undefined).map(({ row }) => row)).to.deep.equal([1701]);
    expect(rows[3499]!.fields).to.include({ account_number: "A3499", external_id: "F,3499" });
  });

  it("takes bytes that are no text for no text: two numbers that differ there are not one", async () => {
    const content = Buffer.concat([Buffer.from(`${header}\n${line}\nA2,1,2026-01-10,`), Buffer.from([0xe9, 0x0a])]);
    expect((await read(content)).map(({ fields }) => fields === undefined)).to.deep.equal([false, true]);
  });

  it("says which days are not as declared, ISO or not", async () => {
    const undeclared = await read(`${header}\nA1,1,01/10/2026,F\n`);
    expect(undeclared[0]!.refusal).to.include({ code: "date_invalid" });
    expect(undeclared[0]!.refusal!.detail).to.include("01/10/2026").and.to.include("date_pattern");
    const declared = await read(`${header}\nA1,1,2026-01-10,F\nA1,1,13/13/2026,F\n`, { datePattern: "MM/DD/YYYY" });
    expect(declared.map(({ refusal }) => refusal?.code)).to.deep.equal(["date_invalid", "date_invalid"]);
  });

  // biome-ignore format: a table
  const refused: { why: string; content: string | Buffer; form?: Partial<PaymentFileForm>; code: string; says: RegExp }[] = [
    { why: "nothing", content: "", code: "file_empty", says: /empty/ },
    { why: "a header alone", content: `${header}\n`, code: "file_without_rows", says: /no rows/ },
    { why: "two columns of one field", content: "account,amount,date,Payment Date\nA1,1,2026-01-10,2026-01-11\n", code: "header_duplicate", says: /"date" and "Payment Date" are both the paid_on/ },
    { why: "one column twice", content: "account,amount,date,amount\nA1,1,2026-01-10,1\n", code: "header_duplicate", says: /"amount" and "amount"/ },
    { why: "a column that is not known", content: `${header},externalid\n${line},x\n`, code: "file_unreadable", says: /"externalid".*external_id \(or reference, / },
    { why: "a column that is missing", content: "account,amount\nA1,1\n", code: "file_unreadable", says: /lacks paid_on/ },
    { why: "no header", content: `${line}\n`, code: "file_unreadable", says: /looks like data/ },
    { why: "a header of no text", content: Buffer.from([0xe9, 0x0a, 0xe9]), code: "file_unreadable", says: /no header/ },
    { why: "a pattern that is none", content: `${header}\n${line}\n`, form: { datePattern: "weekday" }, code: "layout_invalid", says: /weekday/ },
    { why: "a damaged archive", content: gzipSync(`${header}\n${line}\n`).subarray(0, 30), code: "file_unreadable", says: /archive/ },
    { why: "an archive of one endless line", content: gzipSync(Buffer.alloc(60_000_000, "0")), code: "file_too_large", says: /unpacks/ },
  ];
  for (const { why, content, form, code, says } of refused) {
    it(`refuses ${why}: ${code}`, async () => {
      const refusal = await refusalOf(content, form);
      expect(refusal.code).to.equal(code);
      expect(refusal.detail).to.match(says);
    });
  }
});
