import { type ChildProcess, fork } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize } from "node:v8";
import { TapeFindings } from "../../models/findings-table.js";
import { Refusal, type RefusalCode, type RefusalItem } from "../../models/refusal.js";
import type { InvoiceFile, InvoiceOptions } from "./invoices.js";
import type { InvoiceData, ReaderJob, TapeData } from "./isolated-child.js";
import type { PersonBatch, PersonOptions } from "./persons.js";
import type { Tape, TapeOptions, TapeProgress } from "./tape.js";

export type ChildMessage =
  | { readonly kind: "progress"; readonly progress: TapeProgress }
  | { readonly kind: "persons"; readonly batch: PersonBatch }
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly code: RefusalCode; readonly detail: string; readonly items: RefusalItem[] }
  | { readonly kind: "fault"; readonly name: string };

interface Isolation {
  /** the child is ended after so many milliseconds; ten minutes when left out */
  readonly timeLimitMs?: number;
}

const child = fileURLToPath(new URL("./isolated-child.js", import.meta.url));
const defaultTimeLimitMs = 600_000;

/**
 * Reads a tape as `readTape` does, in a process of its own, so that a file that brings the reader down brings down
 * nothing else. The child gets no environment and hands the tape back as a file in the work folder, which is read only
 * when the child has said that it is whole.
 *
 * @throws Refusal: those of `readTape`; file_unreadable when the child dies or takes too long
 */
export async function readTapeIsolated(path: string, options: TapeOptions & Isolation): Promise<Tape> {
  const { findings, ...tape } = await readAway<TapeData>("tape", path, options);
  return { ...tape, findings: TapeFindings.fromData(findings) };
}

/**
 * Reads a file of invoices as `readInvoices` does, in a process of its own.
 *
 * @throws Refusal: those of `readInvoices`; file_unreadable when the child dies or takes too long
 */
export async function readInvoicesIsolated(path: string, options: InvoiceOptions & Isolation): Promise<InvoiceFile> {
  const { findings, ...invoices } = await readAway<InvoiceData>("invoices", path, options);
  return { ...invoices, findings: TapeFindings.fromData(findings) };
}

/** How the files of others are read. */
export interface FileReaders {
  tape(path: string, options: TapeOptions): Promise<Tape>;
  persons(path: string, options: PersonOptions): AsyncIterable<PersonBatch>;
  invoices(path: string, options: InvoiceOptions): Promise<InvoiceFile>;
}

/** Each file in a process of its own. */
export const isolatedReaders: FileReaders = {
  tape: readTapeIsolated,
  persons: readPersonsIsolated,
  invoices: readInvoicesIsolated,
};

type TableOptions = (TapeOptions | InvoiceOptions) & Isolation;

async function readAway<Data>(task: "tape" | "invoices", path: string, options: TableOptions): Promise<Data> {
  const { onProgress, timeLimitMs, ...rest } = options;
  const answer = join(options.workFolder, "table.v8");
  const reader = new Reader({ task, path, options: rest, answer } as ReaderJob, timeLimitMs, onProgress);
  try {
    await reader.next();
  } finally {
    reader.end();
  }
  const data = deserialize(await readFile(answer)) as Data;
  await rm(answer);
  return data;
}

/**
 * Reads the personal columns as `readPersons` does, in a process of its own. A batch is read when it is asked for, so
 * that one at a time is in memory on either side, and nothing of it is written to a disk.
 *
 * @throws Refusal: those of `readPersons`; file_unreadable when the child dies or takes too long
 */
export async function* readPersonsIsolated(
  path: string,
  options: PersonOptions & Isolation,
): AsyncGenerator<PersonBatch> {
  const { timeLimitMs, ...rest } = options;
  const reader = new Reader({ task: "persons", path, options: rest }, timeLimitMs);
  try {
    for (;;) {
      const message = await reader.next();
      if (message.kind !== "persons") return;
      yield message.batch;
    }
  } finally {
    reader.end();
  }
}

/** The child at work on one job: it is asked for one answer at a time, and its end is an answer too. */
class Reader {
  readonly #process: ChildProcess;
  readonly #timer: NodeJS.Timeout;
  readonly #started: Promise<void>;
  #settle: { resolve: (message: ChildMessage) => void; reject: (error: Error) => void } | null = null;
  #end: Error | null = null;

  constructor(job: ReaderJob, timeLimitMs = defaultTimeLimitMs, onProgress?: (progress: TapeProgress) => void) {
    this.#process = fork(child, [], {
      serialization: "advanced",
      env: {},
      execArgv: [],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    this.#timer = setTimeout(() => {
      this.#fail(new Refusal("file_unreadable", `not read within ${timeLimitMs} ms`));
      this.#process.kill("SIGKILL");
    }, timeLimitMs);
    this.#process.on("message", (message: ChildMessage) => {
      if (message.kind === "progress") onProgress?.(message.progress);
      else this.#settle?.resolve(message);
    });
    this.#process.on("error", (error) => this.#fail(error));
    this.#process.on("exit", () => this.#fail(new Refusal("file_unreadable", "the file brought its reader down")));
    this.#started = this.#send(job);
  }

  /** The next batch, or that the job is done. Throws what the child refused, or why there is no child any more. */
  async next(): Promise<ChildMessage> {
    await this.#started;
    const message = await new Promise<ChildMessage>((resolve, reject) => {
      if (this.#end !== null) return reject(this.#end);
      this.#settle = { resolve, reject };
      void this.#send("next");
    });
    if (message.kind === "refused") throw new Refusal(message.code, message.detail, message.items);
    if (message.kind === "fault") throw new Error(`the reader of tapes failed: ${message.name}`);
    return message;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#process.kill("SIGKILL");
  }

  #fail(error: Error): void {
    this.#end ??= error;
    this.#settle?.reject(this.#end);
  }

  /** A child that is gone says so by its exit, so that a message it did not get is no error of its own. */
  #send(message: ReaderJob | "next"): Promise<void> {
    return new Promise((resolve) => {
      this.#process.send(message, () => resolve());
    });
  }
}
