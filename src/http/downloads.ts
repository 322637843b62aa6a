import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Exchange } from "./request-context.js";

/** A file that an act made for its caller, alone in a folder of its own. */
export interface MadeFile {
  readonly file: { readonly path: string; readonly name: string };
  readonly media_type: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Sends the file, and removes it with its folder however that ends. Its digest goes before it (RFC 9530). */
export async function sendMadeFile({ response, context }: Exchange, made: MadeFile): Promise<void> {
  const { path, name } = made.file;
  try {
    // biome-ignore format: name and value by turns
    response.writeHead(200, [
      ...context.headers,
      "content-type", made.media_type,
      "content-length", String(made.bytes),
      "content-disposition", `attachment; filename="${name}"`,
      "repr-digest", `sha-256=:${Buffer.from(made.sha256, "hex").toString("base64")}:`,
    ]);
    await pipeline(createReadStream(path), response);
  } catch (error) {
    // a caller who hangs up has stopped wanting it, and that is no fault
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  } finally {
    await rm(dirname(path), { recursive: true, force: true });
  }
}
