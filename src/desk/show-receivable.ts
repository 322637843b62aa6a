import type { ActParsed } from "../../models/acts.js";
import { parseChildId } from "../../models/record-id.js";
import { carryingShares } from "../ledger/carrying-share.js";
import { carryingAmount } from "../ledger/cost-recovery.js";
import { formatMinor, minor } from "../money/money.js";
import { readBalances } from "../store/ledger.js";
import { findPortfolio, type Portfolio } from "../store/portfolio.js";
import { readHeldCosts } from "../store/position.js";
import { findReceivable } from "../store/receivable.js";
import { implement } from "./act.js";
import type { Context } from "./desk.js";
import { investmentOf } from "./portfolio-book.js";

/** One receivable; its carrying amount only where it is asked for, for that one needs the costs of all. */
export const showReceivable = implement("show-receivable", async ({ tx }, input) => {
  const portfolio = await findPortfolio(tx, input.portfolio_id);
  const document = await findReceivable(tx, portfolio, keyOf(portfolio, input));
  if (!input.with_carrying_amount) return { ...document, carrying_amount: null };
  const receivableNo = parseChildId("rc", document.id)!.number;
  return { ...document, carrying_amount: await carryingAmountOf(tx, portfolio, receivableNo) };
});

function keyOf(portfolio: Portfolio, input: ActParsed<"show-receivable">) {
  if (input.receivable_id === undefined) return { accountNumber: input.account_number };
  const key = parseChildId("rc", input.receivable_id);
  // an id of another portfolio is no receivable of this one
  return { receivableNo: key?.portfolioId === portfolio.portfolioId ? key.number : 0 };
}

async function carryingAmountOf(
  tx: Context["tx"],
  { portfolioId, carryingMethod, currency }: Portfolio,
  receivableNo: number,
): Promise<string | null> {
  const { receivableNos, costsMinor } = await readHeldCosts(tx, portfolioId);
  const place = receivableNos.indexOf(receivableNo);
  if (place < 0) return null;
  const carryingMinor = carryingAmount(investmentOf(await readBalances(tx, portfolioId), carryingMethod));
  return formatMinor(carryingShares(carryingMinor, costsMinor.map(minor))[place]!, currency);
}
