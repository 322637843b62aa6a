import type { ServerResponse } from "node:http";
import type { JobDocument } from "../../models/job.js";
import { isOver, type JobQueue, type RunAct } from "../jobs/job-queue.js";
import { openEventStream } from "./event-stream.js";
import { actorOf, type ExchangeHandler } from "./request-context.js";

export interface JobEventsParts {
  readonly run: RunAct;
  readonly queue: JobQueue;
  /** the open streams, for the server to end when it closes */
  readonly streams: Set<ServerResponse>;
}

/** A job that another process does is looked up this often. */
const pollMs = 1000;

export const jobEventsPath = "/v1/jobs/{job_id}/events";

/**
 * `/v1/jobs/{job_id}/events`: an event `progress` with the job's document on every change, one `end` with its last,
 * and then the stream closes. A job that is over gives `end` at once.
 */
export function jobEventsHandler({ run, queue, streams }: JobEventsParts): ExchangeHandler {
  return async (exchange) => {
    const { response, context } = exchange;
    const actor = actorOf(context);
    const id = String(context.params.job_id);
    const recorded = async (): Promise<JobDocument> =>
      queue.live(actor.tenantId, id) ?? (await run("show-job", { job_id: id } as never, { actor })).output;
    // Refuses an id that is not this tenant's before the stream begins.
    const first = await recorded();

    let timer: NodeJS.Timeout | undefined;
    let unwatch = (): void => undefined;
    streams.add(response);
    const stream = openEventStream(exchange, () => {
      clearInterval(timer);
      unwatch();
      streams.delete(response);
    });
    const tell = (job: JobDocument): void => {
      stream.send(isOver(job) ? "end" : "progress", job);
      if (isOver(job)) stream.end();
    };
    tell(first);
    if (isOver(first)) return;
    unwatch = queue.watch(id, tell);
    timer = setInterval(() => {
      if (queue.live(actor.tenantId, id) === null) recorded().then(tell, () => stream.end());
    }, pollMs);
  };
}
