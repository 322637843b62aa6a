import { TapeFindings } from "../../models/findings-table.js";
import type { UsedModel } from "../../models/quote.js";
import { Refusal } from "../../models/refusal.js";
import type { Assumptions, StrategyInput } from "../../models/strategy.js";
import type { TapeColumns } from "../../models/tape.js";
import type { Valuation } from "../../models/valuation.js";
import { parseDay } from "../calendar/day.js";
import { resolveAssumptions } from "../pricing/assumptions.js";
import { value } from "../pricing/valuation.js";
import { findPortfolio, findTape, type Portfolio, type Tape } from "../store/portfolio.js";
import { readTapeColumns } from "../store/receivable.js";
import type { Tx } from "../store/transaction.js";
import { curveForPricing } from "./curve-in-use.js";
import { scoreInUse } from "./score-in-use.js";

export interface StoredRows {
  readonly portfolio: Portfolio;
  readonly tape: Tape;
  readonly columns: TapeColumns;
}

/** The stored rows of a portfolio, as they were read from the file. Refuses `not_found`, `nothing_to_price` without a tape. */
export async function readStoredRows(tx: Tx, portfolioId: string): Promise<StoredRows> {
  const portfolio = await findPortfolio(tx, portfolioId);
  const tape = await findTape(tx, portfolioId);
  if (tape === undefined) throw new Refusal("nothing_to_price", `portfolio ${portfolioId} has no tape yet`);
  const columns = await readTapeColumns(tx, { portfolio, rows: tape.rowsKept, columns: tape.columns });
  return { portfolio, tape, columns };
}

export interface ValuationOrder {
  readonly portfolio_id: string;
  /** the tape's own day when left out */
  readonly as_of?: string | undefined;
  readonly strategy: StrategyInput;
  /** curve whose timing and level lie over the priors */
  readonly curve_id?: string | undefined;
  /** account score in place of the priors of recovery */
  readonly model_id?: string | undefined;
}

export interface StoredValuation extends StoredRows {
  readonly asOf: string;
  readonly assumptions: Assumptions;
  /** versions that the valuation used */
  readonly models: readonly UsedModel[];
  readonly valuation: Valuation;
  /** what the valuation found, apart from what was found when the tape was read */
  readonly findings: TapeFindings;
}

/** Values the stored rows: the same figures, to the last bit, as `netback price` on the file. */
export async function valueStored(tx: Tx, order: ValuationOrder): Promise<StoredValuation> {
  const rows = await readStoredRows(tx, order.portfolio_id);
  const asOf = order.as_of ?? rows.tape.asOf;
  const curve = order.curve_id === undefined ? undefined : await curveForPricing(tx, order.curve_id);
  const { currency } = rows.portfolio;
  const assumptions = resolveAssumptions({ strategy: order.strategy, currency, fitted: curve?.fitted });
  const findings = new TapeFindings();
  const score = order.model_id === undefined ? undefined : await scoreInUse(tx, order.model_id, currency);
  const valuation = value(rows.columns, assumptions, parseDay(asOf), findings, score?.model);
  const models = [curve?.used, score?.used].filter((used) => used !== undefined);
  return { ...rows, asOf, assumptions, models, valuation, findings };
}
