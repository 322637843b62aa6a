import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { entryKinds } from "../../models/entry.js";

/** What is cut: an answer that has this form, on a connection that asked for this before. */
export interface Cut {
  readonly asked: (text: Buffer) => boolean;
  readonly answered: (text: Buffer) => boolean;
}

export interface CuttingProxy {
  readonly port: number;
  /** how many connections it has cut */
  readonly cuts: () => number;
  /** cuts the next connection whose answer matches, so many times */
  arm(times: number): void;
  close(): Promise<void>;
}

/**
 * Stands between a client and a server on loopback and hands on what they say, until it is armed: then it swallows
 * the first answer that `cut` describes, and ends both connections. The server has done its work by then, and the client
 * will never hear of it.
 */
export async function cuttingProxy(to: number, cut: Cut): Promise<CuttingProxy> {
  let [armed, cuts] = [0, 0];
  const open = new Set<Socket>();
  const server = createServer((client) => {
    let asked = false;
    const upstream = connect(to, "127.0.0.1");
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.setNoDelay(true).on("error", end);
      socket.on("close", () => {
        open.delete(socket);
        end();
      });
    }
    client.on("data", (text) => {
      asked ||= cut.asked(text);
      upstream.write(text);
    });
    upstream.on("data", (text) => {
      if (!cut.answered(text)) return client.write(text);
      const isIt = asked && armed > 0;
      asked = false;
      if (!isIt) return client.write(text);
      armed--;
      cuts++;
      return end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    port,
    cuts: () => cuts,
    arm(times) {
      armed = times;
    },
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** A text as an array has it that is sent as the server keeps it: behind its length. */
function inArray(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}

const kindsInArrays = entryKinds.map(inArray);

/** PostgreSQL says that a transaction was committed that wrote entries: the command's tag in its protocol. */
export const commitOfEntries: Cut = {
  // the kinds, as an array has them: the text of a kept statement is sent but once
  asked: (text) => kindsInArrays.some((kind) => text.includes(kind)),
  answered: (text) => text.includes("COMMIT\0"),
};

/** A server says that an order was done: the first line of an answer in HTTP. */
export const orderDone: Cut = {
  asked: (text) => text.includes("POST "),
  answered: (text) => /^HTTP\/1\.1 20[012] /.test(text.toString("latin1", 0, 16)),
};
