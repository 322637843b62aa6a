import type { Options } from "yargs";
import { type CommandContext, type Format, formats, type Program } from "./context.js";
import { assertFile, readJson } from "./named-file.js";
import { show } from "./show.js";
import { formatOf } from "./tape-order.js";
import { withWorkFolder } from "./work-folder.js";

const options = {
  model: { type: "string", demandOption: true, describe: "Model card that `fit recovery` wrote" },
  out: { type: "string", demandOption: true, describe: "File to write: .csv or .parquet" },
  "as-of": { type: "string", describe: "Day the tape is as of (YYYY-MM-DD); today when left out" },
  "horizon-months": {
    type: "number",
    default: 84,
    describe: "Months that count; a row with its own observed_on is scored up to that day instead",
  },
  "unknown-age-months": { type: "number", default: 60, describe: "Age at which an account of unknown age is scored" },
  currency: { type: "string", default: "USD", describe: "ISO 4217 code of the amounts" },
  layout: { type: "string", describe: "JSON file that says which header is which column, and how dates are written" },
  format: { choices: formats, default: "table", describe: "How to show the answer" },
  raw: { type: "boolean", describe: "CSV without the guard against formulas, for machines" },
  "max-findings": { type: "number", default: 1000, describe: "Findings listed in the JSON at most" },
} as const satisfies Record<string, Options>;

export function addScoreRecovery(program: Program, context: CommandContext): void {
  program.command(
    "recovery <tape>",
    "Expected recovery of every row, with its reasons",
    (command) =>
      command
        .positional("tape", {
          type: "string",
          demandOption: true,
          describe: "The file to score: CSV, Parquet, JSON Lines or XLSX",
        })
        .options(options),
    (args) => scoreRecovery(args, context),
  );
}

interface ScoreRecoveryArgs {
  readonly tape: string;
  readonly model: string;
  readonly out: string;
  readonly asOf?: string | undefined;
  readonly horizonMonths: number;
  readonly unknownAgeMonths: number;
  readonly currency: string;
  readonly layout?: string | undefined;
  readonly format: Format;
  readonly json?: boolean | undefined;
  readonly raw?: boolean | undefined;
  readonly maxFindings: number;
}

/** `netback score recovery TAPE --model M.json --out FILE`. */
async function scoreRecovery(args: ScoreRecoveryArgs, context: CommandContext): Promise<void> {
  const { scoreRecoveryTape } = await import("../desk/score-recovery.js");
  const { scoreSheets } = await import("../reports/score-report.js");
  await assertFile(args.tape);
  await assertFile(args.model);
  const model = await readJson("model", args.model);
  const layout = args.layout === undefined ? undefined : await readJson("layout", args.layout);
  const document = await withWorkFolder(context, (workFolder, onProgress) =>
    scoreRecoveryTape({
      path: args.tape,
      model,
      asOf: args.asOf ?? context.today(),
      horizonMonths: args.horizonMonths,
      unknownAgeMonths: args.unknownAgeMonths,
      currency: args.currency,
      layout,
      out: args.out,
      raw: args.raw === true,
      maxFindings: args.maxFindings,
      workFolder,
      onProgress,
    }),
  );
  context.streams.err.write(`written to ${args.out}\n`);
  await show({ document, sheets: () => scoreSheets(document) }, { format: formatOf(args) }, context.streams);
}
