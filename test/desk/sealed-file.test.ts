import { readFileSync, writeFileSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { checkSealedFile } from "../../src/desk/check-sealed-file.js";
import { databaseInstant, type FieldValue, rowText } from "../../src/ledger/seal.js";
import type { Store } from "../../src/store/store.js";
import { eachDatabase } from "../harness/database.js";
import { boughtPortfolio, DeskFixture } from "./desk-fixture.js";

eachDatabase("a sealed file", (open) => {
  let store: Store;
  let fixture: DeskFixture;
  let path: string;
  let seal: string;
  let portfolioId: string;

  before(async function () {
    this.timeout(120_000);
    store = await open();
    fixture = new DeskFixture(store);
    portfolioId = (await boughtPortfolio(fixture, { rows: 14 })).portfolioId;
    await boughtPortfolio(fixture, { rows: 5, currency: "JPY", decimals: 0, name: "Yen" });
    fixture.setDay("2026-04-10");
    const pay = (account_number: string, amount: string, paid_on: string) =>
      fixture.do("record-payment", { portfolio_id: portfolioId, account_number, amount, paid_on });
    await pay("A1", "10.00", "2026-01-20");
    await pay("A2", "20.00", "2026-02-20");
    await pay("A3", "30.00", "2026-03-20");
    await close("2026-01");
    await close("2026-02");
    await fixture.do(
      "reopen-period",
      { month: "2026-02", reason: 'late: "cheque", \\ (bounced)\u2028' },
      { actorId: "ann" },
    );
    await pay("A4", "5.00", "2026-02-25");
    seal = (await close("2026-02")).seal!;
    path = await exported("all.ndjson");
  });
  after(() => fixture.remove());

  async function close(month: string) {
    await fixture.do("soft-close-period", { month }, { actorId: "ann" });
    return fixture.do("close-period", { month }, { actorId: "ben" });
  }

  async function exported(name: string, portfolio_id?: string): Promise<string> {
    const { file } = await fixture.do("export-ledger", { format: "sealed", ...(portfolio_id && { portfolio_id }) });
    const to = join(fixture.folder, name);
    await rename(file.path, to);
    await rm(dirname(file.path), { recursive: true });
    return to;
  }

  it("is proved without a database", async () => {
    const checked = await checkSealedFile(path, seal);
    expect(checked).to.deep.equal({
      file: "all.ndjson",
      green: true,
      tenant_id: "alpha",
      portfolios: 2,
      months: 2,
      // two purchases, and the payments of January and February
      entries: 5,
      postings: 13,
      seal,
      differences: [],
    });
    const one = await checkSealedFile(await exported("one.ndjson", portfolioId));
    expect(one).to.deep.include({ green: true, portfolios: 1, entries: 4 });
  });

  it("is not the one that a report was printed from, when its seal is not in it", async () => {
    const { green, differences } = await checkSealedFile(path, "ab".repeat(32));
    expect(green).to.equal(false);
    expect(differences[0]!.expected).to.include("ab".repeat(32));
  });

  const lines = () => readFileSync(path, "utf8").split("\n").slice(0, -1);
  const written = (text: readonly string[]) => {
    const to = join(fixture.folder, "damaged.ndjson");
    writeFileSync(to, `${text.join("\n")}\n`);
    return to;
  };
  const edit = (match: RegExp, change: (line: string) => string | undefined) => {
    const all = lines();
    const at = all.findIndex((line) => match.test(line));
    expect(at, String(match)).to.be.greaterThan(-1);
    const changed = change(all[at]!);
    return [...all.slice(0, at), ...(changed === undefined ? [] : [changed]), ...all.slice(at + 1)];
  };

  it("has every kind of change named", async () => {
    const table: [what: string, text: () => string[], check: string, where: RegExp][] = [
      [
        "an amount",
        () => edit(/^\["posting","2",1/, (line) => line.replace('"1000","4000","1000"', '"1000","4000","1001"')),
        "seal",
        /2026-01 version 1, entries 1 to 4096/,
      ],
      [
        "an actor",
        () => edit(/^\["entry","2"/, (line) => line.replace('"tester"', '"nobody"')),
        "seal",
        /2026-01 version 1/,
      ],
      ["an entry is left out", () => edit(/^\["entry","3"/, () => undefined), "seal", /2026-02 version 2/],
      [
        "two postings are exchanged",
        () => edit(/^\["posting","1",1/, (line) => line.replace('"1",1', '"1",2')),
        "seal",
        /2026-01/,
      ],
      [
        "an entry is backdated",
        () => edit(/^\["entry","5"/, (line) => line.replace("2026-02-25", "2026-01-25")),
        "period",
        /entry 5/,
      ],
      [
        "a seal",
        () =>
          edit(/"seal_no":2/, (line) =>
            line.replace(/"hash":"(.)/, (_, first) => `"hash":"${first === "0" ? "1" : "0"}`),
          ),
        "seal_chain",
        /seal 2|seal 3/,
      ],
      ["a seal is left out", () => edit(/"seal_no":3/, () => undefined), "sealed", /2026-02 version 2/],
      [
        "who closed",
        () => edit(/"event":"closed"/, (line) => line.replace('"ben"', '"ann"')),
        "period_chain",
        /closed 2026-01/,
      ],
      ["an event is left out", () => edit(/"event":"reopened"/, () => undefined), "period_chain", /event 6/],
      [
        "a portfolio is left out",
        () =>
          lines().filter(
            (line, i, all) => i < all.findIndex((l) => l.includes('"portfolio"')) || line.includes('"end"'),
          ),
        "sealed",
        /the file/,
      ],
      ["the file breaks off", () => lines().slice(0, -3), "file", /line/],
      ["a line is no JSON", () => edit(/^\["entry","2"/, (line) => line.slice(2)), "file", /line/],
    ];
    for (const [what, text, check, where] of table) {
      const { green, differences } = await checkSealedFile(written(text()));
      expect(green, what).to.equal(false);
      const shown = JSON.stringify(differences, null, 1);
      expect(
        differences.some((one) => one.check === check && where.test(one.where)),
        `${what}: ${shown}`,
      ).to.equal(true);
    }
  });

  it("has any one byte that was changed found", async function () {
    this.timeout(60_000);
    const bytes = readFileSync(path);
    const to = join(fixture.folder, "byte.ndjson");
    const at = fc.integer({ min: 0, max: bytes.length - 2 });
    await fc.assert(
      fc.asyncProperty(at, fc.integer({ min: 1, max: 255 }), async (position, flip) => {
        const changed = Buffer.from(bytes);
        changed[position]! ^= flip;
        writeFileSync(to, changed);
        expect((await checkSealedFile(to)).green, `byte ${position} xor ${flip}`).to.equal(false);
      }),
      { numRuns: 300, seed: 20_261_122 },
    );
  });

  it("writes a row as the database does", async function () {
    this.timeout(60_000);
    const value = fc.oneof(
      fc.constant(null),
      fc
        .string({ unit: "binary", maxLength: 12 })
        .map((text) => text.replaceAll("\0", "").replace(/[\ud800-\udfff]/gu, "")),
      fc.constantFrom(
        "",
        " ",
        "a b",
        'say "so"',
        "back\\slash",
        "(x)",
        "a,b",
        "tab\there",
        "line\nfeed",
        "\u00a0",
        "\u2028",
        "\u00e9",
      ),
    );
    await store.transaction({ tenantId: "alpha" }, async (tx) => {
      await fc.assert(
        fc.asyncProperty(fc.array(value, { minLength: 2, maxLength: 5 }), async (values: FieldValue[]) => {
          const [row] = await tx.query<{ text: string }>(
            `select row(${values.map(() => "?::text").join(", ")})::text as text`,
            values,
          );
          expect(rowText(values)).to.equal(row!.text);
        }),
        { numRuns: 200, seed: 1 },
      );
      for (const instant of ["2026-01-15T09:00:00Z", "2026-01-15T09:00:00.5Z", "1999-12-31T23:59:59.123456Z"]) {
        const [row] = await tx.query<{ text: string }>("select row(?::timestamptz, 7::bigint)::text as text", [
          instant,
        ]);
        expect(rowText([databaseInstant(instant), 7n])).to.equal(row!.text);
      }
    });
  });
});
