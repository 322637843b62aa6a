import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { Refusal } from "../../models/refusal.js";

/** Characters that a line may have: a longer one is not kept in memory. */
export const longestLine = 20_000;

/** Bounds for a file from strangers that is unpacked: a small archive may hold a very large text. */
const mostRatio = 100;
const ratioCountsFromBytes = 10_000_000;

/**
 * The lines of a text file, blank ones left out, as many at a time as come with a chunk of it: memory holds a few chunks,
 * whatever the size, and a line costs no promise. A gzip archive is unpacked; a byte order mark decides between UTF-8 and
 * UTF-16, and without one it is UTF-8.
 *
 * @returns each line without its end; null for a line that is longer than `longestLine` or whose bytes are no text
 * @throws Refusal `file_unreadable` when an archive is damaged, `file_too_large` when it unpacks to over 100 times its size
 */
export async function* textLines(path: string): AsyncGenerator<(string | null)[]> {
  let rest = "";
  let isTooLong = false;
  for await (const text of textOf(path)) {
    const lines = text.split("\n");
    const last = lines.pop()!;
    if (lines.length > 0) {
      lines[0] = rest + lines[0];
      rest = "";
      const read = lines.flatMap((line, i) => (isTooLong && i === 0 ? [null] : lineOf(line)));
      isTooLong = false;
      if (read.length > 0) yield read;
    }
    rest += last;
    if (rest.length <= longestLine) continue;
    isTooLong = true;
    rest = "";
  }
  const read = isTooLong ? [null] : lineOf(rest);
  if (read.length > 0) yield read;
}

function lineOf(text: string): (string | null)[] {
  if (text.trim() === "") return [];
  const line = text.endsWith("\r") ? text.slice(0, -1) : text;
  // the decoder puts U+FFFD where the bytes are no text: two numbers that differ there would look the same
  return [line.length > longestLine || line.includes("\uFFFD") ? null : line];
}

async function* textOf(path: string): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  for await (const chunk of bytesOf(path)) {
    decoder ??= new TextDecoder(chunk[0] === 0xff && chunk[1] === 0xfe ? "utf-16le" : "utf-8");
    yield decoder.decode(chunk, { stream: true });
  }
  if (decoder !== undefined) yield decoder.decode();
}

async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  if (!(await isGzip(path))) {
    yield* createReadStream(path) as AsyncIterable<Buffer>;
    return;
  }
  const most = Math.max(ratioCountsFromBytes, (await stat(path)).size * mostRatio);
  const packed = createReadStream(path);
  const unpacked = packed.pipe(createGunzip());
  packed.on("error", (error) => unpacked.destroy(error));
  let bytes = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > most) throw new Refusal("file_too_large", `the archive unpacks to more than ${most} bytes`);
      yield chunk;
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    if (!code.startsWith("Z_")) throw error;
    throw new Refusal("file_unreadable", "the gzip archive is damaged");
  } finally {
    packed.destroy();
  }
}

async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}
