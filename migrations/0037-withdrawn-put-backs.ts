import type { Knex } from "knex";

/** A put-back may be withdrawn by us: its entry is taken back, and the seller owes nothing for it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table put_back
      drop constraint put_back_state_check,
      add constraint put_back_state_check check (state in ('asked', 'accepted', 'refused', 'withdrawn'))`);
}
