import { resolve } from "node:path";
import type { ActInput } from "../../models/acts.js";
import { sealedFileSheets, verificationSheets } from "../reports/verification-report.js";
import { fieldsOf, inputFrom } from "./act-options.js";
import { type CommandContext, type Format, formats, type Program } from "./context.js";
import { AnsweredNo } from "./failure.js";
import { assertFile } from "./named-file.js";
import { startProgress } from "./progress.js";
import { show } from "./show.js";

const fields = () => fieldsOf("verify-books", "");

export function verifyOptions(command: Program): Program {
  for (const { flag, options } of fields()) command.option(flag, options);
  return command.options({
    file: {
      type: "string",
      describe: "A sealed file (netback export --format sealed) to check instead, without a database",
    },
    seal: { type: "string", describe: "With --file: a seal that a report has printed, which must be in it" },
    format: { choices: formats, default: "table", describe: "How to show the answer" },
    out: { type: "string", describe: "File to write the answer to" },
  }) as unknown as Program;
}

/** `netback verify`: the books, or a sealed file. Exit code 1 where anything does not agree. */
export async function verify(args: object, context: CommandContext): Promise<void> {
  const given = args as Readonly<Record<string, unknown>>;
  const bar = await startProgress(context.streams);
  try {
    const answer = await (given.file === undefined ? verifyBooks() : verifyFile(String(given.file)));
    bar.stop();
    const format = (given.json ? "json" : given.format) as Format;
    await show(answer, { format, out: given.out as string | undefined }, context.streams);
    if (!answer.document.green) throw new AnsweredNo();
  } finally {
    bar.stop();
  }

  async function verifyBooks() {
    const input = (await inputFrom(fields(), given)) as ActInput<"verify-books">;
    const call = { idempotencyKey: `cli-${context.randomId()}`, onProgress: bar.report };
    const document = await context.withDesk(async (desk) => (await desk.perform("verify-books", input, call)).output);
    return { document, sheets: () => verificationSheets(document) };
  }

  async function verifyFile(name: string) {
    const path = resolve(name);
    await assertFile(path);
    const { checkSealedFile } = await import("../desk/check-sealed-file.js");
    const document = await checkSealedFile(path, given.seal as string | undefined);
    return { document, sheets: () => sealedFileSheets(document) };
  }
}
