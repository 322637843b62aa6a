import type { Knex } from "knex";

export async function up(knex: Knex): Promise<void> {
  await keepProgressOfBatches(knex);
  await planWithoutNames(knex);
}

/**
 * A payments file is recorded in several transactions, and the batch keeps how far it came: `rows` and the sums grow
 * with each of them while it is `running`. What is read a second time must be read as it was begun, so its reading is kept too.
 */
async function keepProgressOfBatches(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table payment_batch
      add column state text not null default 'done' check (state in ('running', 'done')),
      add column reading text`);
  await knex.raw(
    "grant update (state, rows, recorded, skipped, amount_minor, commission_minor, unapplied_minor) on payment_batch to netback_app",
  );
}

/**
 * No statistics on which portfolios and tenants there are. With them, PostgreSQL takes a portfolio that has come since it
 * last looked for an empty one, holds every index that begins with portfolio_id for equally good, and reads the whole
 * portfolio for each of thousands of rows: an import of seconds takes minutes. Without them it takes any portfolio for half
 * a percent of the table, and the index that fits best always wins.
 */
async function planWithoutNames(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: { name: string; attribute: string }[] }>(
    `select c.relname::text as name, a.attname::text as attribute
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        and a.attname in ('portfolio_id', 'tenant_id') order by 1, 2`,
  );
  for (const { name, attribute } of rows)
    await knex.raw("alter table ?? alter column ?? set statistics 0", [name, attribute]);
}
