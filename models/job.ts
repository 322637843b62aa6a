import { z } from "zod";
import { instantText, jobId, pageFields } from "./document.js";

export const jobStates = ["queued", "running", "succeeded", "refused", "failed"] as const;

export const jobDocument = z.object({
  id: jobId,
  kind: z.string().describe("Name of the act that is being done"),
  state: z.enum(jobStates),
  progress: z.object({ done: z.number(), total: z.number().nullable(), phase: z.string() }),
  created_at: instantText,
  finished_at: instantText.nullable(),
  result: z.unknown().describe("The answer of the act, once it has succeeded"),
  error: z.object({ code: z.string(), detail: z.string() }).nullable(),
});
export type JobDocument = z.infer<typeof jobDocument>;

export const showJobInput = z.strictObject({ job_id: jobId });
export const listJobsInput = z.strictObject({
  state: z.enum(jobStates).optional().describe("Only jobs in this state"),
  ...pageFields,
});
