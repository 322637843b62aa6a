import type {
  ErcDocument,
  RollForwardDocument,
  RollForwardKey,
  VintageDocument,
} from "../../models/portfolio-reports.js";
import { sealNote } from "./netback-report.js";
import type { Cell, Sheet, SheetColumn } from "./sheet.js";

const money = (key: string, currency: string, title = key.replaceAll("_", " ")): SheetColumn => ({
  key,
  title,
  kind: "money",
  currency,
});
const words = (key: string, title = key.replaceAll("_", " ")): SheetColumn => ({ key, title, kind: "text" });
const known = (document: { as_of: string; known_at: string }) =>
  `as of ${document.as_of}, as known at ${document.known_at}`;

function currenciesOf(rows: readonly { currency: string }[]): string[] {
  return [...new Set(rows.map(({ currency }) => currency))].sort();
}

/**
 * One sheet a currency, portfolios as rows and movements as columns; under cecl the purchases grossed up. A movement that
 * none of the portfolios had is left out, and named in a note.
 */
export function rollForwardSheets(document: RollForwardDocument): Sheet[] {
  const sheets = currenciesOf(document.portfolios).map((currency): Sheet => {
    const portfolios = document.portfolios.filter((portfolio) => portfolio.currency === currency);
    const totals = document.totals.filter((total) => total.currency === currency);
    const whole = totals.find(({ method }) => method === null)!;
    const isShown = (key: RollForwardKey) =>
      ["opening", "closing", "residual"].includes(key) || portfolios.some(({ amounts }) => /[1-9]/.test(amounts[key]));
    const shown = document.columns.filter(({ key }) => isShown(key));
    const left = document.columns.filter(({ key }) => !isShown(key));
    const amountsOf = (amounts: Amounts): Cell[] => shown.map(({ key }) => amounts[key]);
    return {
      name: `roll-forward-${currency.toLowerCase()}`,
      title: `Roll-forward of purchased portfolios from ${document.from}, ${known(document)}`,
      columns: [
        words("portfolio"),
        words("name"),
        words("method"),
        ...shown.map(({ key, title }) => money(key, currency, title)),
      ],
      rows: [
        ...portfolios.map(({ portfolio_id, name, method, amounts }): Cell[] => [
          portfolio_id,
          name,
          method,
          ...amountsOf(amounts),
        ]),
        ...totals
          .filter(({ method }) => method !== null)
          .map(({ method, amounts }): Cell[] => ["total", "", method, ...amountsOf(amounts)]),
      ],
      totals: ["total", "", "", ...amountsOf(whole.amounts)],
      notes: [
        sealNote(document.seal),
        "closing = opening and all that stands between; the residual is what nothing explains, and must be nothing.",
        ...shown
          .filter(({ accounts }) => accounts.length > 0)
          .map(({ title, accounts }) => `${title}: accounts ${accounts.join(", ")}`),
        ...(left.length === 0 ? [] : [`nothing in: ${left.map(({ title }) => title).join("; ")}`]),
      ],
    };
  });
  return document.gross_up.length === 0 ? sheets : [...sheets, ...grossUpSheets(document)];
}

type Amounts = RollForwardDocument["portfolios"][number]["amounts"];

function grossUpSheets(document: RollForwardDocument): Sheet[] {
  return currenciesOf(document.gross_up).map((currency) => {
    const keys = [
      "purchase_price",
      "allowance",
      "amortized_cost",
      "noncredit_discount",
      "face",
      "written_off",
      "negative_allowance",
    ] as const;
    return {
      name: `gross-up-${currency.toLowerCase()}`,
      title: `Purchases from ${document.from} to ${document.as_of}, grossed up`,
      columns: [words("portfolio"), words("name"), ...keys.map((key) => money(key, currency))],
      rows: document.gross_up
        .filter((row) => row.currency === currency)
        .map((row) => [row.portfolio_id, row.name, ...keys.map((key) => row[key])]),
      notes: [
        "price + allowance = amortized cost; amortized cost + noncredit discount = face.",
        "The amortized cost is the face discounted at the rate of the purchase: face x price / expected collections.",
      ],
    };
  });
}

