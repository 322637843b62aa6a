import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Refusal } from "../../models/refusal.js";
import { offerSheets } from "../reports/offer-report.js";
import type { CommandContext, Format } from "./context.js";
import { assertFile, readJson, readText } from "./named-file.js";
import { startProgress } from "./progress.js";
import { show } from "./show.js";
import { formatOf } from "./tape-order.js";

export interface FactorArgs {
  readonly invoices: readonly string[];
  readonly terms: string;
  readonly model?: string | undefined;
  readonly ledgerDebtors?: string | undefined;
  readonly targetCash?: string | undefined;
  readonly asOf?: string | undefined;
  readonly html?: string | undefined;
  readonly format: Format;
  readonly json?: boolean | undefined;
  readonly out?: string | undefined;
  readonly sheet?: string | undefined;
  readonly raw?: boolean | undefined;
}

/** `netback factor INVOICES`: what a factor would offer on them. */
export async function factor(args: FactorArgs, context: CommandContext): Promise<void> {
  const twice = Object.entries(args).find(
    ([name, value]) => name !== "invoices" && name !== "_" && Array.isArray(value),
  );
  if (twice !== undefined) throw new Refusal("usage", `--${twice[0]} is given twice`);
  for (const path of args.invoices) await assertFile(path);
  const { offerInvoices } = await import("../desk/offer-invoices.js");
  const order = {
    paths: args.invoices,
    terms: await readJson("terms", args.terms),
    model: args.model === undefined ? undefined : await readJson("model", args.model),
    debtorsCsv: args.ledgerDebtors === undefined ? undefined : await readText(args.ledgerDebtors),
    targetCash: args.targetCash,
    today: args.asOf ?? context.today(),
  };
  const workFolder = await mkdtemp(join(context.workFolder, "netback-"));
  const bar = await startProgress(context.streams);
  const document = await offerInvoices({ ...order, workFolder, onProgress: bar.report }).finally(async () => {
    bar.stop();
    await rm(workFolder, { recursive: true, force: true });
  });
  if (args.html !== undefined) {
    const { offerPage } = await import("../reports/offer-page.js");
    await writeFile(args.html, offerPage(document));
    context.streams.err.write(`written to ${args.html}\n`);
  }
  const format = formatOf(args);
  const withCurve = format === "xlsx" || args.sheet !== undefined;
  await show({ document, sheets: () => offerSheets(document, withCurve) }, { ...args, format }, context.streams);
}
