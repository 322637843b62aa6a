/**
 * The caller of the bench of offers: a process of its own that sends one body so many times over one connection, each when
 * the last was answered in full. `argv`: an order as JSON; prints the milliseconds of each call as JSON. In the bench's own
 * process, which holds all of the product, a collection of its garbage takes longer than an offer.
 */
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";

export interface OfferOrder {
  readonly url: string;
  readonly key: string | null;
  readonly body: unknown;
  /** not reported: the first ones are slower */
  readonly first: number;
  readonly calls: number;
}

const { url, key, body, first, calls } = JSON.parse(process.argv[2]!) as OfferOrder;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const bytes = Buffer.from(JSON.stringify(body));
const headers = {
  "content-type": "application/json",
  "content-length": bytes.length,
  ...(key === null ? {} : { authorization: `Bearer ${key}` }),
};

async function call(n: number): Promise<number> {
  const start = performance.now();
  const sent = request(url, { method: "POST", agent, headers: { ...headers, "idempotency-key": `call-${n}` } });
  sent.end(bytes);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  answer.resume();
  await once(answer, "end");
  const took = performance.now() - start;
  if (answer.statusCode! >= 300) throw new Error(`${url}: ${answer.statusCode}`);
  return took;
}

const milliseconds: number[] = [];
for (let n = 0; n < first + calls; n++) {
  const took = await call(n);
  if (n >= first) milliseconds.push(took);
}
agent.destroy();
process.stdout.write(JSON.stringify(milliseconds));
