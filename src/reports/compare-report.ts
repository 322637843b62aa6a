import type { Comparison } from "../../models/valuation.js";
import type { Sheet, SheetColumn } from "./sheet.js";

/** Selling, placing and holding side by side; the best is marked, with the reason. */
export function compareSheets(document: Comparison): Sheet[] {
  const { currency } = document;
  const money = (key: string, title: string): SheetColumn => ({ key, title, kind: "money", currency });
  const columns: SheetColumn[] = [
    { key: "alternative", title: "alternative", kind: "text" },
    money("gross", "gross"),
    money("fees", "fees"),
    money("costs", "costs"),
    money("net_back", "net-back"),
    { key: "net_back_rate_of_face", title: "of face", kind: "rate" },
    { key: "months_to_half", title: "months to half", kind: "integer" },
    money("npv", "NPV"),
    { key: "best", title: "", kind: "text" },
  ];
  const rows = document.alternatives.map((row) => [
    row.label,
    row.gross,
    row.fees,
    row.costs,
    row.net_back,
    row.net_back_rate_of_face,
    row.months_to_half,
    row.npv,
    row.best ? "best" : "",
  ]);
  const notes = [
    document.best.why,
    `${document.accounts} accounts, face ${document.face} ${currency}, as of ${document.as_of}; NPV at ${(document.discount_rate * 100).toFixed(1)}% a year over ${document.horizon_months} months.`,
  ];
  return [{ name: "compare", title: "Sell, place or hold", columns, rows, notes }];
}
