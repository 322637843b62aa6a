import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { ActDeclaration } from "../../models/act.js";
import { Refusal } from "../../models/refusal.js";
import type { Actor, Call } from "../desk/desk.js";
import { parseInput } from "../desk/parse-input.js";
import type { JobQueue, RunAct } from "../jobs/job-queue.js";
import { uploadFolderName } from "../jobs/work-folder.js";
import { type MadeFile, sendMadeFile } from "./downloads.js";
import { actorOf, type Exchange, type ExchangeHandler, sendText } from "./request-context.js";
import { declarationOf, InputGatherer, type Route } from "./route.js";
import { discardUpload, receiveUpload, type Upload } from "./uploads.js";
import { parseQuery } from "./wire.js";

export interface ActHandlerParts {
  readonly config: { readonly workFolder: string; readonly maxUploadBytes: number };
  readonly run: RunAct;
  readonly queue: JobQueue;
  readonly newId: () => string;
}

/** The handler of one line of the routes table. */
export function actHandler(route: Route, parts: ActHandlerParts): ExchangeHandler {
  const gatherer = new InputGatherer(route);
  if (route.upload !== undefined) return uploadHandler(route, parts, gatherer);
  return async (exchange) => {
    const { request, context } = exchange;
    const actor = actorOf(context);
    const { input, dryRun } = await gatherer.gather(request, context);
    if (route.act === "show-job") {
      const live = parts.queue.live(actor.tenantId, String(input.job_id));
      if (live !== null) {
        sendJson(exchange, 200, live);
        return;
      }
    }
    // The schema of the act says what the input may be; here it is still what a stranger sent.
    const { output, replayed, effect } = await parts.run(route.act, input as never, callOf(request, actor, dryRun));
    markReplayed(exchange, replayed);
    if (route.download !== undefined) return sendMadeFile(exchange, output as MadeFile);
    const body = effect === undefined ? output : { ...output, effect };
    sendJson(exchange, dryRun ? 200 : (route.status ?? 200), body);
  };
}

function sendJson(exchange: Exchange, status: number, document: unknown): void {
  sendText(exchange, { status, type: "application/json; charset=utf-8", text: JSON.stringify(document) });
}

function markReplayed({ context }: Exchange, replayed: boolean): void {
  if (replayed) context.headers.push("idempotent-replayed", "true");
}

function callOf(request: IncomingMessage, actor: Actor, dryRun: boolean): Call {
  const idempotencyKey = request.headers["idempotency-key"] as string | undefined;
  return { actor, dryRun, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
}

/** A file comes in, a job is ordered, and the answer is 202 with the job. */
function uploadHandler(route: Route, parts: ActHandlerParts, gatherer: InputGatherer): ExchangeHandler {
  const declaration = declarationOf(route);
  return async (exchange) => {
    const { request, context } = exchange;
    const actor = actorOf(context);
    const gathered = await gatherer.gather(request, context);
    const call = callOf(request, actor, gathered.dryRun);
    guardOrder(declaration, call);
    const { upload, fields } = await receiveUpload(request, parseQuery(request.url!).get("file_name") ?? null, {
      workFolder: parts.config.workFolder,
      maxBytes: parts.config.maxUploadBytes,
      // the name tells a server that starts whose job may have been left here
      newId: () => uploadFolderName(actor.tenantId, parts.newId()),
    });
    try {
      gatherer.addForm(gathered.input, fields);
      await orderJob({ route, parts, call, input: gathered.input, upload }, exchange);
    } catch (error) {
      await discardUpload(upload);
      throw error;
    }
  };
}

interface JobOrdering {
  readonly route: Route;
  readonly parts: ActHandlerParts;
  readonly call: Call;
  readonly input: Record<string, unknown>;
  readonly upload: Upload;
}

async function orderJob(ordering: JobOrdering, exchange: Exchange): Promise<void> {
  const { route, parts, call, input, upload } = ordering;
  const { actor, idempotencyKey: key } = call;
  const dryRun = call.dryRun === true;
  Object.assign(input, route.upload?.fromName?.(upload.fileName));
  const fingerprint = sha256(JSON.stringify([input, dryRun, upload.sha256]));
  const order = { ...input, file: { path: upload.path, name: upload.fileName } };
  // What the act would refuse at once is refused before the job is kept: 202 means that the order was understood.
  parseInput(declarationOf(route).input, order);
  // The same key is the same order: it has the same id, and so is one job however often it is sent.
  const id = `jb_${key === undefined ? parts.newId() : sha256(JSON.stringify([actor.tenantId, route.act, key])).slice(0, 32)}`;
  const { job, known } = await parts.queue.order({ id, act: route.act, input: order, actor, dryRun, fingerprint });
  if (known) await discardUpload(upload);
  markReplayed(exchange, known);
  exchange.context.headers.push("location", `/v1/jobs/${id}`);
  sendJson(exchange, 202, job);
}

/** What an order is refused for before its file is read. Throws a Refusal `forbidden` or `idempotency_key_missing`. */
function guardOrder({ roles, idempotency }: ActDeclaration, { actor, idempotencyKey: key, dryRun }: Call): void {
  if (!roles.some((role) => actor.roles.includes(role))) {
    throw new Refusal("forbidden", `this is for ${roles.join(", ")}; the key has ${actor.roles.join(", ")}`);
  }
  if (key === undefined && idempotency === "required" && dryRun !== true) {
    throw new Refusal("idempotency_key_missing", "this changes money: send a key of your own with every order");
  }
  if (key !== undefined && !/^[!-~]{1,200}$/.test(key)) {
    throw new Refusal("invalid_request", "an idempotency key is 1 to 200 printable characters without spaces");
  }
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
