import assert from "node:assert/strict";
import { isRefusal, Refusal } from "../../models/refusal.js";
import { findAnswers, isKeyTaken, type KeyedRequest, takeKeysAnswered } from "../store/idempotency.js";
import type { Store } from "../store/store.js";
import type { DoneTogether, Order, Together } from "./act.js";
import { contextOf, scopeOf } from "./call-context.js";
import type { Call, Context, Desk } from "./desk.js";
import { type Replayed, replay } from "./replay.js";

/** More orders in one transaction bring no more throughput, and let the first of them wait for the last. */
const largestGroup = 256;
const mostAttempts = 5;

export interface KeyedOrder {
  readonly together: Together<never>;
  readonly parsed: unknown;
  readonly call: Call;
  readonly request: KeyedRequest;
}

interface Waiting {
  readonly order: KeyedOrder;
  resolve(answer: Replayed): void;
  reject(error: unknown): void;
}

/** The orders of one act in one portfolio. While a group of them is in the database, the next gathers. */
type Lane = Waiting[];

const lanesOfStore = new WeakMap<Store, Map<string, Lane>>();

/**
 * Does an order together with those that come meanwhile. An order that comes alone goes at once: nothing waits for a clock.
 *
 * What each caller gets is what it would get alone, one after the other: its own answer, its own refusal, or the first
 * answer of its key. A refused order costs its neighbours nothing. When the transaction fails for a reason that no
 * order was refused for, each order is done alone, so that only the one at fault fails; when the database went away, all
 * of them are told, and nobody is booked twice when they retry, because keys and bookings are one transaction.
 */
export function doTogether(desk: Desk, order: KeyedOrder): Promise<Replayed> {
  const { act, portfolioId } = order.request;
  const name = `${order.call.actor.tenantId} ${portfolioId} ${act}`;
  const lanes = lanesOfStore.get(desk.store) ?? new Map<string, Lane>();
  lanesOfStore.set(desk.store, lanes);
  return new Promise((resolve, reject) => {
    const waiting: Waiting = { order, resolve, reject };
    const lane = lanes.get(name);
    if (lane !== undefined) {
      lane.push(waiting);
      return;
    }
    const begun: Lane = [waiting];
    lanes.set(name, begun);
    void empty(desk, begun, () => lanes.delete(name));
  });
}

/**
 * Never throws: every order is answered one way or the other. The lane is closed in the same turn in which it was seen
 * to be empty: an order that came in between would wait for ever.
 */
async function empty(desk: Desk, lane: Lane, close: () => void): Promise<void> {
  while (lane.length > 0) {
    const group = takeGroup(lane);
    try {
      const answers = await attemptGroup(desk, group);
      // the next group is on its way to the database before these are answered
      setImmediate(() => settle(group, answers));
    } catch (error) {
      if (isRefusal(error) || group.length === 1) for (const { reject } of group) reject(error);
      else for (const one of group) await doAlone(desk, one);
    }
  }
  close();
}

async function doAlone(desk: Desk, one: Waiting): Promise<void> {
  try {
    settle([one], await attemptGroup(desk, [one]));
  } catch (error) {
    one.reject(error);
  }
}

/** The next orders of one caller's key of the API (whose name is on the entries), of which no two have the same key. */
function takeGroup(lane: Lane): Waiting[] {
  const group: Waiting[] = [];
  const left: Waiting[] = [];
  const keys = new Set<string>();
  const { actorId } = lane[0]!.order.call.actor;
  for (const waiting of lane) {
    const { call, request } = waiting.order;
    if (group.length < largestGroup && call.actor.actorId === actorId && !keys.has(request.key)) {
      keys.add(request.key);
      group.push(waiting);
    } else left.push(waiting);
  }
  lane.splice(0, lane.length, ...left);
  return group;
}

type Answer = Replayed | { readonly refusal: unknown };

function settle(group: readonly Waiting[], answers: readonly Answer[]): void {
  group.forEach(({ resolve, reject }, i) => {
    const answer = answers[i]!;
    if ("refusal" in answer) reject(answer.refusal);
    else resolve(answer);
  });
}

async function attemptGroup(desk: Desk, group: readonly Waiting[]): Promise<Answer[]> {
  const orders = group.map(({ order }) => order);
  const { call } = orders[0]!;
  for (let attempt = 1; ; attempt++) {
    try {
      return await desk.store.transaction(scopeOf(call), (tx) =>
        doGroup(contextOf(desk, { actor: call.actor }, tx), orders),
      );
    } catch (error) {
      // another process, or another act, used one of the keys between our look and our writing
      if (!isKeyTaken(error) || attempt === mostAttempts) throw error;
    }
  }
}

/**
 * The portfolio is taken first and the keys are looked up then: whoever had the portfolio before has committed its keys.
 * Keys are written at the end, with their answers, and for the orders that were done alone: a refusal leaves none behind. The
 * writing is not waited for: the commit follows it in the same message, and is not done where it fails.
 */
async function doGroup(context: Context, orders: readonly KeyedOrder[]): Promise<Answer[]> {
  const { together, request } = orders[0]!;
  const { act, portfolioId } = request;
  const given = new Map(
    orders.map((order): [KeyedOrder, Order<never>] => {
      const { parsed, request } = order;
      return [order, { input: parsed as never, idempotencyKey: request.key }];
    }),
  );
  const keys = orders.map((order) => order.request.key);
  const [opened, kept] = await Promise.all([
    openOrRefuse(context, together, { portfolioId, orders: [...given.values()] }),
    findAnswers(context.tx, portfolioId, keys),
  ]);
  const answers = new Map<KeyedOrder, Answer>();
  for (const order of orders) {
    const earlier = kept.get(order.request.key);
    if (earlier !== undefined)
      answers.set(
        order,
        replayOrRefuse(() => replay(earlier, order.request)),
      );
    else if (opened instanceof Refusal) answers.set(order, { refusal: opened });
  }
  const fresh = orders.filter((order) => !answers.has(order));
  if (fresh.length > 0) {
    const { outcomes, written }: DoneTogether<unknown> = await together.runAll(
      context,
      opened as never,
      fresh.map((order) => given.get(order)!),
    );
    assert.equal(outcomes.length, fresh.length, `${act} says of every order what came of it`);
    const done = fresh.flatMap((order, i) => {
      const outcome = outcomes[i]!;
      answers.set(order, "refusal" in outcome ? outcome : { output: outcome.output, replayed: false });
      return "refusal" in outcome ? [] : [{ request: order.request, answer: outcome.output }];
    });
    context.tx.follow(written);
    context.tx.follow(takeKeysAnswered(context.tx, portfolioId, { answered: done, at: context.now }));
  }
  return orders.map((order) => answers.get(order)!);
}

async function openOrRefuse(
  context: Context,
  together: Together<never>,
  { portfolioId, orders }: { portfolioId: string; orders: readonly Order<never>[] },
): Promise<unknown> {
  try {
    return await together.open(context, portfolioId, orders);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return error;
  }
}

function replayOrRefuse(work: () => Replayed): Answer {
  try {
    return work();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { refusal: error };
  }
}
