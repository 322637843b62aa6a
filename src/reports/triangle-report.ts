import type { RunOffDocument } from "../../models/triangle.js";
import { type Cell, type Fact, factSheet, type Sheet, type SheetColumn } from "./sheet.js";

const text = (key: string, title = key.replaceAll("_", " ")): SheetColumn => ({ key, title, kind: "text" });
const number = (key: string, decimals: number, title = key.replaceAll("_", " ")): SheetColumn => ({
  key,
  title,
  kind: "number",
  decimals,
});
const rate = (key: string, title = key.replaceAll("_", " ")): SheetColumn => ({
  key,
  title,
  kind: "rate",
  decimals: 1,
});

/** Enough decimals to see a rate of collection, none where the amounts are large. */
function decimalsFor(document: RunOffDocument): number {
  return Math.max(...document.origins.map(({ latest }) => Math.abs(latest))) < 1000 ? 2 : 0;
}

const ratioOf = (part: number | null, whole: number | null) =>
  part === null || whole === null || whole === 0 ? null : part / whole;

/** The run-off by origin: where each stands, where it goes, how sure that is. */
export function runOffSheet(document: RunOffDocument): Sheet {
  const decimals = decimalsFor(document);
  const expected = document.origins.some((one) => one.expected_ultimate !== null);
  const columns = [
    text("origin"),
    number("age", 0, `age, ${document.age_unit}s`),
    number("latest", decimals),
    rate("developed_share", "developed"),
    ...(expected ? [number("expected_ultimate", decimals), rate("own_weight", "own weight")] : []),
    number("ultimate", decimals),
    number("remaining", decimals),
    number("standard_error", decimals),
    rate("error_of_remaining", "error of remaining"),
  ];
  const rows = document.origins.map((one): Cell[] => [
    one.origin,
    one.age,
    one.latest,
    one.developed_share,
    ...(expected ? [one.expected_ultimate, one.own_weight] : []),
    one.ultimate,
    one.remaining,
    one.standard_error,
    ratioOf(one.standard_error, one.remaining),
  ]);
  const { total } = document;
  const totals: Cell[] = [
    "total",
    null,
    total.latest,
    ratioOf(total.latest, total.ultimate),
    ...(expected ? [null, null] : []),
    total.ultimate,
    total.remaining,
    total.standard_error,
    ratioOf(total.standard_error, total.remaining),
  ];
  const notes = [
    ...document.assumptions.map(({ name, value, source }) => `${name}: ${value} (${source})`),
    ...(document.method === "curve" ? [] : [`tail ${document.tail.factor} (${document.tail.source})`]),
  ];
  const title = {
    mack: "Run-off, Mack",
    bf: "Run-off, Bornhuetter-Ferguson",
    benktander: "Run-off, Benktander",
    curve: "Run-off, fitted curve",
  };
  return { name: "run-off", title: title[document.method], columns, rows, totals, notes };
}

function developmentSheet(document: RunOffDocument): Sheet {
  const columns = [
    number("from", 0),
    number("to", 0),
    number("factor", 6),
    number("standard_error", 6),
    number("sigma", 4),
    { key: "links", title: "origins", kind: "integer" } as const,
    rate("developed_share", "developed at start"),
  ];
  const rows = document.development.map((one) => [
    one.from,
    one.to,
    one.factor,
    one.standard_error,
    one.sigma,
    one.links,
    one.developed_share,
  ]);
  return { name: "development", title: "Age-to-age factors", columns, rows };
}

function curveSheet({ curve }: RunOffDocument): Sheet[] {
  if (curve === null) return [];
  const columns = [
    text("family"),
    number("shape", 4),
    number("scale", 4),
    number("behind_the_best", 4, "likelihood behind the best"),
    rate("tail_share", "tail share"),
    rate("tail_share_low", "low"),
    rate("tail_share_high", "high"),
    text("asymptote"),
  ];
  const best = curve.families[0]!;
  const rows = curve.families.map((one): Cell[] => [
    one.family === curve.chosen ? `${one.family} *` : one.family,
    one.shape,
    one.scale,
    one.dispersion === null ? null : (best.log_likelihood - one.log_likelihood) / one.dispersion,
    one.asymptote.tail_share,
    one.asymptote.tail_share_low,
    one.asymptote.tail_share_high,
    one.asymptote.status,
  ]);
  const notes = [
    "* taken. Tail: share of the ultimate beyond the oldest age; low and high are its 95 % interval.",
    ...curve.families.flatMap(({ family, asymptote }) =>
      asymptote.reason === null ? [] : [`${family}: ${asymptote.reason}`],
    ),
  ];
  return [{ name: "curve", title: "Curves", columns, rows, notes }];
}

function checkSheets(document: RunOffDocument): Sheet[] {
  const { calendar_test: test, actual_to_expected: ratios } = document;
  const decimals = decimalsFor(document);
  const says = {
    true: "calendar periods differ: look at the ratios below",
    false: "no effect seen",
    null: "too few periods",
  };
  const facts: Fact[] = [
    [
      "Z, the rarer of low and high factors by diagonal",
      { value: test.z, kind: "number", decimals: 0 },
      says[`${test.effect}`],
    ],
    ["expected by chance", { value: test.expected, kind: "number", decimals: 2 }],
    ["low end of the 95 % range", { value: test.low, kind: "number", decimals: 2 }],
  ];
  const columns = [
    text("key", "of"),
    number("actual", decimals),
    number("expected", decimals),
    number("ratio", 3, "actual / expected"),
  ];
  const cuts = { calendar: "calendar period", origin: "origin", age: "age" } as const;
  return [
    factSheet({ name: "calendar-test", title: "Effect of calendar periods (Mack 1994)" }, facts),
    ...(["calendar", "origin", "age"] as const).map((cut) => ({
      name: `actual-expected-${cut}`,
      title: `Actual over expected, by ${cuts[cut]}`,
      columns,
      rows: ratios[cut].map((one) => [one.key, one.actual, one.expected, one.ratio]),
    })),
  ];
}

function triangleFindingsSheet({ findings }: RunOffDocument): Sheet[] {
  if (findings.length === 0) return [];
  const columns = [
    text("severity"),
    text("code"),
    { key: "row", title: "row", kind: "integer" } as const,
    text("value"),
    text("message"),
  ];
  const rows = findings.map((one) => [one.severity, one.code, one.row, one.value ?? one.column, one.message]);
  return [{ name: "findings", title: "Findings", columns, rows }];
}

export function triangleSheets(document: RunOffDocument): Sheet[] {
  return [
    runOffSheet(document),
    ...curveSheet(document),
    developmentSheet(document),
    ...checkSheets(document),
    ...triangleFindingsSheet(document),
  ];
}
