import yargs from "yargs";
import { Refusal } from "../../models/refusal.js";
import { addBookCommands } from "./book-commands.js";
import type { CommandContext, Program } from "./context.js";
import { exitCodes, reportFailure } from "./failure.js";
import { addFitCommands, addScoreCommands } from "./fit-commands.js";
import { addPricingCommands } from "./pricing-commands.js";
import { addRunningCommands } from "./running-commands.js";

export interface ProgramSettings {
  readonly version: string;
  /** show the stack of a fault */
  readonly debug: boolean;
}

/**
 * Runs one command line and returns its exit code. Nothing heavy is loaded here: a command loads what it needs when it
 * is the one that was asked for, so that `--help` answers at once and `price` never loads a database.
 */
export async function runProgram(
  argv: readonly string[],
  context: CommandContext,
  settings: ProgramSettings,
): Promise<number> {
  const failure = { json: argv.includes("--json"), debug: settings.debug, faultId: context.randomId };
  try {
    await program(argv, context, settings).parseAsync();
    return exitCodes.done;
  } catch (error) {
    return reportFailure(error, failure, context.streams);
  }
}

function program(argv: readonly string[], context: CommandContext, settings: ProgramSettings): Program {
  // The help is laid out on every run, asked for or not, and breaking its lines is most of that work.
  const asksForHelp = argv.length === 0 || argv.some((word) => word === "--help" || word === "-h");
  const base = yargs(argv)
    .scriptName("netback")
    .usage("netback <command>\n\nPrices portfolios of aged receivables, books what was bought, tracks what comes in.")
    .locale("en")
    .version(settings.version)
    .help()
    .alias("help", "h")
    .option("json", { type: "boolean", describe: "Answer with one JSON document and nothing else", global: true })
    .parserConfiguration({ "duplicate-arguments-array": false, "parse-positional-numbers": false })
    .strict()
    .recommendCommands()
    .updateStrings({
      "Not enough non-option arguments: got %s, need at least %s": {
        one: "An argument is missing: %s given, %s needed",
        other: "Arguments are missing: %s given, %s needed",
      } as unknown as string,
    })
    .demandCommand(1, "Name a command.")
    .exitProcess(false)
    .showHelpOnFail(false)
    .wrap(asksForHelp ? Math.min(context.streams.out.columns ?? 100, 120) : null)
    .fail((message: string | null, error: Error | undefined) => {
      if (error) throw error;
      const words = (message ?? "not understood").replaceAll(/\s*\n\s*/g, " ").replace(/[^.?!]$/, "$&.");
      throw new Refusal("usage", `${words} See netback --help.`);
    })
    .epilogue("Exit codes: 0 done, 1 refused (or findings that stop it), 2 not used as meant.");
  const withoutBook = addScoreCommands(addFitCommands(addPricingCommands(base, context), context), context);
  return addRunningCommands(addBookCommands(withoutBook, context), context);
}
