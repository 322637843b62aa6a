import type { ActOutput } from "../../models/acts.js";
import { type Fact, factSheet, type Sheet } from "./sheet.js";

type Curve = ActOutput<"show-curve">;

const number = (value: number | null, decimals = 3) => ({ value, kind: "number", decimals }) as const;
const rate = (value: number | null) => ({ value, kind: "rate", decimals: 1 }) as const;

function ownNote({ own_timing: own }: Curve["card"]): string {
  if (own === null) return "own cash alone says nothing of it";
  if (own.asymptote === "unidentified") return "own cash alone: asymptote unidentified";
  return `own cash alone: ${own.shape.toFixed(3)} and ${own.scale_years.toFixed(3)} years, asymptote identified`;
}

/** A curve: what it says, how much of it is own experience, and portfolio by portfolio what came in against what was due. */
export function curveSheets(curve: Curve): Sheet[] {
  const { card } = curve;
  const { timing, prior_timing: prior, timing_credibility: weight, level } = card;
  const facts: Fact[] = [
    ["timing: shape of the gamma", number(timing.shape), `prior ${prior.shape.toFixed(3)}; ${ownNote(card)}`],
    ["timing: scale, years", number(timing.scale_years), `prior ${prior.scale_years.toFixed(3)}`],
    ["weight of own cash in the shape", rate(weight.shape)],
    ["weight of own cash in the scale", rate(weight.scale)],
    ["level: collections over what was underwritten", { value: level.value, kind: "multiple", decimals: 3 }],
    [
      "a next portfolio may lie off the level by",
      rate(level.variation),
      `prior ${(level.prior_variation * 100).toFixed(1)} %: a standard deviation`,
    ],
    [
      "weight of own cash in the level",
      rate(level.credibility),
      `own ${level.own?.toFixed(3) ?? "-"}, prior ${level.prior}`,
    ],
  ];
  const title = `Curve "${curve.name}", version ${curve.version}, ${curve.state}: collections to ${card.as_of}`;
  const money = (key: string, words: string) =>
    ({ key, title: words, kind: "money", currency: card.currency }) as const;
  return [
    factSheet({ name: "curve", title, notes: [`${curve.id}, sha256 ${curve.hash}`, ...card.limits] }, facts),
    {
      name: "segments",
      title: "How segments stand to each other",
      columns: [
        { key: "by", title: "by", kind: "text" },
        { key: "key", title: "segment", kind: "text" },
        money("cash", "cash"),
        money("expected_to_date", "due by now"),
        { key: "own", title: "own, relative", kind: "multiple", decimals: 3 },
        { key: "credibility", title: "own weight", kind: "rate", decimals: 1 },
        { key: "relativity", title: "relativity", kind: "multiple", decimals: 3 },
      ],
      rows: card.segments.map((one) => [
        one.by,
        one.key,
        one.cash,
        one.expected_to_date,
        one.own,
        one.credibility,
        one.relativity,
      ]),
    },
    {
      name: "portfolios",
      title: "What came in against what was due",
      columns: [
        { key: "portfolio_id", title: "portfolio", kind: "text" },
        { key: "age_months", title: "age, months", kind: "number", decimals: 1 },
        money("cash", "cash"),
        money("expected_to_date", "due by now"),
        { key: "actual_to_expected", title: "cash / due", kind: "multiple", decimals: 3 },
        { key: "credibility", title: "own weight", kind: "rate", decimals: 1 },
        { key: "level", title: "level", kind: "multiple", decimals: 3 },
        money("underwritten", "underwritten"),
      ],
      rows: card.portfolios.map((one) => [
        one.portfolio_id,
        one.age_months,
        one.cash,
        one.expected_to_date,
        one.actual_to_expected,
        one.credibility,
        one.level,
        one.underwritten,
      ]),
    },
  ];
}
