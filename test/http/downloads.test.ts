import { createHash } from "node:crypto";
import { expect } from "chai";
import { exportFormats } from "../../models/export.js";
import { eachDatabase } from "../harness/database.js";
import { openServer, type TestServer } from "./open-server.js";
import { type SeededBook, seedBook } from "./seed-book.js";

eachDatabase("the ledger as a download", (open) => {
  let server: TestServer;
  let book: SeededBook;
  before(async function () {
    this.timeout(60_000);
    server = await openServer(await open());
    book = await seedBook(server, "admin", "A");
    await seedBook(server, "stranger", "B");
  });
  after(() => server.close());

  for (const format of exportFormats) {
    it(`comes whole, with its name and digest (${format})`, async () => {
      const { status, headers, text } = await server.ask("GET", `/v1/exports/ledger?format=${format}`);
      expect(status, text.slice(0, 200)).to.equal(200);
      expect(headers.get("content-disposition")).to.match(/^attachment; filename="netback-ledger-[\d-]+[\w.]+"$/);
      expect(headers.get("repr-digest")).to.match(/^sha-256=:[\w+/]{43}=:$/);
      if (format === "xlsx" || format === "parquet") return;
      const digest = createHash("sha256").update(text).digest("base64");
      expect(headers.get("repr-digest")).to.equal(`sha-256=:${digest}:`);
      expect(headers.get("content-length")).to.equal(String(Buffer.byteLength(text)));
      expect(text).to.include(book.portfolio_id);
    });
  }

  it("has nothing of another tenant, and is refused before it begins", async () => {
    const { text } = await server.ask("GET", "/v1/exports/ledger?format=csv&raw=true", { as: "stranger" });
    expect(text).not.to.include(book.portfolio_id);
    const other = await server.ask("GET", `/v1/exports/ledger?portfolio_id=${book.portfolio_id}`, { as: "stranger" });
    expect(other.status).to.equal(404);
    expect(other.problem.code).to.equal("not_found");
    expect((await server.ask("GET", "/v1/exports/ledger?format=pdf")).status).to.equal(422);
    expect((await server.ask("GET", "/v1/exports/ledger", { as: "seller" })).status).to.equal(403);
  });
});
