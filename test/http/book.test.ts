import { readdir } from "node:fs/promises";
import { expect } from "chai";
import { declarationOf, fieldPlaces, inputFields, pathFields, type Route } from "../../src/http/route.js";
import { routes } from "../../src/http/routes.js";
import { isolatedReaders } from "../../src/tape/isolated.js";
import { eachDatabase } from "../harness/database.js";
import { type Answered, openServer, type TestServer } from "./open-server.js";
import { canaries, order, type SeededBook, seedBook, seedTape } from "./seed-book.js";

/** The path of a route with the names in braces filled in. */
function pathOf(template: string, book: SeededBook): string {
  const fields = book as unknown as Record<string, string>;
  return pathFields(template).reduce((path, name) => path.replace(`{${name}}`, fields[name] ?? "none"), template);
}

/** A query that names the book's portfolio where the resource asks for one. */
function queryOf(route: Route, book: SeededBook): string {
  const isAsked = inputFields(declarationOf(route)).get("portfolio_id")?.required === true;
  const needsPortfolio = isAsked && fieldPlaces(route).get("portfolio_id") === "query";
  return needsPortfolio ? `?portfolio_id=${book.portfolio_id}` : "";
}

/** Bodies of orders on things that a path names, good if they were one's own. */
const bodies: Readonly<Record<string, object>> = {
  putbacks: { account_numbers: ["A-005"], reason: "bankrupt", put_back_on: "2026-02-10" },
  answer: { account_numbers: ["A-040"], decision: "accepted", answered_on: "2026-02-10" },
  reverse: { reversed_on: "2026-02-10", reason: "mine" },
  correct: { reason: "mine", with: { amount: "1.00" } },
  "collection-terms": { overpayment: "unapplied" },
  "carrying-method": { method: "effective_interest" },
  "carrying-adjustments": { amount: "-1.00", effective_on: "2026-02-10", reason: "impairment" },
  schedules: {
    invoices: [
      { invoice_number: "9", debtor_id: "D", invoice_date: "2026-01-05", due_date: "2026-02-04", amount: "9.00" },
    ],
  },
  terms: { terms: {}, reason: "mine" },
  reject: { reason: "mine" },
  "fee-accruals": { through: "2026-02-10" },
  "reserve-releases": { released_on: "2026-02-10" },
  "escrow-releases": { released_on: "2026-02-10" },
  charges: { through: "2026-02-10" },
  occasions: { code: "credit_check", happened_on: "2026-02-10" },
  waivers: { entry_id: "en_x-1", waived_on: "2026-02-10", reason: "charged twice" },
  end: { ended_on: "2026-02-10", reason: "mine" },
  filings: { jurisdiction: "Delaware", file_number: "1", filed_on: "2026-02-10" },
  "{filing_id}": { event: "terminated", happened_on: "2026-02-10" },
  "seller-payments": { amount: "1.00", paid_on: "2026-02-10", settles: "recourse" },
  disputes: { reason: "quality", raised_on: "2026-01-06" },
  resolution: { outcome: "debtor_pays", resolved_on: "2026-02-10" },
  verifications: { method: "call", verified_on: "2026-01-06" },
  documents: { kind: "other", reference: "mine" },
  verification: { outcome: "verified", method: "call" },
  collections: { kind: "unidentified", amount: "1.00", received_on: "2026-02-10" },
  return: { returned_on: "2026-02-10" },
  "receipt-resolutions": { from: "unidentified", to: "payer", amount: "1.00", resolved_on: "2026-02-10" },
  "charge-backs": { invoice_ids: ["iv_0-1"], charged_back_on: "2026-02-10" },
  "buy-backs": { invoice_ids: ["iv_0-1"], bought_back_on: "2026-02-10" },
  "credit-losses": { invoice_ids: ["iv_0-1"], written_off_on: "2026-02-10", note: "mine" },
  notices: { debtor_id: "D2", sent_on: "2026-02-10", method: "letter" },
  "{notice_id}": { event: "received", happened_on: "2026-02-10" },
  forecasts: { month: "2026-02", scale: "0.9", reason: "mine" },
  retire: { reason: "mine" },
};

/** Names that mean something to every tenant: its own account, its own month, its own verification of this number. */
const anybodys: ReadonlySet<string> = new Set(["account", "month", "verification_id"]);

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

