import type { EntryKind } from "../../models/entry.js";
import { clearingAccounts } from "../ledger/clearing-accounts.js";
import { cancelReversed, type Movement, movementKey, type OpenItem, OpenItems } from "../ledger/open-items.js";
import type { LedgerOf } from "../store/journal.js";
import { type AccountMovement, readReversedMovements, streamMovements } from "../store/movement.js";
import type { Tx } from "../store/transaction.js";

interface ClearingMovement extends Movement {
  readonly kind: EntryKind;
}

/** An open item with the kind of the entry that made it. */
export type ClearingItem = OpenItem<ClearingMovement>;

/**
 * The open items of clearing accounts of one portfolio, by account, at a day and as known at an instant. One pass over the
 * postings of these accounts; what is settled is let go on the way.
 */
export async function openBalances(
  tx: Tx,
  of: { ledger: LedgerOf; accounts: readonly string[]; asOf: string },
): Promise<Map<string, ClearingItem[]>> {
  const linked = await readReversedMovements(tx, of);
  const accounts = of.accounts.map((account) => {
    const movements = linked.filter((movement) => movement.account === account);
    const left = cancelReversed(movements.map((movement) => ({ ...movement, party: partyOf(movement) })));
    return { account, left, matched: new OpenItems<ClearingMovement>() };
  });
  const byCode = new Map(accounts.map((one) => [one.account, one]));
  for await (const movement of streamMovements(tx, of)) {
    const { account, sequence, effectiveOn, kind } = movement;
    const { left, matched } = byCode.get(account)!;
    const party = partyOf(movement);
    const amountMinor = left.get(movementKey({ sequence, party })) ?? movement.amountMinor;
    matched.add({ sequence, effectiveOn, kind, party, amountMinor });
  }
  return new Map(accounts.map(({ account, matched }) => [account, matched.list()]));
}

function partyOf({ account, agencyId, receivableNo }: AccountMovement): string {
  const counterparty = clearingAccounts.get(account);
  if (counterparty === "agency") return agencyId ?? "";
  return counterparty === "receivable" ? (receivableNo ?? "").toString() : "";
}
