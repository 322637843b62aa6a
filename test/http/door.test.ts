import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { refusals } from "../../models/refusal.js";
import { identifyCaller } from "../../src/desk/identify-caller.js";
import { guardListening } from "../../src/http/auth.js";
import { declarationOf } from "../../src/http/route.js";
import { routes } from "../../src/http/routes.js";
import { revokeApiKey } from "../../src/store/api-keys.js";
import type { Store } from "../../src/store/store.js";
import { eachDatabase } from "../harness/database.js";
import { loopbackDoor, openServer, type TestServer } from "./open-server.js";

/** Sends bytes as they are, and returns the answer's bytes: for what `fetch` would never send. */
function sendRaw(url: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), "127.0.0.1", () => socket.write(bytes));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString();
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

eachDatabase("the door with keys", (open) => {
  let store: Store;
  let server: TestServer;
  before(async () => {
    store = await open();
    server = await openServer(store);
  });
  after(() => server.close());

  it("keeps a connection for a minute: longer than an act may hold the embedded database up", async () => {
    const { headers } = await server.ask("GET", "/healthz");
    expect(headers.get("keep-alive")).to.equal("timeout=65");
  });

  const strangers = [
    { why: "no key", headers: {} },
    { why: "another scheme", headers: { authorization: "Basic bmJrX2FscGhhX2FkbWluOg==" } },
    { why: "a key that is not known", headers: { authorization: `Bearer nbk_alpha_${"a".repeat(43)}` } },
    { why: "a key of a tenant that is not there", headers: { authorization: `Bearer nbk_nobody_${"a".repeat(43)}` } },
    { why: "a key of another form", headers: { authorization: "Bearer alpha_admin" } },
    { why: "a key and more", headers: { authorization: `Bearer nbk_alpha_${"a".repeat(43)} x` } },
    { why: "a very long key", headers: { authorization: `Bearer nbk_${"a".repeat(5000)}` } },
  ];
  for (const { why, headers } of strangers) {
    it(`answers 401 to ${why}, in the same words`, async () => {
      const { status, problem, headers: sent } = await server.ask("GET", "/v1/portfolios", { as: null, headers });
      expect(status).to.equal(401);
      expect(problem.code).to.equal("unauthorized");
      expect(problem.detail).to.equal("send a valid key as Authorization: Bearer nbk_...");
      expect(sent.get("www-authenticate")).to.equal("Bearer");
    });
  }

  it("answers 401 to a key that has ended, and to one of the right tenant with another's secret", async () => {
    const mixed = server.keys.admin.replace("nbk_alpha_", "nbk_beta_");
    const headers = { authorization: `Bearer ${mixed}` };
    expect((await server.ask("GET", "/v1/portfolios", { as: null, headers })).status).to.equal(401);
    const ended = await openServer(store);
    try {
      expect((await ended.ask("GET", "/v1/portfolios", { as: "analyst" })).status).to.equal(200);
      const caller = await identifyCaller(store, Date.now)(ended.keys.analyst);
      const end = "2026-01-02T00:00:00Z";
      await store.transaction({ tenantId: "alpha" }, (tx) => revokeApiKey(tx, caller?.actorId ?? "", end));
      // a key is looked up once a second
      await sleep(1000);
      expect((await ended.ask("GET", "/v1/portfolios", { as: "analyst" })).status).to.equal(401);
    } finally {
      await ended.close();
    }
  });

  it("asks for a key before it says whether a resource exists", async () => {
    expect((await server.ask("GET", "/v1/nothing", { as: null })).status).to.equal(401);
    expect((await server.ask("GET", "/v1/nothing")).status).to.equal(404);
  });

  it("answers 403 to a key without the role", async () => {
    const { status, problem } = await server.ask("GET", "/v1/purchases", { as: "seller" });
    expect(status).to.equal(403);
    expect(problem.code).to.equal("forbidden");
  });

  it("answers 403 by every resource to each role that its act is not for", async () => {
    for (const route of routes) {
      const { roles } = declarationOf(route);
      for (const role of ["seller", "analyst", "finance"] as const) {
        if (roles.includes(role)) continue;
        const path = route.path.replaceAll(/\{([a-z_]+)\}/g, "x");
        const headers = {
          "idempotency-key": "k",
          ...(route.upload === undefined ? {} : { "content-type": "text/csv" }),
        };
        const asked = route.method === "get" ? { as: role } : { as: role, headers, body: "" };
        const { status, problem } = await server.ask(route.method.toUpperCase(), path, asked);
        expect(`${status} ${problem.code}`, `${role} at ${route.method} ${path}`).to.equal("403 forbidden");
      }
    }
  });

  it("refuses an upload without the role before it reads the file", async () => {
    const { status } = await server.ask("POST", "/v1/payments/batch?portfolio_id=pf_1", {
      as: "seller",
      headers: { "content-type": "text/csv", "idempotency-key": "k" },
      body: "x",
    });
    expect(status).to.equal(403);
  });

  it("answers every problem as a document of RFC 9457 with the id of the request", async () => {
    const { status, problem, headers } = await server.ask("GET", "/v1/portfolios/not-an-id");
    expect(status).to.equal(422);
    expect(headers.get("content-type")).to.match(/^application\/problem\+json/);
    expect(problem).to.include({ type: "/problems/invalid_request", status: 422, code: "invalid_request" });
    expect(problem.instance).to.equal(headers.get("x-request-id"));
    expect(problem.errors[0]).to.include({ pointer: "/portfolio_id" });
  });

  it("takes no request id from the caller, who could carry anything into the log with it", async () => {
    const { headers } = await server.ask("GET", "/healthz", { headers: { "x-request-id": "Jane-Roe" } });
    expect(headers.get("x-request-id")).to.match(/^[0-9a-f]{32}$/);
  });

  const wrongs = [
    { why: "a method that the resource does not have", method: "DELETE", path: "/v1/portfolios", status: 405 },
    { why: "a path that is not there", method: "GET", path: "/v1/portfolio", status: 404 },
    { why: "a path outside of the API", method: "GET", path: "/etc/passwd", status: 404 },
    { why: "a climb out of the folder of the start page", method: "GET", path: "/..%2f..%2fpackage.json", status: 404 },
    { why: "a parameter that is not there", method: "GET", path: "/v1/portfolios?colour=red", status: 400 },
    { why: "a parameter given twice", method: "GET", path: "/v1/portfolios?limit=1&limit=2", status: 400 },
    { why: "a limit out of its bounds", method: "GET", path: "/v1/portfolios?limit=1001", status: 422 },
    { why: "a broken escape in the path", method: "GET", path: "/v1/portfolios/%ff", status: 400 },
    { why: "a NUL in the path", method: "GET", path: "/v1/portfolios/pf_%00", status: 400 },
    { why: "a dry run of a reading", method: "GET", path: "/v1/portfolios?dry_run=true", status: 400 },
    {
      why: "a day that does not exist",
      method: "GET",
      path: "/v1/portfolios/pf_1/netback?as_of=2026-02-30",
      status: 422,
    },
  ];
  for (const { why, method, path, status } of wrongs) {
    it(`answers ${status} to ${why}`, async () => {
      const answer = await server.ask(method, path);
      expect(answer.status).to.equal(status);
      expect(answer.headers.get("content-type")).to.match(/^application\/problem\+json/);
    });
  }

  it("says which methods a resource has", async () => {
    const { headers } = await server.ask("PATCH", "/v1/portfolios");
    expect(headers.get("allow")).to.equal("GET, HEAD, OPTIONS, POST");
    expect((await server.ask("OPTIONS", "/v1/portfolios")).status).to.equal(204);
    expect((await server.ask("HEAD", "/v1/portfolios")).status).to.equal(200);
  });

  const bodies = [
    { why: "a form", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "a=1", status: 415 },
    {
      why: "JSON in another character set",
      headers: { "content-type": "application/json; charset=latin1" },
      body: "{}",
      status: 415,
    },
    {
      why: "a coded body",
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      body: "{}",
      status: 415,
    },
    {
      why: "more than a megabyte",
      headers: { "content-type": "application/json" },
      body: `{"name":"${"x".repeat(1_100_000)}"}`,
      status: 413,
    },
    { why: "an array", headers: { "content-type": "application/json" }, body: "[]", status: 400 },
    { why: "a NUL", headers: { "content-type": "application/json" }, body: '{"name":"a\\u0000"}', status: 422 },
    {
      why: "an unknown field",
      headers: { "content-type": "application/json" },
      body: '{"name":"a","seller":"b","colour":1}',
      status: 422,
    },
    {
      why: "a prototype",
      headers: { "content-type": "application/json" },
      body: '{"__proto__":{"name":"a"}}',
      status: 422,
    },
  ];
  for (const { why, headers, body, status } of bodies) {
    it(`answers ${status} to a body that is ${why}`, async () => {
      const answer = await server.ask("POST", "/v1/portfolios", { headers: headers as Record<string, string>, body });
      expect(answer.status).to.equal(status);
      expect(answer.problem.errors).to.be.an("array");
    });
  }

  it("asks for an Idempotency-Key where money changes", async () => {
    const { status, problem } = await server.ask("POST", "/v1/payments", {
      body: { portfolio_id: "pf_1", account_number: "1", amount: "1.00", paid_on: "2026-01-02" },
    });
    expect(status).to.equal(400);
    expect(problem.code).to.equal("idempotency_key_missing");
  });

  it("answers bytes that are no HTTP request with a problem document", async () => {
    const answer = await sendRaw(server.url, "NONSENSE\r\n\r\n");
    expect(answer).to.match(/^HTTP\/1.1 400 /);
    expect(answer).to.contain('"code":"malformed_request"');
  });

  it("has a page and a document for every problem", async () => {
    const { json } = await server.ask("GET", "/problems");
    expect(json.data.map(({ code }: { code: string }) => code)).to.include.members(Object.keys(refusals));
    for (const { code } of json.data) {
      expect((await server.ask("GET", `/problems/${code}`)).json.code).to.equal(code);
    }
    const page = await server.ask("GET", "/problems/quote_expired", { headers: { accept: "text/html" } });
    expect(page.headers.get("content-type")).to.match(/^text\/html/);
    expect((await server.ask("GET", "/problems/none")).status).to.equal(404);
  });

  it("says that it is alive and ready", async () => {
    expect((await server.ask("GET", "/healthz", { as: null })).json).to.deep.equal({ status: "alive" });
    expect((await server.ask("GET", "/readyz", { as: null })).json).to.deep.equal({ status: "ready" });
  });

  it("measures requests by the template of their route, never by the path", async () => {
    await server.ask("GET", "/v1/portfolios/pf_canary");
    const { text, headers } = await server.ask("GET", "/metrics", { as: null });
    expect(headers.get("content-type")).to.match(/^text\/plain/);
    expect(text).to.match(
      /netback_http_request_duration_seconds_count\{method="GET",route="\/v1\/portfolios\/\{portfolio_id\}",status="\d+"\} \d/,
    );
    expect(text).to.contain('netback_jobs{state="waiting"} 0');
    expect(text).not.to.contain("pf_canary");
  });

  it("sends its pages with a policy that lets nothing foreign in", async () => {
    for (const path of ["/", "/docs/"]) {
      const { status, headers, text } = await server.ask("GET", path, { as: null });
      expect(status).to.equal(200);
      expect(headers.get("content-security-policy")).to.contain("default-src 'self'");
      expect(text).not.to.match(/<script>[^<]/);
      expect(text).not.to.match(/(src|href)="https?:/);
    }
    for (const path of ["/docs/swagger-ui-bundle.js", "/docs/swagger-ui-init.js", "/netback.js", "/netback.css"]) {
      expect((await server.ask("GET", path, { as: null })).status, path).to.equal(200);
    }
  });
});

eachDatabase("the door's limits", (open) => {
  it("refuses the calls over the limit of a minute, by key", async () => {
    const server = await openServer(await open(), { config: { requestsPerMinute: 3 } });
    try {
      for (let call = 1; call <= 3; call++) expect((await server.ask("GET", "/v1/portfolios")).status).to.equal(200);
      const { status, problem, headers } = await server.ask("GET", "/v1/portfolios");
      expect(status).to.equal(429);
      expect(problem.code).to.equal("rate_limited");
      expect(headers.get("retry-after")).to.equal("60");
      expect((await server.ask("GET", "/v1/portfolios", { as: "stranger" })).status).to.equal(200);
    } finally {
      await server.close();
    }
  });
});

eachDatabase("the door on loopback", (open) => {
  let server: TestServer;
  before(async () => {
    server = await openServer(await open(), { door: loopbackDoor });
  });
  after(() => server.close());

  it("asks for no key", async () => {
    expect((await server.ask("GET", "/v1/portfolios", { as: null })).status).to.equal(200);
  });

  it("listens on no address that others can reach", () => {
    expect(() => guardListening(loopbackDoor, "0.0.0.0")).to.throw(/loopback only, not on 0\.0\.0\.0/);
    expect(() => guardListening(loopbackDoor, "::1")).not.to.throw();
  });

  const foreign = [
    { why: "a name that leads to loopback", lines: "Host: evil.example\r\n", method: "GET" },
    {
      why: "a foreign page's form",
      lines: "Host: HERE\r\nOrigin: http://evil.example\r\nContent-Length: 0\r\n",
      method: "POST",
    },
    {
      why: "a page of another port",
      lines: "Host: HERE\r\nOrigin: http://localhost:9\r\nContent-Length: 0\r\n",
      method: "POST",
    },
    {
      why: "another site's request",
      lines: "Host: HERE\r\nSec-Fetch-Site: cross-site\r\nContent-Length: 0\r\n",
      method: "POST",
    },
  ];
  for (const { why, lines, method } of foreign) {
    it(`answers nothing to ${why}`, async () => {
      const host = new URL(server.url).host;
      const request = `${method} /v1/portfolios HTTP/1.1\r\n${lines.replace("HERE", host)}Connection: close\r\n\r\n`;
      const answer = await sendRaw(server.url, request);
      expect(answer).to.match(/^HTTP\/1.1 403 /);
    });
  }

  it("answers its own page", async () => {
    const headers = { origin: server.url, "sec-fetch-site": "same-origin" };
    const { status } = await server.ask("POST", "/v1/portfolios", {
      as: null,
      headers,
      body: { name: "a", seller: "b" },
    });
    expect(status).to.equal(201);
  });
});
