import { claimStaleJobs, insertJob, type JobRow, readJob, touchJobs, updateJob } from "../store/job.js";
import type { Store } from "../store/store.js";

export type { JobRow } from "../store/job.js";

/**
 * The record of jobs, for the queue that does them. What a caller sees of a job is the act `show-job`; this is how the
 * worker writes it. Each call is a transaction of its own: the act that a job does has its own too, and a job's state
 * must survive that one's failure.
 */
export interface JobBook {
  /** false when there is a job by this id already: then nothing is written */
  open(job: JobRow): Promise<boolean>;
  read(tenantId: string, id: string): Promise<JobRow | null>;
  save(job: JobRow, seenAt: string): Promise<void>;
  /** unfinished jobs that no server has seen alive since `unseenSince`; each is given to one caller */
  claimStale(tenantId: string, at: { unseenSince: string; now: string }): Promise<JobRow[]>;
  touch(tenantId: string, ids: readonly string[], seenAt: string): Promise<void>;
}

export function keepJobs(store: Store): JobBook {
  return {
    open: (job) => store.transaction({ tenantId: job.actor.tenantId }, (tx) => insertJob(tx, job)),
    read: (tenantId, id) => store.transaction({ tenantId }, (tx) => readJob(tx, id), { readOnly: true }),
    save: (job, seenAt) => store.transaction({ tenantId: job.actor.tenantId }, (tx) => updateJob(tx, job, seenAt)),
    claimStale: (tenantId, at) => store.transaction({ tenantId }, (tx) => claimStaleJobs(tx, at)),
    touch: (tenantId, ids, seenAt) => store.transaction({ tenantId }, (tx) => touchJobs(tx, ids, seenAt)),
  };
}
