import type { Options } from "yargs";
import type { CommandContext, Program } from "./context.js";

const invoices = {
  type: "string",
  demandOption: true,
  describe: "File of invoices: CSV, Parquet, JSON Lines or XLSX",
} as const;

const invoiceOptions = {
  currency: { type: "string", describe: "ISO 4217 code of the amounts; what the file says when left out, or USD" },
  layout: { type: "string", describe: "JSON file that says which header is which column, and how dates are written" },
  format: { choices: ["table", "csv", "json"], default: "table", describe: "How to show what was found" },
  sheet: { type: "string", describe: "Only the sheet of this name (csv: the first one when left out)" },
  "max-findings": { type: "number", default: 1000, describe: "Findings listed in the JSON at most" },
} as const satisfies Record<string, Options>;

/** `netback fit ...`: models from own history, without a database. */
export function addFitCommands(program: Program, context: CommandContext): Program {
  return program.command("fit", "Learn from own history", (command) =>
    command
      .command(
        "payment <invoices>",
        "How and when debtors pay invoices, strictly as of a day",
        (one) =>
          one
            .positional("invoices", invoices)
            .options(invoiceOptions)
            .options({
              "as-of": {
                type: "string",
                describe: "Learn from what was known on this day (YYYY-MM-DD); today when left out",
              },
              out: { type: "string", demandOption: true, describe: "JSON file to write the model card to" },
            }),
        async (args) => (await import("./payment.js")).fitPayment(args, context),
      )
      .demandCommand(1, "Name what to fit: payment."),
  );
}

/** `netback score ...`: a file with what a model expects of each row. */
export function addScoreCommands(program: Program, context: CommandContext): Program {
  return program.command("score", "Score a file with a model", (command) =>
    command
      .command(
        "payment <invoices>",
        "When each invoice is expected to be paid, and why",
        (one) =>
          one
            .positional("invoices", invoices)
            .options(invoiceOptions)
            .options({
              model: { type: "string", demandOption: true, describe: "Model card that `fit payment` wrote" },
              out: {
                type: "string",
                demandOption: true,
                describe: "File to write, .csv or .parquet: the invoices with further columns",
              },
              "as-of": {
                type: "string",
                describe:
                  "Day on which invoices without a settlement are known to be open; the model's own when left out",
              },
            }),
        async (args) => (await import("./payment.js")).scorePayment(args, context),
      )
      .demandCommand(1, "Name what to score: payment."),
  );
}
