/**
 * The caller of the bench of single payments: a process of its own that keeps so many connections busy for so long, one
 * payment a request. `argv`: an order as JSON; prints what it saw as JSON. HTTP is written by hand on the sockets: a
 * client library would take more of the machine than the server.
 */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { createConnection } from "node:net";

export interface ClientOrder {
  readonly host: string;
  readonly port: number;
  readonly key: string | null;
  readonly portfolioId: string;
  /** a file with one account number a line */
  readonly accounts: string;
  readonly callers: number;
  readonly seconds: number;
}

export interface ClientReport {
  readonly answered: number;
  readonly seconds: number;
  /** status codes other than 201, counted */
  readonly others: Readonly<Record<string, number>>;
  readonly milliseconds: readonly number[];
}

const order = JSON.parse(process.argv[2]!) as ClientOrder;
const accounts = readFileSync(order.accounts, "utf8").trim().split("\n");
const run = randomBytes(6).toString("hex");
const milliseconds: number[] = [];
const others: Record<string, number> = {};
let sent = 0;
let end = 0;

function request(): string {
  const n = sent++;
  const body = JSON.stringify({
    portfolio_id: order.portfolioId,
    account_number: accounts[(n * 7919) % accounts.length],
    amount: "1.25",
    paid_on: "2026-10-20",
    external_id: `${run}-${n}`,
  });
  const authorization = order.key === null ? "" : `Authorization: Bearer ${order.key}\r\n`;
  return (
    `POST /v1/payments HTTP/1.1\r\nHost: ${order.host}:${order.port}\r\n${authorization}` +
    `Idempotency-Key: ${run}-${n}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  );
}

/** One caller: sends, waits for the whole answer, sends the next, until the time is over. */
function call(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: order.host, port: order.port, noDelay: true });
    let begun = 0;
    let text = "";
    const next = () => {
      if (performance.now() >= end) {
        socket.end();
        resolve();
        return;
      }
      begun = performance.now();
      socket.write(request());
    };
    socket.setEncoding("latin1");
    socket.on("connect", next);
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the server closed the connection")));
    socket.on("data", (piece: string) => {
      text += piece;
      const head = text.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (text.length < head + 4 + length) return;
      milliseconds.push(performance.now() - begun);
      const status = text.slice(9, 12);
      if (status !== "201") others[status] = (others[status] ?? 0) + 1;
      text = "";
      next();
    });
  });
}

const start = performance.now();
end = start + order.seconds * 1000;
await Promise.all(Array.from({ length: order.callers }, call));
const report: ClientReport = {
  answered: milliseconds.length,
  seconds: (performance.now() - start) / 1000,
  others,
  milliseconds,
};
process.stdout.write(JSON.stringify(report));
