import { Refusal, type RefusalItem } from "../../models/refusal.js";

/**
 * What is let in from the wire, before any schema looks at it. PostgreSQL keeps neither a NUL nor half a surrogate
 * pair, a parser may be led into a deep recursion, and `__proto__` as a key reaches the prototype of whatever copies
 * it: all of them are refused here, once, so that no act has to think of them.
 */
export const maxNesting = 32;

/** Matches half a surrogate pair alone: with the `u` flag a whole pair is one character and does not match. */
const loneSurrogate = /[\uD800-\uDFFF]/u;

/** What makes a text impossible to keep, or null. */
export function textFault(text: string): string | null {
  if (text.includes("\0")) return "holds a NUL character";
  if (loneSurrogate.test(text)) return "holds half a surrogate pair, which is no character";
  return null;
}

/**
 * A JSON body as an object. UTF-8 only, an object at the top, at most 32 levels deep, clean texts, no `__proto__`.
 *
 * @param bytes the whole body, without its transfer coding
 * @throws Refusal `malformed_request` when it cannot be read, `invalid_request` with a pointer when it may not enter
 */
export function parseJsonBody(bytes: Buffer): Record<string, unknown> {
  const text = decodeUtf8(bytes);
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    // The parser's message quotes the body, which may hold a person's data.
    throw new Refusal("malformed_request", "the body is not JSON");
  }
  if (body === null || typeof body !== "object" || Array.isArray(body)) {
    throw new Refusal("malformed_request", "the body must be a JSON object");
  }
  const items: RefusalItem[] = [];
  inspect(body, "", 1, items);
  if (items.length > 0) throw new Refusal("invalid_request", "the body holds what cannot be kept", items);
  return body as Record<string, unknown>;
}

/** UTF-8 bytes as text; a byte order mark is dropped. Throws Refusal `malformed_request` for other bytes. */
export function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal("malformed_request", "the body is not UTF-8");
  }
}

function inspect(value: unknown, pointer: string, depth: number, items: RefusalItem[]): void {
  if (typeof value === "string") {
    const fault = textFault(value);
    if (fault !== null) items.push({ pointer, code: "text_invalid", detail: `the text ${fault}` });
    return;
  }
  if (value === null || typeof value !== "object") return;
  if (depth > maxNesting) {
    items.push({
      pointer: "",
      code: "nesting_too_deep",
      detail: `the body is nested deeper than ${maxNesting} levels`,
    });
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (items.length >= 20) return;
    if (key === "__proto__" || textFault(key) !== null) {
      items.push({ pointer, code: "key_invalid", detail: "the object has a key that is not allowed" });
      continue;
    }
    inspect(item, `${pointer}/${pointerToken(key)}`, depth + 1, items);
  }
}

/** One reference token of a JSON pointer (RFC 6901). */
export function pointerToken(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

/**
 * The query of a request target, every name once. `+` is a space, as forms write it.
 *
 * @param target path and query as they stand in the request line
 * @throws Refusal `malformed_request` for bytes that are not UTF-8, a NUL, or a name that is given twice
 */
export function parseQuery(target: string): Map<string, string> {
  const query = new Map<string, string>();
  const start = target.indexOf("?");
  if (start < 0) return query;
  for (const part of target.slice(start + 1).split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = decodeQueryText(equals < 0 ? part : part.slice(0, equals));
    const value = equals < 0 ? "" : decodeQueryText(part.slice(equals + 1));
    if (query.has(name)) throw new Refusal("malformed_request", `the query names ${quoteName(name)} more than once`);
    query.set(name, value);
  }
  return query;
}

function decodeQueryText(text: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new Refusal("malformed_request", "the query is not percent-encoded UTF-8");
  }
  const fault = textFault(decoded);
  if (fault !== null) throw new Refusal("malformed_request", `the query ${fault}`);
  return decoded;
}

/** A parameter name as it may be repeated to the caller: names are short words, anything else may be a person's. */
export function quoteName(name: string): string {
  return /^[a-z0-9_]{1,40}$/.test(name) ? `"${name}"` : "a parameter";
}

/** What a parameter is turned into before the act's schema sees it. */
export type ParameterKind = "text" | "number" | "boolean" | "list" | "object";

/**
 * One parameter of path or query in the type that the act's schema asks for. What cannot be turned is left a text, so
 * that the schema names the fault with its pointer.
 */
export function decodeParameter(text: string, kind: ParameterKind): unknown {
  if (kind === "number" && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (kind === "boolean" && (text === "true" || text === "false")) return text === "true";
  if (kind === "list") return text === "" ? [] : text.split(",");
  if (kind === "object") return parseJsonBody(Buffer.from(text));
  return text;
}
