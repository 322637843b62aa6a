import type { Knex } from "knex";

/**
 * A payments file is recorded in several transactions, and the batch keeps how far it came: `rows` and the sums grow
 * with each of them while it is `running`. What is read a second time must be read as it was begun, so its reading is kept too.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table payment_batch
      add column state text not null default 'done' check (state in ('running', 'done')),
      add column reading text`);
  await knex.raw(
    "grant update (state, rows, recorded, skipped, amount_minor, commission_minor, unapplied_minor) on payment_batch to netback_app",
  );
}
