import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { PaymentChannel } from "../../models/payment.js";
import { parseChildId } from "../../models/record-id.js";
import { type Chance, chance } from "../../seeds/random-numbers.js";
import type { Happening, ReferenceTerms } from "../harness/reference-happening.js";
import { seedTape } from "../http/seed-book.js";

/** Where orders are sent: the address may change when a server is started again, the keys do not. */
export interface Target {
  url: string;
  /** one a caller; none where the server asks for none */
  readonly keys: readonly string[];
}

/** A bought portfolio that orders are about, and what its reference has to know. */
export interface LoadBook {
  readonly tenantId: string;
  readonly portfolioId: string;
  readonly purchaseId: string;
  readonly terms: ReferenceTerms;
}

/** One order of a caller. It keeps its idempotency key through every retry. */
export interface Order {
  readonly key: string;
  readonly path: string;
  readonly body: string;
  readonly type: "application/json" | "text/csv";
  /** what it makes happen; of several by the external_id or the account of each */
  readonly happening: Happening | ReadonlyMap<string, Happening>;
  readonly caller: number;
  /** the first answer that reached the caller, if one did */
  answer: { readonly status: number; readonly text: string } | undefined;
  attempts: number;
  /** of a file: rows that its job says were recorded */
  recorded?: number;
}

export const isDone = ({ answer }: Order) => answer !== undefined && answer.status < 300;

