import { basename } from "node:path";
import type { Finding } from "../../models/finding.js";
import { Refusal } from "../../models/refusal.js";
import type { StrategyInput } from "../../models/strategy.js";
import { layoutSchema } from "../../models/tape.js";
import type { Comparison, PriceDocument } from "../../models/valuation.js";
import { parseDay } from "../calendar/day.js";
import { resolveAssumptions } from "../pricing/assumptions.js";
import { comparison } from "../pricing/comparison.js";
import { priceDocument, value } from "../pricing/valuation.js";
import { readTape } from "../tape/read-tape.js";
import type { Progress } from "./desk.js";

/** What pricing a file takes. Nothing of it is stored: this is the desk without its store. */
export interface TapeOrder {
  readonly path: string;
  /** day the balances are as of, YYYY-MM-DD */
  readonly asOf: string;
  /** ISO 4217 */
  readonly currency: string;
  /** as a user wrote them; read and bounded here */
  readonly layout: unknown;
  readonly strategy: unknown;
  /** lies over the strategy */
  readonly overrides: Readonly<Record<string, string>>;
  readonly expectRows: number | undefined;
  readonly expectFace: string | undefined;
  readonly workFolder: string;
  readonly onProgress: (progress: Progress) => void;
}
