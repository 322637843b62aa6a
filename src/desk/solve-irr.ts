import { Refusal } from "../../models/refusal.js";
import { parseFlows } from "../cashflow/flow-file.js";
import { xirr } from "../cashflow/rate-of-return.js";

export interface SolvedRate {
  /** annual, actual/365: the XIRR of spreadsheets */
  readonly xirr: number;
  readonly flows: number;
}

/**
 * The annual rate of return of dated amounts, from the text of a `date,amount` file. Needs no store.
 *
 * @throws Refusal `rate_undefined` with the reason where there is no rate, or more than one
 */
export function solveIrr(csvText: string): SolvedRate {
  const { dates, amounts } = parseFlows(csvText);
  const answer = xirr(dates, amounts);
  if (answer.rate === null) throw new Refusal("rate_undefined", `${answer.detail} (${answer.reason})`);
  return { xirr: answer.rate, flows: amounts.length };
}
