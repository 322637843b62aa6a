import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { runProgram } from "../../src/cli/program.js";
import { openDesk } from "../../src/composition.js";
import { contextOf } from "../../src/main.js";
import type { Ran } from "./run-netback.js";

export interface OpenBooks {
  ask(...args: string[]): Promise<Ran>;
  close(): Promise<void>;
}

/**
 * The command line in this process, on books that stay open from one command to the next: a process that opens the
 * embedded database takes two seconds, and most commands a few milliseconds. `netback` is for what a process of its own
 * shows: that it finds on the disk what another left, and ends with its exit code.
 */
export async function openBooks(home: string): Promise<OpenBooks> {
  const environment = { NETBACK_HOME: home };
  const { desk, close } = await openDesk(environment);
  let closed: Promise<void> | undefined;
  return {
    async ask(...args) {
      const streams = { out: new PassThrough(), err: new PassThrough() };
      const [out, err] = [text(streams.out), text(streams.err)];
      const context = {
        ...contextOf(environment, streams),
        withDesk: <T>(work: (open: typeof desk) => T) => work(desk),
      };
      const code = await runProgram(args, context, { version: "0", debug: false });
      streams.out.end();
      streams.err.end();
      return { code, out: await out, err: await err };
    },
    close: () => (closed ??= close()),
  };
}
