import type { NetbackDocument } from "../../models/netback.js";
import type { SealMark } from "../../models/period.js";
import { type Fact, factSheet, type Sheet, type SheetColumn } from "./sheet.js";

const money = (key: string, currency: string, title = key.replaceAll("_", " ")): SheetColumn => ({
  key,
  title,
  kind: "money",
  currency,
});

/** Under which seal a report stands. */
export function sealNote(seal: SealMark | null): string {
  if (seal === null) return "No month up to this day is closed.";
  const version = seal.version === 1 ? "" : `, closed for the ${seal.version}. time`;
  return `Sealed up to ${seal.month}${version}: ${seal.hash}`;
}

function figuresSheet(document: NetbackDocument): Sheet {
  const { to_date, month_to_date, year_to_date, currency } = document;
  const stretches = [to_date, year_to_date, month_to_date];
  const line = (label: string, key: keyof NetbackDocument["to_date"]) => [label, ...stretches.map((s) => s[key])];
  return {
    name: "netback",
    title: `Net-back of ${document.name} (${document.portfolio_id}) as of ${document.as_of}`,
    columns: [
      { key: "figure", title: "figure", kind: "text" },
      money("to_date", currency),
      money("year_to_date", currency),
      money("month_to_date", currency),
    ],
    rows: [
      line("price paid", "price_paid"),
      line("gross collected", "gross"),
      line("commission", "commission"),
      line("costs", "costs"),
      line("net-back", "net_back"),
      line("put-back refunds", "put_back_refunds"),
      line("proceeds of resale", "resale_proceeds"),
      line("profit after the price", "profit"),
    ],
    notes: [
      `Bought on ${document.purchased_on}; known at ${document.known_at}.`,
      sealNote(document.seal),
      `Net-back: ${document.definitions.net_back}`,
      `Profit: ${document.definitions.profit}`,
    ],
  };
}

function returnSheet(document: NetbackDocument): Sheet {
  const { shares, forecast, irr_to_date: irr, currency } = document;
  const share = (label: string, value: string | null): Fact => [label, { value, kind: "rate" }];
  const amount = (label: string, value: string | null): Fact => [`${label} (${currency})`, { value, kind: "money" }];
  const irrCell = { value: irr.rate, kind: "rate" } as const;
  return factSheet({ name: "return", title: "Return on the price", notes: [`Forecast: ${forecast.source}`] }, [
    amount("price", document.price),
    amount("face bought", document.face),
    share("price of face", shares.price_of_face),
    share("net-back of price", shares.net_back_of_price),
    share("net-back of face", shares.net_back_of_face),
    share("net-back of gross", shares.net_back_of_gross),
    share("gross of face", shares.gross_of_face),
    share("commission of gross", shares.commission_of_gross),
    amount("cost recovered", document.cost_recovered),
    amount("cost not recovered yet", document.unrecovered_cost),
    ["gross multiple to date", { value: document.gross_multiple, kind: "multiple" }],
    ["net multiple to date", { value: document.net_multiple, kind: "multiple" }],
    irr.reason === null ? ["IRR to date, annual", irrCell] : ["IRR to date, annual", irrCell, irr.reason],
    ["break-even on", { value: document.break_even_on, kind: "day" }],
    amount("expected by now", forecast.expected_to_date),
    amount("collected by now", forecast.actual_to_date),
    share("collected of expected", forecast.actual_of_expected),
    amount("still expected, as priced", forecast.remaining_expected),
    amount("still expected, at the pace so far", forecast.remaining_expected_at_current_pace),
  ]);
}

function monthsSheet({ forecast, currency }: NetbackDocument): Sheet {
  const columns: SheetColumn[] = [
    { key: "month", title: "month", kind: "integer" },
    { key: "from", title: "from", kind: "day" },
    { key: "to", title: "to", kind: "day" },
    money("expected", currency),
    money("actual", currency),
    money("cumulative_expected", currency),
    money("cumulative_actual", currency),
  ];
  const rows = forecast.by_month.map((month) => [
    month.month,
    month.from,
    month.to,
    month.expected,
    month.actual,
    month.cumulative_expected,
    month.cumulative_actual,
  ]);
  return { name: "by-month", title: "Collections: actual against forecast", columns, rows };
}

/** The net-back of a portfolio on one page: the figures, the return on the price, actual against forecast. */
export function netbackSheets(document: NetbackDocument): Sheet[] {
  return [figuresSheet(document), returnSheet(document), monthsSheet(document)];
}
