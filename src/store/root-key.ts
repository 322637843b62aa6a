import { randomBytes } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../models/refusal.js";
import { keyBytes } from "./vault-crypto.js";

/** The key that all others are wrapped by. It never enters the database, nor a log: it shows as nothing. */
export class RootKey {
  readonly #bytes: Buffer;

  constructor(base64: string) {
    const bytes = Buffer.from(base64, "base64");
    if (bytes.length !== keyBytes) {
      throw new Refusal("not_ready", `the root key must be ${keyBytes} bytes in base64; it is ${bytes.length}`);
    }
    this.#bytes = bytes;
  }

  reveal(): Buffer {
    return this.#bytes;
  }
}

/**
 * The root key of `<home>/root.key`, made on the first call with mode 0600. Whoever loses the file loses the persons.
 * Throws `not_ready` when others may read it.
 */
export async function rootKeyOfHome(home: string): Promise<RootKey> {
  const path = join(home, "root.key");
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(`${randomBytes(keyBytes).toString("base64")}\n`);
    await file.sync();
    await file.close();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const { mode } = await stat(path);
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw new Refusal(
      "not_ready",
      `${path} may be read by others (mode ${(mode & 0o777).toString(8)}); run: chmod 600`,
    );
  }
  return new RootKey((await readFile(path, "utf8")).trim());
}
