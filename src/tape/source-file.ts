import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { Refusal } from "../../models/refusal.js";
import type { Layout } from "../../models/tape.js";

export type FileFormat = "csv" | "parquet" | "jsonl" | "xlsx";
export type TextEncoding = "utf-8" | "utf-16" | "windows-1252";

/** Bounds for files from strangers. */
const mostBytes = 8 * 2 ** 30;
const mostRatio = 100;
const ratioCountsFromBytes = 1 << 20;

/** What only the whole of a file tells. */
export interface Content {
  /** of the file as it was given, packed or not */
  readonly sha256: string;
  /** whether it is UTF-8 without NUL bytes; a text that is not cannot be given to DuckDB as it is */
  readonly isText: boolean;
}

/** A seller's file, known by its content: unpacked, and (text) written out as UTF-8 where it was not. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: number;
  readonly format: FileFormat;
  readonly encoding: TextEncoding | null;
  /** the file to read: the seller's own, or its unpacked or transcoded copy in the work folder */
  readonly path: string;
  /** Reads the file to its end to learn what it holds; known already where it had to be read before. */
  readonly content: () => Promise<Content>;
}

export interface SourceOptions {
  /** an empty folder for this job alone; copies are written there */
  readonly workFolder: string;
  readonly layout?: Layout | undefined;
  /**
   * Take the encoding from the first bytes: a text that begins as UTF-8 is taken as UTF-8, and `content` is asked
   * beside the reading instead of before it. When it then says that the text is none, read again without this.
   */
  readonly trustHead?: boolean;
}

/**
 * Identifies a file by its first bytes and makes it readable: gzip is unpacked, UTF-16 and windows-1252 become UTF-8.
 *
 * Encodings: a byte order mark decides; without one a text that is valid UTF-8 is that, and anything else is read as
 * windows-1252 (a superset of printable Latin-1). Unpacking stops at 8 GiB or at a ratio of 100, whichever is first.
 *
 * @throws file_not_found, file_empty, file_too_large, file_unsupported, file_unreadable
 */
export async function openSource(path: string, options: SourceOptions): Promise<SourceFile> {
  const { workFolder, layout } = options;
  const bytes = await sizeOf(path);
  if (bytes === 0) throw new Refusal("file_empty", `"${basename(path)}" holds no bytes`);
  if (bytes > mostBytes) throw new Refusal("file_too_large", `${bytes} bytes; at most ${mostBytes}`);
  const name = basename(path);
  let head = await headOf(path, 1 << 16);
  let plain = path;
  const original = new ContentWatch();
  let content = original;
  if (head[0] === 0x1f && head[1] === 0x8b) {
    plain = join(workFolder, "unpacked");
    content = new ContentWatch();
    await unpack({ from: path, to: plain, original, content });
    head = await headOf(plain, 1 << 16);
    if (head.length === 0) throw new Refusal("file_empty", `"${name}" unpacks to no bytes`);
  } else if (options.trustHead === true && beginsAsText(head, layout)) {
    const format = formatOf(head, name);
    return { name, bytes, format, encoding: "utf-8", path, content: () => contentOf(path) };
  } else await watchFile(path, original);
  const format = formatOf(head, name);
  const known = (isText: boolean) => () => Promise.resolve({ sha256: original.sha256(), isText });
  const source = { name, bytes, format };
  if (format === "parquet" || format === "xlsx")
    return { ...source, encoding: null, path: plain, content: known(true) };
  const encoding = encodingOf(head, content, layout?.encoding);
  if (encoding === "utf-8") return { ...source, encoding, path: plain, content: known(content.isText) };
  const text = join(workFolder, "text");
  const watch = new ContentWatch();
  await transcode({ from: plain, to: text, label: decoderLabel(encoding, head), watch });
  return { ...source, encoding, path: text, content: known(watch.isText) };
}

/** Whether a file begins as a text in UTF-8, and was not declared to be in another encoding. */
function beginsAsText(head: Buffer, layout: Layout | undefined): boolean {
  if ((layout?.encoding ?? "utf-8") !== "utf-8") return false;
  return !head.includes(0) && isUtf8(head.subarray(0, wholeCharacters(head)));
}

async function contentOf(path: string): Promise<Content> {
  const watch = new ContentWatch();
  await watchFile(path, watch);
  return { sha256: watch.sha256(), isText: watch.isText };
}

