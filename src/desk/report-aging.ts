import { type Day, formatDay, monthsBetween, parseDay } from "../calendar/day.js";
import { formatMinor } from "../money/money.js";
import { ageBandKeys, ageBandOf } from "../portfolio/segment.js";
import { readLedgers } from "../store/journal.js";
import { readTurnovers } from "../store/ledger.js";
import { type ClaimsOfDay, readOpenClaims, readTapeClaims } from "../store/open-claims.js";
import { findPortfolio } from "../store/portfolio.js";
import { findPurchaseOf } from "../store/purchase.js";
import { implement } from "./act.js";
import { knownAtOf } from "./known-at.js";

/** Accounts of what debtors owe. */
const claimAccounts: ReadonlySet<string> = new Set(["9000", "9010", "9020", "9030"]);

/**
 * What debtors owe by the age of their debts, on a day and as known at an instant: by months since the charge-off, and
 * by months since they last paid. Before the purchase it is the seller's tape that is shown.
 */
export const reportAging = implement("report-aging", async ({ tx, now, today }, input) => {
  const { portfolioId, currency, state } = await findPortfolio(tx, input.portfolio_id);
  const asOf = input.as_of ?? formatDay(today);
  const isOwned = state === "owned";
  let ledgerMinor = 0n;
  let claims: ClaimsOfDay[];
  if (isOwned) {
    const [ledger] = await readLedgers(tx, { portfolioId, knownAt: input.known_at });
    const purchase = await findPurchaseOf(tx, portfolioId);
    const isBought = purchase.closingOn <= asOf && purchase.sequence <= ledger!.lastSequence;
    claims = isBought ? await readOpenClaims(tx, ledger!, asOf) : [];
    for (const turnover of await readTurnovers(tx, { portfolioId, asOf, knownAt: input.known_at })) {
      if (claimAccounts.has(turnover.account)) ledgerMinor += turnover.debitMinor - turnover.creditMinor;
    }
  } else claims = await readTapeClaims(tx, portfolioId);
  const byAge = claims.filter(({ by }) => by === "charge_off");
  let claimMinor = 0n;
  let accounts = 0;
  for (const row of byAge) {
    claimMinor += row.claimMinor;
    accounts += row.accounts;
  }
  const shown = { asOf: parseDay(asOf), currency, wholeMinor: claimMinor };
  return {
    portfolio_id: portfolioId,
    currency,
    as_of: asOf,
    known_at: await knownAtOf({ tx, now }, input),
    basis: isOwned ? ("ledger" as const) : ("tape" as const),
    accounts,
    claim: formatMinor(claimMinor, currency),
    difference: formatMinor(isOwned ? claimMinor - ledgerMinor : 0n, currency),
    aging: bandsOf(byAge, shown),
    since_last_payment: bandsOf(
      claims.filter(({ by }) => by === "last_payment"),
      shown,
    ),
  };
});

function bandsOf(claims: readonly ClaimsOfDay[], of: { asOf: Day; currency: string; wholeMinor: bigint }) {
  const sums = new Map(ageBandKeys.map((key) => [key, { accounts: 0, faceMinor: 0n, claimMinor: 0n }]));
  for (const { on, accounts, faceMinor, claimMinor } of claims) {
    const sum = sums.get(ageBandOf(on === null ? null : monthsBetween(parseDay(on), of.asOf)))!;
    sum.accounts += accounts;
    sum.faceMinor += faceMinor;
    sum.claimMinor += claimMinor;
  }
  return [...sums]
    .filter(([, { accounts }]) => accounts > 0)
    .map(([age_band, { accounts, faceMinor, claimMinor }]) => ({
      age_band,
      accounts,
      face: formatMinor(faceMinor, of.currency),
      claim: formatMinor(claimMinor, of.currency),
      share_of_claim: of.wholeMinor === 0n ? 0 : Number(claimMinor) / Number(of.wholeMinor),
    }));
}
