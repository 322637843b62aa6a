import assert from "node:assert/strict";
import { fsyncSync } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";

/**
 * Makes "acknowledged" mean "on the disk". As it comes, PGlite runs with fsync off, and its file system has no fsync to
 * call: a write outlives the process, but not a loss of power. Here the server is told to sync, by the one method
 * that reaches the file system (fdatasync is an empty function there), and the file system is given the call.
 */
export const durableStartParams = [
  ...PGlite.defaultStartParams.filter((param) => param !== "-F"),
  "-c",
  "wal_sync_method=fsync",
];

interface StreamOps {
  fsync?: (stream: { nfd: number }) => number;
  write: unknown;
}

/** Throws when the data directory is not a folder of the host: a new version of PGlite that is built otherwise. */
export async function makeDurable(pglite: PGlite, dataDir: string): Promise<void> {
  const node = pglite.Module.FS.analyzePath("/pglite/data").object as { stream_ops?: StreamOps } | undefined;
  const operations = node?.stream_ops;
  assert(operations !== undefined && "write" in operations, "PGlite's file system is not as it was");
  operations.fsync = ({ nfd }) => {
    fsyncSync(nfd);
    return 0;
  };
  await syncFolder(dataDir);
}

/** What was written before that, by the first start or by the recovery from a crash. */
async function syncFolder(dataDir: string): Promise<void> {
  for (const entry of await readdir(dataDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = await open(join(entry.parentPath, entry.name), "r");
    await file.sync();
    await file.close();
  }
}
