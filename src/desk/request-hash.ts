import { createHash, hash } from "node:crypto";
import { createReadStream } from "node:fs";
import type { FileReference } from "../../models/document.js";

/**
 * SHA-256 of each field of a parsed input, by the field's name. A file counts by its content alone: neither its name nor where a door has
 * put it; a name by a keyed hash, because a plain one of so short a text can be guessed at. Objects are written with their keys sorted, so that the order in which a caller writes them does not matter.
 */
export async function hashFields(
  input: unknown,
  fingerprint: (text: string) => string,
): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const [name, value] of Object.entries(input as Record<string, unknown>)) {
    if (value === undefined) continue;
    if (name === "debtor_name") hashes[name] = fingerprint(canonicalText(value));
    else hashes[name] = name === "file" ? await hashFile(value as FileReference) : hashText(canonicalText(value));
  }
  return hashes;
}

export function hashText(text: string): string {
  return hash("sha256", text, "hex");
}

export async function hashFile(file: FileReference): Promise<string> {
  const digest = createHash("sha256");
  for await (const chunk of createReadStream(file.path)) digest.update(chunk as Buffer);
  return digest.digest("hex");
}

export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalText(item)}`).join(",")}}`;
}
