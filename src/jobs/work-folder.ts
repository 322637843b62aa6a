import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** `<tenant>.<random>`: one folder an upload in the folder for files at work. */
export function uploadFolderName(tenantId: string, random: string): string {
  return `${tenantId}.${random}`;
}

const uploadFolder = /^([a-z0-9_]{1,40})\.[A-Za-z0-9]+$/;

/** The tenants of whom there are uploads: their jobs may wait for a server that starts. */
export async function tenantsOfUploads(workFolder: string): Promise<string[]> {
  const names = await readdir(workFolder);
  return [...new Set(names.flatMap((name) => uploadFolder.exec(name)?.[1] ?? []))];
}

/**
 * Removes what a killed process left in the folder for files at work: uploads that were broken off, the working folders
 * of readers.
 *
 * @param keep folders that jobs still need
 * @param unchangedSince milliseconds since 1970-01-01 UTC; what was changed later is left, for another process that
 *   shares the folder may be at it
 * @returns how many folders were removed
 */
export async function sweepWorkFolder(
  workFolder: string,
  { keep, unchangedSince }: { readonly keep: ReadonlySet<string>; readonly unchangedSince: number },
): Promise<number> {
  let removed = 0;
  for (const name of await readdir(workFolder)) {
    const path = join(workFolder, name);
    if (keep.has(path)) continue;
    const { mtimeMs } = await stat(path);
    if (mtimeMs > unchangedSince) continue;
    await rm(path, { recursive: true, force: true });
    removed++;
  }
  return removed;
}
