import type { Knex } from "knex";

/** A kept answer is given back and never searched: as `json` it comes back as it was sent, with its fields in their order. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table idempotency
      alter column request_fields type json using request_fields::json,
      alter column answer type json using answer::json`);
}
