import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { InvoiceOrder } from "../desk/fit-payment.js";
import { paymentFitSheets, paymentScoreSheets } from "../reports/payment-report.js";
import type { CommandContext, Format } from "./context.js";
import { assertFile, readJson } from "./named-file.js";
import { startProgress } from "./progress.js";
import { show } from "./show.js";

interface InvoiceArgs {
  readonly invoices: string;
  readonly currency?: string | undefined;
  readonly layout?: string | undefined;
  readonly out: string;
  readonly maxFindings: number;
  readonly format: Format;
  readonly json?: boolean | undefined;
  readonly sheet?: string | undefined;
}

export interface FitPaymentArgs extends InvoiceArgs {
  readonly asOf?: string | undefined;
}

export interface ScorePaymentArgs extends InvoiceArgs {
  readonly asOf?: string | undefined;
  readonly model: string;
}

/** `netback fit payment INVOICES --as-of D --out M.json`: how debtors pay, from a history. */
export async function fitPayment(args: FitPaymentArgs, context: CommandContext): Promise<void> {
  const { fitPaymentFile } = await import("../desk/fit-payment.js");
  const asOf = args.asOf ?? context.today();
  const document = await withInvoiceOrder(args, context, (order) => fitPaymentFile({ ...order, asOf }));
  await show({ document, sheets: () => paymentFitSheets(document) }, shownAs(args), context.streams);
  context.streams.err.write(`written to ${args.out}\n`);
}

/** `netback score payment INVOICES --model M.json --out FILE`: what to expect of each invoice. */
export async function scorePayment(args: ScorePaymentArgs, context: CommandContext): Promise<void> {
  const { scorePaymentFile } = await import("../desk/score-payment.js");
  const model = await readJson("model", args.model);
  const work = (order: InvoiceOrder) => scorePaymentFile({ ...order, model, asOf: args.asOf });
  const document = await withInvoiceOrder(args, context, work);
  await show({ document, sheets: () => paymentScoreSheets(document) }, shownAs(args), context.streams);
  context.streams.err.write(`written to ${args.out}\n`);
}

/** The answer goes to standard output: `--out` is where the model or the scored file goes. */
function shownAs({ json, format, sheet }: InvoiceArgs) {
  return { format: json ? ("json" as const) : format, sheet };
}

async function withInvoiceOrder<T>(
  args: InvoiceArgs,
  context: CommandContext,
  work: (order: InvoiceOrder) => Promise<T>,
): Promise<T> {
  await assertFile(args.invoices);
  const layout = args.layout === undefined ? undefined : await readJson("layout", args.layout);
  const workFolder = await mkdtemp(join(context.workFolder, "netback-"));
  const bar = await startProgress(context.streams);
  try {
    return await work({
      path: args.invoices,
      currency: args.currency,
      layout,
      out: args.out,
      maxFindings: args.maxFindings,
      workFolder,
      seconds: context.seconds,
      onProgress: bar.report,
    });
  } finally {
    bar.stop();
    await rm(workFolder, { recursive: true, force: true });
  }
}
