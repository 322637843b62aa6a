import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type TriangleDocument, triangleDocumentSchema } from "../../models/triangle.js";
import { sharedPathOrSkip } from "../harness/shared.js";
import { netback, projectFolder } from "./run-netback.js";

describe("netback fit triangle", () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "netback-cli-"));
    await writeFile(
      at("small.csv"),
      "vintage,age,paid,price\n2021,1,10,20\n2021,2,18,20\n2021,3,21,20\n2022,1,12,25\n2022,2,20,25\n2023,1,11,30\n",
    );
    await writeFile(at("line.csv"), "origin,age,rate\nfresh,12,5.50\nfresh,18,8.25\n");
    await writeFile(at("bad.csv"), "origin,age,paid\n2021,1,ten\n2021,1,10\n2021,1,11\n2021,2,15\n2022,1,9\n");
  });
  after(() => rm(folder, { recursive: true }));

  async function answer(...args: string[]): Promise<TriangleDocument> {
    const ran = await netback(["fit", "triangle", ...args, "--json"]);
    expect(ran.code, ran.err).to.equal(0);
    return triangleDocumentSchema.parse(JSON.parse(ran.out));
  }

  it("answers with the contract's fields, in every method", async () => {
    for (const method of ["mack", "bf", "benktander"]) {
      const { factors, origins, total } = await answer(at("small.csv"), "--method", method, "--value", "paid");
      expect(factors).to.have.length(2);
      expect(factors[0]).to.be.closeTo(38 / 22, 1e-12);
      expect(origins.map(({ origin }) => origin)).to.deep.equal(["2021", "2022", "2023"]);
      for (const one of origins) expect(one.remaining).to.be.closeTo(one.ultimate! - one.latest, 1e-9);
      expect(total.remaining).to.be.closeTo(
        origins.reduce((sum, one) => sum + one.remaining!, 0),
        1e-9,
      );
    }
  });

  it("takes the expectation from a column and a rate", async () => {
    const args = ["--method", "bf", "--value", "paid", "--exposure", "price", "--expected-rate", "2"];
    const { origins } = await answer(at("small.csv"), ...args);
    expect(origins.map((one) => one.expected_ultimate)).to.deep.equal([40, 50, 60]);
    expect(origins[2]!.remaining).to.be.closeTo(60 * (1 - origins[2]!.developed_share!), 1e-9);
  });

  it("says unidentified and gives no number for two points on a line", async () => {
    const document = await answer(at("line.csv"), "--method", "curve");
    expect(document.total.ultimate).to.equal(null);
    const shown = await netback(["fit", "triangle", at("line.csv"), "--method", "curve"]);
    expect(shown.out.replaceAll(/\s+/g, " ")).to.contain("unidentified").and.contain("the data do not say how much");
  });

  it("lists bad rows and goes on without them", async () => {
    const { findings, total } = await answer(at("bad.csv"));
    expect(findings.map(({ code, row }) => [code, row])).to.deep.equal([
      ["number_invalid", 1],
      ["triangle_cell_duplicate", 3],
    ]);
    expect(total.latest).to.equal(24);
  });

  it("shows a table, CSV and a workbook", async () => {
    const table = await netback(["fit", "triangle", at("small.csv")]);
    expect(table.out).to.contain("Run-off, Mack").and.contain("Actual over expected, by calendar period");
    const csv = await netback(["fit", "triangle", at("small.csv"), "--format", "csv", "--sheet", "development"]);
    expect(csv.out.split("\n")[0]).to.contain("factor");
    const workbook = await netback([
      "fit",
      "triangle",
      at("small.csv"),
      "--format",
      "xlsx",
      "--out",
      at("run-off.xlsx"),
    ]);
    expect(workbook.code, workbook.err).to.equal(0);
  });

  const refused = [
    { why: "a tail below 1", args: ["--tail", "0.9"], exit: 2, code: "usage" },
    { why: "a tail in words", args: ["--tail", "some"], exit: 2, code: "usage" },
    { why: "a method that is none", args: ["--method", "guess"], exit: 2, code: "usage" },
    { why: "an end before what was seen", args: ["--method", "curve", "--end-age", "2"], exit: 2, code: "usage" },
    { why: "a column that is not there", args: ["--value", "none"], exit: 1, code: "layout_unresolved" },
    {
      why: "an exposure that is not there",
      args: ["--method", "bf", "--exposure", "none"],
      exit: 1,
      code: "layout_unresolved",
    },
  ];
  for (const { why, args, exit, code } of refused) {
    it(`refuses ${why}`, async () => {
      const ran = await netback(["fit", "triangle", at("small.csv"), ...args, "--json"]);
      expect([ran.code, JSON.parse(ran.out).code]).to.deep.equal([exit, code]);
    });
  }

  it("gives what docs/MODELS.md shows of its worked example", async () => {
    const page = await readFile(join(projectFolder, "docs/MODELS.md"), "utf8");
    const vintages = /```csv\n([\s\S]*?)```/.exec(page)![1]!;
    await writeFile(at("vintages.csv"), vintages);
    const blocks = [...page.matchAll(/```\n\$ npx netback (fit triangle .*)\n([\s\S]*?)```/g)];
    expect(blocks).to.have.length(3);
    const bare = (text: string) =>
      text
        .split("\n")
        .map((line) => line.trimEnd())
        .join("\n")
        .trim();
    for (const [, command, shown] of blocks) {
      const ran = await netback(command!.split(" "), { cwd: folder });
      expect(bare(ran.out), command).to.equal(bare(shown!));
    }
    // by hand: the product of the three volume-weighted factors on the youngest vintage
    expect(page).to.contain("= 93.49");
    expect(24 * (310 / 126) * (266 / 192) * (160 / 140)).to.be.closeTo(93.49, 0.005);
    const { findings } = await answer(at("vintages.csv"), "--value", "collections", "--method", "curve");
    expect(findings.map(({ code }) => code)).to.include("curve_family_undecided");
  });

  it("reads every triangle of the evaluation data as it is", async function () {
    this.timeout(60_000);
    const files = ["abc", "genins", "mack_1997", "mcl", "mortgage", "mw2008", "quarterly", "raa", "ukmotor", "usauto"];
    for (const file of files) {
      const { total, origins } = await answer(sharedPathOrSkip(this, `data/triangles/${file}.csv`));
      expect(total.remaining, file).to.be.above(0);
      expect(origins.length, file).to.be.above(6);
    }
  });
});
