import { type ActInput, type ActName, acts } from "../../models/acts.js";
import { actSheets } from "../reports/act-report.js";
import { effectSheets } from "../reports/entry-sheets.js";
import { fieldsOf, inputFrom } from "./act-options.js";
import type { ActCommand } from "./book-commands.js";
import { type CommandContext, type Format, formats, type Program } from "./context.js";
import { startProgress } from "./progress.js";
import { show } from "./show.js";

const shownOptions = {
  format: { choices: formats, default: "table", describe: "How to show the answer" },
  out: { type: "string", describe: "File to write the answer to" },
  sheet: { type: "string", describe: "Only the sheet of this name" },
  raw: { type: "boolean", describe: "CSV without the guard against formulas, for machines" },
} as const;

const writingOptions = {
  "dry-run": { type: "boolean", describe: "Show what would come of it, and change nothing" },
  "idempotency-key": {
    type: "string",
    describe: "Your key of this order: a retry with it gets the first answer again",
  },
} as const;

/** Acts whose answer says what they do to the books, in a dry run as well: it is not to be said twice. */
const tellsItsEffect: ReadonlySet<ActName> = new Set(["reverse-entry", "correct-entry"]);

/** Adds one command that runs one act and shows its answer. */
export function addActCommand(
  program: Program,
  { words, act, without = [] }: ActCommand,
  context: CommandContext,
): void {
  const declaration = acts[act];
  const fields = fieldsOf(act, context.today()).filter(({ key }) => !without.includes(key));
  const named = [...words.matchAll(/<([a-z-]+)(?:\.\.)?>/g)].map((match) => match[1]!);
  program.command(
    words,
    declaration.summary,
    (command) => {
      for (const { flag, options } of fields) {
        if (named.includes(flag))
          command.positional(flag, { type: "string", demandOption: true, describe: options.describe ?? flag });
        else command.option(flag, options);
      }
      if (declaration.effect === "writes") command.options(writingOptions);
      return command.options(shownOptions);
    },
    async (args) => {
      const given = args as unknown as Readonly<Record<string, unknown>>;
      const input = (await inputFrom(fields, given)) as ActInput<ActName>;
      const { output, effect } = await perform({ act, input, given }, context);
      const document = effect === undefined ? output : { ...output, effect };
      const shown = {
        format: (given.json ? "json" : given.format) as Format,
        out: given.out as string | undefined,
        sheet: given.sheet as string | undefined,
        raw: given.raw as boolean | undefined,
      };
      const sheets = () => [...actSheets(act, output), ...(tellsItsEffect.has(act) ? [] : effectSheets(effect))];
      await show({ document, sheets }, shown, context.streams);
    },
  );
}

interface Order {
  readonly act: ActName;
  readonly input: ActInput<ActName>;
  readonly given: Readonly<Record<string, unknown>>;
}

async function perform({ act, input, given }: Order, context: CommandContext) {
  const bar = await startProgress(context.streams);
  try {
    return await context.withDesk(async (desk) => {
      // A command typed once is one order: without a key of the caller's own it gets a new one.
      const key = (given["idempotency-key"] as string | undefined) ?? `cli-${context.randomId()}`;
      const { output, replayed, effect } = await desk.perform(act, input, {
        ...(acts[act].idempotency === "none" ? {} : { idempotencyKey: key }),
        ...(given["dry-run"] ? { dryRun: true } : {}),
        onProgress: bar.report,
      });
      if (replayed) context.streams.err.write("This order was carried out before; here is its first answer again.\n");
      if (given["dry-run"]) context.streams.err.write("Dry run: nothing was changed.\n");
      return { output, effect };
    });
  } finally {
    bar.stop();
  }
}
