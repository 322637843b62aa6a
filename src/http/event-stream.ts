import type { Exchange } from "./request-context.js";

/**
 * Server-sent events: a stream of named JSON documents, with a comment every 15 s so that proxies keep it open.
 *
 * @returns `send` writes one event, `end` closes the stream; both do nothing once the caller has gone
 */
export interface EventStream {
  send(event: string, document: unknown): void;
  end(): void;
}

const keepAliveMs = 15_000;

export function openEventStream({ request, response, context }: Exchange, onGone: () => void): EventStream {
  const type = ["content-type", "text/event-stream; charset=utf-8", "x-accel-buffering", "no"];
  response.writeHead(200, [...context.headers, ...type]);
  response.flushHeaders();
  const keepAlive = setInterval(() => response.write(": still here\n\n"), keepAliveMs);
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    clearInterval(keepAlive);
    onGone();
  };
  request.on("close", close);
  response.on("close", close);
  return {
    send: (event, document) => {
      if (open) response.write(`event: ${event}\ndata: ${JSON.stringify(document)}\n\n`);
    },
    end: () => {
      if (open) response.end();
      close();
    },
  };
}
