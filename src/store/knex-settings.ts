import type { Knex } from "knex";

const silence = () => {};

/**
 * Knex says nothing by itself: what goes wrong is thrown, and logged by those who log. Nor does it write the bindings,
 * which may be a person's, into the message of an error.
 */
export const quietKnex = {
  compileSqlOnError: false,
  log: { warn: silence, error: silence, debug: silence, deprecate: silence },
} satisfies Knex.Config;
