import { writeFile } from "node:fs/promises";
import type { Options } from "yargs";
import { type CommandContext, type Format, formats, type Program } from "./context.js";
import { assertFile, readJson } from "./named-file.js";
import { show } from "./show.js";
import { formatOf } from "./tape-order.js";
import { withWorkFolder } from "./work-folder.js";

const options = {
  out: { type: "string", demandOption: true, describe: "JSON file to write the model card to" },
  "as-of": { type: "string", describe: "Day the history is as of (YYYY-MM-DD); today when left out" },
  currency: { type: "string", default: "USD", describe: "ISO 4217 code of the amounts" },
  layout: { type: "string", describe: "JSON file that says which header is which column, and how dates are written" },
  rises: {
    type: "string",
    array: true,
    describe: "Columns whose higher values may only raise the chance of a recovery",
  },
  falls: { type: "string", array: true, describe: "Columns whose higher values may only lower it" },
  "older-may-score-higher": { type: "boolean", describe: "Lift the rule that an older account never scores higher" },
  format: { choices: formats, default: "table", describe: "How to show the answer" },
  "max-findings": { type: "number", default: 1000, describe: "Findings listed in the JSON at most" },
} as const satisfies Record<string, Options>;

export function addFitRecovery(program: Program, context: CommandContext): void {
  program.command(
    "recovery <history>",
    "Account score from a history: accounts with recovered_amount and observed_on",
    (command) =>
      command
        .positional("history", {
          type: "string",
          demandOption: true,
          describe: "File of accounts with what was recovered: CSV, Parquet, JSON Lines or XLSX",
        })
        .options(options),
    (args) => fitRecovery(args, context),
  );
}

interface FitRecoveryArgs {
  readonly history: string;
  readonly out: string;
  readonly asOf?: string | undefined;
  readonly currency: string;
  readonly layout?: string | undefined;
  readonly rises?: readonly string[] | undefined;
  readonly falls?: readonly string[] | undefined;
  readonly olderMayScoreHigher?: boolean | undefined;
  readonly format: Format;
  readonly json?: boolean | undefined;
  readonly maxFindings: number;
}

/** JSON with a line a field, and a line a list of numbers: a card is read by people too. */
function readable(document: unknown): string {
  const lists = /\[\s+(-?\d[^[\]{}"]*?)\s+\]/g;
  const oneLine = (_: string, numbers: string) => `[${numbers.split(/,\s+/).join(", ")}]`;
  return `${JSON.stringify(document, null, 2).replace(lists, oneLine)}\n`;
}

/** `netback fit recovery HISTORY --out M.json`. */
async function fitRecovery(args: FitRecoveryArgs, context: CommandContext): Promise<void> {
  const { fitRecoveryModel } = await import("../desk/fit-recovery.js");
  const { fitSheets } = await import("../reports/score-report.js");
  await assertFile(args.history);
  const layout = args.layout === undefined ? undefined : await readJson("layout", args.layout);
  const { card, document } = await withWorkFolder(context, (workFolder, onProgress) =>
    fitRecoveryModel({
      path: args.history,
      asOf: args.asOf ?? context.today(),
      currency: args.currency,
      layout,
      olderNeverHigher: args.olderMayScoreHigher !== true,
      rises: args.rises ?? [],
      falls: args.falls ?? [],
      maxFindings: args.maxFindings,
      workFolder,
      onProgress,
    }),
  );
  await writeFile(args.out, readable(card));
  context.streams.err.write(`written to ${args.out}\n`);
  const answer = { document, sheets: () => fitSheets(document) };
  await show(answer, { format: formatOf(args) }, context.streams);
}
