/**
 * What makes up the balance of a clearing account.
 *
 * Definition. What one entry moves on the account is one movement. An entry that takes another back cancels it first, as
 * if so much of it had never come. What is left is matched by counterparty, first in, first out: a movement settles the
 * oldest open ones of the other sign, in the order of effective day and number, and what is over stays open itself. So
 * the open items of an account always sum to its balance, and those of a counterparty have one sign.
 */
export interface Movement {
  readonly sequence: bigint;
  /** YYYY-MM-DD */
  readonly effectiveOn: string;
  /** whose it is; "" for nobody's */
  readonly party: string;
  /** debit less credit, minor units */
  readonly amountMinor: bigint;
}

/** A movement that is open, in whole or in part. */
export type OpenItem<M extends Movement = Movement> = M & {
  /** what is left of the amount, with its sign */
  openMinor: bigint;
};

export interface LinkedMovement extends Movement {
  /** the entry that its own takes back, if any */
  readonly reversesSequence: bigint | null;
}

/**
 * What is left of movements after those that take others back have cancelled them: by `movementKey`, for every movement
 * given. A reversal of a reversal comes last in the sequence and is worked off first, so that it brings its original
 * back. A movement cancels no more than is there, and only its own counterparty's.
 *
 * @param movements on one account: those of entries that take another back, and of the entries that are taken back
 */
export function cancelReversed(movements: readonly LinkedMovement[]): Map<string, bigint> {
  const left = new Map(movements.map((movement) => [movementKey(movement), movement.amountMinor]));
  const latestFirst = [...movements].sort((a, b) => (a.sequence < b.sequence ? 1 : -1));
  for (const movement of latestFirst) {
    const { reversesSequence, party } = movement;
    if (reversesSequence === null) continue;
    const [key, reversed] = [movementKey(movement), movementKey({ sequence: reversesSequence, party })];
    const [own, other] = [left.get(key)!, left.get(reversed) ?? 0n];
    if (own === 0n || other === 0n || own > 0n === other > 0n) continue;
    const cancelled = absolute(own) < absolute(other) ? own : -other;
    left.set(key, own - cancelled);
    left.set(reversed, other + cancelled);
  }
  return left;
}

/** One entry may move an account for several counterparties. */
export function movementKey({ sequence, party }: Pick<Movement, "sequence" | "party">): string {
  return `${sequence} ${party}`;
}

function absolute(amount: bigint): bigint {
  return amount < 0n ? -amount : amount;
}

interface Queue<M extends Movement> {
  items: OpenItem<M>[];
  /** those before it are settled */
  first: number;
}

const settledKept = 1000;

/** Matches movements as they come, in the order of effective day and number; holds what is open and no more. */
export class OpenItems<M extends Movement> {
  readonly #queues = new Map<string, Queue<M>>();

  add(movement: M): void {
    let left = movement.amountMinor;
    if (left === 0n) return;
    let queue = this.#queues.get(movement.party);
    if (queue === undefined) {
      queue = { items: [], first: 0 };
      this.#queues.set(movement.party, queue);
    }
    while (left !== 0n) {
      const oldest = queue.items[queue.first];
      if (oldest === undefined || oldest.openMinor > 0n === left > 0n) {
        queue.items.push({ ...movement, openMinor: left });
        return;
      }
      const settled = absolute(left) < absolute(oldest.openMinor) ? left : -oldest.openMinor;
      oldest.openMinor += settled;
      left -= settled;
      if (oldest.openMinor === 0n) queue.first++;
    }
    if (queue.first === queue.items.length) this.#queues.delete(movement.party);
    else if (queue.first > settledKept) {
      queue.items = queue.items.slice(queue.first);
      queue.first = 0;
    }
  }

  /** What is open, by effective day and number. */
  list(): OpenItem<M>[] {
    const open = [...this.#queues.values()].flatMap(({ items, first }) => items.slice(first));
    return open.sort((a, b) => {
      if (a.effectiveOn !== b.effectiveOn) return a.effectiveOn < b.effectiveOn ? -1 : 1;
      return a.sequence < b.sequence ? -1 : Number(a.sequence > b.sequence);
    });
  }
}
