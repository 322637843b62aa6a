import type { JobDocument } from "../../models/job.js";
import { Refusal } from "../../models/refusal.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import type { Tx } from "./transaction.js";

interface ShownRow {
  job_id: string;
  kind: string;
  state: JobDocument["state"];
  progress: JobDocument["progress"];
  created_at: string;
  finished_at: string | null;
  result: unknown;
  error: JobDocument["error"];
}

const columns = "job_id, kind, state, progress, created_at, finished_at, result, error";

function documentOf({ job_id, ...row }: ShownRow): JobDocument {
  return { id: job_id, ...row };
}

/** Throws `not_found`. */
export async function findJob(tx: Tx, jobId: string): Promise<JobDocument> {
  const [row] = await tx.query<ShownRow>(`select ${columns} from job where job_id = ?`, [jobId]);
  if (row === undefined) throw new Refusal("not_found", `there is no job ${jobId}`);
  return documentOf(row);
}

export async function listJobs(
  tx: Tx,
  request: PageRequest & { state?: JobDocument["state"] | undefined },
): Promise<Page<JobDocument>> {
  const after = readCursor(request, ["instant", "text"]);
  const where = new Where()
    .add("state = ?", request.state)
    .add("(created_at, job_id) < (cast(? as timestamptz), ?)", ...(after ?? [undefined]));
  // A job's id may be made from its idempotency key, so that it does not tell the time.
  const rows = await tx.query<ShownRow>(
    `select ${columns} from job ${where.sql} order by created_at desc, job_id desc limit ?`,
    [...where.bindings, request.limit + 1],
  );
  return pageOf(rows, request, { document: documentOf, key: (row) => [row.created_at, row.job_id] });
}

/** What a job needs to be done, and done again after a crash. Never leaves the server. */
export interface JobRequest {
  /** the act's input; a file by its path on the disk of the server that took it */
  readonly input: Readonly<Record<string, unknown>>;
  readonly dry_run: boolean;
  /** SHA-256 of the input and the file's content: tells a retry from another order under the same key */
  readonly fingerprint: string;
  /** how often it was begun */
  readonly attempts: number;
}

export interface JobActor {
  readonly tenantId: string;
  readonly actorId: string;
  readonly roles: readonly string[];
}

/** A job as it is kept. The tenant is the transaction's. */
export interface JobRow extends JobDocument {
  readonly actor: JobActor;
  readonly request: JobRequest;
}

const allColumns = "job_id as id, kind, state, actor, request, progress, result, error, created_at, finished_at";

/** Keeps a new job. False when there is one by this id: then nothing is written. */
export async function insertJob(tx: Tx, job: JobRow): Promise<boolean> {
  const count = await tx.execute(
    `insert into job (tenant_id, job_id, kind, state, actor, request, progress, result, error, created_at, seen_at)
     values (:tenant, :id, :kind, :state, cast(:actor as jsonb), cast(:request as jsonb), cast(:progress as jsonb),
             null, null, :created_at, :created_at)
     on conflict do nothing`,
    {
      tenant: tx.tenantId,
      id: job.id,
      kind: job.kind,
      state: job.state,
      actor: JSON.stringify(job.actor),
      request: JSON.stringify(job.request),
      progress: JSON.stringify(job.progress),
      created_at: job.created_at,
    },
  );
  return count === 1;
}

export async function readJob(tx: Tx, id: string): Promise<JobRow | null> {
  const rows = await tx.query<JobRow>(`select ${allColumns} from job where tenant_id = ? and job_id = ?`, [
    tx.tenantId,
    id,
  ]);
  return rows[0] ?? null;
}

/** Writes how a job stands, and that it was seen alive at `seenAt`. */
export async function updateJob(tx: Tx, job: JobRow, seenAt: string): Promise<void> {
  await tx.execute(
    `update job set state = :state, request = cast(:request as jsonb), progress = cast(:progress as jsonb),
            result = cast(:result as jsonb), error = cast(:error as jsonb), finished_at = :finished_at, seen_at = :seen_at
      where tenant_id = :tenant and job_id = :id`,
    {
      tenant: tx.tenantId,
      id: job.id,
      state: job.state,
      request: JSON.stringify(job.request),
      progress: JSON.stringify(job.progress),
      result: job.result === null || job.result === undefined ? null : JSON.stringify(job.result),
      error: job.error === null ? null : JSON.stringify(job.error),
      finished_at: job.finished_at,
      seen_at: seenAt,
    },
  );
}

/**
 * Unfinished jobs that no server has seen alive since `unseenSince`, marked as seen now so that one server takes each.
 */
export async function claimStaleJobs(tx: Tx, at: { unseenSince: string; now: string }): Promise<JobRow[]> {
  return tx.query<JobRow>(
    `update job set seen_at = :now
      where tenant_id = :tenant and job_id in (
        select job_id from job
         where tenant_id = :tenant and state in ('queued', 'running') and seen_at < :unseen
         order by job_id for update skip locked)
      returning ${allColumns}`,
    { tenant: tx.tenantId, now: at.now, unseen: at.unseenSince },
  );
}

/** Marks running jobs as seen alive. */
export async function touchJobs(tx: Tx, ids: readonly string[], seenAt: string): Promise<void> {
  await tx.execute("update job set seen_at = ? where tenant_id = ? and job_id = any(?)", [seenAt, tx.tenantId, ids]);
}
