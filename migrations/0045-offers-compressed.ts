import type { Knex } from "knex";

/**
 * The document of an offer is compressed again (0041 left it as it is): that costs half a millisecond, and keeps 8 KB of 70. Every two
 * hundredth offer had waited for a new file of the write-ahead log, up to 60 ms.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw("alter table offer_disclosure alter column document set storage extended");
}
