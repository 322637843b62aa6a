import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { JobDocument } from "../../models/job.js";
import { Refusal } from "../../models/refusal.js";
import type { Actor, Call } from "../../src/desk/desk.js";
import { type JobBook, keepJobs } from "../../src/desk/keep-jobs.js";
import { type JobEvent, type JobOrder, JobQueue, type RunAct } from "../../src/jobs/job-queue.js";
import type { Store } from "../../src/store/store.js";
import { eachDatabase } from "../harness/database.js";

const actor: Actor = { tenantId: "alpha", actorId: "key_1", roles: ["admin"] };

/** An act of the test's own: the queue knows acts only as something that runs. */
type Work = (input: Record<string, unknown>, call: Call) => Promise<unknown>;
const asRun = (work: Work): RunAct =>
  (async (_act: string, input: never, call: Call) => ({ output: await work(input, call), replayed: false })) as RunAct;

eachDatabase("the queue of jobs", (open) => {
  let store: Store;
  let book: JobBook;
  let folder: string;
  let now = Date.parse("2026-11-01T08:00:00Z");
  let numbers = 0;
  const queues: JobQueue[] = [];
  const events: JobEvent[] = [];

  before(async () => {
    store = await open();
    book = keepJobs(store);
    folder = await mkdtemp(join(tmpdir(), "netback-jobs-"));
  });
  afterEach(async () => {
    for (const queue of queues.splice(0)) await queue.stop(1000);
    events.length = 0;
    // Each test begins hours later, when nothing of the one before counts as fresh.
    now += 24 * 3_600_000;
  });
  after(() => rm(folder, { recursive: true, force: true }));

  function openQueue(work: Work, options: { alone?: boolean } = {}): JobQueue {
    const parts = { book, clock: () => now, observe: (event: JobEvent) => events.push(event), width: 1, outageMs: 1 };
    const queue = new JobQueue({ ...parts, run: asRun(work), alone: options.alone ?? false });
    queues.push(queue);
    return queue;
  }

  async function orderWithFile(fingerprint = "f"): Promise<JobOrder> {
    const id = `jb_${++numbers}`;
    await mkdir(join(folder, id));
    const path = join(folder, id, "file.csv");
    await writeFile(path, "a");
    const input = { portfolio_id: "pf_1", file: { path, name: "a.csv" } };
    return { id, act: "import-tape", input, actor, dryRun: false, fingerprint };
  }

  async function over(id: string): Promise<JobDocument> {
    for (let tries = 0; tries < 400; tries++) {
      const job = await book.read("alpha", id);
      if (job !== null && job.finished_at !== null) return job;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`${id} did not end`);
  }

  it("does a job once, keeps its result and removes its file", async () => {
    const keys: (string | undefined)[] = [];
    const queue = openQueue(async (_input, call) => {
      keys.push(call.idempotencyKey);
      return { rows: 3 };
    });
    const order = await orderWithFile();
    const { job, known } = await queue.order(order);
    expect(known).to.equal(false);
    expect(job).to.include({ id: order.id, kind: "import-tape", state: "queued" });
    expect(job).not.to.have.any.keys("actor", "request");
    expect(await over(order.id)).to.deep.include({ state: "succeeded", result: { rows: 3 }, error: null });
    expect(keys).to.deep.equal([order.id]);
    await queue.stop(1000);
    expect(await readdir(folder)).not.to.include(order.id);
  });

  it("answers the same order with the same job, and refuses another under its id", async () => {
    let runs = 0;
    const queue = openQueue(async () => ++runs);
    const order = await orderWithFile();
    await queue.order(order);
    await over(order.id);
    const again = await queue.order(order);
    expect(again.known).to.equal(true);
    expect(again.job.state).to.equal("succeeded");
    const other = await queue.order({ ...order, fingerprint: "other" }).catch((error: Refusal) => error.code);
    expect(other).to.equal("idempotency_key_reused");
    expect(runs).to.equal(1);
  });

  it("keeps why an act was refused, and only that there was a fault", async () => {
    const works: Work[] = [
      async () => {
        throw new Refusal("header_duplicate", "BAL stands twice");
      },
      async () => {
        throw new TypeError("Jane Roe is undefined");
      },
    ];
    const queue = openQueue((input, call) => works.shift()!(input, call));
    const [refused, failed] = [await orderWithFile(), await orderWithFile()];
    await queue.order(refused);
    await queue.order(failed);
    expect((await over(refused.id)).error).to.deep.equal({ code: "header_duplicate", detail: "BAL stands twice" });
    const fault = await over(failed.id);
    expect(fault.state).to.equal("failed");
    expect(JSON.stringify(fault)).not.to.contain("Jane");
    expect(events.some((event) => event.event === "fault")).to.equal(true);
  });

  it("tells watchers of progress and of the end, and nobody else's tenant", async () => {
    let goOn = (): void => undefined;
    const paused = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const queue = openQueue(async (_input, call) => {
      call.onProgress?.({ phase: "reading", done: 1, total: 2 });
      await paused;
      call.onProgress?.({ phase: "reading", done: 2, total: 2 });
      return null;
    });
    const order = await orderWithFile();
    const seen: string[] = [];
    queue.watch(order.id, ({ state, progress }) => seen.push(`${state} ${progress.phase} ${progress.done}`));
    await queue.order(order);
    expect(queue.lengths().running).to.equal(1);
    while (queue.live("alpha", order.id)?.progress.done !== 1) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(queue.live("beta", order.id)).to.equal(null);
    goOn();
    await over(order.id);
    expect(seen.slice(0, 3)).to.deep.equal(["running started 0", "running reading 1", "running reading 2"]);
  });

  it("takes up what a crashed server left, and gives up after three attempts", async () => {
    // A server that dies leaves a row that says running, and the file.
    const order = await orderWithFile();
    const crashed: Promise<never> = new Promise(() => undefined);
    const dying = openQueue(() => crashed);
    await dying.order(order);
    while ((await book.read("alpha", order.id))?.state !== "running")
      await new Promise((resolve) => setTimeout(resolve, 5));
    await dying.stop(0);
    queues.length = 0;

    const young = openQueue(async () => "done");
    young.recover("alpha");
    await young.stop(1000);
    expect((await book.read("alpha", order.id))?.state, "two minutes have not gone by").to.equal("running");

    now += 180_000;
    const next = openQueue(async () => "done");
    next.recover("alpha");
    const job = await over(order.id);
    expect(job).to.include({ state: "succeeded", result: "done" });
    expect((await book.read("alpha", order.id))?.request.attempts).to.equal(2);
  });

  it("takes up at once where no other server can be, and fails a job whose file is gone", async () => {
    const order = await orderWithFile();
    const dying = openQueue(() => new Promise(() => undefined));
    await dying.order(order);
    while ((await book.read("alpha", order.id))?.state !== "running")
      await new Promise((resolve) => setTimeout(resolve, 5));
    await dying.stop(0);
    queues.length = 0;
    await rm(join(folder, order.id), { recursive: true });
    now += 1;
    openQueue(async () => "never", { alone: true }).recover("alpha");
    const job = await over(order.id);
    expect(job.state).to.equal("failed");
    expect(job.error?.code).to.equal("file_not_found");
  });

  it("leaves a job of a file on another server's disk for an hour", async () => {
    const order = await orderWithFile();
    const dying = openQueue(() => new Promise(() => undefined));
    await dying.order(order);
    while ((await book.read("alpha", order.id))?.state !== "running")
      await new Promise((resolve) => setTimeout(resolve, 5));
    await dying.stop(0);
    queues.length = 0;
    await rm(join(folder, order.id), { recursive: true });
    now += 180_000;
    const other = openQueue(async () => "never");
    other.recover("alpha");
    await other.stop(1000);
    expect((await book.read("alpha", order.id))?.state).to.equal("running");
    now += 3_600_000;
    openQueue(async () => "never").recover("alpha");
    expect((await over(order.id)).error?.code).to.equal("file_not_found");
  });

  it("ends a job whose refusal quotes what no database keeps, or whose result cannot be kept", async () => {
    const works: Work[] = [
      async () => {
        throw new Refusal("file_unreadable", 'the header has "amo\0unt\ud800"');
      },
      async () => ({ text: "\0" }),
    ];
    const queue = openQueue((input, call) => works.shift()!(input, call));
    const [quoting, lost] = [await orderWithFile(), await orderWithFile()];
    await queue.order(quoting);
    await queue.order(lost);
    expect((await over(quoting.id)).error?.detail).to.equal('the header has "amo\ufffdunt\ufffd"');
    expect(await over(lost.id)).to.deep.include({ state: "failed", result: null });
  });

  it("begins a job again when the database went away while it was at it: an outage says nothing of the order", async () => {
    const outcomes: (() => unknown)[] = [
      () => {
        throw new Refusal("database_unreachable", "the connection failed (57P01)");
      },
      () => {
        throw new Refusal("not_ready", "no connection to the database became free in time");
      },
      () => ({ rows: 3 }),
    ];
    const queue = openQueue(async () => outcomes.shift()!());
    const order = await orderWithFile();
    await queue.order(order);
    const job = await over(order.id);
    expect(job).to.deep.include({ state: "succeeded", result: { rows: 3 } });
    expect((await book.read("alpha", order.id))?.request.attempts, "an outage counts for no attempt").to.equal(1);
    expect(events.filter(({ event }) => event === "fault")).to.have.length(2);
  });

  it("takes up at the start what a killed server left, before anybody calls, and names the folders it still needs", async () => {
    const order = await orderWithFile();
    const dying = openQueue(() => new Promise(() => undefined));
    await dying.order(order);
    while ((await book.read("alpha", order.id))?.state !== "running")
      await new Promise((resolve) => setTimeout(resolve, 5));
    await dying.stop(0);
    queues.length = 0;
    now += 1;
    const young = openQueue(async () => "done", { alone: true });
    await young.begin(["alpha"]);
    expect([...young.folders()]).to.deep.equal([join(folder, order.id)]);
    expect(await over(order.id)).to.include({ state: "succeeded", result: "done" });
  });

  it("takes no order once it stops", async () => {
    const queue = openQueue(async () => null);
    await queue.stop(0);
    const code = await queue.order(await orderWithFile()).catch((error: Refusal) => error.code);
    expect(code).to.equal("not_ready");
  });
});
