import type { Knex } from "knex";

/** What an entry stands in for, the day its event really had, and why it was made. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table entry add column corrects_sequence bigint,
                      add column original_on date,
                      add column reason text`);
  await knex.raw(
    "create index entry_reversal on entry (portfolio_id, reverses_sequence) where reverses_sequence is not null",
  );
}
