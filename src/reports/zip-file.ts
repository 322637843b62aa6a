import { type FileHandle, open } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32, createDeflateRaw } from "node:zlib";
import { Refusal } from "../../models/refusal.js";

/** Sizes beyond it need another form of archive, which not every spreadsheet program reads. */
const mostBytes = 0xffff_fffe;
/** 1980-01-01, the first day of the format: the same content makes the same bytes. */
const dosDate = 33;

interface ZipEntry {
  readonly name: Buffer;
  readonly at: number;
  readonly crc: number;
  readonly packed: number;
  readonly unpacked: number;
}

/**
 * A ZIP archive written to a file, one entry after the other, each streamed: memory holds a few buffers whatever the
 * size. Sizes are put into an entry's header when it has ended, so that every reader finds them there.
 * Format: PKWARE APPNOTE 6.3.
 */
export class ZipFile {
  readonly #handle: FileHandle;
  readonly #entries: ZipEntry[] = [];
  #at = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async create(path: string): Promise<ZipFile> {
    return new ZipFile(await open(path, "wx", 0o600));
  }

  /** Throws a Refusal `too_large` where the entry or the archive passes 4 GiB. */
  async add(name: string, texts: Iterable<string> | AsyncIterable<string>): Promise<void> {
    const entry = { name: Buffer.from(name), at: this.#at, crc: 0, packed: 0, unpacked: 0 };
    await this.#write(localHeader(entry));
    const start = this.#at;
    await pipeline(
      Readable.from(texts, { objectMode: true, highWaterMark: 4 }),
      async function* (source: AsyncIterable<string>) {
        for await (const text of source) {
          const bytes = Buffer.from(text);
          entry.crc = crc32(bytes, entry.crc);
          entry.unpacked += bytes.length;
          yield bytes;
        }
      },
      createDeflateRaw({ level: 4 }),
      async (packed: AsyncIterable<Buffer>) => {
        for await (const bytes of packed) await this.#write(bytes);
      },
    );
    entry.packed = this.#at - start;
    if (entry.unpacked > mostBytes || this.#at > mostBytes) {
      throw new Refusal("too_large", "the workbook passes 4 GiB; ask for CSV or Parquet, or for fewer days");
    }
    const header = localHeader(entry);
    await this.#handle.write(header, 0, header.length, entry.at);
    this.#entries.push(entry);
  }

  /** Writes the directory and closes the file; also after an entry that failed, when the file is of no use. */
  async close(): Promise<void> {
    try {
      const start = this.#at;
      for (const entry of this.#entries) await this.#write(directoryHeader(entry));
      await this.#write(directoryEnd(this.#entries.length, { start, bytes: this.#at - start }));
    } finally {
      await this.#handle.close();
    }
  }

  async #write(bytes: Buffer): Promise<void> {
    await this.#handle.write(bytes, 0, bytes.length, this.#at);
    this.#at += bytes.length;
  }
}

const utf8Names = 0x0800;
const deflated = 8;

/** Version, flags, method, time, date, checksum, sizes, length of the name: the same in both headers. */
function sharedFields({ name, crc, packed, unpacked }: ZipEntry): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(utf8Names, 2);
  fields.writeUInt16LE(deflated, 4);
  fields.writeUInt16LE(dosDate, 8);
  fields.writeUInt32LE(crc, 10);
  fields.writeUInt32LE(packed, 14);
  fields.writeUInt32LE(unpacked, 18);
  fields.writeUInt16LE(name.length, 22);
  return fields;
}

function localHeader(entry: ZipEntry): Buffer {
  return Buffer.concat([Buffer.from("PK\u0003\u0004"), sharedFields(entry), entry.name]);
}

function directoryHeader(entry: ZipEntry): Buffer {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(entry.at, 10);
  return Buffer.concat([Buffer.from("PK\u0001\u0002\u0014\0"), sharedFields(entry), rest, entry.name]);
}

function directoryEnd(count: number, { start, bytes }: { start: number; bytes: number }): Buffer {
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", "latin1");
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(bytes, 12);
  end.writeUInt32LE(start, 16);
  return end;
}
