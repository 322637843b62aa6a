import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { basename, extname, join } from "node:path";
import { type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import busboy from "busboy";
import { Refusal } from "../../models/refusal.js";
import { textFault } from "./wire.js";

/** A file that a caller sent, on our disk under a name that is ours. */
export interface Upload {
  readonly path: string;
  /** the folder that holds this file and nothing else; removed with it */
  readonly folder: string;
  /** what the sender calls it; shown, never used as a path */
  readonly fileName: string;
  readonly bytes: number;
  /** SHA-256 of the content, hexadecimal */
  readonly sha256: string;
}

export interface UploadLimits {
  /** parent of the folders that uploads are written to, outside of everything that is served */
  readonly workFolder: string;
  readonly maxBytes: number;
  /** makes the random name of the folder */
  readonly newId: () => string;
}

/**
 * Endings that readers look at, by what a body may call itself. The content decides in the end: readers sniff it, and
 * refuse what it is not.
 */
const endings: Readonly<Record<string, string>> = {
  "text/csv": ".csv",
  "text/plain": ".csv",
  "text/tab-separated-values": ".tsv",
  "application/gzip": ".csv.gz",
  "application/x-gzip": ".csv.gz",
  "application/vnd.apache.parquet": ".parquet",
  "application/x-parquet": ".parquet",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
  "application/x-ndjson": ".jsonl",
  "application/jsonl": ".jsonl",
};
const knownEnding = /\.(csv|tsv|txt|psv|json|jsonl|ndjson|parquet|xlsx)(\.gz)?$/i;

export const uploadTypes = [...Object.keys(endings), "application/octet-stream", "multipart/form-data"];

/**
 * Streams the file of a request to a random folder: a raw body, or the first file of a multipart form. Memory stays
 * at a few buffers whatever the size; nothing is left on the disk when the request fails or is broken off.
 *
 * @param fileName what the query says of the file's name, or null
 * @returns the file and the plain fields of the form, if it came as one
 * @throws Refusal `unsupported_media_type`, `file_too_large`, `file_empty`, `malformed_request`
 */
export async function receiveUpload(
  request: IncomingMessage,
  fileName: string | null,
  limits: UploadLimits,
): Promise<{ upload: Upload; fields: ReadonlyMap<string, string> }> {
  const type = (request.headers["content-type"] ?? "").split(";")[0]!.trim().toLowerCase();
  if (!uploadTypes.includes(type)) {
    throw new Refusal("unsupported_media_type", `a file comes as one of ${uploadTypes.join(", ")}`);
  }
  const folder = join(limits.workFolder, limits.newId());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const sink: Sink = { folder, maxBytes: limits.maxBytes, type, givenName: fileName };
  try {
    if (type === "multipart/form-data") return await receiveForm(request, sink);
    return { upload: await writeFile(request, fileName, sink), fields: new Map() };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

interface Sink {
  readonly folder: string;
  readonly maxBytes: number;
  readonly type: string;
  readonly givenName: string | null;
}

/** The sender's name for the file, cut to its last part; a name that cannot be shown becomes "upload". */
function displayName(name: string | null, type: string): string {
  const last = basename((name ?? "").replaceAll("\\", "/")).slice(0, 200);
  const shown = last === "" || last === "." || last === ".." || textFault(last) !== null ? "upload" : last;
  return knownEnding.test(shown) ? shown : shown + (endings[type] ?? "");
}

function storedName(shown: string): string {
  const gzip = shown.toLowerCase().endsWith(".gz") ? ".gz" : "";
  const inner = extname(gzip === "" ? shown : shown.slice(0, -3)).toLowerCase();
  return `file${/^\.[a-z0-9]{1,10}$/.test(inner) ? inner : ""}${gzip}`;
}

async function writeFile(source: Readable, name: string | null, sink: Sink): Promise<Upload> {
  const shown = displayName(name, sink.type);
  const path = join(sink.folder, storedName(shown));
  const hash = createHash("sha256");
  let bytes = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > sink.maxBytes) {
        done(new Refusal("file_too_large", `the file is larger than ${sink.maxBytes} bytes`));
        return;
      }
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(source, meter, createWriteStream(path, { mode: 0o600, flags: "wx" }));
  } catch (error) {
    if (isBrokenOff(error)) throw new Refusal("malformed_request", "the upload was broken off");
    throw error;
  }
  if (bytes === 0) throw new Refusal("file_empty", "the file has no bytes");
  return { path, folder: sink.folder, fileName: shown, bytes, sha256: hash.digest("hex") };
}

function isBrokenOff(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? error.code : undefined;
  // busboy gives its error no code, only this message.
  const cutForm = error.message === "Unexpected end of form";
  return cutForm || code === "ERR_STREAM_PREMATURE_CLOSE" || code === "ECONNRESET" || code === "ABORT_ERR";
}

function receiveForm(
  request: IncomingMessage,
  sink: Sink,
): Promise<{ upload: Upload; fields: ReadonlyMap<string, string> }> {
  let form: busboy.Busboy;
  try {
    form = busboy({
      headers: request.headers,
      defParamCharset: "utf8",
      limits: { files: 1, fields: 20, fieldSize: 64 * 1024, parts: 21 },
    });
  } catch {
    throw new Refusal("malformed_request", "the form has no boundary");
  }
  const fields = new Map<string, string>();
  return new Promise((resolve, reject) => {
    let writing: Promise<Upload> | null = null;
    let refused: Refusal | null = null;
    const refuse = (detail: string): void => {
      refused ??= new Refusal("malformed_request", detail);
    };
    form.on("field", (name, value, info) => {
      if (info.valueTruncated || info.nameTruncated) refuse("a field of the form is too long");
      else if (textFault(value) !== null || textFault(name) !== null) refuse("a field of the form cannot be kept");
      else if (fields.has(name)) refuse("the form names a field more than once");
      else fields.set(name, value);
    });
    form.on("file", (_name, stream, info) => {
      writing = writeFile(stream, sink.givenName ?? info.filename ?? null, { ...sink, type: info.mimeType });
      // Awaited when the form ends; until then a failure must not count as unhandled.
      writing.catch(() => request.unpipe(form).resume());
      writing.catch(reject);
    });
    form.on("filesLimit", () => refuse("the form holds more than one file"));
    form.on("fieldsLimit", () => refuse("the form holds more than 20 fields"));
    form.on("partsLimit", () => refuse("the form holds more than 21 parts"));
    form.on("error", () => reject(new Refusal("malformed_request", "the form cannot be read")));
    form.on("close", () => {
      if (refused !== null) reject(refused);
      else if (writing === null) reject(new Refusal("malformed_request", "the form holds no file"));
      else writing.then((upload) => resolve({ upload, fields }), reject);
    });
    request.on("aborted", () => form.destroy(new Error("aborted")));
    request.pipe(form);
  });
}

/** Removes an upload and its folder; nothing is said when it is gone already. */
export async function discardUpload(upload: { readonly folder: string }): Promise<void> {
  await rm(upload.folder, { recursive: true, force: true });
}