const closingOn = "2026-01-05";
const days = ["2026-01-05", "2026-01-31", "2026-02-01", "2026-02-28", "2026-03-15"] as const;
const minorOf = (text: string) => BigInt(text.replace(".", ""));
const textOf = (amount: bigint) => {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(3, "0");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

async function send(
  target: Target,
  caller: number,
  order: Omit<Order, "answer" | "attempts" | "caller" | "happening">,
) {
  const key = target.keys[caller % Math.max(1, target.keys.length)];
  return fetch(`${target.url}${order.path}`, {
    method: "POST",
    headers: {
      "content-type": order.type,
      "idempotency-key": order.key,
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    },
    body: order.body,
    signal: AbortSignal.timeout(60_000),
  });
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
export async function ask(target: Target, path: string): Promise<any> {
  const key = target.keys[0];
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const response = await fetch(`${target.url}${path}`, { headers });
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Sends an order that has to be done. */
// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
export async function mustOrder(target: Target, path: string, body: unknown, key: string): Promise<any> {
  const isText = typeof body === "string";
  const type = isText ? "text/csv" : "application/json";
  const response = await send(target, 0, { key, path, type, body: isText ? body : JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${path}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** Waits for the end of a job; throws unless it succeeded. */
export async function jobResult(target: Target, id: string): Promise<unknown> {
  for (let attempt = 0; attempt < 9000; attempt++) {
    const job = await ask(target, `/v1/jobs/${id}`);
    if (job.state === "succeeded") return job.result;
    if (job.state === "failed" || job.state === "refused") throw new Error(`job ${id}: ${JSON.stringify(job)}`);
    await sleep(100);
  }
  throw new Error(`job ${id} came to no end within fifteen minutes`);
}

/** A portfolio of forty receivables with a quote that is still open. */
export async function quotedPortfolio(
  target: Target,
  prefix: string,
): Promise<{ portfolioId: string; quoteId: string }> {
  const made = await mustOrder(target, "/v1/portfolios", { name: prefix, seller: "First Bank" }, `${prefix}-portfolio`);
  const query = "as_of=2025-12-31&file_name=tape.csv";
  const job = await mustOrder(target, `/v1/portfolios/${made.id}/tape?${query}`, seedTape(prefix), `${prefix}-tape`);
  await jobResult(target, job.id);
  const quotes = `/v1/portfolios/${made.id}/quotes`;
  const quote = await mustOrder(target, quotes, { as_of: "2025-12-31" }, `${prefix}-quote`);
  return { portfolioId: made.id, quoteId: quote.id };
}

/** The same, bought. */
export async function buyBook(target: Target, tenantId: string, prefix: string): Promise<LoadBook> {
  const { portfolioId, quoteId } = await quotedPortfolio(target, prefix);
  const accept = `/v1/quotes/${quoteId}/accept`;
  const purchase = await mustOrder(target, accept, { closing_on: closingOn, put_back_days: 365 }, `${prefix}-purchase`);
  return { tenantId, portfolioId, purchaseId: purchase.id, terms: await termsOf(target, purchase) };
}

export async function termsOf(
  target: Target,
  purchase: { portfolio_id: string; price: string; cut_off_on: string; closing_on: string; put_back_until: string },
): Promise<ReferenceTerms> {
  const { data } = await ask(target, `/v1/portfolios/${purchase.portfolio_id}/receivables?limit=1000`);
  return {
    price: minorOf(purchase.price),
    cutOffOn: purchase.cut_off_on,
    closingOn: purchase.closing_on,
    putBackUntil: purchase.put_back_until,
    receivables: new Map(
      data.map((one: { account_number: string; state: string; current_balance: string; cost: string }) => [
        one.account_number,
        one.state === "owned" ? { balance: minorOf(one.current_balance), cost: minorOf(one.cost) } : undefined,
      ]),
    ),
  };
}

/** Callers that send orders drawn from a seed, and keep what they were answered. */
export class LedgerLoad {
  readonly orders: Order[] = [];
  /** answers that a caller must never get: 500, or another answer to the same order */
  readonly faults: string[] = [];
  readonly #chance: Chance;
  readonly #accounts: readonly string[];
  #running = false;
  /** entries that can be taken back */
  readonly #entries: string[] = [];
  #numbered: { number: string; account: string; amount: bigint }[] = [];

  constructor(
    readonly target: Target,
    readonly book: LoadBook,
    readonly options: { readonly seed: number; readonly files: boolean },
  ) {
    this.#chance = chance(options.seed);
    this.#accounts = [...book.terms.receivables].filter(([, face]) => face !== undefined).map(([account]) => account);
  }

  /** Lets so many callers send one order after the other until `stop`, or until the server is gone. */
  async run(callers: number): Promise<void> {
    this.#running = true;
    await Promise.all(Array.from({ length: callers }, (_, caller) => this.#call(caller)));
  }

  stop(): void {
    this.#running = false;
  }

  async #call(caller: number): Promise<void> {
    while (this.#running) {
      const order = this.#next(caller);
      this.orders.push(order);
      if (!(await this.attempt(order))) return;
    }
  }

  /** The next order of a kind, not yet sent. */
  draw(isIt: (happening: Happening) => boolean): Order {
    for (;;) {
      const order = this.#next(0);
      if (!("what" in order.happening) || !isIt(order.happening)) continue;
      this.orders.push(order);
      return order;
    }
  }

  /** Sends an order once; false when nothing came back from which the caller could tell what became of it. */
  async attempt(order: Order): Promise<boolean> {
    for (;;) {
      order.attempts++;
      try {
        const response = await send(this.target, order.caller, order);
        const text = await response.text();
        const busy =
          response.status === 429 || (response.status === 409 && text.includes("idempotency_key_in_progress"));
        if (busy) {
          await sleep(100);
          continue;
        }
        if (response.status === 500) this.faults.push(`500 to ${order.path} ${order.body}: ${text.slice(0, 200)}`);
        if (response.status >= 500) return false;
        this.#keep(order, { status: response.status, text });
        return true;
      } catch (error) {
        if (error instanceof TypeError || (error instanceof Error && /abort|timeout/i.test(error.name))) return false;
        throw error;
      }
    }
  }

  #keep(order: Order, answer: { status: number; text: string }): void {
    if (order.answer === undefined) {
      order.answer = answer;
      const entryId = answer.status < 300 ? JSON.parse(answer.text).entry_id : undefined;
      if (typeof entryId === "string") this.#entries.push(entryId);
      const { happening } = order;
      if (answer.status < 300 && "what" in happening && happening.what === "payment" && happening.number !== undefined)
        this.#numbered.push({ number: happening.number, account: happening.account, amount: happening.amount });
      return;
    }
    const first = order.answer;
    if (
      first.status < 300 &&
      (first.status !== answer.status || !isDeepStrictEqual(said(order, first), said(order, answer)))
    )
      this.faults.push(`another answer to ${order.key}: ${first.text.slice(0, 150)} and ${answer.text.slice(0, 150)}`);
  }

  /** Sends again, with their keys, the orders of which nobody knows what became of them. */
  async retryUnanswered(): Promise<number> {
    const open = this.orders.filter(({ answer }) => answer === undefined);
    for (const order of open) {
      for (let tries = 0; !(await this.attempt(order)); tries++) {
        if (tries > 150) throw new Error(`no answer to ${order.path} after ${tries} retries`);
        await sleep(200);
      }
    }
    return open.length;
  }

  /** Waits for the jobs of the files that were taken. */
  async finishFiles(): Promise<void> {
    for (const order of this.orders) {
      if (order.type !== "text/csv" || !isDone(order) || order.recorded !== undefined) continue;
      const result = (await jobResult(this.target, JSON.parse(order.answer!.text).id)) as { recorded: number };
      order.recorded = result.recorded;
    }
  }

  /** Sends again a part of the orders that were done: each must be answered as before. */
  async repeat(atMost: number): Promise<void> {
    const done = this.orders.filter(isDone);
    for (let i = 0; i < Math.min(atMost, done.length); i++) {
      const order = this.#chance.pick(done);
      if (!(await this.attempt(order))) throw new Error(`no answer to the repeated ${order.path}`);
    }
  }

  #next(caller: number): Order {
    const { key, path, body, happening, type } = this.#drawn(`o${this.options.seed}-${this.orders.length}`);
    return { key, path, body, happening, type, caller, answer: undefined, attempts: 0 };
  }

  #drawn(key: string): Pick<Order, "key" | "path" | "body" | "type" | "happening"> {
    const { portfolioId: portfolio_id, purchaseId } = this.book;
    const draw = this.#chance;
    const json = (path: string, happening: Happening, body: object) => ({
      key,
      path,
      happening,
      type: "application/json" as const,
      body: JSON.stringify(body),
    });
    const account = draw.pick(this.#accounts);
    const on = draw.pick(days);
    const kind = draw.weighted([
      ["payment", 60],
      ["return", 12],
      ["put_back", 4],
      ["cost", 12],
      ["receipt", 8],
      ["advance", 6],
      ["reverse", this.#entries.length > 0 ? 8 : 0],
      ["file", this.options.files ? 4 : 0],
    ] as const);
    if (kind === "put_back") {
      const happening: Happening = { what: "put_back", account, on, override: false };
      const body = { account_numbers: [account], reason: "other", put_back_on: on };
      return json(`/v1/purchases/${purchaseId}/putbacks`, happening, body);
    }
    if (kind === "cost") {
      const amount = BigInt(draw.between(-500, 5000) || 1);
      const body = { portfolio_id, cost_type: "media", amount: textOf(amount), incurred_on: on };
      return json("/v1/costs", { what: "cost", type: "media", amount, on }, body);
    }
    if (kind === "receipt") {
      const amount = BigInt(draw.between(1, 5000));
      const body = { portfolio_id, kind: "agency_remittance", amount: textOf(amount), received_on: on };
      return json("/v1/receipts", { what: "receipt", kind: "agency_remittance", amount, on }, body);
    }
    if (kind === "advance") {
      const amount = BigInt(draw.between(1, 4000));
      const rest = { cost_type: "court", recoverable: true, account_number: account, incurred_on: on };
      return json(
        "/v1/costs",
        { what: "advance", account, amount, on },
        { portfolio_id, amount: textOf(amount), ...rest },
      );
    }
    if (kind === "reverse") return this.reversal(key, draw.pick(this.#entries));
    if (kind === "file") return this.#file(key);
    const original = kind === "return" && this.#numbered.length > 0 ? draw.pick(this.#numbered) : undefined;
    const paid = original === undefined ? this.#payment(account, on) : this.#return(original, on);
    // half of them have no number of their own: nothing but the idempotency key can tell them apart
    const happening = draw.next() < 0.5 ? { ...paid, number: key } : paid;
    return json("/v1/payments", happening, { portfolio_id, ...fieldsOf(happening) });
  }

  /** An order that takes an entry back, all that is left of it. */
  reversal(key: string, entryId: string): Pick<Order, "key" | "path" | "body" | "type" | "happening"> {
    const on = "2026-03-20";
    const entry = Number(parseChildId("en", entryId)!.number);
    return {
      key,
      path: `/v1/ledger/entries/${entryId}/reverse`,
      happening: { what: "reverse", entry, on },
      type: "application/json",
      body: JSON.stringify({ reversed_on: on, reason: "a mistake" }),
    };
  }

  #payment(account: string, on: string) {
    const draw = this.#chance;
    const amount = BigInt(
      draw.weighted([
        [draw.between(1, 9000), 9],
        [draw.between(100_000, 300_000), 1],
      ] as const),
    );
    const channel: PaymentChannel = draw.weighted([
      ["own", 3],
      ["agency", 2],
      ["direct", 1],
    ] as const);
    const commission = channel === "own" ? {} : { commission: amount / 4n };
    return { what: "payment" as const, account, amount, on, channel, ...commission };
  }

  #return(original: { number: string; account: string; amount: bigint }, on: string) {
    const { account, amount } = original;
    const part = this.#chance.next() < 0.5 ? amount : 1n + amount / 3n;
    return { what: "payment" as const, account, amount: -part, on, channel: "own" as const, returns: original.number };
  }

  /** Thirty payments in a file; one row in the middle is of a receivable that is not there. */
  #file(key: string): Pick<Order, "key" | "path" | "body" | "type" | "happening"> {
    const rows = new Map<string, Happening>();
    const lines = ["account_number,amount,paid_on,channel,commission,external_id"];
    for (let row = 0; row < 30; row++) {
      const number = `${key}-${row}`;
      const account = row === 15 ? "none" : this.#chance.pick(this.#accounts);
      const paid = { ...this.#payment(account, this.#chance.pick(days)), number };
      const { amount, commission, on, channel } = paid as Extract<Happening, { what: "payment" }>;
      if (row !== 15) rows.set(number, paid);
      const stated = commission === undefined ? "" : textOf(commission);
      lines.push([account, textOf(amount), on, channel, stated, number].join(","));
    }
    const path = `/v1/payments/batch?portfolio_id=${this.book.portfolioId}&file_name=${key}.csv`;
    return { key, path, type: "text/csv", body: `${lines.join("\n")}\n`, happening: rows };
  }
}

/** What an answer says. Of a job's document, which tells how far it is, the id must stay. */
function said({ type }: Order, { text }: { text: string }): unknown {
  const document = JSON.parse(text);
  return type === "text/csv" ? document.id : document;
}

function fieldsOf({
  account,
  amount,
  on,
  channel,
  commission,
  number,
  returns,
}: Extract<Happening, { what: "payment" }>) {
  return {
    account_number: account,
    amount: textOf(amount),
    paid_on: on,
    channel,
    ...(commission === undefined ? {} : { commission: textOf(commission) }),
    ...(number === undefined ? {} : { external_id: number }),
    ...(returns === undefined ? {} : { reverses: returns }),
  };
}
