import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import type { Cluster } from "../../scripts/postgres-cluster.js";
import { chance } from "../../seeds/random-numbers.js";
import { audit } from "./audit.js";
import type { Installation } from "./installation.js";
import { buyBook, LedgerLoad } from "./ledger-load.js";
import { type Extent, type PartResult, resultOf } from "./report.js";

/**
 * Ends the database under the server, in turn all of it (SIGKILL, and a start on the same data) and only the server's
 * connections; the server must live on, and serve again without being started again. The cluster must wait for the
 * disk, as one in use does.
 */
export async function killDatabase(
  installation: Installation,
  cluster: Cluster,
  { seed, rounds: most, callers, until }: Extent,
): Promise<PartResult> {
  const draw = chance(seed);
  const server = await installation.serve();
  const book = await buyBook(server.target, installation.tenantId, `D${seed}`);
  const load = new LedgerLoad(server.target, book, { seed, files: true });
  let retried = 0;
  let rounds = 0;
  for (; rounds < most && performance.now() < until; rounds++) {
    const calls = load.run(callers);
    await sleep(draw.between(150, 1000));
    if (rounds % 2 === 0) await cluster.kill();
    else await endConnections(installation.ownerUrl!);
    load.stop();
    await calls;
    if (rounds % 2 === 0) await cluster.restart();
    retried += await load.retryUnanswered();
  }
  await load.finishFiles();
  await load.repeat(60);
  const ended = await server.stop();
  const faults = [...load.faults, ...(ended.code === 0 ? [] : [`the server ended with ${ended.code}: ${ended.err}`])];
  const store = await installation.open();
  try {
    const audits = [await audit(store, book, load.orders)];
    const note = `${load.orders.length} orders, ${retried} unanswered and sent again`;
    return resultOf("database killed [postgres]", { rounds, audits, faults, note });
  } finally {
    await store.close();
  }
}

async function endConnections(ownerUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  await client.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'netback'");
  await client.end();
}
