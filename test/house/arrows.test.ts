/** The rules of docs/HOUSE.md that a program can check: who may import whom, and what no source file may hold. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

/** dist/test/house -> the root of the project, whose sources are read, not what was compiled from them */
const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Rooms by floor, from the ground up. A room may import from the floors below its own, and its own files. */
const floors: readonly (readonly string[])[] = [
  ["money", "calendar"],
  ["cashflow", "ledger"],
  ["tape", "portfolio", "recovery", "payment"],
  ["pricing", "factoring", "deal", "revenue", "servicing", "reconcile"],
  ["reports"],
];
const rooms = floors.flat();
const below = (room: string) =>
  floors
    .slice(
      0,
      floors.findIndex((floor) => floor.includes(room)),
    )
    .flat();
const ground = ["money", "calendar"];

/** What each place in src may import beside itself, models and seeds. */
function mayImport(place: string): readonly string[] {
  if (rooms.includes(place)) return below(place);
  if (place === "store") return ground;
  if (place === "desk") return [...rooms, "store"];
  // the door of HTTP shows how far the queue's jobs have come
  if (place === "http") return ["desk", "reports", "jobs", ...ground];
  if (["cli", "jobs"].includes(place)) return ["desk", "reports", ...ground];
  // the composition root and its configuration
  if (place === "") return [...rooms, "store", "desk", "http", "cli", "jobs"];
  return [];
}

/** Third parties and their homes. What is not listed has none, and may not be imported. */
const homes: Readonly<Record<string, readonly string[]>> = {
  express: ["http"],
  "express-rate-limit": ["http"],
  helmet: ["http"],
  busboy: ["http"],
  "swagger-ui-express": ["http"],
  "prom-client": ["http"],
  pino: ["http", ""],
  knex: ["store"],
  "knex-pglite": ["store"],
  pg: ["store"],
  "pg-copy-streams": ["store"],
  "@electric-sql/pglite": ["store"],
  // in the store for the lock on the embedded folder alone
  "@duckdb/node-api": ["tape", "store"],
  "read-excel-file": ["tape"],
  yauzl: ["tape"],
  "decimal.js": ["money"],
  "simple-statistics": ["recovery", "payment", "portfolio"],
  // schemas stand in models; the doors check what comes over the wire, and anyone may name a schema's type
  zod: ["models", "http", "cli", ""],
  "csv-parse": ["reconcile", "recovery"],
  "csv-stringify": ["reports", "cli"],
  "write-excel-file": ["reports"],
  echarts: ["reports"],
  yargs: ["cli"],
  "cli-progress": ["cli"],
  "cli-table3": ["cli", "reports"],
};
const typesAnywhere = new Set(["zod"]);

interface Source {
  /** path from the root */
  readonly path: string;
  /** models, seeds, or the folder under src ("" for src itself) */
  readonly place: string;
  readonly text: string;
}

function placeOf(path: string): string {
  const parts = path.split("/");
  if (parts[0] !== "src") return parts[0]!;
  return parts.length > 2 ? parts[1]! : "";
}

function sourcesUnder(folder: string): Source[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name))
    .map((path) => ({ path, place: placeOf(path), text: readFileSync(join(root, path), "utf8") }));
}

