import { setTimeout as sleep } from "node:timers/promises";
import { chance } from "../../seeds/random-numbers.js";
import { audit } from "./audit.js";
import type { Installation } from "./installation.js";
import { buyBook, LedgerLoad } from "./ledger-load.js";
import { type Extent, type PartResult, resultOf } from "./report.js";

/**
 * Ends the server with SIGKILL in the middle of its callers' orders, so many times; starts it again; lets the callers
 * send again, with their keys, what they got no answer to. In the end the books must agree with what they were told.
 */
export async function killServer(
  installation: Installation,
  { seed, rounds: most, callers, until }: Extent,
): Promise<PartResult> {
  const draw = chance(seed);
  let server = await installation.serve();
  const target = { ...server.target };
  const book = await buyBook(target, installation.tenantId, `K${seed}`);
  // a job that a server left is taken up at once only where no other server can have it
  const files = installation.engine === "embedded";
  const load = new LedgerLoad(target, book, { seed, files });
  let retried = 0;
  let rounds = 0;
  for (; rounds < most && performance.now() < until; rounds++) {
    const calls = load.run(callers);
    await sleep(draw.between(150, 1200));
    await server.kill();
    load.stop();
    await calls;
    server = await installation.serve();
    target.url = server.url;
    retried += await load.retryUnanswered();
  }
  await load.finishFiles();
  await load.repeat(60);
  await server.stop();
  const store = await installation.open();
  try {
    const audits = [await audit(store, book, load.orders)];
    const note = `${load.orders.length} orders, ${retried} unanswered and sent again`;
    return resultOf(`server killed [${installation.engine}]`, { rounds, audits, faults: load.faults, note });
  } finally {
    await store.close();
  }
}
