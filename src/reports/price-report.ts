import type { PriceDocument } from "../../models/valuation.js";
import { formatMinor, parseMinor, sumMinor } from "../money/money.js";
import { type Cell, type Fact, factSheet, type Sheet, type SheetColumn } from "./sheet.js";

/** The words for what set the price, as an analyst would say them. */
export const constraintWords: Readonly<Record<PriceDocument["bid"]["binding_constraint"], string>> = {
  target_irr: "the target IRR sets the price",
  min_multiple: "the minimum multiple sets the price",
  max_payback: "the payback cap sets the price",
  authority_limit: "the authority limit sets the price",
  no_positive_net_cash: "there is no positive net cash to buy",
};

const text = (key: string, title = key.replaceAll("_", " ")): SheetColumn => ({ key, title, kind: "text" });
const integer = (key: string, title = key.replaceAll("_", " ")): SheetColumn => ({ key, title, kind: "integer" });
const rate = (key: string, title = key.replaceAll("_", " "), decimals = 2): SheetColumn => ({
  key,
  title,
  kind: "rate",
  decimals,
});
const money = (key: string, currency: string, title = key.replaceAll("_", " ")): SheetColumn => ({
  key,
  title,
  kind: "money",
  currency,
});

export function tapeSheet({ tape, as_of }: PriceDocument): Sheet {
  const columns = [
    text("file"),
    { key: "as_of", title: "as of", kind: "day" } as const,
    integer("rows"),
    integer("priced"),
    integer("excluded"),
    integer("rejected"),
    money("face", tape.currency),
    { key: "seconds", title: "seconds", kind: "number" } as const,
  ];
  const row = [tape.file, as_of, tape.rows, tape.priced, tape.excluded, tape.rejected, tape.face, tape.seconds];
  const notes = tape.sha256 === undefined ? [] : [`sha256 ${tape.sha256}`];
  return { name: "tape", title: "Tape", columns, rows: [row], notes };
}

export function bidSheet({ bid, currency, price_guide: guide }: PriceDocument): Sheet {
  const facts: Fact[] = [
    [`price (${currency})`, { value: bid.price, kind: "money" }, constraintWords[bid.binding_constraint]],
    ["cents per dollar of priced face", { value: bid.cents_per_dollar, kind: "number", decimals: 3 }],
    ["target IRR, annual, net", { value: bid.target_irr, kind: "rate" }],
    ["net IRR at this price", { value: bid.net_irr, kind: "rate" }, bid.net_irr_reason ?? undefined],
    ["gross multiple", { value: bid.gross_multiple, kind: "multiple" }, "gross collections over price"],
    ["net multiple", { value: bid.net_multiple, kind: "multiple" }, "net cash over price"],
    ["payback month", { value: bid.payback_month, kind: "integer" }],
    [
      `price if collections come in low, p10 (${currency})`,
      { value: bid.interval.p10, kind: "money" },
      multiplier(bid, "p10"),
    ],
    [`price in the middle, p50 (${currency})`, { value: bid.interval.p50, kind: "money" }, multiplier(bid, "p50")],
    [
      `price if collections come in high, p90 (${currency})`,
      { value: bid.interval.p90, kind: "money" },
      multiplier(bid, "p90"),
    ],
  ].map(([label, cell, note]) => (note === undefined ? [label, cell] : [label, cell, note]) as Fact);
  const notes = guide === null ? ["No published price guide speaks of this kind of debt."] : [guideSentence(guide)];
  return factSheet({ name: "bid", title: "Bid", notes }, facts);
}

function multiplier(bid: PriceDocument["bid"], at: "p10" | "p50" | "p90"): string {
  return `collections at ${bid.interval.collections[at].toFixed(2)}x of the forecast`;
}

type PriceGuide = NonNullable<PriceDocument["price_guide"]>;

function guideSentence(guide: PriceGuide): string {
  const band = `${guide.low_cents_per_dollar.toFixed(2)} to ${guide.high_cents_per_dollar.toFixed(2)} cents per dollar`;
  const where = guide.position === "within" ? "The bid lies within" : `WARNING: the bid lies ${guide.position}`;
  return `${where} the price guide for this mix of stages: ${band} (${guide.asset_class}, ${guide.as_of}; ${guide.source}).`;
}

export function findingsSheet({ findings }: Pick<PriceDocument, "findings">): Sheet {
  const first = new Map<string, PriceDocument["findings"]["rows"][number]>();
  for (const row of findings.rows) if (!first.has(row.code)) first.set(row.code, row);
  const order = { reject: 0, exclude: 1, warn: 2 } as const;
  const rows = Object.entries(findings.by_code)
    .map(([code, count]) => ({ code, count, example: first.get(code) }))
    .sort((a, b) => order[a.example?.severity ?? "warn"] - order[b.example?.severity ?? "warn"] || b.count - a.count)
    .map(({ code, count, example }): Cell[] => [
      example?.severity ?? "",
      code,
      count,
      example?.row ?? null,
      example?.column ?? null,
      example?.value ?? null,
      example?.message ?? "",
    ]);
  const columns = [
    text("severity"),
    text("code"),
    integer("findings"),
    integer("first_row"),
    text("column"),
    text("value"),
    text("message"),
  ];
  const notes = ["reject: the row cannot be read; exclude: priced at zero; warn: priced, look at it."];
  return { name: "findings", title: "Findings in the tape", columns, rows, notes };
}

