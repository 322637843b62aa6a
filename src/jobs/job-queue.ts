import assert from "node:assert/strict";
import { access, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { ActName } from "../../models/acts.js";
import type { JobDocument } from "../../models/job.js";
import { isRefusal, Refusal } from "../../models/refusal.js";
import { instantText } from "../calendar/day.js";
import type { Actor, Call, Progress } from "../desk/desk.js";
import type { JobBook, JobRow } from "../desk/keep-jobs.js";
import type { Answer } from "../desk/perform.js";

/** The one way to run an act, as the composition root hands it to a door: `perform` with the desk bound. */
export type RunAct = <Name extends ActName>(act: Name, input: never, call: Call) => Promise<Answer<Name>>;

/** What a door orders. The id is the door's: the same order twice has the same id, and is one job. */
export interface JobOrder {
  readonly id: string;
  readonly act: ActName;
  readonly input: Readonly<Record<string, unknown>>;
  readonly actor: Actor;
  readonly dryRun: boolean;
  readonly fingerprint: string;
}

export type JobEvent =
  | { readonly event: "begun"; readonly job: JobRow }
  | { readonly event: "ended"; readonly job: JobRow; readonly durationMs: number }
  | { readonly event: "fault"; readonly job: JobRow | null; readonly error: unknown };

export interface QueueParts {
  readonly run: RunAct;
  readonly book: JobBook;
  /** milliseconds since 1970-01-01 UTC */
  readonly clock: () => number;
  readonly observe: (event: JobEvent) => void;
  /** jobs at once; 1 is right for the embedded database, whose one connection they would only queue for */
  readonly width: number;
  /** true where no other process can have this database open: then what is unfinished at the start is a crash's */
  readonly alone: boolean;
  /** pause before a job is begun again whose database went away, in milliseconds; 5,000 unless told */
  readonly outageMs?: number;
}

/** A running job is marked as seen this often; one not seen for `staleMs` belongs to a server that died. */
const touchMs = 20_000;
const staleMs = 120_000;
/** How long a job waits for the server that has its file to come back. */
const orphanMs = 3_600_000;
const recoverMs = 60_000;
const maxAttempts = 3;
const defaultOutageMs = 5000;

/**
 * A queue in this process over the table of jobs. The file of a job is on this server's disk, so that another server
 * could not do it; what the table adds is that a crash loses nothing. An act run twice does its work once: it has
 * the job's id as its idempotency key, and one of several transactions goes on where it was broken off.
 */
export class JobQueue {
  readonly #parts: QueueParts;
  readonly #waiting: JobRow[] = [];
  readonly #running = new Map<string, JobRow>();
  readonly #work = new Set<Promise<void>>();
  readonly #listeners = new Map<string, Set<(job: JobDocument) => void>>();
  readonly #recoveredAt = new Map<string, number>();
  readonly #startedAt: number;
  readonly #touching: NodeJS.Timeout;
  readonly #stopping = new AbortController();

  constructor(parts: QueueParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock();
    this.#touching = setInterval(() => {
      this.#track(this.#touch());
      for (const tenantId of this.#recoveredAt.keys()) this.recover(tenantId);
    }, touchMs);
    this.#touching.unref();
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Keeps the job and lines it up. `known` when the same order was given before: the job is as it stands. */
  async order(order: JobOrder): Promise<{ job: JobDocument; known: boolean }> {
    if (this.#isStopped) throw new Refusal("not_ready", "the server is stopping; send the request again");
    const job: JobRow = {
      id: order.id,
      kind: order.act,
      state: "queued",
      progress: { done: 0, total: null, phase: "queued" },
      created_at: this.#now(),
      finished_at: null,
      result: null,
      error: null,
      actor: order.actor,
      request: { input: order.input, dry_run: order.dryRun, fingerprint: order.fingerprint, attempts: 0 },
    };
    if (await this.#parts.book.open(job)) {
      this.#waiting.push(job);
      this.#pump();
      return { job: documentOf(job), known: false };
    }
    const earlier = await this.#parts.book.read(order.actor.tenantId, order.id);
    assert(earlier !== null, "a job that could not be opened is there");
    if (earlier.request.fingerprint !== order.fingerprint) {
      throw new Refusal(
        "idempotency_key_reused",
        `the key belongs to the job ${order.id}, of another file or other fields`,
      );
    }
    const live = isOver(earlier) ? null : this.live(order.actor.tenantId, order.id);
    return { job: live ?? documentOf(earlier), known: true };
  }

  /** The job as this process sees it, which is ahead of the record while it runs; null when it is not done here. */
  live(tenantId: string, id: string): JobDocument | null {
    const job = this.#running.get(id) ?? this.#waiting.find((waiting) => waiting.id === id);
    return job === undefined || job.actor.tenantId !== tenantId ? null : documentOf(job);
  }

  /** Calls back on every change of a job of this process. Returns what stops it. */
  watch(id: string, listener: (job: JobDocument) => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    listeners.add(listener);
    this.#listeners.set(id, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }

  /**
   * Takes up what a crashed server left of these tenants' jobs, and looks after them from then on. To be awaited before
   * the first order; what can be done again stands in line when it returns.
   */
  async begin(tenantIds: readonly string[]): Promise<void> {
    for (const tenantId of tenantIds) {
      this.#recoveredAt.set(tenantId, this.#startedAt);
      await this.#takeUp(tenantId, this.#parts.alone);
    }
  }

  /** The same for one tenant, whenever it calls; at most once a minute, so call it freely. */
  recover(tenantId: string): void {
    const last = this.#recoveredAt.get(tenantId);
    const now = this.#parts.clock();
    if (this.#isStopped || (last !== undefined && now - last < recoverMs)) return;
    this.#recoveredAt.set(tenantId, now);
    this.#track(this.#takeUp(tenantId, last === undefined && this.#parts.alone));
  }

  /** The folders of the files that jobs of this process wait for or read. */
  folders(): ReadonlySet<string> {
    const paths = [...this.#waiting, ...this.#running.values()].map(filePath);
    return new Set(paths.flatMap((path) => (path === null ? [] : [dirname(path)])));
  }

  lengths(): { waiting: number; running: number } {
    return { waiting: this.#waiting.length, running: this.#running.size };
  }

  /** Begins no more jobs and waits for the running ones, at most so long; what is left is taken up after the start. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#touching);
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([Promise.all(this.#work), grace]);
    clearTimeout(timer);
  }

  /** Work that nobody awaits: its failure is a fault for the log, and `stop` waits for it. */
  #track(work: Promise<void>): void {
    const tracked = work
      .catch((error: unknown) => this.#parts.observe({ event: "fault", job: null, error }))
      .finally(() => this.#work.delete(tracked));
    this.#work.add(tracked);
  }

  #pump(): void {
    while (!this.#isStopped && this.#running.size < this.#parts.width) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      this.#running.set(job.id, job);
      this.#track(this.#do(job));
    }
  }

  /** Does a job; where the database goes away meanwhile, again from the start when it may have come back. */
  async #do(queued: JobRow): Promise<void> {
    const { outageMs = defaultOutageMs, observe } = this.#parts;
    try {
      for (;;) {
        try {
          await this.#attempt(queued);
          return;
        } catch (error) {
          if (!isOutage(error) || this.#isStopped) throw error;
          observe({ event: "fault", job: queued, error });
          await this.#pause(outageMs);
          if (this.#isStopped) throw error;
        }
      }
    } finally {
      this.#running.delete(queued.id);
      this.#pump();
    }
  }

  /** Returns after so many milliseconds, or at once when the queue stops. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#stopping.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  async #attempt(queued: JobRow): Promise<void> {
    const begunAt = this.#parts.clock();
    const job: JobRow = {
      ...queued,
      state: "running",
      progress: { done: 0, total: null, phase: "started" },
      request: { ...queued.request, attempts: queued.request.attempts + 1 },
    };
    this.#show(job);
    await this.#parts.book.save(job, this.#now());
    this.#parts.observe({ event: "begun", job });
    const ended = await this.#kept(await this.#outcome(job));
    this.#running.delete(job.id);
    await discardFile(ended);
    this.#tell(ended);
    this.#parts.observe({ event: "ended", job: ended, durationMs: this.#parts.clock() - begunAt });
  }

  /** Writes how a job ended. An end that cannot be written is our fault, and said to be: the job must not seem to run on. */
  async #kept(ended: JobRow): Promise<JobRow> {
    try {
      await this.#parts.book.save(ended, this.#now());
      return ended;
    } catch (error) {
      if (isOutage(error)) throw error;
      const failed = { ...this.#failed(ended, error), result: null };
      await this.#parts.book.save(failed, this.#now());
      return failed;
    }
  }

  #failed(job: JobRow, error: unknown): JobRow {
    this.#parts.observe({ event: "fault", job, error });
    const detail = `the server made a mistake; give the id ${job.id} when you report it`;
    return this.#ended(job, { state: "failed", error: { code: "fault", detail } });
  }

  async #outcome(job: JobRow): Promise<JobRow> {
    const { input, dry_run: dryRun } = job.request;
    // The roles were one of `roles` when the job was ordered, and the act was checked to be one.
    const call: Call = {
      actor: job.actor as Actor,
      idempotencyKey: job.id,
      dryRun,
      onProgress: (progress) => this.#advance(job.id, progress),
    };
    try {
      const { output, effect } = await this.#parts.run(job.kind as ActName, input as never, call);
      const result = effect === undefined ? output : { ...output, effect };
      return this.#ended(job, { state: "succeeded", result });
    } catch (error) {
      if (isOutage(error)) throw error;
      if (isRefusal(error)) {
        return this.#ended(job, { state: "refused", error: { code: error.code, detail: error.detail } });
      }
      return this.#failed(job, error);
    }
  }

  #ended(job: JobRow, how: Partial<JobRow>): JobRow {
    const progress = this.#running.get(job.id)?.progress ?? job.progress;
    return { ...job, progress: { ...progress, phase: "ended" }, ...how, finished_at: this.#now() };
  }

  #advance(id: string, progress: Progress): void {
    const job = this.#running.get(id);
    if (job !== undefined) this.#show({ ...job, progress: { ...progress } });
  }

  #show(job: JobRow): void {
    this.#running.set(job.id, job);
    this.#tell(job);
  }

  #tell(job: JobRow): void {
    for (const listener of this.#listeners.get(job.id) ?? []) listener(documentOf(job));
  }

  async #touch(): Promise<void> {
    const byTenant = new Map<string, string[]>();
    for (const job of [...this.#running.values(), ...this.#waiting]) {
      byTenant.set(job.actor.tenantId, [...(byTenant.get(job.actor.tenantId) ?? []), job.id]);
    }
    for (const [tenantId, ids] of byTenant) await this.#parts.book.touch(tenantId, ids, this.#now());
  }

  async #takeUp(tenantId: string, firstAlone: boolean): Promise<void> {
    const now = this.#parts.clock();
    const unseenSince = instantText(firstAlone ? this.#startedAt : now - staleMs);
    const stale = await this.#parts.book.claimStale(tenantId, { unseenSince, now: this.#now() });
    for (const job of stale) {
      if (this.live(tenantId, job.id) !== null) continue;
      const lost = await this.#whyLost(job, now);
      if (lost === "elsewhere") continue;
      if (lost === null) this.#waiting.push({ ...job, state: "queued" });
      else await this.#parts.book.save(this.#ended(job, { state: "failed", error: lost }), this.#now());
    }
    this.#pump();
  }

  /** Why a job that a crash left cannot be done again here; null when it can. */
  async #whyLost(job: JobRow, now: number): Promise<JobDocument["error"] | "elsewhere"> {
    if (job.request.attempts >= maxAttempts) {
      return { code: "fault", detail: `the server stopped ${maxAttempts} times while at it; it is not tried again` };
    }
    const path = filePath(job);
    if (path === null || (await isThere(path))) return null;
    // Another server may have the file, and come back. created_at is in UTC, so texts compare as instants.
    if (!this.#parts.alone && job.created_at > instantText(now - orphanMs)) return "elsewhere";
    return { code: "file_not_found", detail: "the server stopped before the file was read; send it again" };
  }

  #now(): string {
    return instantText(this.#parts.clock());
  }
}

/** What a caller may see of a job: not who ordered it, nor with what. */
function documentOf(job: JobRow): JobDocument {
  const { actor: _actor, request: _request, ...document } = job;
  return document;
}

/** The act could not be done for want of a database: that says nothing of the order. */
function isOutage(error: unknown): boolean {
  return isRefusal(error) && (error.code === "database_unreachable" || error.code === "not_ready");
}

export function isOver(job: JobDocument): boolean {
  return job.state !== "queued" && job.state !== "running";
}

function filePath(job: JobRow): string | null {
  const { file } = job.request.input as { file?: { path?: unknown } };
  return typeof file?.path === "string" ? file.path : null;
}

/** The file of a job stands in a folder of its own, made by the door. */
async function discardFile(job: JobRow): Promise<void> {
  const path = filePath(job);
  if (path !== null) await rm(dirname(path), { recursive: true, force: true });
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
