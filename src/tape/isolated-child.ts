import { writeFile } from "node:fs/promises";
import { serialize } from "node:v8";
import type { FindingsData } from "../../models/findings-table.js";
import { isRefusal } from "../../models/refusal.js";
import type { ChildMessage } from "./isolated.js";
import { readTape, type Tape, type TapeOptions } from "./tape.js";

/** A tape in the form in which it goes from the reading process to the one that asked. */
export type TapeData = Omit<Tape, "findings"> & { readonly findings: FindingsData };

interface Job {
  readonly path: string;
  readonly options: Omit<TapeOptions, "onProgress">;
  readonly answer: string;
}

function say(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send!(message, undefined, {}, () => resolve());
  });
}

async function work({ path, options, answer }: Job): Promise<void> {
  try {
    const tape = await readTape(path, {
      ...options,
      onProgress: (progress) => void say({ kind: "progress", progress }),
    });
    await writeFile(answer, serialize({ ...tape, findings: tape.findings.toData() } satisfies TapeData));
    await say({ kind: "done", file: answer });
  } catch (error) {
    if (isRefusal(error))
      await say({ kind: "refused", code: error.code, detail: error.detail, items: [...error.items] });
    // The name alone: the engine's messages quote the file.
    else await say({ kind: "fault", name: error instanceof Error ? error.name : "unknown" });
  }
  process.disconnect();
}

process.once("message", (job: Job) => void work(job));
