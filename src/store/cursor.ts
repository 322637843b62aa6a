import { Refusal } from "../../models/refusal.js";

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

/** The key that a cursor stands for, or undefined at the beginning of the list. Throws `invalid_request` when it is none of ours. */
export function readCursor(request: PageRequest, parts: number): Key | undefined {
  if (request.cursor === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(Buffer.from(request.cursor, "base64url").toString());
    const isKey =
      Array.isArray(key) && key.length === parts && key.every((k) => ["string", "number"].includes(typeof k));
    if (isKey) return key as Key;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Refusal("invalid_request", "the cursor is not one that a list gave", [
    { pointer: "/cursor", code: "invalid", detail: "not a cursor of this list" },
  ]);
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