/** A sheet of collections and one of cumulative multiples for each currency: vintages as rows, ages as columns. */
export function vintageSheets(document: VintageDocument): Sheet[] {
  return currenciesOf(document.vintages).flatMap((currency) => {
    const rows = document.vintages.filter((vintage) => vintage.currency === currency);
    const first = Math.min(...rows.map(({ ages }) => ages[0]!.age));
    const last = Math.max(...rows.map(({ ages }) => ages.at(-1)!.age));
    const ages = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    const word = document.age === "calendar_year" ? "" : `${document.age} `;
    const wide = (name: string, title: string, cell: "collections" | "multiple"): Sheet => ({
      name: `${name}-${currency.toLowerCase()}`,
      title: `${title} by ${document.age.replace("_", " ")}, ${known(document)}`,
      columns: [
        words("vintage"),
        money("price", currency),
        ...ages.map(
          (age): SheetColumn => ({
            key: `${document.age}_${age}`,
            title: `${word}${age}`,
            ...(cell === "multiple" ? { kind: "multiple" } : { kind: "money", currency }),
          }),
        ),
        cell === "multiple" ? { key: "to_date", title: "to date", kind: "multiple" } : money("to_date", currency),
      ],
      rows: rows.map((row): Cell[] => [
        row.vintage,
        row.price,
        ...ages.map((age) => row.ages.find((one) => one.age === age)?.[cell] ?? null),
        row[cell],
      ]),
      notes: [
        sealNote(document.seal),
        "Gross collections (account 4000) by the day the debtor paid; the multiple is over the price that was paid.",
        ...rows
          .filter(({ ages: its }) => its.some(({ complete }) => !complete))
          .map(({ vintage, ages: its }) => {
            const running = its.find(({ complete }) => !complete)!;
            return `${vintage}: from ${word}${running.age} on not over for all of its portfolios.`;
          }),
      ],
    });
    return [wide("collections", "Collections", "collections"), wide("multiples", "Cumulative multiple", "multiple")];
  });
}

/** Remaining expected collections by portfolio, and by time beside what was expected and what came. */
export function ercSheets(document: ErcDocument): Sheet[] {
  const horizon =
    document.horizon_to === null
      ? "Counted to the end of each forecast."
      : `Counted over ${document.horizon_months} months, to ${document.horizon_to}.`;
  return currenciesOf(document.portfolios).flatMap((currency) => {
    const keys = [
      "price",
      "expected_to_date",
      "forecast_to_date",
      "collections",
      "remaining",
      "beyond_horizon",
    ] as const;
    const total = document.totals.find((one) => one.currency === currency)!;
    const shares: SheetColumn[] = [
      { key: "collections_of_expected", title: "collections of expected", kind: "rate" },
      { key: "total_multiple", title: "total multiple", kind: "multiple" },
    ];
    return [
      {
        name: `erc-${currency.toLowerCase()}`,
        title: `Remaining expected collections ${known(document)}`,
        columns: [
          words("portfolio"),
          words("name"),
          { key: "forecast_version", title: "forecast", kind: "integer" },
          words("forecast_ends"),
          { key: "share", title: "share held", kind: "rate" },
          ...keys.map((key) => money(key, currency)),
          ...shares,
        ],
        rows: document.portfolios
          .filter((row) => row.currency === currency)
          .map((row): Cell[] => [
            row.portfolio_id,
            row.name,
            row.forecast_version,
            row.forecast_ends,
            row.share,
            ...keys.map((key) => row[key]),
            row.collections_of_expected,
            row.total_multiple,
          ]),
        totals: [
          "total",
          "",
          null,
          null,
          null,
          ...keys.map((key) => total[key]),
          total.collections_of_expected,
          total.total_multiple,
        ],
        notes: [sealNote(document.seal), `${horizon} Gross, not discounted, of what is still held.`],
      },
      {
        name: `erc-by-time-${currency.toLowerCase()}`,
        title: `Expected and collected by ${document.by}`,
        columns: [
          words("period"),
          money("expected", currency, "expected, as priced"),
          money("forecast", currency, "by the forecast in force"),
          money("collections", currency),
          money("remaining", currency),
        ],
        rows: document.periods
          .filter((row) => row.currency === currency)
          .map((row) => [row.period, row.expected, row.forecast, row.collections, row.remaining]),
      },
    ];
  });
}
