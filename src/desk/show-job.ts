import { findJob } from "../store/job.js";
import { implement } from "./act.js";

export const showJob = implement("show-job", ({ tx }, input) => findJob(tx, input.job_id));
