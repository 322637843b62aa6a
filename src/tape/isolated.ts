import { fork } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deserialize } from "node:v8";
import { TapeFindings } from "../../models/findings-table.js";
import { Refusal, type RefusalCode, type RefusalItem } from "../../models/refusal.js";
import type { TapeData } from "./isolated-child.js";
import type { Tape, TapeOptions, TapeProgress } from "./tape.js";

export type ChildMessage =
  | { readonly kind: "progress"; readonly progress: TapeProgress }
  | { readonly kind: "done"; readonly file: string }
  | { readonly kind: "refused"; readonly code: RefusalCode; readonly detail: string; readonly items: RefusalItem[] }
  | { readonly kind: "fault"; readonly name: string };

export interface IsolatedOptions extends TapeOptions {
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
export async function readTapeIsolated(path: string, options: IsolatedOptions): Promise<Tape> {
  const { onProgress, timeLimitMs = defaultTimeLimitMs, ...rest } = options;
  const answer = join(options.workFolder, "tape.v8");
  const message = await new Promise<ChildMessage>((resolve, reject) => {
    const reader = fork(child, [], {
      serialization: "advanced",
      env: {},
      execArgv: [],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const timer = setTimeout(() => reader.kill("SIGKILL"), timeLimitMs);
    let last: ChildMessage | null = null;
    reader.on("message", (received: ChildMessage) => {
      if (received.kind === "progress") onProgress?.(received.progress);
      else last = received;
    });
    reader.on("error", reject);
    reader.on("exit", (_code, signal) => {
      clearTimeout(timer);
      if (last !== null) resolve(last);
      else if (signal === "SIGKILL") reject(new Refusal("file_unreadable", `not read within ${timeLimitMs} ms`));
      else reject(new Refusal("file_unreadable", "the file brought its reader down"));
    });
    reader.send({ path, options: rest, answer });
  });
  if (message.kind === "refused") throw new Refusal(message.code, message.detail, message.items);
  if (message.kind !== "done")
    throw new Error(`the reader of tapes failed: ${message.kind === "fault" ? message.name : ""}`);
  const { findings, ...tape } = deserialize(await readFile(message.file)) as TapeData;
  await rm(message.file);
  return { ...tape, findings: TapeFindings.fromData(findings) };
}
