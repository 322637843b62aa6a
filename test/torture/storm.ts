import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { chance } from "../../seeds/random-numbers.js";
import type { Happening } from "../harness/reference-happening.js";
import { type Audit, audit } from "./audit.js";
import type { Installation } from "./installation.js";
import { buyBook, LedgerLoad, type LoadBook, mustOrder, type Order, type Target } from "./ledger-load.js";
import { type Extent, type PartResult, resultOf } from "./report.js";

async function withOwner<T>(installation: Installation, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: installation.ownerUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Deadlocks that PostgreSQL has broken in this database. A session tells its count at its end: ask without a server. */
async function deadlocks(installation: Installation): Promise<number> {
  await sleep(300);
  return withOwner(installation, async (client) => {
    const { rows } = await client.query<{ deadlocks: string }>(
      "select deadlocks from pg_stat_database where datname = current_database()",
    );
    return Number(rows[0]!.deadlocks);
  });
}

async function auditAll(installation: Installation, loads: readonly LedgerLoad[], extra: readonly Order[]) {
  const store = await installation.open();
  try {
    const audits: Audit[] = [];
    for (const { book, orders } of loads) {
      const own = extra.filter(({ path }) => path.includes(book.purchaseId));
      audits.push(await audit(store, book, [...orders, ...own]));
    }
    return audits;
  } finally {
    await store.close();
  }
}

/**
 * Many callers at once on two portfolios, on the same receivables in opposite orders: payments one by one and in files,
 * placements, recalls and put-backs of lists that run forwards and backwards. No two may ever wait for each other in a
 * ring: PostgreSQL counts the deadlocks that it had to break, and there must be none.
 */
export async function deadlockStorm(
  installation: Installation,
  { seed, rounds: most, callers, until }: Extent,
): Promise<PartResult> {
  const before = await deadlocks(installation);
  const server = await installation.serve();
  const { target } = server;
  const books = [
    await buyBook(target, installation.tenantId, `S${seed}a`),
    await buyBook(target, installation.tenantId, `S${seed}b`),
  ];
  const agency = await mustOrder(target, "/v1/agencies", { name: `Storm ${seed}` }, `storm-${seed}`);
  const loads = books.map((book, i) => new LedgerLoad(target, book, { seed: seed + i, files: true }));
  const lists: Order[] = [];
  const faults: string[] = [];
  let rounds = 0;
  for (; rounds < most && (rounds === 0 || performance.now() < until); rounds++) {
    const calls = loads.map((load) => load.run(callers));
    await Promise.all(
      [0, 1].map((turn) => sendLists(target, { loads, lists, agencyId: agency.id, round: rounds, turn })),
    );
    for (const load of loads) load.stop();
    await Promise.all(calls);
  }
  for (const load of loads) {
    if ((await load.retryUnanswered()) > 0) faults.push("an order was not answered at once");
    await load.finishFiles();
    faults.push(...load.faults);
  }
  await server.stop();
  const broken = (await deadlocks(installation)) - before;
  if (broken > 0) faults.push(`${broken} deadlocks`);
  const audits = await auditAll(installation, loads, lists);
  const note = `${broken} deadlocks, ${loads[0]!.orders.length + loads[1]!.orders.length + lists.length} orders`;
  return resultOf(`opposite orders [${installation.engine}]`, { rounds, audits, faults, note });
}

/** Lists of accounts, forwards in one turn and backwards in the other: placed, recalled, and two of them put back. */
async function sendLists(
  target: Target,
  storm: { loads: readonly LedgerLoad[]; lists: Order[]; agencyId: string; round: number; turn: number },
): Promise<void> {
  const { loads, lists, agencyId, round, turn } = storm;
  const inOrder = turn === 0 ? loads : [...loads].reverse();
  for (const load of inOrder) {
    const { book } = load;
    const accounts = [...book.terms.receivables].filter(([, face]) => face !== undefined).map(([account]) => account);
    if (turn === 1) accounts.reverse();
    const placement = {
      portfolio_id: book.portfolioId,
      agency_id: agencyId,
      placed_on: "2026-02-01",
      commission: { rate: "0.2" },
      receivables: { all: true },
    };
    const placed = await mustOrder(target, "/v1/placements", placement, `place-${round}-${turn}-${book.portfolioId}`);
    await mustOrder(
      target,
      `/v1/placements/${placed.id}/recall`,
      { portfolio_id: book.portfolioId, account_numbers: accounts, recalled_on: "2026-02-02" },
      `recall-${round}-${turn}-${book.portfolioId}`,
    );
    const pair = [accounts[round % accounts.length]!, accounts[(round + 7) % accounts.length]!];
    const order = putBackOf(book, pair, `lists-${round}-${turn}-${book.portfolioId}`);
    lists.push(order);
    if (!(await load.attempt(order))) throw new Error(`no answer to ${order.path}`);
  }
}

function putBackOf(book: LoadBook, accounts: readonly string[], key: string): Order {
  const on = "2026-03-01";
  const happening = new Map<string, Happening>(
    accounts.map((account) => [account, { what: "put_back", account, on, override: false }]),
  );
  return {
    key,
    path: `/v1/purchases/${book.purchaseId}/putbacks`,
    body: JSON.stringify({ account_numbers: accounts, reason: "other", put_back_on: on }),
    type: "application/json",
    happening,
    caller: 0,
    answer: undefined,
    attempts: 0,
  };
}

/**
 * Real conflicts, of both kinds that PostgreSQL resolves by undoing one side. Deadlocks: a session of the owner takes a
 * position's row, and asks for the head of the ledger once the server has that and waits for the row; the server's
 * transaction is the one that is broken. Serialisation failures: the server's transactions are made repeatable reads,
 * so that those that waited for the head of the ledger fail. The act is run again by the server, or sent again by the
 * caller; the effect must be there once.
 */
export async function conflicts(installation: Installation, extent: Extent): Promise<PartResult[]> {
  const database = new URL(installation.ownerUrl!).pathname.slice(1);
  const set = (setting: string) =>
    withOwner(installation, (client) => client.query(`alter database ${database} ${setting}`));
  await set("set deadlock_timeout = '30ms'");
  const results = [await brokenDeadlocks(installation, extent)];
  await set("set default_transaction_isolation = 'repeatable read'");
  results.push(await serialisationFailures(installation, extent));
  await set("reset all");
  return results;
}

async function brokenDeadlocks(installation: Installation, { seed, rounds }: Extent): Promise<PartResult> {
  const before = await deadlocks(installation);
  const server = await installation.serve();
  const book = await buyBook(server.target, installation.tenantId, `X${seed}`);
  const load = new LedgerLoad(server.target, book, { seed, files: false });
  const faults: string[] = [];
  await withOwner(installation, async (owner) => {
    await owner.query("set deadlock_timeout = '1min'");
    for (let round = 0; round < rounds; round++) {
      const order = load.draw((happening) => happening.what === "payment");
      const { account } = order.happening as Extract<Happening, { what: "payment" }>;
      await owner.query("begin");
      await owner.query(
        `select from position p join receivable r using (portfolio_id, receivable_no)
          where p.portfolio_id = $1 and r.account_number = $2 for update of p`,
        [book.portfolioId, account],
      );
      const answered = load.attempt(order);
      await waitUntilBlocked(owner);
      await owner.query("select from ledger_head where portfolio_id = $1 for update", [book.portfolioId]);
      await owner.query("commit");
      if (!(await answered)) await load.retryUnanswered();
    }
  });
  await server.stop();
  const broken = (await deadlocks(installation)) - before;
  if (broken < rounds) faults.push(`${broken} deadlocks were broken; the test makes ${rounds}`);
  const audits = await auditAll(installation, [load], []);
  return resultOf(`deadlocks made [${installation.engine}]`, {
    rounds,
    audits,
    faults: [...faults, ...load.faults],
    note: `${broken} of the server's transactions undone`,
  });
}

async function waitUntilBlocked(owner: pg.Client): Promise<void> {
  for (let tries = 0; tries < 4000; tries++) {
    const { rowCount } = await owner.query(
      "select from pg_stat_activity where datname = current_database() and pg_backend_pid() = any(pg_blocking_pids(pid))",
    );
    if (rowCount! > 0) return;
    await sleep(5);
  }
  throw new Error("the server never came to wait for the row");
}

async function serialisationFailures(
  installation: Installation,
  { seed, rounds: most, callers, until }: Extent,
): Promise<PartResult> {
  const draw = chance(seed);
  const server = await installation.serve();
  const book = await buyBook(server.target, installation.tenantId, `Y${seed}`);
  const load = new LedgerLoad(server.target, book, { seed, files: true });
  let retried = 0;
  let rounds = 0;
  for (; rounds < most && (rounds === 0 || performance.now() < until); rounds++) {
    const calls = load.run(callers);
    await sleep(draw.between(200, 500));
    load.stop();
    await calls;
    retried += await load.retryUnanswered();
  }
  await load.finishFiles();
  await load.repeat(20);
  await server.stop();
  const audits = await auditAll(installation, [load], []);
  return resultOf(`serialisation failures [${installation.engine}]`, {
    rounds,
    audits,
    faults: load.faults,
    note: `${load.orders.length} orders by ${callers} callers, ${retried} sent again`,
  });
}
