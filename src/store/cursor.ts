import { Refusal } from "../../models/refusal.js";
import { parseDay } from "../calendar/day.js";
import { kept } from "./statement.js";
import type { Tx } from "./transaction.js";

/** A page of a list: the rows asked for, and the cursor of the next page or null at the end. */
export interface Page<T> {
  readonly data: T[];
  readonly next_cursor: string | null;
}

export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

type Key = readonly (string | number)[];

/** The key of the last row of a page, as opaque text. */
function writeCursor(key: Key): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/** What a part of a key is: the database would call a wrong one its own error, and a cursor can be made up. */
export type KeyPart = "number" | "text" | "instant" | "day";

const largestInteger = 2_147_483_647;

function isPart(value: unknown, part: KeyPart): boolean {
  if (part === "number") return Number.isInteger(value) && Math.abs(value as number) <= largestInteger;
  if (typeof value !== "string" || value.includes("\0")) return false;
  if (part === "text") return true;
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})(T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?Z)?$/.exec(value) ?? [];
  if (day === undefined || (time === undefined) !== (part === "day")) return false;
  parseDay(day);
  return true;
}

function readKey(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * The key that a cursor stands for, or undefined at the beginning of the list.
 *
 * @param parts what each part of the list's key is
 * @throws Refusal `invalid_request` when it is none that such a list gives, `date_invalid` for a day that does not exist
 */
export function readCursor(request: PageRequest, parts: readonly KeyPart[]): Key | undefined {
  if (request.cursor === undefined) return undefined;
  const key = readKey(request.cursor);
  const isKey = Array.isArray(key) && key.length === parts.length && parts.every((part, i) => isPart(key[i], part));
  if (isKey) return key as Key;
  throw new Refusal("invalid_request", "the cursor is not one that a list gave", [
    { pointer: "/cursor", code: "invalid", detail: "not a cursor of this list" },
  ]);
}

const bitmapScan = kept("select set_config('enable_bitmapscan', ?, true)");

/**
 * The rows of a page by the index that has their order, which there must be. Without statistics on portfolios PostgreSQL takes any
 * of them for a few rows: for each page of a large one it would make a bitmap of all its rows, and sort them.
 */
export async function queryInOrder<Row extends object>(
  tx: Tx,
  sql: string,
  bindings: readonly unknown[],
): Promise<Row[]> {
  const [, rows] = await Promise.all([
    tx.query(bitmapScan, ["off"]),
    tx.query<Row>(sql, bindings),
    tx.query(bitmapScan, ["on"]),
  ]);
  return rows;
}

/** Cuts the page out of limit + 1 rows: the one too many says that there is more. */
export function pageOf<Row, Document>(
  rows: readonly Row[],
  request: PageRequest,
  make: { document: (row: Row) => Document; key: (row: Row) => Key },
): Page<Document> {
  const shown = rows.slice(0, request.limit);
  const last = shown.at(-1);
  const more = rows.length > request.limit && last !== undefined;
  return { data: shown.map(make.document), next_cursor: more ? writeCursor(make.key(last)) : null };
}

/** Conditions of a query, gathered one by one: `where.add("state = ?", state)` adds nothing when the value is undefined. */
export class Where {
  readonly #conditions: string[] = [];
  readonly bindings: unknown[] = [];

  add(condition: string, ...values: unknown[]): this {
    if (values.some((value) => value === undefined)) return this;
    this.#conditions.push(condition);
    this.bindings.push(...values);
    return this;
  }

  get sql(): string {
    return this.#conditions.length === 0 ? "" : `where ${this.#conditions.join(" and ")}`;
  }
}
