import { createReadStream } from "node:fs";
import { copyFile, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ActInput } from "../../models/acts.js";
import { type ExportFormat, exportFiles } from "../../models/export.js";
import { Refusal } from "../../models/refusal.js";
import { fieldsOf, inputFrom } from "./act-options.js";
import type { CommandContext } from "./context.js";
import { startProgress } from "./progress.js";

/** The options of `export` are the fields of the act, but for the format, which this command calls by its name. */
export const exportFields = (today: string) =>
  fieldsOf("export-ledger", today).map((field) => (field.key === "format" ? { ...field, flag: "format" } : field));

const binary: ReadonlySet<ExportFormat> = new Set(["xlsx", "parquet"]);

/**
 * `netback export`: the ledger as a file, or a journal or CSV on standard output, to be piped into another program.
 *
 * @throws Refusal `usage` where a workbook or Parquet would go to a terminal, or the file to the place of the document
 */
export async function exportLedger(args: Readonly<Record<string, unknown>>, context: CommandContext): Promise<void> {
  const { streams } = context;
  const out = args.out as string | undefined;
  const input = (await inputFrom(exportFields(context.today()), args)) as ActInput<"export-ledger">;
  const format = input.format ?? "hledger";
  const { ending } = exportFiles[format];
  if (out === undefined && args.json)
    throw new Refusal("usage", `--json is about the file: name it with --out FILE${ending}`);
  if (out === undefined && binary.has(format) && streams.out.isTTY) {
    throw new Refusal("usage", `${format} is no text for a terminal: name a file with --out FILE${ending}`);
  }
  const bar = await startProgress(streams);
  try {
    await context.withDesk(async (desk) => {
      const { output } = await desk.perform("export-ledger", input, { onProgress: bar.report });
      const { file, ...document } = output;
      try {
        if (out === undefined) await pour(file.path, streams.out);
        else await move(file.path, out);
      } finally {
        await rm(dirname(file.path), { recursive: true, force: true });
      }
      bar.stop();
      if (args.json) streams.out.write(`${JSON.stringify({ ...document, out }, null, 2)}\n`);
      else if (out !== undefined) {
        streams.err.write(`${document.entries} entries, ${document.postings} postings written to ${out}\n`);
      }
    });
  } finally {
    bar.stop();
  }
}

async function pour(path: string, out: NodeJS.WritableStream): Promise<void> {
  try {
    await pipeline(createReadStream(path), out, { end: false });
  } catch (error) {
    // a reader that has seen enough (`| head`) closes the pipe
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
  }
}

/** The work folder may be on another disk than the place that was named. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await copyFile(from, to);
  }
}
