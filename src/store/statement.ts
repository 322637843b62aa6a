import { createHash } from "node:crypto";

/**
 * SQL that is run again and again. PostgreSQL reads and plans it once on each connection and keeps the plan; for a small
 * statement that is most of its cost. Only for statements whose best plan does not depend on their bindings.
 *
 * Where they go by keys in an array, write `unnest((select ?::text[]))`: an array that it can see into is counted, and for one key
 * PostgreSQL rather plans anew each time than keep a plan for ten.
 */
export interface Statement {
  /** with `?` for its bindings */
  readonly sql: string;
  /** the same with `$1`, `$2`, ... */
  readonly numbered: string;
  /** what the connection knows it by: made of its text, so that two that share a connection of a pooler's mean the same by it */
  readonly name: string;
}

/** Makes a kept statement; at the top of a file or in a table of its forms, for no connection forgets one. */
export function kept(sql: string): Statement {
  const digest = createHash("sha256").update(sql).digest("hex").slice(0, 24);
  return { sql, numbered: numbered(sql), name: `kept_${digest}` };
}

/** `?` becomes `$1`, `$2`, ... in their order, and `\\?` the operator, as in knex. */
export function numbered(sql: string): string {
  let bindings = 0;
  return sql.replace(/\\?\?/g, (mark) => (mark === "?" ? `$${++bindings}` : "?"));
}
