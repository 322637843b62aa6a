import { readFile, stat } from "node:fs/promises";
import { Refusal } from "../../models/refusal.js";

/** The text of a file that the user named. */
export async function readText(path: string): Promise<string> {
  await assertFile(path);
  return readFile(path, "utf8");
}

export async function assertFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new Refusal("file_not_found", `there is no file "${path}"`);
}

/** JSON that stands on the command line itself, or in a file that is named there. `flag` names the option in messages. */
export async function readJson(flag: string, value: string): Promise<unknown> {
  const text = /^\s*[[{]/.test(value) ? value : await readText(value);
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("malformed_request", `--${flag}: what stands there is not JSON`);
  }
}
