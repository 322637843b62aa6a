import { readFile, realpath, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { Refusal } from "../../models/refusal.js";

export interface FolderLock {
  release(): Promise<void>;
}

/** Folders that this process holds: the operating system's lock does not exclude its own process. */
const held = new Set<string>();

/**
 * Takes the folder for this process alone, until release or the end of the process, however it ends.
 *
 * Node has no file lock. DuckDB opens its file under the operating system's exclusive lock (fcntl), which no other
 * process can pass and which a killed process cannot leave behind; so a tiny database file, `<folder>/lock`, is the
 * lock. `<folder>/lock.pid` only serves the message. Throws `folder_in_use` when another holds it; there is no
 * way to take it from a process that lives.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = await realpath(folder);
  if (held.has(path)) throw inUse(path, process.pid);
  held.add(path);
  let instance: DuckDBInstance;
  try {
    instance = await DuckDBInstance.create(join(path, "lock"), { threads: "1", max_memory: "32MB" });
  } catch (error) {
    held.delete(path);
    if (error instanceof Error && /lock on file/i.test(error.message)) throw inUse(path, await readPid(path));
    throw error;
  }
  await writeFile(join(path, "lock.pid"), `${process.pid}\n`);
  return {
    async release() {
      if (!held.delete(path)) return;
      instance.closeSync();
    },
  };
}

async function readPid(path: string): Promise<number | undefined> {
  const text = await readFile(join(path, "lock.pid"), "utf8").catch(() => "");
  return /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}

function inUse(path: string, pid: number | undefined): Refusal {
  const holder = pid === undefined ? "another process" : `process ${pid}`;
  return new Refusal("folder_in_use", `${path} is open in ${holder}; stop it, or set NETBACK_HOME to another folder`);
}
