import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";

const header = "account_number,amount,paid_on,channel,external_id,commission,reverses";

eachDatabase("a file of payments", (open) => {
  let fixture: DeskFixture;
  let bought: Bought;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    bought = await boughtPortfolio(fixture);
    await fixture.do("put-back-receivables", {
      purchase_id: bought.purchaseId,
      account_numbers: ["A9"],
      reason: "fraud",
      put_back_on: "2026-01-15",
    });
  });
  after(() => fixture.remove());

  const trial = () => fixture.do("report-trial-balance", { portfolio_id: bought.portfolioId });

  it("is recorded row by row, with a reason for every row that cannot be", async () => {
    const { portfolioId: portfolio_id } = bought;
    const rows = [
      { line: "A1,10.00,2026-01-10,own,F-1,,", why: "good" },
      { line: "A2,10.005,2026-01-10,own,F-2,,", why: "more decimals than dollars have", code: "amount_invalid" },
      { line: "A3,0.00,2026-01-10,own,F-3,,", why: "nothing", code: "amount_invalid" },
      { line: "A4,5.00,2026-01-16,own,F-4,,", why: "tomorrow", code: "effective_date_refused" },
      { line: "A5,5.00,2025-12-31,own,F-5,,", why: "before the cut-off", code: "effective_date_refused" },
      { line: "A6,5.00,2026-02-30,own,F-6,,", why: "no such day", code: "invalid_request" },
      { line: "ZZ,5.00,2026-01-10,own,F-7,,", why: "unknown", code: "receivable_unknown" },
      { line: "A20,5.00,2026-01-10,own,F-8,,", why: "bankrupt, so not bought", code: "receivable_not_bought" },
      { line: "A9,5.00,2026-01-10,direct,F-9,,", why: "put back, so the seller's", code: "receivable_not_owned" },
      { line: "A7,5.00,2026-01-10,agency,F-10,,", why: "with no agency", code: "receivable_not_placed" },
      { line: "A7,5.00,2026-01-10,agency,F-11,1.25,", why: "the agency states its commission" },
      { line: "A1,10.00,2026-01-10,own,F-1,,", why: "the number of row 1", code: "payment_duplicate" },
      { line: "A1,-4.00,2026-01-12,own,F-12,,F-1", why: "part of row 1 comes back" },
      { line: "A1,-7.00,2026-01-12,own,F-13,,F-1", why: "more than is left of it", code: "reversal_too_large" },
      { line: "A1,-1.00,2026-01-12,own,F-14,,nope", why: "no such original", code: "not_found" },
      { line: "A8,5.00,2026-01-10,own,F-15,9.00,", why: "commission over the payment", code: "amount_out_of_range" },
      { line: "A8,9223372036854775808,2026-01-10,own,F-16,,", why: "2^63 dollars", code: "amount_out_of_range" },
      { line: "A8,-5.00,2026-01-10,own,F-17,,", why: "nothing was paid on it", code: "reversal_too_large" },
      { line: "A\u00008,5.00,2026-01-10,own,F-18,,", why: "a NUL byte", code: "invalid_request" },
      { line: "A8,5.00,2026-01-10,own", why: "ragged", code: "malformed_request" },
      { line: "A8,5.00,2026-01-10,cheque,F-19,,", why: "no such channel", code: "invalid_request" },
      { line: "A2,1000000.00,2026-01-10,own,F-20,,", why: "far over the claim: unapplied cash" },
    ];
    const file = fixture.file("payments.csv", `${[header, ...rows.map(({ line }) => line)].join("\n")}\n`);
    const done = await fixture.do("record-payments", { portfolio_id, file });
    const refused = new Map(done.refused.map(({ row, code }) => [row, code]));
    rows.forEach(({ why, code }, i) => {
      expect(refused.get(i + 1), `row ${i + 1}: ${why}`).to.equal(code);
    });
    expect(done).to.deep.include({ imported: true, rows: rows.length, recorded: 4, skipped: rows.length - 4 });
    expect(done).to.deep.include({ amount: "1000011.00", commission: "1.25", unapplied: "999825.78" });
    const listed = await fixture.do("list-payment-refusals", { portfolio_id, batch_id: done.batch_id });
    expect(listed.data).to.deep.equal(done.refused);
    const payments = await fixture.do("list-payments", { portfolio_id, batch_id: done.batch_id });
    expect(payments.data.map(({ external_id }) => external_id)).to.deep.equal(["F-1", "F-11", "F-12", "F-20"]);
    expect(payments.data[2]).to.deep.include({ amount: "-4.00", reverses: "F-1" });
  });

  it("of thousands of rows comes to the same as its rows in small calls, also where rows name others far before them", async function () {
    this.timeout(120_000);
    const rows = Array.from({ length: 2300 }, (_, i) => {
      const account_number = `A${1 + (i % 12)}`;
      const paid_on = "2026-01-10";
      if (i % 5 === 4 && i >= 1200) {
        // part of one that stands more than a thousand rows before, on the same receivable
        const reverses = `L-${i - 1200}`;
        return { account_number, amount: `-0.0${1 + (i % 9)}`, paid_on, external_id: `L-${i}`, reverses };
      }
      const external_id = i % 100 === 50 && i >= 1100 ? `L-${i - 1100}` : `L-${i}`;
      return { account_number, amount: `${i % 40}.0${1 + (i % 9)}`, paid_on, external_id };
    });
    const book = async (size: number) => {
      const { portfolioId: portfolio_id } = await boughtPortfolio(fixture);
      let recorded = 0;
      const refused: (string | number)[][] = [];
      for (let from = 0; from < rows.length; from += size) {
        const done = await fixture.do("record-payments", { portfolio_id, rows: rows.slice(from, from + size) });
        recorded += done.recorded;
        refused.push(...done.refused.map(({ row, code, detail }) => [from + row, code, detail]));
      }
      const { accounts } = await fixture.do("report-trial-balance", { portfolio_id });
      return { recorded, refused, accounts: accounts.map(({ code, debit, credit }) => [code, debit, credit]) };
    };
    const together = await book(rows.length);
    expect(together.refused.length, "some are refused").to.be.greaterThan(10);
    expect(together).to.deep.equal(await book(460));
  });

  it("changes nothing when it comes twice, by another call and under another name", async () => {
    const { portfolioId: portfolio_id } = bought;
    const text = `${header}\nA11,7.00,2026-01-10,own,T-1,,\nA12,8.00,2026-01-10,own,,,\nZZ,1.00,2026-01-10,own,,,\n`;
    const first = await fixture.do("record-payments", { portfolio_id, file: fixture.file("once.csv", text) });
    const before = await trial();
    const second = await fixture.do("record-payments", { portfolio_id, file: fixture.file("twice.csv", text) });
    expect(second).to.deep.equal({ ...first, imported: false });
    expect((await trial()).accounts).to.deep.equal(before.accounts);
  });

  it("is recorded whole or not at all when that is asked for", async () => {
    const { portfolioId: portfolio_id } = bought;
    const before = await trial();
    const text = `${header}\nA13,7.00,2026-01-10,own,U-1,,\nZZ,1.00,2026-01-10,own,,,\n`;
    const file = fixture.file("atomic.csv", text);
    const refused = await fixture.refusal("record-payments", { portfolio_id, file, mode: "atomic" });
    expect(refused.code).to.equal("rows_refused");
    expect(refused.items).to.have.length(1);
    expect((await trial()).accounts).to.deep.equal(before.accounts);
    const skipped = await fixture.do("record-payments", { portfolio_id, file, mode: "skip" });
    expect(skipped).to.deep.include({ recorded: 1, skipped: 1 });
  });

  const broken = [
    { name: "empty.csv", text: "", code: "file_empty", why: "no header" },
    { name: "header.csv", text: `${header}\n`, code: "file_without_rows", why: "header only" },
    {
      name: "twice.csv",
      text: "amount,amount,paid_on,account_number\n",
      code: "header_duplicate",
      why: "one name twice",
    },
    { name: "lacks.csv", text: "account,sum\nA1,1\n", code: "file_unreadable", why: "other names" },
    {
      name: "typo.csv",
      text: "account_number,amount,paid_on,externalid\nA1,1,2026-01-10,x\n",
      code: "file_unreadable",
      why: "a misspelt name",
    },
    {
      name: "quote.csv",
      text: `${header}\n"A1,1.00,2026-01-10,own,,,\n`,
      code: "file_unreadable",
      why: "a quote without its end",
    },
  ];
  for (const { name, text, code, why } of broken) {
    it(`refuses a file with ${why}`, async () => {
      const { portfolioId: portfolio_id } = bought;
      const refused = await fixture.refusal("record-payments", { portfolio_id, file: fixture.file(name, text) });
      expect(refused.code).to.equal(code);
    });
  }

  it("comes as an agency writes it, and a broken row costs that row alone", async () => {
    const { portfolioId: portfolio_id } = bought;
    const lines = [
      "Account;Payment Amount;Date;Reference",
      'A16;"1,1.00;2026-01-10;G-0',
      "A16;$11.00;2026-01-10;G-1",
      "A17;(2)",
    ];
    const file = fixture.file("agency.csv", `\uFEFF${lines.join("\r\n")}\r\n`);
    const done = await fixture.do("record-payments", { portfolio_id, file });
    expect(done).to.deep.include({ rows: 3, recorded: 1, skipped: 2, amount: "11.00" });
    expect(done.refused.map(({ row, code }) => [row, code])).to.deep.equal([
      [1, "malformed_request"],
      [3, "malformed_request"],
    ]);
  });

  it("is not taken for imported while no row of it could be read", async () => {
    const { portfolioId: portfolio_id } = bought;
    const file = fixture.file("american.csv", "account,amount,date\nA18,12.00,01/10/2026\nA19,13.00,01/12/2026\n");
    const refused = await fixture.refusal("record-payments", { portfolio_id, file });
    expect(refused.code).to.equal("file_unreadable");
    expect(refused.detail).to.include("01/10/2026").and.to.include("date_pattern");
    const done = await fixture.do("record-payments", { portfolio_id, file, date_pattern: "MM/DD/YYYY" });
    expect(done).to.deep.include({ imported: true, recorded: 2, amount: "25.00" });
    const { data } = await fixture.do("list-payments", { portfolio_id, batch_id: done.batch_id });
    expect(data.map(({ paid_on }) => paid_on)).to.deep.equal(["2026-01-10", "2026-01-12"]);
    const rows = [{ account_number: "A18", amount: "1.00", paid_on: "2026-01-10" }];
    const strange = await fixture.refusal("record-payments", { portfolio_id, rows, date_pattern: "MM/DD/YYYY" });
    expect(strange.items.map(({ pointer }) => pointer)).to.deep.equal(["/date_pattern"]);
  });

  it("comes as NDJSON and as rows of the call as well", async () => {
    const { portfolioId: portfolio_id } = bought;
    const lines = [
      { account_number: "A14", amount: "3.00", paid_on: "2026-01-10" },
      { account_number: "A15", amount: "4.00", paid_on: "2026-01-10", legal: true },
    ];
    const text = `${lines.map((line) => JSON.stringify(line)).join("\n")}\nnot json\n`;
    const file = fixture.file("payments.ndjson", text);
    const done = await fixture.do("record-payments", { portfolio_id, file, format: "ndjson" });
    expect(done).to.deep.include({ rows: 3, recorded: 2, amount: "7.00" });
    const called = await fixture.do("record-payments", { portfolio_id, rows: lines });
    expect(called).to.deep.include({ recorded: 2, amount: "7.00" });
  });
});