/** The source without its comments and the contents of its texts, so that words in them are not taken for code. */
function codeOf(text: string): string {
  return text.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|`(?:\\[\s\S]|[^`\\])*`|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g,
    (part) => (part.startsWith("/") ? " " : '""'),
  );
}

const importedText =
  /(?:^|[\n;])\s*(?:import|export)\b([^;"']*?)from\s*"([^"]+)"|(?:^|[\n;])\s*import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/g;

interface Import {
  readonly name: string;
  /** `import type`: gone when the program runs */
  readonly isType: boolean;
}

function importsOf(source: Source): Import[] {
  return Array.from(source.text.matchAll(importedText), (match) => ({
    name: (match[2] ?? match[3] ?? match[4])!,
    isType: /^\s*type\b/.test(match[1] ?? ""),
  }));
}

/** Why the import is wrong, or undefined. */
function faultOf(source: Source, { name: imported, isType }: Import): string | undefined {
  if (imported.startsWith("node:")) {
    const pure = source.place === "models" || source.place === "seeds";
    return pure ? `${source.place} imports ${imported}` : undefined;
  }
  if (!imported.startsWith(".")) {
    const name = imported
      .split("/")
      .slice(0, imported.startsWith("@") ? 2 : 1)
      .join("/");
    const home = homes[name];
    if (home === undefined) return `${name} has no home; give it one in this test`;
    if (isType && typesAnywhere.has(name)) return undefined;
    return home.includes(source.place)
      ? undefined
      : `${name} lives in ${home.map((place) => place || "the root").join(", ")}`;
  }
  if (!imported.endsWith(".js") && !imported.endsWith(".json")) return `${imported} has no suffix`;
  const target = placeOf(normalize(join(dirname(source.path), imported)));
  if (target === source.place || target === "models") return undefined;
  if (source.place === "models") return `models import nothing of ours, not ${target}`;
  if (source.place === "seeds") return `seeds import models alone, not ${target}`;
  if (target === "seeds") return undefined;
  return mayImport(source.place).includes(target) ? undefined : `${source.place || "src"} may not import ${target}`;
}

const ownSources = ["models", "seeds", "src"].flatMap(sourcesUnder);
const allSources = ["models", "migrations", "seeds", "src", "bench", "scripts", "test"].flatMap((folder) => {
  try {
    return sourcesUnder(folder);
  } catch (error) {
    // folders that the project does not have yet
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
});

/** Of every file, what the rule finds fault with. */
function faults(sources: readonly Source[], rule: (source: Source) => (string | undefined)[]): string[] {
  return sources.flatMap((source) =>
    rule(source)
      .filter((fault) => fault !== undefined)
      .map((fault) => `${source.path}: ${fault}`),
  );
}

function matching(pattern: RegExp): (source: Source) => string[] {
  return ({ text }) => codeOf(text).match(pattern) ?? [];
}

describe("the house", () => {
  it("has its arrows point down, and every third party at home", () => {
    const rule = (source: Source) => importsOf(source).map((imported) => faultOf(source, imported));
    expect(faults(ownSources, rule)).to.deep.equal([]);
  });

  it("exports no default and builds no barrel", () => {
    const rule = matching(/\bexport\s+default\b|\bexport\s*\*\s*from\b/g);
    expect(faults(ownSources, rule)).to.deep.equal([]);
  });

  it("asks the clock, chance and the console in its composition root and the command line alone", () => {
    const inner = ownSources.filter(({ place }) => place !== "" && place !== "cli");
    const rule = matching(/\bnew Date\b|\bDate\.now\b|\bMath\.random\b|\bconsole\.\w+/g);
    expect(faults(inner, rule)).to.deep.equal([]);
  });

  it("keeps files under 400 lines", () => {
    const rule = ({ text }: Source) => {
      const lines = text.split("\n").length - 1;
      return [lines < 400 ? undefined : `${lines} lines`];
    };
    expect(faults(ownSources, rule)).to.deep.equal([]);
  });

  it("names files in kebab-case, and none after what it is not", () => {
    const rule = ({ path }: Source) => {
      const name = relative(dirname(path), path);
      if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/.test(name) && !/^\d{4,}_[a-z0-9_-]+\.ts$/.test(name)) return [name];
      return [/(^|-)(utils?|helpers?|common|service|manager|index)\./.test(name) ? name : undefined];
    };
    expect(faults(allSources, rule)).to.deep.equal([]);
  });

  it("skips no test silently and runs none alone", () => {
    const tests = allSources.filter(({ path }) => path.endsWith(".test.ts"));
    expect(faults(tests, matching(/\b(?:it|describe)\.(?:only|skip)\b|\bxit\(/g))).to.deep.equal([]);
  });
});

describe("the test of the house", () => {
  const at = (path: string, text: string): Source => ({ path, place: placeOf(path), text });
  // biome-ignore format: a table
  const cases: [path: string, line: string, fault: string | undefined][] = [
    ["src/portfolio/age.ts", 'import { a } from "../calendar/day.js";', undefined],
    ["src/portfolio/age.ts", 'import type { a } from "../tape/read.js";', "portfolio may not import tape"],
    ["src/portfolio/age.ts", 'import { a } from "../pricing/bid.js";', "portfolio may not import pricing"],
    ["src/portfolio/age.ts", 'import { a } from "../../models/tape.js";', undefined],
    ["src/portfolio/age.ts", 'import { a } from "./screen";', "./screen has no suffix"],
    ["src/money/money.ts", 'import { a } from "../cashflow/root.js";', "money may not import cashflow"],
    ["src/money/money.ts", 'import { Decimal } from "decimal.js";', undefined],
    ["src/pricing/bid.ts", 'import type { z } from "zod";', undefined],
    ["src/pricing/bid.ts", 'import { z } from "zod";', "zod lives in models, http, cli, the root"],
    ["src/pricing/bid.ts", 'import { Decimal } from "decimal.js";', "decimal.js lives in money"],
    ["src/store/quote.ts", 'import { a } from "../pricing/bid.js";', "store may not import pricing"],
    ["src/http/server.ts", 'import { a } from "../store/quote.js";', "http may not import store"],
    ["src/cli/price.ts", 'export { a } from "../desk/issue-quote.js";', undefined],
    ["src/desk/issue-quote.ts", 'const a = await import("../http/server.js");', "desk may not import http"],
    ["src/main.ts", 'import { a } from "./http/server.js";', undefined],
    ["models/tape.ts", 'import { a } from "../src/money/money.js";', "models import nothing of ours, not money"],
    ["models/tape.ts", 'import { a } from "node:fs";', "models imports node:fs"],
    ["seeds/priors.ts", 'import { a } from "../src/money/money.js";', "seeds import models alone, not money"],
    ["src/desk/a.ts", 'import a from "left-pad";', "left-pad has no home; give it one in this test"],
    ["src/desk/a.ts", 'import {\n  a,\n  b,\n} from "../http/server.js";', "desk may not import http"],
  ];
  for (const [path, line, fault] of cases) {
    it(`${fault === undefined ? "lets" : "catches"} ${line.replaceAll("\n", " ")} in ${path}`, () => {
      const source = at(path, `\n${line}\n`);
      expect(importsOf(source).map((imported) => faultOf(source, imported))).to.deep.equal([fault]);
    });
  }
  it("tells code from words", () => {
    const text = '/** new Date */ const a = "Date.now()"; // Math.random\nconst b = `console.log`; Date.now();';
    expect(matching(/Date|Math|console/g)(at("src/desk/a.ts", text))).to.deep.equal(["Date"]);
  });
});
