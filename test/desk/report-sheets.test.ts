import { expect } from "chai";
import { readSheet } from "read-excel-file/node";
import type { ActInput, ActName } from "../../models/acts.js";
import { actSheets } from "../../src/reports/act-report.js";
import { renderCsv } from "../../src/reports/render-csv.js";
import { renderText } from "../../src/reports/render-text.js";
import { renderXlsx } from "../../src/reports/render-xlsx.js";
import { eachDatabase } from "../harness/database.js";
import { DeskFixture, tapeText } from "./desk-fixture.js";

/** Every report is one document and its sheets; the three forms are made of the same sheet. */
eachDatabase("the reports in every form", (open) => {
  let fixture: DeskFixture;
  let portfolio_id: string;

  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    const seller = "=HYPERLINK(1)";
    portfolio_id = (await fixture.do("create-portfolio", { name: "Cards", seller, currency: "USD" })).id;
    const file = fixture.file("tape.csv", tapeText(40));
    await fixture.do("import-tape", { portfolio_id, file, as_of: "2026-01-01" });
    const quote = await fixture.do("issue-quote", { portfolio_id });
    await fixture.do("accept-quote", { quote_id: quote.id });
    const payment = { portfolio_id, account_number: "A3", amount: "25.00", paid_on: "2026-01-15" };
    await fixture.do("record-payment", { ...payment, channel: "direct" });
  });
  after(() => fixture.remove());

  const reports: { act: ActName; input: () => Record<string, unknown> }[] = [
    { act: "report-trial-balance", input: () => ({ portfolio_id }) },
    { act: "report-netback", input: () => ({ portfolio_id }) },
    { act: "report-aging", input: () => ({ portfolio_id }) },
    { act: "report-clearing", input: () => ({}) },
    { act: "explain-balance", input: () => ({ portfolio_id, account: "1160" }) },
    { act: "show-account-statement", input: () => ({ portfolio_id, account: "4000" }) },
    { act: "show-receivable-statement", input: () => ({ portfolio_id, account_number: "A3" }) },
    { act: "list-entries", input: () => ({ portfolio_id }) },
  ];
  for (const { act, input } of reports) {
    it(`${act}: text, CSV and XLSX say the same`, async () => {
      const sheets = actSheets(act, await fixture.do(act, input() as ActInput<typeof act>));
      expect(sheets.length).to.be.greaterThan(0);
      const workbook = await renderXlsx(sheets);
      for (const sheet of sheets) {
        expect(sheet.rows.length, sheet.name).to.be.greaterThan(0);
        for (const row of sheet.rows) expect(row.length, sheet.name).to.equal(sheet.columns.length);
        expect(renderText(sheet)).to.include(sheet.title);
        const lines = renderCsv(sheet).trimEnd().split("\n");
        expect(lines[0]).to.equal(sheet.columns.map(({ key }) => key).join(","));
        expect(lines.length).to.equal(sheet.rows.length + 1);
        const cells = await readSheet(workbook, sheet.name.slice(0, 31));
        expect(cells.length, sheet.name).to.be.at.least(sheet.rows.length + 1);
        expect(renderCsv(sheet), "a formula that a spreadsheet would run").not.to.match(/(^|,)"?=/m);
      }
    });
  }
});
