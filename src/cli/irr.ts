import { solveIrr } from "../desk/solve-irr.js";
import type { CommandContext } from "./context.js";
import { readText } from "./named-file.js";

export interface IrrArgs {
  readonly flows: string;
  readonly json?: boolean | undefined;
}

/** `netback irr FLOWS.csv`: `{"xirr": 0.37336...}`, or the reason why there is no rate. */
export async function irr(args: IrrArgs, { streams }: CommandContext): Promise<void> {
  const solved = solveIrr(await readText(args.flows));
  const percent = (solved.xirr * 100).toFixed(4);
  streams.out.write(
    args.json
      ? `${JSON.stringify(solved)}\n`
      : `XIRR ${percent}% a year (${solved.xirr}), from ${solved.flows} flows\n`,
  );
}
