import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { createEmptyPostgres } from "../harness/database.js";
import { demoFigures, netback, serve } from "./run-netback.js";

describe("the command line on PostgreSQL", function () {
  this.timeout(120_000);
  if (process.env.TEST_DATABASE_URL === undefined) {
    it("skipped: TEST_DATABASE_URL is not set (npm test starts a private server where it can)");
    return;
  }
  let folder: string;
  let database: Awaited<ReturnType<typeof createEmptyPostgres>>;
  let env: Record<string, string>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "netback-postgres-cli-"));
    database = await createEmptyPostgres();
    env = { NETBACK_HOME: folder, DATABASE_URL: database.ownerUrl };
  });
  after(async () => {
    await database.drop();
    await rm(folder, { recursive: true });
  });

  it("refuses to work until it is migrated, then migrates once", async () => {
    const early = await netback(["portfolios", "list"], { env });
    expect(early.code).to.equal(1);
    expect(early.err).to.include("database_schema_outdated").and.to.include("netback migrate");
    const first = await netback(["migrate", "--json"], { env });
    expect(JSON.parse(first.out).applied, first.err).to.not.deep.equal([]);
    const second = await netback(["migrate", "--json"], { env });
    expect(JSON.parse(second.out)).to.deep.equal({ engine: "postgres", applied: [] });
  });

  it("loads the demo with the figures of the embedded database, to the cent", async () => {
    const { code, out, err } = await netback(["demo", "--json"], { env });
    expect(code, err).to.equal(0);
    expect(JSON.parse(out).netback.to_date).to.deep.include(demoFigures);
  });

  it("serves whoever has a key, and each tenant its own", async () => {
    const keyOf = async (tenant: string) => {
      const { code, out, err } = await netback(["keys", "create", "--tenant", tenant, "--role", "admin", "--json"], {
        env,
      });
      expect(code, err).to.equal(0);
      return JSON.parse(out).key as string;
    };
    const [own, strange] = [await keyOf("local"), await keyOf("stranger")];
    const server = await serve(env);
    try {
      const ask = (key?: string) =>
        fetch(`${server.url}/v1/portfolios`, key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } });
      const portfoliosOf = async (key: string) => ((await (await ask(key)).json()) as { data: unknown[] }).data;
      expect((await ask()).status).to.equal(401);
      expect((await ask(`${own}x`)).status).to.equal(401);
      expect(await portfoliosOf(own)).to.have.length(1);
      expect(await portfoliosOf(strange)).to.deep.equal([]);
      const keys = async () => {
        const { out } = await netback(["keys", "list", "--tenant", "stranger", "--json"], { env });
        return (JSON.parse(out) as { data: { key_id: string; revoked_at: string | null }[] }).data;
      };
      const [listed, ...others] = await keys();
      expect(others).to.deep.equal([]);
      expect(listed!.revoked_at).to.equal(null);
      const foreign = await netback(["keys", "revoke", listed!.key_id, "--tenant", "local"], { env });
      expect(foreign.code, "another tenant's key").to.equal(1);
      expect((await ask(strange)).status).to.equal(200);
      expect((await netback(["keys", "revoke", listed!.key_id, "--tenant", "stranger"], { env })).code).to.equal(0);
      await sleep(1100);
      expect((await ask(strange)).status, "revoked, a second ago").to.equal(401);
      expect((await keys())[0]!.revoked_at).to.be.a("string");
    } finally {
      expect((await server.stop()).code).to.equal(0);
    }
  });
});
