import type { Knex } from "knex";

/**
 * Factoring facilities: a facility is a portfolio of kind factoring, with versions of its terms. Debtors of invoices
 * belong to the factor, not to a facility: what may be bought of one counts over all of them.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table facility (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      presentation text not null check (presentation in ('sale', 'borrowing')),
      terms_version integer not null,
      last_schedule_no integer not null default 0,
      last_invoice_no integer not null default 0,
      last_document_no integer not null default 0,
      last_notice_no integer not null default 0,
      opened_at timestamptz not null,
      primary key (portfolio_id)
    ) with (fillfactor = 70)`);
  await protect(knex, "facility", "select, insert");
  await knex.raw(
    "grant update (terms_version, last_schedule_no, last_invoice_no, last_document_no, last_notice_no) on facility to netback_app",
  );
  await knex.raw("create index facility_by_age on facility (tenant_id, opened_at, portfolio_id)");

  await knex.raw(`
    create table facility_terms (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      version integer not null check (version > 0),
      terms jsonb not null,
      from_on date not null,
      reason text,
      actor text not null,
      recorded_at timestamptz not null,
      primary key (portfolio_id, version)
    )`);
  await protect(knex, "facility_terms", "select, insert");

  await knex.raw(`
    create table factoring_debtor (
      tenant_id text not null,
      debtor_id text not null,
      currency text not null check (currency ~ '^[A-Z]{3}$'),
      credit_limit_minor bigint check (credit_limit_minor >= 0),
      payable_minor bigint not null default 0 check (payable_minor >= 0),
      debtor_type text,
      country text,
      version integer not null default 1,
      actor text not null,
      saved_at timestamptz not null,
      primary key (tenant_id, debtor_id)
    )`);
  await protect(knex, "factoring_debtor", "select, insert, update");
}

async function protect(knex: Knex, table: string, rights: string): Promise<void> {
  await knex.raw(`alter table ${table} enable row level security`);
  await knex.raw(`alter table ${table} force row level security`);
  await knex.raw(`create policy tenant_only on ${table} using (tenant_id = current_setting('app.tenant', true))`);
  await knex.raw(`grant ${rights} on ${table} to netback_app`);
  const { rows } = await knex.raw<{ rows: { name: string }[] }>(
    `select attname as name from pg_attribute
      where attrelid = cast(? as regclass) and attname in ('portfolio_id', 'tenant_id')`,
    [table],
  );
  for (const { name } of rows) await knex.raw("alter table ?? alter column ?? set statistics 0", [table, name]);
}