/** Every finding, one a row: what `--findings FILE.csv` writes. */
export function findingRowsSheet(rows: PriceDocument["findings"]["rows"]): Sheet {
  const columns = [integer("row"), text("column"), text("code"), text("severity"), text("value"), text("message")];
  return {
    name: "finding-rows",
    title: "Findings, row by row",
    columns,
    rows: rows.map((row) => [row.row, row.column, row.code, row.severity, row.value, row.message]),
  };
}

export function exclusionsSheet(document: PriceDocument): Sheet {
  const columns = [text("reason"), integer("accounts"), money("face", document.currency)];
  const rows = document.exclusions.map((row) => [row.reason, row.accounts, row.face]);
  return { name: "exclusions", title: "Kept out, priced at zero", columns, rows };
}

export function qualitySheet(document: PriceDocument): Sheet {
  const columns = [text("column"), integer("filled"), rate("fill_rate", "share of rows", 1)];
  const rows = document.data_quality.columns.map((row) => [row.column, row.filled, row.fill_rate]);
  const inferred = document.data_quality.inferred_stages;
  const notes =
    inferred === 0 ? [] : [`The stage of ${inferred} accounts was taken from their age: the tape does not say it.`];
  return { name: "data-quality", title: "Data quality: how full the columns are", columns, rows, notes };
}

const strataTitles: Readonly<Record<string, string>> = {
  product_type: "product",
  age_band: "age since charge-off, months",
  balance_band: "balance",
  stage: "stage (prior placements)",
  state: "state",
};

/** One sheet a way of cutting the portfolio. */
export function strataSheets(document: PriceDocument): Sheet[] {
  const cuts = [...new Set(document.strata.map((row) => row.by))];
  return cuts.map((by) => ({
    name: `strata-${by.replaceAll("_", "-")}`,
    title: `Strata by ${strataTitles[by] ?? by}`,
    columns: [
      text("key", strataTitles[by] ?? by),
      integer("accounts"),
      money("face", document.currency),
      money("expected_recovery", document.currency),
      rate("recovery_rate_of_face", "of face"),
    ],
    rows: document.strata
      .filter((row) => row.by === by)
      .map((row) => [row.key, row.accounts, row.face, row.expected_recovery, row.recovery_rate_of_face]),
  }));
}

export interface CashYear {
  readonly year: number;
  readonly gross: string;
  readonly costs: string;
  readonly net: string;
  /** running net cash after the price; estimates in the currency's decimals */
  readonly cumulative: string;
}

/** The monthly cash by year after the purchase; what is paid on the day itself (month 0) stands in year 1. */
export function cashYears({ forecast, bid, currency }: PriceDocument): CashYear[] {
  const amount = (value: string) => parseMinor(value, currency);
  let running = -amount(bid.price);
  const years = Math.ceil(forecast.horizon_months / 12);
  return Array.from({ length: years }, (_, index) => {
    const year = index + 1;
    const months = forecast.monthly.filter(({ month }) => Math.max(1, Math.ceil(month / 12)) === year);
    const total = (of: "gross" | "costs" | "net") => sumMinor(months.map((month) => amount(month[of])));
    running += total("net");
    const shown = (value: bigint) => formatMinor(value, currency);
    const [gross, costs, net] = [total("gross"), total("costs"), total("net")];
    return { year, gross: shown(gross), costs: shown(costs), net: shown(net), cumulative: shown(running) };
  });
}

export function cashSheet(document: PriceDocument): Sheet {
  const { forecast, currency } = document;
  const columns = [
    integer("year"),
    money("gross", currency),
    money("costs", currency),
    money("net", currency),
    money("cumulative", currency, "cumulative after price"),
  ];
  const rows = cashYears(document).map((year) => [year.year, year.gross, year.costs, year.net, year.cumulative]);
  const kinds = forecast.costs_by_kind;
  const notes = [
    `Costs: commission and variable ${kinds.variable}, per account ${kinds.per_account}, court ${kinds.court}, putback reserve ${kinds.putback_reserve}.`,
    "What is paid on the day of the purchase stands in year 1.",
  ];
  const totals = [null, forecast.gross, forecast.costs, forecast.net, null];
  return { name: "cash", title: `Expected cash over ${forecast.horizon_months} months`, columns, rows, totals, notes };
}

