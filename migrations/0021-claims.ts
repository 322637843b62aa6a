import type { Knex } from "knex";

/** What a portfolio is made of and how its carrying amount moves. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table portfolio
      add column kind text not null default 'purchased_debt' check (kind in ('purchased_debt', 'factoring')),
      add column carrying_method text not null default 'cost_recovery'
        check (carrying_method in ('cost_recovery', 'effective_interest'))`);
}
