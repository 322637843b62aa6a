import type { JobDocument } from "../../models/job.js";
import { Refusal } from "../../models/refusal.js";
import { type Page, type PageRequest, pageOf, readCursor, Where } from "./cursor.js";
import type { Tx } from "./transaction.js";

interface JobRow {
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

function documentOf({ job_id, ...row }: JobRow): JobDocument {
  return { id: job_id, ...row };
}

/** Throws `not_found`. */
export async function findJob(tx: Tx, jobId: string): Promise<JobDocument> {
  const [row] = await tx.query<JobRow>(`select ${columns} from job where job_id = ?`, [jobId]);
  if (row === undefined) throw new Refusal("not_found", `there is no job ${jobId}`);
  return documentOf(row);
}

export async function listJobs(
  tx: Tx,
  request: PageRequest & { state?: JobDocument["state"] | undefined },
): Promise<Page<JobDocument>> {
  const after = readCursor(request, 1);
  const where = new Where().add("state = ?", request.state).add("job_id < ?", after?.[0]);
  const rows = await tx.query<JobRow>(`select ${columns} from job ${where.sql} order by job_id desc limit ?`, [
    ...where.bindings,
    request.limit + 1,
  ]);
  return pageOf(rows, request, { document: documentOf, key: (row) => [row.job_id] });
}
