import { type LimitationRule, type LimitationTable, limitationTableSchema } from "../models/limitation.js";

/**
 * Limitation by state, as three collectors' tables print it. They disagree on several states, and none of them is the
 * law: the shortest figure counts, and the rule is flagged. Figures are years for a debt from a written contract, a
 * promissory note, and an open account.
 */
const sources = {
  a: "millikenandmichaels.com",
  b: "theguythatgetsyoupaid.com",
  c: "equityfirstcc.com",
} as const;
type Source = keyof typeof sources;
type Reading = readonly [written: number, promissory: number, open: number];

const seenOn = "2026-11-22";

// biome-ignore format: a table
const readings: Readonly<Record<string, Partial<Record<Source, Reading>>>> = {
  AL: { a: [6, 6, 3], b: [6, 6, 3], c: [6, 6, 3] },
  AK: { a: [3, 3, 3], b: [6, 3, 3], c: [3, 3, 3] },
  AZ: { a: [6, 6, 3], b: [6, 6, 3], c: [6, 6, 6] },
  AR: { a: [5, 5, 5], b: [5, 5, 3], c: [5, 5, 5] },
  CA: { a: [4, 4, 4], b: [4, 4, 4], c: [4, 4, 4] },
  CO: { a: [3, 3, 3], b: [6, 6, 3], c: [6, 6, 6] },
  CT: { a: [6, 6, 3], b: [6, 6, 3], c: [6, 6, 6] },
  DE: { a: [3, 3, 3], b: [3, 3, 4], c: [3, 3, 3] },
  DC: { a: [3, 3, 3], b: [3, 3, 3] },
  FL: { a: [5, 4, 4], b: [5, 5, 4], c: [5, 5, 4] },
  GA: { a: [6, 4, 4], b: [6, 6, 6], c: [6, 6, 6] },
  HI: { a: [6, 6, 6], b: [6, 6, 6], c: [6, 6, 6] },
  ID: { a: [5, 5, 4], b: [5, 5, 4], c: [5, 5, 4] },
  IL: { a: [10, 10, 5], b: [10, 10, 5], c: [10, 10, 5] },
  IN: { a: [6, 6, 6], b: [10, 10, 6], c: [6, 10, 6] },
  IA: { a: [10, 10, 5], b: [10, 5, 5], c: [10, 10, 5] },
  KS: { a: [5, 6, 3], b: [6, 5, 3], c: [5, 5, 5] },
  KY: { a: [15, 10, 5], b: [15, 15, 5], c: [10, 15, 10] },
  LA: { a: [10, 10, 3], b: [10, 10, 3], c: [10, 10, 3] },
  ME: { a: [6, 6, 6], b: [6, 6, 6], c: [6, 20, 6] },
  MD: { a: [3, 6, 3], b: [3, 6, 3], c: [3, 6, 3] },
  MA: { a: [6, 6, 6], b: [6, 6, 6], c: [6, 6, 6] },
  MI: { a: [6, 6, 6], b: [6, 6, 6], c: [6, 6, 6] },
  MN: { a: [6, 6, 6], b: [6, 6, 6], c: [6, 6, 6] },
  MS: { a: [3, 3, 3], c: [3, 3, 3] },
  MO: { a: [10, 10, 5], b: [10, 10, 5], c: [10, 10, 5] },
  MT: { a: [8, 5, 5], b: [8, 8, 5], c: [8, 5, 5] },
  NE: { a: [5, 5, 4], b: [5, 5, 4], c: [5, 5, 4] },
  NV: { a: [6, 3, 4], b: [6, 3, 4], c: [6, 3, 4] },
  NH: { a: [3, 6, 3], b: [3, 6, 3], c: [3, 6, 3] },
  NJ: { a: [6, 6, 6], b: [6, 6, 3], c: [6, 6, 6] },
  NM: { a: [6, 6, 4], b: [6, 6, 4], c: [6, 6, 4] },
  NY: { a: [6, 6, 6], b: [3, 3, 3], c: [6, 6, 6] },
  NC: { a: [3, 3, 3], b: [3, 5, 3], c: [3, 3, 3] },
  ND: { a: [6, 6, 6], b: [6, 6, 6], c: [6, 6, 6] },
  OH: { a: [8, 6, 6], b: [15, 15, 6], c: [6, 6, 6] },
  OK: { a: [5, 5, 3], b: [5, 5, 3], c: [5, 6, 3] },
  OR: { a: [6, 6, 6], b: [6, 6, 6] },
  PA: { a: [4, 4, 4], b: [4, 4, 4] },
  PR: { a: [6, 4, 4] },
  RI: { a: [10, 10, 10], b: [5, 6, 4] },
  SC: { a: [3, 3, 3], b: [3, 3, 3] },
  SD: { a: [6, 6, 6], b: [6, 6, 6] },
  TN: { a: [6, 6, 6], b: [6, 6, 3] },
  TX: { a: [4, 4, 4], b: [4, 4, 4] },
  UT: { a: [6, 4, 4], b: [6, 6, 4] },
  VT: { a: [6, 14, 3], b: [6, 5, 3] },
  VA: { a: [5, 6, 3], b: [5, 6, 3] },
  VI: { a: [6, 5, 6] },
  WA: { a: [6, 6, 6], b: [6, 6, 3] },
  WV: { a: [10, 6, 5], b: [10, 6, 5] },
  WI: { a: [6, 10, 6], b: [6, 10, 6] },
  WY: { a: [10, 10, 6], b: [10, 10, 8] },
};

/** What statutes say, where one was looked up: it counts beside the readings, and says whether a payment revives. */
const statutes: Readonly<Record<string, { years?: Reading; revival: LimitationRule["revival"]; citation: string }>> = {
  NY: {
    years: [3, 3, 3],
    revival: "none",
    citation: "N.Y. C.P.L.R. 214-i (consumer credit transactions, from 2022-04-07; no revival by payment)",
  },
  TX: { revival: "none", citation: "Tex. Fin. Code 392.307 (no revival by payment)" },
};

function ruleOf(state: string): LimitationRule {
  const read = Object.entries(readings[state]!) as [Source, Reading][];
  const statute = statutes[state];
  const figures = read.map(([, reading]) => reading);
  const counted = statute?.years === undefined ? figures : [...figures, statute.years];
  const shortest = (column: 0 | 1 | 2) => Math.min(...counted.map((reading) => reading[column]));
  const differ = (column: 0 | 1 | 2) => new Set(figures.map((reading) => reading[column])).size > 1;
  const tables = `tables of ${read.map(([source]) => sources[source]).join(", ")}`;
  return {
    state,
    years: { written: shortest(0), promissory: shortest(1), open: shortest(2) },
    disputed: [
      ...(differ(0) ? (["written"] as const) : []),
      ...(differ(1) ? (["promissory"] as const) : []),
      ...(differ(2) ? (["open"] as const) : []),
    ],
    revival: statute?.revival ?? "unknown",
    citation: statute === undefined ? tables : `${statute.citation}; ${tables}`,
    seen_on: seenOn,
  };
}

/** Not legal advice: a table for pricing, to be checked by counsel before any suit. */
export const limitationTable: LimitationTable = limitationTableSchema.parse({
  version: "2026-11",
  rules: Object.keys(readings).map(ruleOf),
});
