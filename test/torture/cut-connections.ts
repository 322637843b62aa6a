import { setTimeout as sleep } from "node:timers/promises";
import { type CuttingProxy, commitOfEntries, cuttingProxy, orderDone } from "../harness/cutting-proxy.js";
import { type Audit, audit } from "./audit.js";
import type { Installation } from "./installation.js";
import {
  buyBook,
  LedgerLoad,
  type LoadBook,
  type Order,
  quotedPortfolio,
  type Target,
  termsOf,
} from "./ledger-load.js";
import { type Extent, type PartResult, resultOf } from "./report.js";

/**
 * Cuts the connection after the commit and before the reply: once between the server and PostgreSQL (the server cannot
 * know whether it was committed), once between the caller and the server (the caller cannot). The caller sends again
 * with its key, and must get the answer of what was done, and nothing twice. So for payments and the like under load, and
 * for quotes that are accepted.
 */
export async function cutConnections(installation: Installation, cutting: Extent): Promise<PartResult[]> {
  const results: PartResult[] = [];
  if (installation.ownerUrl !== undefined) {
    const proxy = await cuttingProxy(Number(new URL(installation.ownerUrl).port), commitOfEntries);
    const through = (url: string) => {
      const changed = new URL(url);
      changed.port = String(proxy.port);
      return changed.href;
    };
    const server = await installation.serve(through);
    results.push(await cutWith(installation, { cutting, proxy, target: server.target, where: "commit and server" }));
    await server.stop();
    await proxy.close();
  }
  const server = await installation.serve();
  const proxy = await cuttingProxy(Number(new URL(server.url).port), orderDone);
  const target = { ...server.target, url: `http://127.0.0.1:${proxy.port}` };
  // audited with the server at work where the database takes many, and after its end where it takes one
  results.push(await cutWith(installation, { cutting, proxy, target, where: "server and caller", stop: server.stop }));
  await proxy.close();
  return results;
}

interface Cut {
  readonly cutting: Extent;
  readonly proxy: CuttingProxy;
  readonly target: Target;
  readonly where: string;
  readonly stop?: () => Promise<unknown>;
}

async function cutWith(installation: Installation, { cutting, proxy, target, where, stop }: Cut): Promise<PartResult> {
  const { seed, rounds: most, callers, until } = cutting;
  const prefix = `C${seed}${where.slice(0, 1)}`;
  const book = await buyBook(target, installation.tenantId, prefix);
  const load = new LedgerLoad(target, book, { seed, files: false });
  let rounds = 0;
  for (; rounds < most && performance.now() < until; rounds++) {
    const calls = load.run(callers);
    await sleep(100);
    proxy.arm(3);
    await sleep(300);
    load.stop();
    await calls;
    proxy.arm(0);
    await load.retryUnanswered();
  }
  await load.repeat(40);
  const faults = [...load.faults];
  if (proxy.cuts() === 0) faults.push("nothing was cut");
  const accepted = await acceptWhileCut(target, proxy, {
    prefix,
    times: Math.min(3, most),
    tenantId: installation.tenantId,
  });
  await stop?.();
  const store = await installation.open();
  try {
    const audits: Audit[] = [await audit(store, book, load.orders)];
    for (const { book: one, order } of accepted.bought) {
      const only = await audit(store, one, []);
      // a purchase is the one entry of its books
      audits.push({ ...only, acknowledged: order.answer === undefined ? 0 : 1 });
    }
    const note = `${proxy.cuts()} connections cut, ${accepted.bought.length} quotes accepted among them`;
    const title = `cut between ${where} [${installation.engine}]`;
    return resultOf(title, { rounds, audits, faults: [...faults, ...accepted.faults], note });
  } finally {
    await store.close();
  }
}

/** A quote is accepted, the answer is cut off, the caller sends again; and somebody else tries with another key. */
async function acceptWhileCut(
  target: Target,
  proxy: CuttingProxy,
  { prefix, times, tenantId }: { prefix: string; times: number; tenantId: string },
) {
  const faults: string[] = [];
  const bought: { book: LoadBook; order: Order }[] = [];
  for (let n = 0; n < times; n++) {
    const { portfolioId, quoteId } = await quotedPortfolio(target, `${prefix}q${n}`);
    const nobody = { tenantId, portfolioId, purchaseId: "", terms: undefined as never };
    const sender = new LedgerLoad(
      target,
      { ...nobody, terms: { receivables: new Map() } as never },
      { seed: n, files: false },
    );
    const acceptance = (key: string): Order => ({
      key,
      path: `/v1/quotes/${quoteId}/accept`,
      body: JSON.stringify({ closing_on: "2026-01-05" }),
      type: "application/json",
      happening: new Map(),
      caller: 0,
      answer: undefined,
      attempts: 0,
    });
    const order = acceptance(`${prefix}accept${n}`);
    const before = proxy.cuts();
    proxy.arm(1);
    if (await sender.attempt(order)) faults.push("the acceptance was answered, and should have been cut off");
    await sender.attempt(order);
    proxy.arm(0);
    if (proxy.cuts() === before) faults.push("no acceptance was cut");
    if (order.answer === undefined || order.answer.status !== 201) {
      faults.push(`the acceptance was answered ${order.answer?.status} ${order.answer?.text.slice(0, 200)}`);
      continue;
    }
    await sender.attempt(order);
    const other = acceptance(`${prefix}other${n}`);
    await sender.attempt(other);
    if (other.answer?.status !== 409) faults.push(`a second acceptance was answered ${other.answer?.status}`);
    faults.push(...sender.faults);
    const purchase = JSON.parse(order.answer.text);
    const terms = await termsOf(target, purchase);
    bought.push({ order, book: { tenantId, portfolioId, purchaseId: purchase.id, terms } });
  }
  return { faults, bought };
}
