import { audit } from "./audit.js";
import type { Installation } from "./installation.js";
import { buyBook, isDone, LedgerLoad, type Order } from "./ledger-load.js";
import { type Extent, type PartResult, resultOf } from "./report.js";

/**
 * A hundred callers take the same entry back at once, each with a key of its own: one of them does, the others are told
 * that nothing is left, and what they were told is true: nothing of theirs is in the books.
 */
export async function reverseAtOnce(
  installation: Installation,
  { seed, rounds: most, until }: Extent,
  callers = 100,
): Promise<PartResult> {
  const server = await installation.serve();
  const book = await buyBook(server.target, installation.tenantId, `R${seed}`);
  const load = new LedgerLoad(server.target, book, { seed, files: false });
  const faults: string[] = [];
  let rounds = 0;
  for (; rounds < most && performance.now() < until; rounds++) {
    const paid = load.draw((happening) => happening.what === "payment" && happening.amount > 0n);
    if (!(await load.attempt(paid)) || !isDone(paid)) throw new Error(`the payment was answered ${paid.answer?.text}`);
    const entryId = JSON.parse(paid.answer!.text).entry_id as string;
    const orders = Array.from({ length: callers }, (_, caller): Order => {
      const order = load.reversal(`r${seed}-${rounds}-${caller}`, entryId);
      return { ...order, caller, answer: undefined, attempts: 0 };
    });
    load.orders.push(...orders);
    await Promise.all(orders.map((order) => load.attempt(order)));
    await load.retryUnanswered();
    const won = orders.filter(isDone).length;
    if (won !== 1) faults.push(`${won} of ${callers} took the entry back`);
    const others = new Set(orders.filter((order) => !isDone(order)).map(({ answer }) => JSON.parse(answer!.text).code));
    if ([...others].some((code) => code !== "reversal_too_large"))
      faults.push(`refused with ${[...others].join(", ")}`);
  }
  await server.stop();
  const store = await installation.open();
  try {
    const audits = [await audit(store, book, load.orders)];
    const note = `${callers} callers at one entry, one won`;
    const title = `one entry reversed by many [${installation.engine}]`;
    return resultOf(title, { rounds, audits, faults: [...faults, ...load.faults], note });
  } finally {
    await store.close();
  }
}
