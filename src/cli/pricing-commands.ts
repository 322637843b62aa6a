import type { Options } from "yargs";
import { type CommandContext, formats, type Program } from "./context.js";

const tape = {
  type: "string",
  demandOption: true,
  describe: "The seller's file: CSV, Parquet, JSON Lines or XLSX",
} as const;

/** What the commands that read a tape have in common. Figures stay text: the strategy's schema reads and bounds them. */
const tapeOptions = {
  "as-of": { type: "string", describe: "Day the balances are as of (YYYY-MM-DD); today when left out" },
  currency: { type: "string", default: "USD", describe: "ISO 4217 code of the amounts" },
  layout: { type: "string", describe: "JSON file that says which header is which column, and how dates are written" },
  strategy: { type: "string", describe: "JSON file with assumptions of your own" },
  model: { type: "string", describe: "Model card that `fit recovery` wrote: its scores in place of the priors" },
  curve: { type: "string", describe: "Curve that `curves show --json` wrote: its timing and level over the priors" },
  "target-irr": { type: "string", describe: "Lowest acceptable annual net IRR, as a fraction (0.2 is 20 %)" },
  "min-multiple": { type: "string", describe: "Lowest acceptable net cash over price" },
  "max-payback-months": { type: "string", describe: "Latest month in which the price must be back" },
  "horizon-months": { type: "string", describe: "Months of collections that count (84)" },
  "expect-rows": { type: "number", describe: "Control total: rows in the file; another count stops the pricing" },
  "expect-face": { type: "string", describe: "Control total: sum of the current balances" },
  format: { choices: formats, default: "table", describe: "How to show the answer" },
  out: { type: "string", describe: "File to write the answer to" },
  sheet: { type: "string", describe: "Only the sheet of this name (csv: the first one when left out)" },
  raw: { type: "boolean", describe: "CSV without the guard against formulas, for machines" },
} as const satisfies Record<string, Options>;

/** The commands that need no database: a file in, an answer out. */
export function addPricingCommands(program: Program, context: CommandContext): Program {
  return program
    .command(
      "price <tape>",
      "From a seller's tape to a bid; needs no database",
      (command) =>
        command
          .positional("tape", tape)
          .options(tapeOptions)
          .options({
            findings: { type: "string", describe: "CSV file to write every finding to" },
            html: { type: "string", describe: "HTML file to write the report to: one page, charts included" },
            "save-layout": { type: "string", describe: "JSON file to write the layout to, for --layout next time" },
            "max-findings": {
              type: "number",
              default: 100_000,
              describe: "Findings listed in the JSON at most (the counts by code are always of all)",
            },
          }),
      async (args) => (await import("./price.js")).price(args, context),
    )
    .command(
      "compare <tape>",
      "Sell, place with an agency, or hold: net-back and timing side by side",
      (command) => command.positional("tape", tape).options(tapeOptions),
      async (args) => (await import("./compare.js")).compare(args, context),
    )
    .command(
      "factor <invoices..>",
      "What a factor would offer on invoices: cash today, cost by day, both rates; needs no database",
      (command) =>
        command
          // several files in one place need it; an option given twice is refused by the command itself
          .parserConfiguration({ "duplicate-arguments-array": true, "parse-positional-numbers": false })
          .positional("invoices", {
            type: "string",
            array: true,
            demandOption: true,
            describe: "Files of invoices: CSV, Parquet, JSON Lines or XLSX",
          })
          .options({
            terms: { type: "string", default: "{}", describe: "JSON file with the factor's terms, or the JSON itself" },
            model: { type: "string", describe: "Model of how debtors pay, from fit payment" },
            "ledger-debtors": {
              type: "string",
              describe:
                "CSV of the factor's debtors: debtor_id, outstanding, over_age, credit_limit, payable_to_debtor",
            },
            "target-cash": { type: "string", describe: "Raise this much, with the invoices that cost least" },
            "as-of": { type: "string", describe: "Day of funding (YYYY-MM-DD) where the terms do not say it; today" },
            html: { type: "string", describe: "HTML file to write the offer to: one page for the owner" },
            format: { choices: formats, default: "table", describe: "How to show the answer" },
            out: { type: "string", describe: "File to write the answer to" },
            sheet: { type: "string", describe: "Only the sheet of this name (cost-by-day: the whole curve)" },
            raw: { type: "boolean", describe: "CSV without the guard against formulas, for machines" },
          } as const satisfies Record<string, Options>),
      async (args) => (await import("./factor.js")).factor(args, context),
    )
    .command(
      "calculate <name> <figures>",
      "One question of factoring or collections from its figures: a fee, a rate, a base, an entry",
      (command) =>
        command
          .positional("name", {
            type: "string",
            demandOption: true,
            describe: "stepped-fee, apr, annual-benefit, borrowing-base, ...; a name that is none lists them",
          })
          .positional("figures", {
            type: "string",
            demandOption: true,
            describe: "JSON file with the figures, or the JSON itself",
          }),
      async (args) => (await import("./calculate.js")).calculateFigures(args, context),
    )
    .command(
      "irr <flows>",
      "Annual rate of return (XIRR) of dated amounts",
      (command) =>
        command.positional("flows", { type: "string", demandOption: true, describe: "CSV file of date,amount rows" }),
      async (args) => (await import("./irr.js")).irr(args, context),
    );
}
