import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { type Answered, type Caller, openServer, type TestServer } from "./open-server.js";

/** Twenty callers at once around one invoice, through the door: whatever the order, it stands in one live assignment. */
eachDatabase("one invoice and twenty callers", (open) => {
  let server: TestServer;
  let keys = 0;
  let rounds = 0;
  before(async function () {
    this.timeout(120_000);
    server = await openServer(await open());
    await post("/v1/debtors", { debtor_id: "D1" });
  });
  after(() => server.close());

  const post = (
    path: string,
    body: object,
    { as = "admin", key = `race-${keys++}` }: { as?: Caller; key?: string } = {},
  ) => server.ask("POST", path, { body, as, headers: { "idempotency-key": key } });

  const today = new Date().toISOString().slice(0, 10);
  const invoice = () => ({
    invoice_number: `Inv ${++rounds}`,
    debtor_id: "D1",
    invoice_date: today,
    due_date: today,
    amount: "10000.00",
  });

  async function facilities(count: number): Promise<string[]> {
    const seller = `Seller ${++rounds}`;
    const opened = Array.from({ length: count }, (_, n) =>
      post("/v1/facilities", { name: `F${n}`, seller, terms: {} }),
    );
    return (await Promise.all(opened)).map(({ json }) => json.id);
  }

  const submit = (facility: string, one: object) => post(`/v1/facilities/${facility}/schedules`, { invoices: [one] });

  /** Submitted, checked, approved by another, with an offer. */
  async function offered(facility: string, one: object): Promise<string> {
    const at = `/v1/schedules/${(await submit(facility, one)).json.id}`;
    await post(`${at}/check`, {}, { as: "analyst" });
    await post(`${at}/approve`, {}, { as: "finance" });
    expect((await post(`${at}/offer`, {})).status).to.equal(201);
    return at;
  }

  /** How often each answer came; an answer of ours that is a fault fails the test. */
  function tally(answers: readonly Answered[]): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { status, problem } of answers) {
      expect(status, JSON.stringify(problem)).to.be.below(500);
      const name = status < 300 ? "done" : problem.code;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  async function liveSchedules(of: readonly string[]): Promise<string[]> {
    const lists = await Promise.all(of.map((id) => server.ask("GET", `/v1/facilities/${id}/schedules`)));
    const all: { id: string; state: string }[] = lists.flatMap(({ json }) => json.data);
    return all.filter(({ state }) => state !== "rejected").map(({ id }) => id);
  }

  it("is taken by one of twenty submissions, in four facilities, in four spellings", async function () {
    this.timeout(60_000);
    const of = await facilities(4);
    const one = invoice();
    const { invoice_number: number } = one;
    const spellings = [number, number.toUpperCase(), number.replace(" ", ""), ` ${number.toLowerCase()} `];
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        submit(of[n % 4]!, { ...one, invoice_number: spellings[Math.floor(n / 4) % 4]! }),
      ),
    );
    expect(tally(answers)).to.deep.equal({ done: 1, rows_refused: 19 });
    expect(await liveSchedules(of)).to.have.length(1);
  });

  it("is never live twice while some submit it and others withdraw what they find", async function () {
    this.timeout(90_000);
    const of = await facilities(3);
    const one = invoice();
    for (let round = 0; round < 4; round++) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, async (_, n) => {
          if (n % 2 === 0) return submit(of[n % 3]!, one);
          const [live] = await liveSchedules(of);
          return live === undefined
            ? submit(of[n % 3]!, one)
            : post(`/v1/schedules/${live}/reject`, { reason: "withdrawn" });
        }),
      );
      expect(Object.keys(tally(answers))).to.include("done");
      expect((await liveSchedules(of)).length).to.be.at.most(1);
    }
  });

  it("is approved or rejected, by one of twenty", async function () {
    this.timeout(60_000);
    const [of] = await facilities(1);
    const { id } = (await submit(of!, invoice())).json;
    await post(`/v1/schedules/${id}/check`, {}, { as: "analyst" });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        n % 2 === 0
          ? post(`/v1/schedules/${id}/approve`, {}, { as: "finance" })
          : post(`/v1/schedules/${id}/reject`, { reason: "withdrawn" }, { as: "admin" }),
      ),
    );
    const { done, ...others } = tally(answers);
    const { state } = (await server.ask("GET", `/v1/schedules/${id}`)).json;
    // an approved schedule may still be rejected: two at most, and the last one is what stands
    expect([state, done]).to.deep.equal(state === "rejected" ? ["rejected", done] : ["approved", 1]);
    expect(done).to.be.at.most(2);
    expect(Object.keys(others)).to.deep.equal(["schedule_state"]);
  });

  it("is funded once, by twenty with a key each, and while others withdraw it or offer anew", async function () {
    this.timeout(90_000);
    for (let round = 0; round < 3; round++) {
      const [of] = await facilities(1);
      const at = await offered(of!, invoice());
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => {
          if (round > 0 && n % 4 === 1) return post(`${at}/reject`, { reason: "withdrawn" });
          if (round > 0 && n % 4 === 2) return post(`${at}/offer`, {});
          return post(`${at}/fund`, {}, { as: "finance" });
        }),
      );
      tally(answers);
      const { state, net_funded: paid } = (await server.ask("GET", at)).json;
      expect([state, paid]).to.be.deep.oneOf([
        ["funded", "8000.00"],
        ["rejected", "0.00"],
      ]);
      const funded = answers.filter(({ status, json }) => status === 200 && json.state === "funded");
      expect(funded).to.have.length(state === "funded" ? 1 : 0);
      const { json } = await server.ask("GET", `/v1/ledger/entries?portfolio_id=${of!.replace("fa_", "pf_")}`);
      const purchases = json.data.filter(({ kind }: { kind: string }) => kind === "invoices_purchased");
      expect(purchases).to.have.length(state === "funded" ? 1 : 0);
    }
  });

  it("is funded once by twenty retries of one order, and each retry has the first answer", async function () {
    this.timeout(60_000);
    const [of] = await facilities(1);
    const at = await offered(of!, invoice());
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post(`${at}/fund`, {}, { as: "finance", key: "fund-the-one" })),
    );
    const { done, ...others } = tally(answers);
    expect(done).to.be.at.least(1);
    expect(Object.keys(others).filter((code) => code !== "idempotency_key_in_progress")).to.deep.equal([]);
    const texts = new Set(answers.filter(({ status }) => status < 300).map(({ text }) => text));
    expect(texts.size).to.equal(1);
  });

  it("is collected once when twenty bring the same money under one key, and released no further than the reserve", async function () {
    this.timeout(60_000);
    const [of] = await facilities(1);
    await post(`${await offered(of!, invoice())}/fund`, {}, { as: "finance" });
    const path = `/v1/facilities/${of}`;
    const { data } = (await server.ask("GET", `${path}/invoices`)).json;
    const collection = { received_on: today, invoices: [{ invoice_id: data[0].id, amount: "10000.00" }] };
    const paid = await Promise.all(Array.from({ length: 20 }, () => post(`${path}/collections`, collection)));
    expect(tally(paid).done).to.equal(1);
    const releases = await Promise.all(
      Array.from({ length: 20 }, () => post(`${path}/reserve-releases`, { released_on: today })),
    );
    tally(releases);
    const sum = releases.filter(({ status }) => status < 300).map(({ json }) => Number(json.released));
    expect(sum.reduce((total, one) => total + one, 0)).to.equal(1700);
    expect((await server.ask("GET", `${path}/reserve`)).json.balance).to.equal("0.00");
  });

  it("leaves books that agree", async () => {
    const { result } = await server.finished((await post("/v1/verifications", {})).json.id);
    expect(result.differences).to.deep.equal([]);
  });
});