eachDatabase("a book over HTTP", (open) => {
  let server: TestServer;
  let book: SeededBook;
  let strangersBook: SeededBook;

  before(async function () {
    this.timeout(60_000);
    server = await openServer(await open(), { readers: isolatedReaders });
    book = await seedBook(server, "admin", "A");
    strangersBook = await seedBook(server, "stranger", "B");
  });
  after(() => server.close());

  it("answers every reading of the owner", async () => {
    for (const route of routes.filter(({ method }) => method === "get")) {
      const { path } = route;
      const { status, text } = await server.ask("GET", pathOf(path, book) + queryOf(route, book));
      expect(status, `${path}: ${text.slice(0, 300)}`).to.equal(200);
    }
  });

  it("shows nothing of a tenant to a stranger, by any resource", async () => {
    for (const route of routes) {
      const { path, method, upload } = route;
      const names = pathFields(path);
      const isAboutMine = names.some((name) => !anybodys.has(name)) || queryOf(route, book) !== "";
      const target = pathOf(path, book) + queryOf(route, book);
      if (method === "get") {
        const { status, text } = await server.ask("GET", target, { as: "stranger" });
        if (isAboutMine) expect(status, `${target}: ${text.slice(0, 200)}`).to.be.oneOf([404, 422, 200]);
        // Ids and numbers of mine: the stranger may see its own question again, and nothing else.
        const answers = names.reduce(
          (left, name) => left.replaceAll((book as unknown as Record<string, string>)[name] ?? "-", ""),
          text,
        );
        expect(answers, target).not.to.match(/Book A|Seller A|Agency A|A-0\d\d/);
        if (status === 200 && isAboutMine) expect(JSON.parse(text).data, target).to.deep.equal([]);
      } else if (upload === undefined && names.some((name) => !anybodys.has(name))) {
        const recall = { portfolio_id: book.portfolio_id, recalled_on: "2026-02-10" };
        const body = path.endsWith("/recall") ? recall : (bodies[path.split("/").at(-1)!] ?? {});
        const { status, text } = await server.ask("POST", pathOf(path, book), {
          as: "stranger",
          headers: { "idempotency-key": `s-${path}` },
          body,
        });
        expect(status, `POST ${target}: ${text.slice(0, 200)}`).to.equal(404);
      }
    }
  });

  it("lets a stranger put nothing into another's book", async () => {
    const { portfolio_id } = book;
    // the ways down carry the instant of the question
    const figures = async (): Promise<unknown[]> => {
      const { json } = await server.ask("GET", `/v1/ledger/trial-balance?portfolio_id=${portfolio_id}`);
      return json.accounts.map((row: object) => ({ ...row, drill: "" }));
    };
    const before = await figures();
    const orders = [
      { path: "/v1/payments", body: { portfolio_id, account_number: "A-004", amount: "1.00", paid_on: "2026-02-11" } },
      { path: "/v1/costs", body: { portfolio_id, cost_type: "court", amount: "1.00", incurred_on: "2026-02-11" } },
      { path: "/v1/claims/settlements", body: { portfolio_id, account_number: "A-004", settled_on: "2026-02-11" } },
      { path: "/v1/claims/refunds", body: { portfolio_id, account_number: "A-010", refunded_on: "2026-02-11" } },
      {
        path: "/v1/resales",
        body: { portfolio_id, account_numbers: ["A-004"], buyer: "B", proceeds: "1.00", sold_on: "2026-02-11" },
      },
      {
        path: "/v1/receipts",
        body: { portfolio_id, kind: "put_back_refund", amount: "1.00", received_on: "2026-02-11" },
      },
      {
        path: "/v1/placements",
        body: {
          portfolio_id,
          agency_id: strangersBook.agency_id,
          placed_on: "2026-02-11",
          commission: { rate: "0.1" },
          receivables: { all: true },
        },
      },
    ];
    for (const { path, body } of orders) {
      const { status } = await server.ask("POST", path, { as: "stranger", headers: { "idempotency-key": path }, body });
      expect(status, path).to.equal(404);
    }
    for (const target of [
      `/v1/portfolios/${portfolio_id}/tape?as_of=2026-01-01&file_name=x.csv`,
      `/v1/payments/batch?portfolio_id=${portfolio_id}&file_name=x.csv`,
    ]) {
      const job = await order(server, target, {
        as: "stranger",
        headers: { "content-type": "text/csv" },
        body: seedTape("B"),
      });
      const done = await server.finished(job.id, "stranger");
      expect(done.state).to.equal("refused");
      expect(done.error.code).to.equal("not_found");
    }
    expect(await figures()).to.deep.equal(before);
  });

  it("streams a job to its owner and to nobody else", async () => {
    const { status, text, headers } = await server.ask("GET", `/v1/jobs/${book.job_id}/events`);
    expect(status).to.equal(200);
    expect(headers.get("content-type")).to.match(/^text\/event-stream/);
    expect(text).to.match(/^event: end\ndata: \{"id":"jb_/m);
    expect((await server.ask("GET", `/v1/jobs/${book.job_id}/events`, { as: "stranger" })).status).to.equal(404);
  });

  it("keeps persons out of answers, logs, metrics and jobs", async () => {
    const texts: string[] = [...server.logLines, (await server.ask("GET", "/metrics")).text];
    const keep = ({ text }: Answered): void => void texts.push(text);
    for (const route of routes.filter(({ method }) => method === "get")) {
      // the one place where a factor reads what it calls its debtors
      if (route.path === "/v1/debtors") continue;
      keep(await server.ask("GET", pathOf(route.path, book) + queryOf(route, book)));
    }
    const named = await server.ask("GET", "/v1/debtors");
    expect(named.json.data[0].debtor_name).to.equal(canaries[0]);
    const papers = `/v1/facilities/${book.facility_id}/documents`;
    const found = await server.ask("GET", `${papers}?${new URLSearchParams({ debtor_name: canaries[0] })}`);
    expect(found.json.data).to.have.length(1);
    keep(found);
    // Every field of every order, and the query, carry a person's values: what comes back must not.
    for (const canary of canaries) {
      for (const { path, method } of routes) {
        const body = {
          name: { canary },
          [canary]: canary,
          portfolio_id: canary,
          account_numbers: [canary],
          amount: canary,
          as_of: canary,
        };
        const headers = { "content-type": "application/json", "idempotency-key": "canary" };
        if (method === "post")
          keep(await server.ask("POST", pathOf(path, book), { headers, body: JSON.stringify(body) }));
        keep(await server.ask("GET", `${pathOf(path, book)}?${new URLSearchParams({ [canary]: canary })}`));
        keep(
          await server.ask("GET", `${pathOf(path, book)}?${new URLSearchParams({ as_of: canary, cursor: canary })}`),
        );
        keep(await server.ask("GET", `/v1/portfolios/${encodeURIComponent(canary)}`));
      }
    }
    texts.push(...server.logLines);
    expect(texts.length).to.be.greaterThan(500);
    for (const canary of canaries) {
      const found = texts.find((text) => text.includes(canary));
      expect(found?.slice(0, 700), canary).to.equal(undefined);
    }
  }).timeout(60_000);

  it("answers a retry with the first answer, and another body under the key with a refusal", async () => {
    const headers = { "idempotency-key": "retry-1" };
    const body = { portfolio_id: book.portfolio_id, account_number: "A-010", amount: "10.00", paid_on: "2026-02-12" };
    const first = await server.ask("POST", "/v1/payments", { headers, body });
    const again = await server.ask("POST", "/v1/payments", { headers, body });
    expect(first.status).to.equal(201);
    expect(first.headers.get("idempotent-replayed")).to.equal(null);
    expect(again.text).to.equal(first.text);
    expect(again.headers.get("idempotent-replayed")).to.equal("true");
    const other = await server.ask("POST", "/v1/payments", { headers, body: { ...body, amount: "11.00" } });
    expect(other.status).to.equal(422);
    expect(other.problem.code).to.equal("idempotency_key_reused");
    expect(other.problem.errors[0]?.pointer).to.equal("/amount");
  });

  it("answers an upload under the same key with the same job, and leaves no file behind", async () => {
    const portfolio = await order(server, "/v1/portfolios", { body: { name: "Second", seller: "S" } });
    const target = `/v1/portfolios/${portfolio.id}/tape?as_of=2025-12-31`;
    const headers = { "content-type": "text/csv", "idempotency-key": "tape-1" };
    const first = await server.ask("POST", target, { headers, body: seedTape("S") });
    const again = await server.ask("POST", target, { headers, body: seedTape("S") });
    expect(first.status).to.equal(202);
    expect(first.headers.get("location")).to.equal(`/v1/jobs/${first.json.id}`);
    expect(again.json.id).to.equal(first.json.id);
    expect(again.headers.get("idempotent-replayed")).to.equal("true");
    const other = await server.ask("POST", target, { headers, body: seedTape("T") });
    expect(other.problem.code).to.equal("idempotency_key_reused");
    expect((await server.finished(first.json.id)).state).to.equal("succeeded");
    // The file goes after the job's end is on record, for a crash between the two must not lose it.
    for (let tries = 0; tries < 100 && (await readdir(server.workFolder)).length > 0; tries++) await pause(10);
    expect(await readdir(server.workFolder)).to.deep.equal([]);
  });

  it("shows the effect of a dry run and changes nothing", async () => {
    const before = await server.ask("GET", `/v1/payments?portfolio_id=${book.portfolio_id}`);
    const { status, json } = await server.ask("POST", "/v1/payments?dry_run=true", {
      body: { portfolio_id: book.portfolio_id, account_number: "A-011", amount: "10.00", paid_on: "2026-02-12" },
    });
    expect(status).to.equal(200);
    expect(json.amount).to.equal("10.00");
    expect(json.effect.entries_total).to.equal(1);
    expect(json.effect.entries[0].id).to.equal(json.entry_id);
    const cash = json.effect.balances.find(({ code }: { code: string }) => code === "1000");
    expect(Number(cash.after) - Number(cash.before)).to.be.closeTo(10, 1e-6);
    const after = await server.ask("GET", `/v1/payments?portfolio_id=${book.portfolio_id}`);
    expect(after.json).to.deep.equal(before.json);
  });

  it("takes an entry back, once, after showing what follows", async () => {
    const paid = await order(server, "/v1/payments", {
      body: { portfolio_id: book.portfolio_id, account_number: "A-011", amount: "10.00", paid_on: "2026-02-12" },
    });
    const path = `/v1/ledger/entries/${paid.entry_id}/reverse`;
    const body = { reversed_on: "2026-02-13", reason: "the bank sent it back" };
    const dry = await server.ask("POST", `${path}?dry_run=true`, { body });
    expect(dry.status, dry.text).to.equal(200);
    expect(dry.json.effect.balances).to.deep.equal(dry.json.cascade.balances);
    const done = await order(server, path, { body });
    expect(done.cascade).to.deep.equal(dry.json.cascade);
    expect(done.effect).to.equal(undefined);
    const again = await server.ask("POST", path, { body, headers: { "idempotency-key": "another" } });
    expect([again.status, again.problem.code]).to.deep.equal([409, "reversal_too_large"]);
  });

  it("takes the fields of an upload in a form as well", async () => {
    const portfolio = await order(server, "/v1/portfolios", { body: { name: "Form", seller: "S" } });
    const form = new FormData();
    form.set("as_of", "2025-12-31");
    form.set("expect_rows", "42");
    form.set("file", new Blob([seedTape("F")]), "form.csv");
    const job = await order(server, `/v1/portfolios/${portfolio.id}/tape`, { body: form });
    const done = await server.finished(job.id);
    expect(done.state, JSON.stringify(done.error)).to.equal("succeeded");
    expect(done.result.tape).to.include({ file_name: "form.csv", rows_in_file: 42 });
  });

  it("closes a month by two keys, and answers 409 to one", async () => {
    const shown = await server.ask("GET", "/v1/periods/2026-01");
    expect(shown.json).to.deep.include({ month: "2026-01", state: "open", to: "2026-01-31" });
    expect((await server.ask("GET", "/v1/periods/2026-13")).status).to.equal(422);
    const proposed = await server.ask("POST", "/v1/periods/2026-01/soft-close", { as: "finance", body: {} });
    expect(proposed.json.state).to.equal("soft_closed");
    const alone = await server.ask("POST", "/v1/periods/2026-01/close", { as: "finance", body: {} });
    expect([alone.status, alone.problem.code]).to.deep.equal([409, "second_person_needed"]);
    const tried = await server.ask("POST", "/v1/periods/2026-01/close?dry_run=true", { body: {} });
    expect(tried.json.state).to.equal("closed");
    const closed = await server.ask("POST", "/v1/periods/2026-01/close", { body: {} });
    expect(closed.json).to.deep.include({ state: "closed", version: 1 });
    const late = await server.ask("POST", "/v1/costs", {
      headers: { "idempotency-key": "late-cost" },
      body: { portfolio_id: book.portfolio_id, cost_type: "court", amount: "1.00", incurred_on: "2026-01-31" },
    });
    expect([late.status, late.problem.code]).to.deep.equal([409, "period_closed"]);
    const forbidden = await server.ask("POST", "/v1/periods/2026-01/close", { as: "analyst", body: {} });
    expect(forbidden.status).to.equal(403);
    const headers = { "idempotency-key": "proof-1" };
    const ordered = await server.ask("POST", "/v1/verifications", { headers, body: { since_last: true } });
    expect([ordered.status, ordered.headers.get("location")]).to.deep.equal([202, `/v1/jobs/${ordered.json.id}`]);
    const { state, result } = await server.finished(ordered.json.id);
    expect([state, result.green]).to.deep.equal(["succeeded", true]);
    const events = await server.ask("GET", `/v1/jobs/${ordered.json.id}/events`);
    expect(events.text).to.contain("succeeded");
    const again = await server.ask("GET", `/v1/verifications/${result.id}`);
    expect(again.json).to.deep.equal(result);
    const twice = await server.ask("POST", "/v1/verifications", { headers, body: { since_last: true } });
    expect([twice.status, twice.json.id, twice.json.result.id]).to.deep.equal([202, ordered.json.id, result.id]);
    const other = await server.ask("POST", "/v1/verifications", { headers, body: {} });
    expect([other.status, other.problem.code]).to.deep.equal([422, "idempotency_key_reused"]);
    const strange = await server.ask("POST", "/v1/verifications", { as: "analyst", body: {} });
    expect(strange.status).to.equal(403);
    const reopened = await server.ask("POST", "/v1/periods/2026-01/reopen", {
      as: "finance",
      body: { reason: "late" },
    });
    expect(reopened.json.state).to.equal("reopened");
  });
});
