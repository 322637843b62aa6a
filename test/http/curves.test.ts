import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { madeScoreCard } from "../harness/score-card.js";
import { openServer, type TestServer } from "./open-server.js";
import { type SeededBook, seedBook } from "./seed-book.js";

eachDatabase("curves over HTTP", (open) => {
  let server: TestServer;
  let book: SeededBook;
  before(async function () {
    this.timeout(60_000);
    server = await openServer(await open());
    book = await seedBook(server, "admin", "A");
  });
  after(() => server.close());

  it("fits a curve, lists it, shows it, prices with it, and reports drift", async () => {
    const { portfolio_id } = book;
    const fitted = await server.ask("POST", "/v1/curves", { as: "analyst", body: { portfolio_ids: [portfolio_id] } });
    expect(fitted.status, fitted.text).to.equal(201);
    const { id, card } = fitted.json;
    expect(card.timing.family).to.equal("gamma");
    const listed = await server.ask("GET", "/v1/curves", { as: "finance" });
    expect(listed.json.data.map((one: { id: string }) => one.id)).to.deep.equal([id]);
    expect((await server.ask("GET", `/v1/curves/${id}`, { as: "finance" })).json.card).to.deep.equal(card);
    const priced = await server.ask("POST", `/v1/portfolios/${portfolio_id}/price`, { body: { curve_id: id } });
    expect(priced.status, priced.text).to.equal(200);
    expect(JSON.stringify(priced.json.assumptions)).to.contain(id);
    const drift = await server.ask("GET", `/v1/reports/drift?portfolio_id=${portfolio_id}`);
    expect(drift.status, drift.text).to.equal(200);
    expect(drift.json.verdict).to.be.oneOf(["keep", "refit", "too_early"]);
  });

  it("learns payment behaviour from facilities for who may price, and says why it cannot", async () => {
    const ask = (as: string, body: object) =>
      server.ask("POST", "/v1/models/payment-behaviour", { as: as as "admin", body });
    const few = await ask("analyst", { currency: "USD" });
    expect([few.status, few.json.code], few.text).to.deep.equal([422, "history_unusable"]);
    expect(few.json.detail).to.match(/of \d+ invoices .* were settled before .* needs 100/);
    expect((await ask("finance", { currency: "USD" })).status).to.equal(403);
    expect((await ask("analyst", {})).json.code).to.equal("invalid_request");
    const [facility] = (await server.ask("GET", "/v1/facilities")).json.data;
    expect((await ask("stranger", { facility_ids: [facility.id] })).json.code).to.equal("not_found");
  });

  it("keeps and retires cards; others neither see nor make them", async () => {
    const body = { kind: "recovery_score", name: "own", card: await madeScoreCard() };
    const made = await server.ask("POST", "/v1/models", { body });
    expect(made.status, made.text).to.equal(201);
    const { id } = made.json;
    expect((await server.ask("POST", "/v1/models", { as: "finance", body })).status).to.equal(403);
    expect((await server.ask("GET", `/v1/models/${id}`, { as: "stranger" })).status).to.equal(404);
    expect((await server.ask("GET", "/v1/models", { as: "stranger" })).json.data).to.deep.equal([]);
    const retired = await server.ask("POST", `/v1/models/${id}/retire`, { body: { reason: "old" } });
    expect(retired.json.state).to.equal("retired");
    const listed = await server.ask("GET", "/v1/models?state=retired&kind=recovery_score");
    expect(listed.json.data.map((one: { id: string }) => one.id)).to.deep.equal([id]);
  });
});
