import { writeFile } from "node:fs/promises";
import { serialize } from "node:v8";
import type { FindingsData } from "../../models/findings-table.js";
import { isRefusal } from "../../models/refusal.js";
import { type InvoiceFile, type InvoiceOptions, readInvoices } from "./invoices.js";
import type { ChildMessage } from "./isolated.js";
import { type PersonOptions, readPersons } from "./persons.js";
import { readTape, type Tape, type TapeOptions } from "./tape.js";

/** A tape in the form in which it goes from the reading process to the one that asked. */
export type TapeData = Omit<Tape, "findings"> & { readonly findings: FindingsData };

export type InvoiceData = Omit<InvoiceFile, "findings"> & { readonly findings: FindingsData };

interface TableJob<Task, Options> {
  readonly task: Task;
  readonly path: string;
  readonly options: Omit<Options, "onProgress">;
  /** file that the columns are handed back in */
  readonly answer: string;
}

export type ReaderJob =
  | TableJob<"tape", TapeOptions>
  | TableJob<"invoices", InvoiceOptions>
  | { readonly task: "persons"; readonly path: string; readonly options: PersonOptions };

function say(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send!(message, undefined, {}, () => resolve());
  });
}

/** The answers to a job, one for each time that it is asked for the next. */
async function* answers(job: ReaderJob): AsyncGenerator<ChildMessage> {
  try {
    if (job.task === "persons") {
      for await (const batch of readPersons(job.path, job.options)) yield { kind: "persons", batch };
    } else {
      const onProgress: NonNullable<TapeOptions["onProgress"]> = (progress) => void say({ kind: "progress", progress });
      const { findings, ...table } =
        job.task === "tape"
          ? await readTape(job.path, { ...job.options, onProgress })
          : await readInvoices(job.path, { ...job.options, onProgress });
      await writeFile(job.answer, serialize({ ...table, findings: findings.toData() }));
    }
    yield { kind: "done" };
  } catch (error) {
    if (isRefusal(error)) yield { kind: "refused", code: error.code, detail: error.detail, items: [...error.items] };
    // The name alone: the engine's messages quote the file.
    else yield { kind: "fault", name: error instanceof Error ? error.name : "unknown" };
  }
}

let work: AsyncGenerator<ChildMessage> | null = null;

process.on("message", async (message: ReaderJob | "next") => {
  if (message !== "next") {
    work = answers(message);
    return;
  }
  const { value, done } = await work!.next();
  if (done !== true) await say(value);
});
// The parent is gone: nobody is left to read for.
process.on("disconnect", () => process.exit());
