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

eachDatabase("factoring over HTTP", (open) => {
  let server: TestServer;
  let keys = 0;
  before(async function () {
    this.timeout(120_000);
    server = await openServer(await open());
  });
  after(() => server.close());

  const post = (path: string, body: object, as: "admin" | "finance" | "analyst" | "seller" = "admin") =>
    server.ask("POST", path, { body, as, headers: { "idempotency-key": `factoring-${keys++}` } });

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

  it("names what is wrong in a request by its place, its value and the rule, and repeats nobody's name", async () => {
    const invoice = {
      invoice_number: "1",
      debtor_id: "D1",
      invoice_date: "2026-10-01",
      due_date: "2026-11-01",
      amount: "9",
    };
    const bad = [
      { ...invoice, invoice_date: "2026-02-30" },
      { ...invoice, invoice_number: "2", amount: "1e5" },
      { ...invoice, invoice_number: "4", due_date: "9999-11-01" },
      { ...invoice, invoice_number: "5", country: "Ada Lovelace" },
    ];
    const terms = { as_of: "2026-10-20", advance_rate: "1.2" };
    const faults = (await post("/v1/calculations/factoring-offer", { terms, invoices: bad })).problem.errors;
    expect(faults.map(({ pointer, value }) => [pointer, value])).to.deep.equal([
      ["/terms/advance_rate", "1.2"],
      ["/invoices/0/invoice_date", "2026-02-30"],
      ["/invoices/1/amount", "1e5"],
      ["/invoices/2/due_date", "9999-11-01"],
      ["/invoices/3/country", undefined],
    ]);
    const fine = [{ ...invoice, amount: "1.005" }];
    const found = (await post("/v1/calculations/factoring-offer", { terms: { as_of: "2026-10-20" }, invoices: fine }))
      .problem;
    expect([found.code, found.errors[0]!.pointer, found.errors[0]!.value]).to.deep.equal([
      "amount_invalid",
      "/invoices/0/amount",
      "1.005",
    ]);
    const twice = [invoice, { ...invoice, invoice_number: " 1" }, { ...invoice, invoice_number: "3", currency: "EUR" }];
    const { problem } = await post("/v1/calculations/factoring-offer", {
      terms: { as_of: "2026-10-20" },
      invoices: twice,
    });
    expect(problem.errors.map(({ pointer, value }) => [pointer, value])).to.deep.equal([
      ["/invoices/1/invoice_number", " 1"],
      ["/invoices/2/currency", "EUR"],
    ]);
  });

  it("takes what a printed tariff and a file would say: brackets, a year of 360, blanks, numbers; ten thousand invoices", async () => {
    const invoice = {
      invoice_number: "1",
      debtor_id: "D1",
      invoice_date: "2026-10-20",
      due_date: "2026-11-19",
      amount: 10000,
      country: "us",
      purchase_order: "",
      proof_of_delivery: "",
      debtor_type: "",
    };
    const brackets = [
      { from: 1, to: 30, fee_rate: "0.02" },
      { from: 31, to: null, fee_rate: 0.03 },
    ];
    const terms = {
      as_of: "2026-10-20",
      fee_schedule: { brackets },
      interest: { annual_rate: "0.09", day_count: 360 },
      eligibility: { purchase_order_required: false },
    };
    const { json } = await post("/v1/calculations/factoring-offer", { terms, invoices: [invoice] });
    // by hand: 2 % of 10,000 and 8,000 x 9 % x 30/360; on day 31 3 % and a day more
    expect([json.cost_by_day[29].fee, json.cost_by_day[30].fee]).to.deep.equal(["260.00", "362.00"]);
    const invoices = Array.from({ length: 10_000 }, (_, n) => ({ ...invoice, invoice_number: `N${n}` }));
    expect((await post("/v1/calculations/factoring-offer", { terms, invoices })).json.offer.invoices).to.equal(10_000);
    const credit = { ...invoice, amount: "-5.00" };
    const nothing = (await post("/v1/calculations/factoring-offer", { terms, invoices: [credit] })).json;
    expect([nothing.offer.net_funded, nothing.invoices[0].reasons[0].code]).to.deep.equal(["0.00", "credit_note"]);
  });

  it("takes a schedule from its submission to the release of the reserve", async () => {
    const invoices = [
      { invoice_number: "1", debtor_id: "D1", invoice_date: "2026-01-05", due_date: "2026-02-04", amount: "10000.00" },
    ];
    const charges = [
      { code: "wire", amount: "25.00", per: "payout" },
      { code: "credit check", amount: "40.00", per: "occasion" },
    ];
    const terms = { eligibility: { over_age_days: null }, charges };
    await post("/v1/debtors", { debtor_id: "D1" }, "finance");
    const facility = (await post("/v1/facilities", { name: "F", seller: "S", terms }, "finance")).json;
    const path = `/v1/facilities/${facility.id}`;
    const schedule = (await post(`${path}/schedules`, { invoices }, "seller")).json;
    const at = `/v1/schedules/${schedule.id}`;
    expect((await post(`${at}/check`, {}, "analyst")).json.state).to.equal("checked");
    expect((await post(`${at}/approve`, {}, "analyst")).status, "an analyst approves nothing").to.equal(403);
    expect((await post(`${at}/approve`, {}, "finance")).json.state).to.equal("approved");
    const offer = await post(`${at}/offer`, {}, "analyst");
    expect(offer.status).to.equal(201);
    expect(offer.json.document.offer).to.deep.include({ net_funded: "7975.00", reserve: "2000.00" });
    expect(offer.json.document.event_charges.map(({ code }: { code: string }) => code)).to.deep.equal([
      "wire",
      "credit check",
    ]);
    const dry = await server.ask("POST", `${at}/fund?dry_run=true`, { body: {}, as: "finance" });
    expect(dry.json.effect.accounts, "what it would do to the books").to.not.deep.equal([]);
    const funded = await post(`${at}/fund`, {}, "finance");
    expect(funded.json).to.deep.include({ state: "funded", net_funded: "7975.00" });
    expect((await post(`${at}/fund`, {}, "finance")).problem.code).to.equal("schedule_state");
    const { data } = (await server.ask("GET", `${path}/invoices`)).json;
    const on = funded.json.funded_on;
    const collection = { received_on: on, invoices: [{ invoice_id: data[0].id, amount: "10000.00" }] };
    expect((await post(`${path}/collections`, collection, "finance")).json).to.deep.include({ applied: "10000.00" });
    const invoice = (await server.ask("GET", `/v1/invoices/${data[0].id}`)).json;
    expect(invoice).to.deep.include({ state: "paid", fee: "300.00", reserve: "1700.00" });
    const checked = { code: "credit check", happened_on: on, note: "D1" };
    expect((await post(`${path}/charges/occasions`, checked, "analyst")).status, "an analyst charges nothing").to.equal(
      403,
    );
    const twice = [1, 2].map(() => post(`${path}/charges/occasions`, checked, "finance"));
    const [one, other] = await Promise.all(twice);
    expect([one!.status, one!.json.amount]).to.deep.equal([201, "40.00"]);
    const waiver = { entry_id: other!.json.entry_id, waived_on: on, reason: "typed twice" };
    expect((await post(`${path}/charges/waivers`, waiver, "finance")).json).to.deep.include({ amount: "-40.00" });
    expect((await post(`${path}/charges/waivers`, waiver, "finance")).problem.code).to.equal("conflict");
    const released = await post(`${path}/reserve-releases`, { released_on: on }, "finance");
    expect(released.json).to.deep.include({ released: "1700.00", charged_for_payment: "25.00", paid: "1635.00" });
    expect((await server.ask("GET", `${path}/reserve`)).json).to.deep.include({
      balance: "0.00",
      ledger_balance: "0.00",
    });
    expect((await server.ask("GET", `${path}/availability`)).json).to.deep.include({ gross: "0.00" });
  });
});