export function ladderSheet(document: PriceDocument): Sheet {
  const columns: SheetColumn[] = [
    rate("target_irr", "target IRR"),
    money("price", document.currency),
    { key: "cents_per_dollar", title: "cents per dollar", kind: "number", decimals: 3 },
    text("binding_constraint", "set by"),
  ];
  const rows = document.ladder.map((rung) => [
    rung.target_irr,
    rung.price,
    rung.cents_per_dollar,
    rung.binding_constraint,
  ]);
  return { name: "ladder", title: "Price by target IRR", columns, rows };
}

export function sensitivitySheet(document: PriceDocument): Sheet {
  const columns = [text("shock"), money("price", document.currency), rate("net_irr_at_bid", "net IRR at the bid")];
  const rows = document.sensitivity.map((row) => [row.shock, row.price, row.net_irr_at_bid]);
  const zero = document.bid.break_even_collections.zero_irr;
  const notes =
    zero === null ? [] : [`The bid loses money when collections fall below ${zero.toFixed(2)}x of the forecast.`];
  return { name: "sensitivity", title: "What moves the price", columns, rows, notes };
}

export function crossSheets(document: PriceDocument): Sheet[] {
  return document.cross_sensitivity.map((grid) => {
    const across = [...new Set(grid.cells.map((cell) => cell.column))];
    const down = [...new Set(grid.cells.map((cell) => cell.row))];
    const label = (value: number) => (grid.columns === "delay" ? `${value} months` : signed(value));
    const columns = [
      text("collections"),
      ...across.map((value) => rate(`at_${value}`, `${grid.columns} ${label(value)}`)),
    ];
    const at = (row: number, column: number) => grid.cells.find((cell) => cell.row === row && cell.column === column);
    const rows = down.map((row) => [signed(row), ...across.map((column) => at(row, column)?.net_irr_at_bid ?? null)]);
    const title = `Net IRR at the bid: collections against ${grid.columns}`;
    return { name: `collections-${grid.columns}`, title, columns, rows };
  });
}

function signed(fraction: number): string {
  return `${fraction > 0 ? "+" : ""}${Math.round(fraction * 100)}%`;
}

export function limitationSheet(document: PriceDocument): Sheet {
  const { litigation, currency } = document;
  const columns = [text("status"), integer("accounts"), money("face", currency)];
  const rows = document.limitation.map((row) => [row.status, row.accounts, row.face]);
  const { state_missing, state_without_rule, start_missing } = litigation.unknown_because;
  const notes = [
    "open: may be sued; barred: the time to sue is over; unknown: not enough is known, taken as not suable.",
    `Unknown because: no state ${state_missing}, no rule for the state ${state_without_rule}, no date to count from ${start_missing}.`,
  ];
  if (litigation.disputed_rules > 0) {
    notes.push(
      `On ${litigation.disputed_rules} accounts the sources of the rule do not agree: the shortest time counts.`,
    );
  }
  if (litigation.suit_pays > 0) {
    notes.push(
      `A suit pays on ${litigation.suit_pays} open accounts; ${litigation.expected_court_cost} ${currency} of court costs are expected.`,
    );
  }
  return { name: "limitation", title: "Limitation: may it still be sued on?", columns, rows, notes };
}

/** An assumption's value in words: a table of rates as "fresh 0.055, primary 0.03", points as "6: 1, 15: 0.39". */
function plainValue(value: unknown): string {
  if (value === null) return "none";
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return value.length === 0 ? "none" : value.map(plainValue).join(", ");
  const fields = value as Readonly<Record<string, unknown>>;
  // A schedule of commission goes by its name; its rules stand in the JSON.
  if (Array.isArray(fields.rules)) return `schedule "${String(fields.name)}"`;
  if ("months" in fields && "value" in fields) return `${String(fields.months)}: ${plainValue(fields.value)}`;
  const named = Object.entries(fields).map(([name, each]) => `${name} ${plainValue(each)}`);
  return named.length === 0 ? "none" : named.join(", ");
}

export function assumptionsSheet(document: Pick<PriceDocument, "assumptions" | "priors_version">): Sheet {
  const columns = [text("name", "assumption"), text("value"), text("mark"), text("source")];
  const rows = document.assumptions.map((row) => [
    row.name,
    plainValue(row.value),
    row.mark === "unverified" ? "UNVERIFIED" : row.mark.replace("_", " "),
    row.source,
  ]);
  const notes = [`Priors of ${document.priors_version}. Every assumption can be overridden with --strategy FILE.json.`];
  return { name: "assumptions", title: "Assumptions", columns, rows, notes };
}

/** Everything `netback price` says, in the order in which it is read: the answer, then what it rests on. */
export function priceSheets(document: PriceDocument): Sheet[] {
  return [
    tapeSheet(document),
    bidSheet(document),
    cashSheet(document),
    ladderSheet(document),
    sensitivitySheet(document),
    ...crossSheets(document),
    ...strataSheets(document),
    exclusionsSheet(document),
    findingsSheet(document),
    qualitySheet(document),
    limitationSheet(document),
    assumptionsSheet(document),
  ];
}
