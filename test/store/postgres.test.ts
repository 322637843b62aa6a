import { expect } from "chai";
import pg from "pg";
import { openStore } from "../../src/store/store.js";
import type { Tx } from "../../src/store/transaction.js";
import { createEmptyPostgres, eachDatabase } from "../harness/database.js";

const scope = { tenantId: "alpha" };

async function refusalCode(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "done",
    (error: { code?: string }) => error.code ?? String(error),
  );
}

describe("postgres", () => {
  before(function () {
    if (process.env.TEST_DATABASE_URL !== undefined) return;
    process.stdout.write("      skipped: TEST_DATABASE_URL is not set\n");
    this.skip();
  });

  it("is migrated once by servers that start at once, and refuses before that, and a login without the role", async () => {
    const database = await createEmptyPostgres();
    const config = { kind: "postgres" as const, url: database.loginUrl, ownerUrl: database.ownerUrl };
    const servers = await Promise.all([1, 2, 3, 4].map(() => openStore(config)));
    try {
      expect(await refusalCode(servers[0]!.assertReady())).to.equal("database_schema_outdated");
      const pending = await servers[0]!.pendingMigrations();
      expect(pending[0]).to.equal("0001-roles-and-tenants");
      const ran = await Promise.all(servers.map((server) => server.migrate()));
      expect(ran.filter((names) => names.length > 0)).to.deep.equal([pending]);
      expect(await refusalCode(servers[0]!.transaction(scope, async () => 1))).to.equal("not_ready");
    } finally {
      for (const server of servers) await server.close();
      await database.drop();
    }
  });

  it("that does not answer is refused as unreachable, without its address", async () => {
    const store = await openStore({ kind: "postgres", url: "postgres://user:canary@127.0.0.1:9/none" });
    const error = await store.transaction(scope, async () => 1).catch((thrown: unknown) => thrown);
    await store.close();
    expect(error).to.have.property("code", "database_unreachable");
    expect(String(error)).not.to.contain("canary");
  });
});

describe("a connection to postgres that is cut", () => {
  before(function () {
    if (process.env.TEST_DATABASE_URL !== undefined) return;
    process.stdout.write("      skipped: TEST_DATABASE_URL is not set\n");
    this.skip();
  });

  it("refuses a write, reads again, and is replaced", async () => {
    const database = await createEmptyPostgres();
    const store = await openStore({ kind: "postgres", url: database.ownerUrl });
    const other = new pg.Client({ connectionString: database.ownerUrl });
    await other.connect();
    const cut = async (tx: Tx) => {
      const [own] = await tx.query<{ pid: number }>("select pg_backend_pid() as pid");
      await other.query("select pg_terminate_backend($1, 5000)", [own!.pid]);
      return tx.query("select 1 as n");
    };
    try {
      await store.migrate();
      const write = await store.transaction(scope, cut).catch((thrown: unknown) => thrown);
      expect(write).to.have.property("code", "database_unreachable");
      let runs = 0;
      const read = await store.transaction(scope, async (tx) => (++runs === 1 ? cut(tx) : tx.query("select 1 as n")), {
        readOnly: true,
      });
      expect(read).to.deep.equal([{ n: 1 }]);
      expect(runs).to.equal(2);
    } finally {
      await other.end();
      await store.close();
      await database.drop();
    }
  });
});

eachDatabase("transactions that cross", (open) => {
  it("come to an end when they lock two rows in opposite order: the loser runs again", async () => {
    const store = await open();
    await store.asOwner(async (knex) => {
      await knex.raw("create table crossing (tenant_id text, id int4, n int8)");
      await knex.raw("insert into crossing values ('alpha', 1, 0), ('alpha', 2, 0)");
      await knex.raw("grant select, update on crossing to netback_app");
    });
    const add = (ids: number[]) =>
      store.transaction(
        scope,
        async (tx) => {
          for (const id of ids) await tx.execute("update crossing set n = n + 1 where id = ?", [id]);
        },
        { retries: 10 },
      );
    await Promise.all(Array.from({ length: 6 }, (_, i) => add(i % 2 === 0 ? [1, 2] : [2, 1])));
    const rows = await store.transaction(scope, (tx) => tx.query("select n from crossing"));
    expect(rows).to.deep.equal([{ n: 6n }, { n: 6n }]);
  });
});
