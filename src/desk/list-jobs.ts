import { listJobs as readPage } from "../store/job.js";
import { implement } from "./act.js";

export const listJobs = implement("list-jobs", ({ tx }, input) => readPage(tx, input));
