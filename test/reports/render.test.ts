import { createReadStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import readXlsxFile from "read-excel-file/node";
import { guardFormula, renderCsv } from "../../src/reports/render-csv.js";
import { renderText } from "../../src/reports/render-text.js";
import { renderXlsx } from "../../src/reports/render-xlsx.js";
import type { Sheet } from "../../src/reports/sheet.js";

const sheet: Sheet = {
  name: "sample",
  title: "A sample",
  columns: [
    { key: "name", title: "name", kind: "text" },
    { key: "face", title: "face", kind: "money", currency: "USD" },
    { key: "share", title: "share", kind: "rate", decimals: 1 },
    { key: "accounts", title: "accounts", kind: "integer" },
    { key: "seen_on", title: "seen on", kind: "day" },
    { key: "times", title: "times", kind: "multiple" },
  ],
  rows: [
    ["=HYPERLINK(1)", "-1234567.80", 0.125, 1200, "2026-10-01", 1.5],
    ["plain", "0.10", null, 3n, null, null],
  ],
  totals: ["all", "-1234567.70", null, 1203, null, null],
  notes: ["A note."],
};

describe("a sheet", () => {
  it("is an aligned table in text: thousands, percent, a dash for what is not known", () => {
    expect(renderText(sheet)).to.equal(
      [
        "A sample",
        "name              face (USD)  share  accounts  seen on     times",
        "-------------  -------------  -----  --------  ----------  -----",
        "=HYPERLINK(1)  -1,234,567.80  12.5%     1,200  2026-10-01  1.50x",
        "plain                   0.10      -         3  -               -",
        "-------------  -------------  -----  --------  ----------  -----",
        "all            -1,234,567.70            1,203",
        "  A note.",
      ].join("\n"),
    );
  });

  it("shows no control character of a tape to the terminal", () => {
    const hostile: Sheet = { ...sheet, rows: [["a\u001b[2Jb\nc\u202ed", "1.00", 0, 1, null, 1]] };
    expect(renderText(hostile)).to.include("a\u00b7[2Jb\u00b7c\u00b7d").and.not.include("\u001b");
  });

  it("is plain decimals in CSV, with words that begin like a formula guarded and our own minus left alone", () => {
    expect(renderCsv(sheet).split("\n")).to.deep.equal([
      "name,face,share,accounts,seen_on,times",
      "'=HYPERLINK(1),-1234567.80,0.125,1200,2026-10-01,1.5",
      "plain,0.10,,3,,",
      "",
    ]);
    expect(renderCsv(sheet, { raw: true })).to.include("\n=HYPERLINK(1),");
  });

  it("guards every character that starts a formula, in a number's column too", () => {
    const cases = ["=1", "+1", "-1", "@x", "\t=1", "\r=1"];
    for (const text of cases) expect(guardFormula(text), JSON.stringify(text)).to.equal(`'${text}`);
    expect(guardFormula("a=1")).to.equal("a=1");
    const smuggled: Sheet = { ...sheet, rows: [["x", "-1+cmd|' /C calc'!A0", null, null, null, null]] };
    expect(renderCsv(smuggled)).to.include("'-1+cmd");
  });

  it("is real numbers and dates in XLSX, and an amount too long for a double stays text", async () => {
    const folder = await mkdtemp(join(tmpdir(), "netback-xlsx-"));
    try {
      const path = join(folder, "sample.xlsx");
      const long: Sheet = { ...sheet, rows: [...sheet.rows, ["long", "92233720368547758.07", 0, 1, null, 1]] };
      await writeFile(path, await renderXlsx([long]));
      const [tab] = await readXlsxFile(createReadStream(path));
      const rows = tab!.data;
      expect(rows[0]!.slice(0, 2)).to.deep.equal(["name", "face (USD)"]);
      expect(rows[1]!.slice(0, 4)).to.deep.equal(["'=HYPERLINK(1)", -1234567.8, 0.125, 1200]);
      expect(rows[1]![4]).to.deep.equal(new Date("2026-10-01T00:00:00Z"));
      expect(rows[3]![1]).to.equal("92,233,720,368,547,758.07");
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
