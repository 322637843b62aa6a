import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CommandContext, Progress } from "./context.js";
import { startProgress } from "./progress.js";

/** Works in a folder of its own with a progress bar, and takes both away whatever happens. */
export async function withWorkFolder<T>(
  context: CommandContext,
  work: (folder: string, onProgress: Progress) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(context.workFolder, "netback-"));
  const bar = await startProgress(context.streams);
  try {
    return await work(folder, bar.report);
  } finally {
    bar.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
