import { createHash } from "node:crypto";
import type { Request, RequestHandler, Response } from "express";
import type { ActDeclaration } from "../../models/act.js";
import { Refusal } from "../../models/refusal.js";
import type { Actor, Call } from "../desk/perform.js";
import type { JobQueue, RunAct } from "../jobs/job-queue.js";
import { guardOrder } from "./order-guard.js";
import { actorOf } from "./request-context.js";
import { declarationOf, type Gathered, InputGatherer, type Route } from "./route.js";

import { discardUpload, receiveUpload, type Upload } from "./uploads.js";
import { parseQuery } from "./wire.js";

export interface ActHandlerParts {
  readonly config: { readonly workFolder: string; readonly maxUploadBytes: number };
  readonly run: RunAct;
  readonly queue: JobQueue;
  readonly newId: () => string;
}

/** The handler of one line of the routes table. */
export function actHandler(route: Route, parts: ActHandlerParts): RequestHandler {
  const declaration = declarationOf(route);
  const gatherer = new InputGatherer(route);
  if (route.upload !== undefined) return uploadHandler(route, parts, gatherer);
  return async (request, response) => {
    const actor = actorOf(request);
    const key = idempotencyKey(request, declaration);
    const { input, dryRun } = gatherer.gather(request);
    if (route.act === "show-job") {
      const live = parts.queue.live(actor.tenantId, String(input.job_id));
      if (live !== null) {
        response.json(live);
        return;
      }
    }
    const call: Call = { actor, dryRun, ...(key === null ? {} : { idempotencyKey: key }) };
    // The schema of the act says what the input may be; here it is still what a stranger sent.
    const { output, replayed } = await parts.run(route.act, input as never, call);
    markReplayed(response, replayed);
    response.status(dryRun ? 200 : (route.status ?? 200)).json(output);
  };
}

function markReplayed(response: Response, replayed: boolean): void {
  if (replayed) response.set("idempotent-replayed", "true");
}

/** The caller's key. Throws a Refusal where the act needs one, and for one that could not be kept. */
function idempotencyKey(request: Request, { idempotency }: ActDeclaration): string | null {
  const key = request.get("idempotency-key");
  if (key === undefined || idempotency === "none") {
    if (idempotency !== "required") return null;
    throw new Refusal("idempotency_key_missing", "send an Idempotency-Key of 1 to 255 characters, another for each order");
  }
  if (!/^[!-~]{1,255}$/.test(key)) {
    throw new Refusal("malformed_request", "an Idempotency-Key is 1 to 255 printable characters without spaces");
  }
  return key;
}

/** A file comes in, a job is ordered, and the answer is 202 with the job. */
function uploadHandler(route: Route, parts: ActHandlerParts, gatherer: InputGatherer): RequestHandler {
  const declaration = declarationOf(route);
  return async (request, response) => {
    const actor = actorOf(request);
    const key = idempotencyKey(request, declaration);
    const gathered = gatherer.gather(request);
    guardOrder(declaration, { actor, input: null });
    const { upload, fields } = await receiveUpload(request, parseQuery(request.originalUrl).get("file_name") ?? null, {
      workFolder: parts.config.workFolder,
      maxBytes: parts.config.maxUploadBytes,
      newId: parts.newId,
    });
    try {
      gatherer.addForm(gathered.input, fields);
      await orderJob({ route, parts, actor, key, gathered, upload }, response);
    } catch (error) {
      await discardUpload(upload);
      throw error;
    }
  };
}

interface JobOrdering {
  readonly route: Route;
  readonly parts: ActHandlerParts;
  readonly actor: Actor;
  readonly key: string | null;
  readonly gathered: Gathered;
  readonly upload: Upload;
}

async function orderJob(ordering: JobOrdering, response: Response): Promise<void> {
  const { route, parts, actor, key, gathered, upload } = ordering;
  const { input, dryRun } = gathered;
  Object.assign(input, route.upload?.fromName?.(upload.fileName));
  const fingerprint = sha256(JSON.stringify([input, dryRun, upload.sha256]));
  const order = { ...input, file: { path: upload.path, name: upload.fileName } };
  guardOrder(declarationOf(route), { actor, input: order });
  // The same key is the same order: it has the same id, and so is one job however often it is sent.
  const id = `jb_${key === null ? parts.newId() : sha256(JSON.stringify([actor.tenantId, route.act, key])).slice(0, 32)}`;
  const { job, known } = await parts.queue.order({ id, act: route.act, input: order, actor, dryRun, fingerprint });
  if (known) await discardUpload(upload);
  markReplayed(response, known);
  response.status(202).location(`/v1/jobs/${id}`).json(job);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
