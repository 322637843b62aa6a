import type { IncomingMessage } from "node:http";
import { Refusal } from "../../models/refusal.js";
import type { Actor } from "../desk/desk.js";

/**
 * Who may call. `keys` asks for an API key on every call; `loopback` is for the embedded database on one's own
 * machine: no key, but the server listens on loopback only and answers nobody's web page but its own.
 */
export type Door =
  | { readonly kind: "keys"; readonly authenticate: (key: string) => Promise<Actor | null> }
  | { readonly kind: "loopback"; readonly actor: Actor };

const loopbackAddresses = new Set(["127.0.0.1", "::1", "localhost"]);

/** Throws a Refusal `usage` when a server without keys is asked to listen where others can reach it. */
export function guardListening(door: Door, host: string): void {
  if (door.kind === "loopback" && !loopbackAddresses.has(host)) {
    throw new Refusal(
      "usage",
      `without API keys the server listens on loopback only, not on ${host}; use DATABASE_URL`,
    );
  }
}

/**
 * Refuses what a foreign web page could make a browser send to a server that asks for no key: a host name that is not
 * loopback (DNS rebinding), an origin that is not this server, a navigation from another site. Programs send neither
 * `Origin` nor `Sec-Fetch-Site` and pass.
 *
 * @throws Refusal `forbidden`
 */
export function guardLoopback(request: IncomingMessage): void {
  const host = request.headers.host ?? "";
  if (!loopbackAddresses.has(hostName(host))) {
    throw new Refusal("forbidden", "without API keys the server answers to a loopback host name only");
  }
  const { origin } = request.headers;
  const site = request.headers["sec-fetch-site"];
  const foreign =
    (origin !== undefined && origin !== `http://${host}`) || site === "cross-site" || site === "same-site";
  if (foreign && request.method !== "GET" && request.method !== "HEAD") {
    throw new Refusal("forbidden", "without API keys the server takes no request from another site's page");
  }
}

function hostName(host: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(host);
  return (bracketed?.[1] ?? host.replace(/:\d+$/, "")).toLowerCase();
}

const bearer = /^Bearer (nbk_[A-Za-z0-9_-]{1,200})$/i;

/** The caller of a request. Throws a Refusal `unauthorized`, always with the same words, when there is none. */
export async function identify(door: Door, request: IncomingMessage): Promise<Actor> {
  if (door.kind === "loopback") return door.actor;
  const key = bearer.exec(request.headers.authorization ?? "")?.[1];
  const actor = key === undefined ? null : await door.authenticate(key);
  if (actor === null) throw new Refusal("unauthorized", "send a valid key as Authorization: Bearer nbk_...");
  return actor;
}
