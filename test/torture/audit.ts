import type { Store } from "../../src/store/store.js";
import { ReferenceBook } from "../harness/reference-book.js";
import { total } from "../harness/reference-debt.js";
import { MustRefuse } from "../harness/reference-happening.js";
import { isDone, type LoadBook, type Order } from "./ledger-load.js";

export interface Audit {
  /** orders that a caller was told were done */
  readonly acknowledged: number;
  /** of these, entries that the books do not have */
  readonly lost: number;
  /** entries that an order has more than once, or that it was told were refused, or that nobody ordered */
  readonly doubled: number;
  /** whatever else is wrong, in words */
  readonly faults: readonly string[];
}

/** The key that an order's entries carry: a file's is its job's id. */
function entryKeyOf(order: Order): string {
  return order.type === "text/csv" && isDone(order) ? (JSON.parse(order.answer!.text).id as string) : order.key;
}

/**
 * Holds the books of a portfolio against what callers were told: every entry of an order that was done is there once,
 * an order that was refused has none, and the reference, given the entries' orders in the books' own sequence, comes
 * to the same balances and debts, and would have refused none of them.
 */
export async function audit(store: Store, book: LoadBook, orders: readonly Order[]): Promise<Audit> {
  const faults: string[] = [];
  const byKey = new Map(orders.map((order) => [entryKeyOf(order), order]));
  const found = new Map<string, number>();
  const reference = new ReferenceBook(book.terms, "9999-12-31");
  const { entries, balances, positions } = await store.transaction({ tenantId: book.tenantId }, async (tx) => ({
    entries: await tx.query<{ sequence: bigint; key: string | null; name: string | null }>(
      `select e.sequence, e.idempotency_key as key, coalesce(p.external_id, r.account_number) as name from entry e
         left join payment p on p.portfolio_id = e.portfolio_id and p.sequence = e.sequence
         left join receivable r on r.portfolio_id = e.portfolio_id and r.receivable_no = e.receivable_no
        where e.portfolio_id = ? order by e.sequence`,
      [book.portfolioId],
    ),
    balances: await tx.query<{ account: string; kept: bigint; replayed: bigint }>(
      `select account, sum(kept)::bigint as kept, sum(replayed)::bigint as replayed from (
         select account_code as account, debit_minor - credit_minor as kept, 0 as replayed
           from ledger_balance where portfolio_id = :id
         union all select debit_account, 0, amount_minor from posting where portfolio_id = :id
         union all select credit_account, 0, -amount_minor from posting where portfolio_id = :id) as side
        group by 1 order by 1`,
      { id: book.portfolioId },
    ),
    positions: await tx.query<{ account_number: string; claim_minor: bigint; collected_minor: bigint }>(
      `select r.account_number, p.claim_minor, p.collected_minor from position p
         join receivable r on r.portfolio_id = p.portfolio_id and r.receivable_no = p.receivable_no
        where p.portfolio_id = ?`,
      [book.portfolioId],
    ),
  }));
  let doubled = 0;
  for (const [i, { sequence, key, name }] of entries.entries()) {
    if (sequence !== BigInt(i + 1)) faults.push(`a gap before entry ${sequence}`);
    // the first entry is the purchase
    if (i === 0) continue;
    const order = key === null ? undefined : byKey.get(key);
    const happening =
      order === undefined || "what" in order.happening ? order?.happening : order.happening.get(name ?? "");
    if (order === undefined || happening === undefined) {
      doubled++;
      faults.push(`entry ${sequence} (${key}) is nobody's order`);
      continue;
    }
    found.set(key!, (found.get(key!) ?? 0) + 1);
    try {
      reference.happen(happening as Parameters<ReferenceBook["happen"]>[0]);
    } catch (error) {
      if (!(error instanceof MustRefuse)) throw error;
      faults.push(`entry ${sequence} should have been refused: ${error.code}`);
    }
  }
  let [acknowledged, lost] = [0, 0];
  for (const [key, order] of byKey) {
    const count = found.get(key) ?? 0;
    // a file leaves out rows that cannot be recorded, and says how many it did record
    const expected =
      "what" in order.happening ? 1 : order.type === "text/csv" ? (order.recorded ?? Number.NaN) : order.happening.size;
    if (!isDone(order)) {
      if (count > 0) faults.push(`order ${key} was answered ${order.answer?.status} and moved money`);
      doubled += count;
      continue;
    }
    acknowledged++;
    if (Number.isNaN(expected)) faults.push(`nobody waited for the file ${key}`);
    if (count < expected) lost += expected - count;
    if (count > expected) doubled += count - expected;
  }
  const expected = reference.balances();
  for (const { account, kept, replayed } of balances) {
    const modelled = expected.get(account) ?? 0n;
    if (kept !== replayed) faults.push(`account ${account}: kept ${kept}, its postings give ${replayed}`);
    if (kept !== modelled) faults.push(`account ${account}: ${kept}, the reference has ${modelled}`);
  }
  for (const { account_number: account, claim_minor: claim, collected_minor: collected } of positions) {
    const debt = reference.debts.get(account);
    if (debt === undefined || total(debt.claim) !== claim || debt.collected !== collected)
      faults.push(
        `${account}: ${claim} and ${collected}, the reference has ${debt && total(debt.claim)} and ${debt?.collected}`,
      );
  }
  return { acknowledged, lost, doubled, faults };
}
