import { readFileSync } from "node:fs";
import { expect } from "chai";
import { rate } from "../../src/money/money.js";
import { eachDatabase } from "../harness/database.js";
import { sharedPathOrSkip } from "../harness/shared.js";
import { openServer, type TestServer } from "./open-server.js";

interface Golden {
  readonly cases: readonly {
    readonly id: string;
    readonly kind: string;
    readonly inputs: object;
    readonly expected: Readonly<Record<string, unknown>>;
    readonly tolerance?: string;
  }[];
}

const files = [
  "fees",
  "apr",
  "annual-benefit",
  "borrowing-base",
  "journals",
  "netback",
  "commission",
  "remittance",
  "amortised-cost",
];

eachDatabase("calculations of factoring over HTTP", (open) => {
  let server: TestServer;
  before(async function () {
    this.timeout(120_000);
    server = await openServer(await open());
  });
  after(() => server.close());

  const post = (path: string, body: object) => server.ask("POST", path, { body });

  for (const name of files) {
    it(`answers every case of golden-${name}.json, to the decimals that were printed`, async function () {
      const path = sharedPathOrSkip(this, "golden", "factoring", `golden-${name}.json`);
      const { cases } = JSON.parse(readFileSync(path, "utf8")) as Golden;
      for (const { id, kind, inputs, expected, tolerance = "0" } of cases) {
        const { status, json } = await post(`/v1/calculations/${kind.replaceAll("_", "-")}`, inputs);
        expect(status, id).to.equal(200);
        for (const [field, printed] of Object.entries(expected)) {
          if (typeof printed !== "string" || !/^-?\d+(\.\d+)?$/.test(printed)) {
            expect(json[field], `${id} ${field}`).to.equal(printed);
            continue;
          }
          const ours = rate(String(json[field])).toDecimalPlaces(printed.split(".")[1]?.length ?? 0, 4);
          expect(ours.minus(printed).abs().lte(tolerance), `${id} ${field}: ${ours}, not ${printed}`).to.equal(true);
        }
      }
    });
  }

  it("refuses an entry that does not balance, as a problem that names it", async () => {
    const lines = [
      { account: "cash", debit: "344480" },
      { account: "accounts_receivable", credit: "370000" },
    ];
    const { status, problem } = await post("/v1/calculations/journal", { entries: [{ name: "Martinez", lines }] });
    expect(status).to.equal(422);
    expect(problem).to.deep.include({ code: "entry_unbalanced" });
    expect(problem.errors?.[0]).to.deep.include({ pointer: "/entries/0" });
  });
});
