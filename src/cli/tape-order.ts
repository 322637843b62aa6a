import type { TapeOrder } from "../desk/price-tape.js";
import type { CommandContext, Format } from "./context.js";
import { assertFile, readJson } from "./named-file.js";
import { withWorkFolder } from "./work-folder.js";

/** The options that every command on a tape has, as they stood on the command line. */
export interface TapeArgs {
  readonly tape: string;
  readonly asOf?: string | undefined;
  readonly currency: string;
  readonly layout?: string | undefined;
  readonly strategy?: string | undefined;
  readonly model?: string | undefined;
  readonly curve?: string | undefined;
  readonly targetIrr?: string | undefined;
  readonly minMultiple?: string | undefined;
  readonly maxPaybackMonths?: string | undefined;
  readonly horizonMonths?: string | undefined;
  readonly expectRows?: number | undefined;
  readonly expectFace?: string | undefined;
  readonly format: Format;
  readonly json?: boolean | undefined;
  readonly out?: string | undefined;
  readonly sheet?: string | undefined;
  readonly raw?: boolean | undefined;
}

export const formatOf = ({ json, format }: { json?: boolean | undefined; format: Format }): Format =>
  json ? "json" : format;

/** The assumptions given on the command line itself, which lie over those of the strategy file. */
function overridesFrom(args: TapeArgs): Record<string, string> {
  const given = {
    target_irr: args.targetIrr,
    min_multiple: args.minMultiple,
    max_payback_months: args.maxPaybackMonths,
    horizon_months: args.horizonMonths,
  };
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Reads what the options name, works on the order with a progress bar, and takes the bar away whatever happens. */
export async function withTapeOrder<T>(
  args: TapeArgs,
  context: CommandContext,
  work: (order: TapeOrder) => Promise<T>,
): Promise<T> {
  await assertFile(args.tape);
  const layout = args.layout === undefined ? undefined : await readJson("layout", args.layout);
  const strategy = args.strategy === undefined ? undefined : await readJson("strategy", args.strategy);
  const model = args.model === undefined ? undefined : await readJson("model", args.model);
  const curve = args.curve === undefined ? undefined : await readJson("curve", args.curve);
  return withWorkFolder(context, (workFolder, onProgress) =>
    work({
      path: args.tape,
      asOf: args.asOf ?? context.today(),
      currency: args.currency,
      layout,
      strategy,
      model,
      curve,
      overrides: overridesFrom(args),
      expectRows: args.expectRows,
      expectFace: args.expectFace,
      workFolder,
      onProgress,
    }),
  );
}
