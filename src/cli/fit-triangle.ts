import type { Options } from "yargs";
import { Refusal } from "../../models/refusal.js";
import type { TriangleMethod } from "../../models/triangle.js";
import type { TriangleOrder } from "../desk/fit-triangle.js";
import type { CommandContext, Format } from "./context.js";
import { readText } from "./named-file.js";
import { show } from "./show.js";

export const triangleOptions = {
  method: {
    choices: ["mack", "bf", "benktander", "curve"],
    default: "mack",
    describe: "Chain ladder with Mack's errors, Bornhuetter-Ferguson, Benktander, or a fitted curve",
  },
  incremental: { type: "boolean", default: false, describe: "Values are by period; left out: cumulative" },
  value: { type: "string", describe: "Column of the values, where there are several" },
  average: { choices: ["volume", "simple", "regression"], default: "volume", describe: "How factors are averaged" },
  tail: { type: "number", describe: "Factor after the last age; an assumption of yours (1 when left out)" },
  "tail-sigma": { type: "number", describe: "Mack's sigma of the tail; by the decay of the others when left out" },
  "tail-error": { type: "number", describe: "Standard error of the tail factor; likewise" },
  exposure: { type: "string", describe: "bf, benktander: column with the size of each origin (price, face)" },
  "expected-rate": {
    type: "number",
    describe: "bf, benktander: expected ultimate over exposure; Cape Cod when left out",
  },
  "expected-variation": { type: "number", describe: "bf, benktander: standard error of that rate over the rate" },
  family: { choices: ["gamma", "weibull", "loglogistic"], describe: "curve: the most likely when left out" },
  "end-age": { type: "number", describe: "curve: age at which collecting ends" },
  "first-age-offset": {
    type: "number",
    describe: "curve: taken off every age; half the first age where ages come from the calendar, else 0",
  },
} as const satisfies Record<string, Options>;

export interface TriangleArgs {
  readonly file: string;
  readonly method: string;
  readonly incremental: boolean;
  readonly value?: string | undefined;
  readonly average: string;
  readonly tail?: number | undefined;
  readonly tailSigma?: number | undefined;
  readonly tailError?: number | undefined;
  readonly exposure?: string | undefined;
  readonly expectedRate?: number | undefined;
  readonly expectedVariation?: number | undefined;
  readonly family?: string | undefined;
  readonly endAge?: number | undefined;
  readonly firstAgeOffset?: number | undefined;
  readonly format: Format;
  readonly json?: boolean | undefined;
  readonly out?: string | undefined;
  readonly sheet?: string | undefined;
  readonly raw?: boolean | undefined;
}

/** Numbers that yargs could not read come as NaN; none of them may be negative. */
function assertNumbers(args: TriangleArgs): void {
  const given = {
    tail: args.tail,
    "tail-sigma": args.tailSigma,
    "tail-error": args.tailError,
    "expected-rate": args.expectedRate,
    "expected-variation": args.expectedVariation,
    "end-age": args.endAge,
    "first-age-offset": args.firstAgeOffset,
  };
  for (const [flag, value] of Object.entries(given)) {
    if (value === undefined || (Number.isFinite(value) && value >= 0)) continue;
    throw new Refusal("usage", `--${flag} is ${value}; it has to be a number from 0 up`);
  }
}

/** `netback fit triangle FILE`: what is still to come, by origin, from a run-off triangle. Needs no database. */
export async function fitTriangleFile(args: TriangleArgs, { streams }: CommandContext): Promise<void> {
  assertNumbers(args);
  const { fitTriangle } = await import("../desk/fit-triangle.js");
  const { triangleSheets } = await import("../reports/triangle-report.js");
  const document = fitTriangle({
    path: args.file,
    csvText: await readText(args.file),
    method: args.method as TriangleMethod,
    incremental: args.incremental,
    valueColumn: args.value,
    exposureColumn: args.exposure,
    average: args.average as TriangleOrder["average"],
    tail:
      args.tail === undefined ? undefined : { factor: args.tail, sigma: args.tailSigma, standardError: args.tailError },
    expectedRate: args.expectedRate,
    expectedVariation: args.expectedVariation,
    family: args.family as TriangleOrder["family"],
    endAge: args.endAge,
    firstAgeOffset: args.firstAgeOffset,
  });
  const format = args.json ? "json" : args.format;
  await show({ document, sheets: () => triangleSheets(document) }, { ...args, format }, streams);
}