/** Lets every byte of a file go by, in one buffer. */
async function watchFile(path: string, watch: ContentWatch): Promise<void> {
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafe(1 << 20);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      watch.see(buffer.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    const facts = await stat(path);
    if (facts.isFile()) return facts.size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  throw new Refusal("file_not_found", `there is no file "${basename(path)}"`);
}

/** The first bytes of a file, fewer when it is shorter. */
export async function headOf(path: string, bytes = 4096): Promise<Buffer> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(bytes);
    let filled = 0;
    while (filled < bytes) {
      const { bytesRead } = await file.read(buffer, filled, bytes - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await file.close();
  }
}

/** Watches bytes go by: hashes them, and notes whether they are UTF-8 and free of NUL. */
class ContentWatch {
  readonly #hash = createHash("sha256");
  #digest = "";
  #rest: Buffer = Buffer.alloc(0);
  #isUtf8 = true;
  hasNul = false;
  bytes = 0;

  passage(): Transform {
    return new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.see(chunk);
        done(null, chunk);
      },
    });
  }

  see(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.#hash.update(chunk);
    if (!this.hasNul) this.hasNul = chunk.includes(0);
    if (!this.#isUtf8) return;
    const text = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const whole = wholeCharacters(text);
    this.#isUtf8 = isUtf8(text.subarray(0, whole));
    this.#rest = Buffer.from(text.subarray(whole));
  }

  sha256(): string {
    this.#digest ||= this.#hash.digest("hex");
    return this.#digest;
  }

  get isUtf8(): boolean {
    return this.#isUtf8 && this.#rest.length === 0;
  }

  get isText(): boolean {
    return this.isUtf8 && !this.hasNul;
  }
}

/** Length of the part that does not end in the middle of a UTF-8 character. */
function wholeCharacters(text: Buffer): number {
  for (let back = 1; back <= Math.min(3, text.length); back++) {
    const byte = text[text.length - back]!;
    if (byte < 0x80) return text.length;
    if (byte >= 0xc0) {
      const needs = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needs > back ? text.length - back : text.length;
    }
  }
  return text.length;
}

async function unpack(job: { from: string; to: string; original: ContentWatch; content: ContentWatch }): Promise<void> {
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      job.content.see(chunk);
      const { bytes } = job.content;
      const most = Math.max(ratioCountsFromBytes, job.original.bytes * mostRatio);
      if (bytes > mostBytes || bytes > most) {
        done(new Refusal("file_too_large", `the archive unpacks to more than ${Math.min(most, mostBytes)} bytes`));
      } else done(null, chunk);
    },
  });
  const input = createReadStream(job.from, { highWaterMark: 1 << 18 });
  try {
    await pipeline(
      input,
      job.original.passage(),
      createGunzip({ chunkSize: 1 << 18 }),
      guard,
      createWriteStream(job.to),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith("Z_") !== true) throw error;
    throw new Refusal("file_unreadable", "the gzip archive is damaged");
  }
}

async function transcode(job: { from: string; to: string; label: string; watch: ContentWatch }): Promise<void> {
  const decoder = new TextDecoder(job.label);
  const toUtf8 = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = Buffer.from(decoder.decode(chunk, { stream: true }));
      job.watch.see(text);
      done(null, text);
    },
    flush(done) {
      const text = Buffer.from(decoder.decode());
      job.watch.see(text);
      done(null, text);
    },
  });
  await pipeline(createReadStream(job.from, { highWaterMark: 1 << 20 }), toUtf8, createWriteStream(job.to));
}

function formatOf(head: Buffer, name: string): FileFormat {
  const magic = head.subarray(0, 4).toString("latin1");
  if (magic === "PAR1") return "parquet";
  if (magic === "PK\u0003\u0004") return "xlsx";
  const other = magic === "%PDF" ? "PDF" : head.subarray(0, 4).equals(Buffer.from("d0cf11e0", "hex")) ? "XLS" : null;
  if (other !== null) {
    throw new Refusal("file_unsupported", `"${name}" is a ${other} file; CSV, Parquet, JSON Lines and XLSX are read`);
  }
  const first = head
    .toString("latin1")
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart()[0];
  if (first === "[")
    throw new Refusal("file_unsupported", `"${name}" is one JSON array; write one object a line instead`);
  return first === "{" ? "jsonl" : "csv";
}

function encodingOf(head: Buffer, content: ContentWatch, declared: TextEncoding | undefined): TextEncoding {
  const mark = head.length < 2 ? 0 : head.readUInt16BE(0);
  if (mark === 0xfffe || mark === 0xfeff) return "utf-16";
  if (declared !== undefined) return declared;
  const lineEnd = head.indexOf("\n");
  if (head.subarray(0, lineEnd < 0 ? head.length : lineEnd).includes(0)) {
    throw new Refusal("file_unreadable", "the first line holds NUL bytes: it is binary, or UTF-16 without its mark");
  }
  return content.isUtf8 ? "utf-8" : "windows-1252";
}

function decoderLabel(encoding: TextEncoding, head: Buffer): string {
  if (encoding !== "utf-16") return encoding;
  return head[0] === 0xfe && head[1] === 0xff ? "utf-16be" : "utf-16le";
}
