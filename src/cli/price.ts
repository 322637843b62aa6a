import { writeFile } from "node:fs/promises";
import type { Finding } from "../../models/finding.js";
import type { PriceDocument } from "../../models/valuation.js";
import { findingRowsSheet, priceSheets } from "../reports/price-report.js";
import { renderCsv } from "../reports/render-csv.js";
import { displayCell } from "../reports/sheet.js";
import type { CommandContext } from "./context.js";
import { show } from "./show.js";
import { formatOf, type TapeArgs, withTapeOrder } from "./tape-order.js";

export interface PriceArgs extends TapeArgs {
  readonly findings?: string | undefined;
  readonly html?: string | undefined;
  readonly saveLayout?: string | undefined;
  readonly maxFindings: number;
}

/** `netback price TAPE`: from a seller's tape to a bid. */
export async function price(args: PriceArgs, context: CommandContext): Promise<void> {
  const { priceTape } = await import("../desk/price-tape.js");
  const keepFindings = async (findings: Iterable<Finding>): Promise<void> => {
    if (args.findings !== undefined) await writeFile(args.findings, renderCsv(findingRowsSheet([...findings])));
  };
  const document = await withTapeOrder(args, context, (order) =>
    priceTape({ ...order, maxFindings: args.maxFindings, seconds: context.seconds, keepFindings }),
  );
  if (args.html !== undefined) {
    const { pricePage } = await import("../reports/price-page.js");
    await writeFile(args.html, pricePage(document));
  }
  if (args.saveLayout !== undefined)
    await writeFile(args.saveLayout, `${JSON.stringify(document.tape.layout, null, 2)}\n`);
  const written = [args.findings, args.html, args.saveLayout].filter((path) => path !== undefined);
  for (const path of written) context.streams.err.write(`written to ${path}\n`);
  const answer = { document, sheets: () => priceSheets(document), closing: [closing(document)] };
  await show(answer, { ...args, format: formatOf(args) }, context.streams);
}

/** The answer once more at the end, where a terminal has stopped scrolling. */
function closing({ bid, currency }: PriceDocument): string {
  const money = displayCell(bid.price, { key: "", title: "", kind: "money" });
  const rate = bid.net_irr === null ? "no IRR" : `net IRR ${(bid.net_irr * 100).toFixed(2)}%`;
  return `Bid ${money} ${currency}: ${bid.cents_per_dollar.toFixed(2)} cents per dollar, ${rate}.`;
}
