import { calculate } from "../desk/calculate.js";
import { calculationSheets } from "../reports/calculation-report.js";
import type { CommandContext } from "./context.js";
import { readJson } from "./named-file.js";
import { show } from "./show.js";

export interface CalculateArgs {
  readonly name: string;
  readonly figures: string;
  readonly json?: boolean | undefined;
}

/** `netback calculate NAME FIGURES`: one question, answered from the figures that are given. */
export async function calculateFigures(args: CalculateArgs, { streams }: CommandContext): Promise<void> {
  const document = calculate(args.name, await readJson("figures", args.figures));
  const sheets = () => calculationSheets(args.name, document);
  await show({ document, sheets }, { format: args.json ? "json" : "table" }, streams);
}
