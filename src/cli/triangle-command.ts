import { type CommandContext, formats, type Program } from "./context.js";

const shownOptions = {
  format: { choices: formats, default: "table", describe: "How to show the answer" },
  out: { type: "string", describe: "File to write the answer to" },
  sheet: { type: "string", describe: "Only the sheet of this name" },
  raw: { type: "boolean", describe: "CSV without the guard against formulas, for machines" },
} as const;

/** `netback fit triangle`: what is still to come, from a file of collections by vintage, without a database. */
export function addFitTriangle(program: Program, context: CommandContext): Program {
  return program.command(
    "triangle <file>",
    "Run-off of collections by vintage: factors, ultimates, what remains, with standard errors",
    async (one) => {
      const { triangleOptions } = await import("./fit-triangle.js");
      return one
        .positional("file", {
          type: "string",
          demandOption: true,
          describe: "CSV: origin, development, value in rows, or an age a column",
        })
        .options(triangleOptions)
        .options(shownOptions);
    },
    async (args) => (await import("./fit-triangle.js")).fitTriangleFile(args, context),
  );
}
