import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { netback, projectFolder, run } from "./run-netback.js";

describe("the command line", () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "netback-cli-"));
    await writeFile(
      at("flows.csv"),
      "date,amount\n2008-01-01,-10000\n2008-03-01,2750\n2008-10-30,4250\n2009-02-15,3250\n2009-04-01,2750\n",
    );
    await writeFile(at("one-sign.csv"), "date,amount\n2008-01-01,100\n2008-03-01,50\n");
    await writeFile(at("bad.csv"), "date,amount\n2008-13-01,-100\n2008-03-01,50\n");
    await writeFile(
      at("tape.csv"),
      "account_number,current_balance,charge_off_date\nA1,1000.00,2025-01-15\nA2,x,2025-02-15\n",
    );
    await writeFile(at("header.csv"), "account_number,current_balance\n");
    await writeFile(at("empty.csv"), "");
    await writeFile(at("nothing.csv"), "account_number,current_balance\nA1,abc\n");
    await writeFile(at("not.json"), "{");
    await writeFile(at("wrong-strategy.json"), '{"target_irr": -0.1}');
    await writeFile(at("wrong-layout.json"), '{"colums": {}}');
  });
  after(() => rm(folder, { recursive: true }));

  const price = (...more: string[]) => ["price", at("tape.csv"), "--as-of", "2026-01-01", ...more];
  // biome-ignore format: a table
  const refused: { why: string; args: () => string[]; exit: number; code: string; says: RegExp }[] = [
    { why: "no command", args: () => [], exit: 2, code: "usage", says: /Name a command/ },
    { why: "an unknown command", args: () => ["prise"], exit: 2, code: "usage", says: /price/ },
    { why: "an unknown option", args: () => price("--target", "0.2"), exit: 2, code: "usage", says: /target/ },
    { why: "a missing argument", args: () => ["irr"], exit: 2, code: "usage", says: /Arguments are missing/ },
    { why: "a group without a command", args: () => ["quotes"], exit: 2, code: "usage", says: /issue/ },
    { why: "a format that is none", args: () => price("--format", "pdf"), exit: 2, code: "usage", says: /pdf/ },
    { why: "a model that is not there", args: () => price("--model", at("none.json")), exit: 1, code: "file_not_found", says: /none\.json/ },
    { why: "a model that is none", args: () => price("--model", at("wrong-layout.json")), exit: 1, code: "model_invalid", says: /kind|version/ },
    { why: "fit without what to fit", args: () => ["fit"], exit: 2, code: "usage", says: /recovery/ },
    { why: "score without what to score", args: () => ["score"], exit: 2, code: "usage", says: /recovery/ },
    { why: "a history without outcomes", args: () => ["fit", "recovery", at("tape.csv"), "--out", at("m.json")], exit: 1, code: "history_unusable", says: /recovered_amount/ },
    { why: "a file that is not there", args: () => ["irr", at("none.csv")], exit: 1, code: "file_not_found", says: /none\.csv/ },
    { why: "flows of one sign have no rate", args: () => ["irr", at("one-sign.csv")], exit: 1, code: "rate_undefined", says: /sign/ },
    { why: "a month 13", args: () => ["irr", at("bad.csv")], exit: 1, code: "file_unreadable", says: /row 1.*2008-13-01/ },
    { why: "an empty tape", args: () => ["price", at("empty.csv")], exit: 1, code: "file_empty", says: /./ },
    { why: "a tape of a header only", args: () => ["price", at("header.csv")], exit: 1, code: "file_without_rows", says: /./ },
    { why: "a tape of which no row can be read", args: () => ["price", at("nothing.csv")], exit: 1, code: "nothing_to_price", says: /./ },
    { why: "a negative target IRR", args: () => price("--target-irr", "-0.1"), exit: 1, code: "assumption_out_of_range", says: /target_irr.*above 0/ },
    { why: "a target IRR in words", args: () => price("--target-irr", "high"), exit: 1, code: "invalid_request", says: /target_irr/ },
    { why: "a strategy out of bounds", args: () => price("--strategy", at("wrong-strategy.json")), exit: 1, code: "assumption_out_of_range", says: /-0\.1/ },
    { why: "a strategy that is no JSON", args: () => price("--strategy", at("not.json")), exit: 1, code: "malformed_request", says: /strategy/ },
    { why: "a layout with an unknown field", args: () => price("--layout", at("wrong-layout.json")), exit: 1, code: "layout_invalid", says: /colums|columns/ },
    { why: "a control total of rows", args: () => price("--expect-rows", "3"), exit: 1, code: "control_total_mismatch", says: /3/ },
    { why: "a control total of face", args: () => price("--expect-face", "999.99"), exit: 1, code: "control_total_mismatch", says: /999\.99/ },
    { why: "a currency that is none", args: () => price("--currency", "XQZ"), exit: 1, code: "currency_unknown", says: /XQZ/ },
    { why: "a day that does not exist", args: () => ["price", at("tape.csv"), "--as-of", "2026-02-30"], exit: 1, code: "date_invalid", says: /2026-02-30/ },
  ];
  for (const { why, args, exit, code, says } of refused) {
    it(`refuses ${why}: exit ${exit}, ${code}`, async () => {
      const ran = await netback([...args(), "--json"]);
      expect(ran.code, ran.err).to.equal(exit);
      expect(ran.err)
        .to.include(`(${code})`)
        .and.to.match(says)
        .and.to.not.match(/\n\s+at |^\s*[{[]/m);
      expect(JSON.parse(ran.out)).to.include({ code });
    });
  }

  it("answers irr with the published figure, as one JSON document", async () => {
    const { code, out, err } = await netback(["irr", at("flows.csv"), "--json"]);
    expect({ code, err }).to.deep.equal({ code: 0, err: "" });
    expect(JSON.parse(out).xirr).to.be.closeTo(0.373362535, 1e-8);
  });

  it("answers price with exactly one JSON document of the promised form", async () => {
    const { code, out, err } = await netback(price("--json"));
    expect({ code, err }).to.deep.equal({ code: 0, err: "" });
    const document = JSON.parse(out);
    expect(document).to.include.keys(
      "tape",
      "findings",
      "strata",
      "forecast",
      "bid",
      "ladder",
      "sensitivity",
      "assumptions",
    );
    expect(document.tape).to.include({
      file: "tape.csv",
      rows: 2,
      priced: 1,
      excluded: 0,
      rejected: 1,
      face: "1000.00",
    });
    expect(document.findings.by_code.amount_invalid).to.equal(1);
    expect(document.findings.rows[0]).to.include({ row: 2, column: "current_balance", severity: "reject", value: "x" });
    expect(Number(document.bid.price)).to.be.greaterThan(0);
  });

  it("writes findings, page and layout beside the answer, and says so on standard error only", async () => {
    const files = ["--findings", at("f.csv"), "--html", at("r.html"), "--save-layout", at("l.json")];
    const first = await netback(price("--json", ...files));
    expect(first.code, first.err).to.equal(0);
    expect(first.err.match(/written to/g)).to.have.length(3);
    const again = await netback(price("--json", "--layout", at("l.json")));
    expect(JSON.parse(again.out).bid).to.deep.equal(JSON.parse(first.out).bid);
  });

  it("writes the findings of a tape that cannot be priced, too", async () => {
    const { code, err } = await netback(["price", at("nothing.csv"), "--findings", at("nothing-f.csv")]);
    expect(code).to.equal(1);
    expect(err).to.include("nothing_to_price");
    expect(await readFile(at("nothing-f.csv"), "utf8")).to.include("1,current_balance,amount_invalid,reject,abc");
  });

  it("says nothing on standard output when it refuses without --json", async () => {
    const { code, out, err } = await netback(price("--sheet", "nope"));
    expect({ code, out }).to.deep.equal({ code: 2, out: "" });
    expect(err).to.include('no sheet "nope"').and.to.include("bid");
  });

  it("writes a sheet as CSV", async () => {
    const { out } = await netback(price("--format", "csv", "--sheet", "ladder"));
    expect(out.split("\n")[0]).to.equal("target_irr,price,cents_per_dollar,binding_constraint");
  });

  it("is found by npx in a checkout", async function () {
    this.timeout(30_000);
    const { code, out, err } = await run("npx", ["netback", "--version"], { cwd: projectFolder });
    expect(code, err).to.equal(0);
    expect(out).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  it("shows the path of a facility below the commands that are on it", async () => {
    for (const group of ["facilities", "schedules", "invoices"]) {
      const { code, out } = await netback([group, "--help"]);
      expect(code).to.equal(0);
      expect(out).to.match(/1\. facilities open.*schedules offer, fund.*8\. schedules settlement/s);
    }
  });

  it("shows help without loading what a command needs", async () => {
    const { code, out } = await netback(["--help"]);
    expect(code).to.equal(0);
    for (const name of ["price", "compare", "irr", "serve", "demo", "report"])
      expect(out).to.include(`netback ${name}`);
  });
});
