import { compareSheets } from "../reports/compare-report.js";
import type { CommandContext } from "./context.js";
import { show } from "./show.js";
import { formatOf, type TapeArgs, withTapeOrder } from "./tape-order.js";

/** `netback compare TAPE`: sell, place with an agency, or hold, on the same expected collections. */
export async function compare(args: TapeArgs, context: CommandContext): Promise<void> {
  const { compareTape } = await import("../desk/price-tape.js");
  const document = await withTapeOrder(args, context, compareTape);
  await show({ document, sheets: () => compareSheets(document) }, { ...args, format: formatOf(args) }, context.streams);
}
