import { childId } from "../../models/record-id.js";
import { Refusal } from "../../models/refusal.js";
import { everyAccount } from "../../seeds/chart-of-accounts.js";
import { formatDay } from "../calendar/day.js";
import { formatMinor } from "../money/money.js";
import { listStatementLines } from "../store/entry.js";
import { readTurnovers, sequenceKnownAt } from "../store/ledger.js";
import { findPortfolio } from "../store/portfolio.js";
import { implement } from "./act.js";
import { knownAtOf } from "./known-at.js";

const beginning = "0001-01-01";

/** One ledger account between two days: what it stood at before, every posting, what it came to. */
export const showAccountStatement = implement("show-account-statement", async ({ tx, now, today }, input) => {
  const { portfolioId, currency } = await findPortfolio(tx, input.portfolio_id);
  const account = everyAccount.get(input.account);
  if (account === undefined) throw new Refusal("not_found", `the chart has no account ${input.account}`);
  const asOf = input.as_of ?? formatDay(today);
  const from = input.from ?? beginning;
  const knownAt = await knownAtOf({ tx, now }, input);
  const turnovers = await readTurnovers(tx, { portfolioId, asOf, knownAt: input.known_at });
  let [opening, closing] = [0n, 0n];
  for (const { account: code, effectiveOn, debitMinor, creditMinor } of turnovers) {
    if (code !== input.account) continue;
    closing += debitMinor - creditMinor;
    if (effectiveOn < from) opening += debitMinor - creditMinor;
  }
  const lastSequence = await sequenceKnownAt(tx, portfolioId, knownAt);
  const { cursor, limit } = input;
  const page = await listStatementLines(tx, {
    portfolioId,
    account: input.account,
    from,
    asOf,
    lastSequence,
    cursor,
    limit,
  });
  return {
    account: { code: account.code, name: account.name },
    portfolio_id: portfolioId,
    currency,
    as_of: asOf,
    known_at: knownAt,
    opening: formatMinor(opening, currency),
    closing: formatMinor(closing, currency),
    data: page.data.map((line) => ({
      entry_id: childId("en", portfolioId, line.sequence),
      kind: line.kind,
      effective_on: line.effectiveOn,
      recorded_at: line.recordedAt,
      counter_account: line.counterAccount,
      debit: formatMinor(line.debitMinor, currency),
      credit: formatMinor(line.creditMinor, currency),
    })),
    next_cursor: page.next_cursor,
  };
});
