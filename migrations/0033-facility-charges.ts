import type { Knex } from "knex";

/**
 * What a facility is charged beside the fees on its invoices, how it ends, and its financing statements.
 *
 * A charge is kept under what it is for, so that it cannot be made twice; a later difference is a further revision. A
 * facility that was opened before begins with the month that follows: what was due until then was charged elsewhere.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table facility
      add column charges_from date not null default (date_trunc('month', current_date) + interval '1 month')::date,
      add column ended_on date,
      add column end_reason text,
      add column last_filing_no integer not null default 0,
      add constraint facility_ended_for_a_reason check ((ended_on is null) = (end_reason is null))`);
  await knex.raw("alter table facility alter column charges_from drop default");
  await knex.raw("grant update (ended_on, end_reason, last_filing_no) on facility to netback_app");

  await knex.raw(`
    create table facility_charge (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      kind text not null check (kind in ('once', 'month', 'minimum', 'termination', 'filing')),
      code text not null,
      period_on date not null,
      revision integer not null check (revision > 0),
      amount_minor bigint not null,
      happened_on date not null,
      sequence bigint,
      reason text not null,
      recorded_at timestamptz not null,
      primary key (portfolio_id, kind, code, period_on, revision),
      constraint facility_charge_has_its_entry check ((sequence is null) = (amount_minor = 0))
    )`);
  await knex.raw("create unique index facility_charge_of_entry on facility_charge (portfolio_id, sequence)");
  await protect(knex, "facility_charge", "select, insert");

  await knex.raw(`
    create table financing_statement (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      filing_no integer not null,
      jurisdiction text not null,
      file_number text not null,
      filed_on date not null,
      lapses_on date not null check (lapses_on > filed_on),
      continued_on date,
      terminated_on date,
      actor text not null,
      recorded_at timestamptz not null,
      primary key (portfolio_id, filing_no),
      constraint financing_statement_once unique (portfolio_id, jurisdiction, file_number)
    )`);
  await knex.raw(`
    create index financing_statement_by_lapse on financing_statement (tenant_id, lapses_on, portfolio_id, filing_no)
     where terminated_on is null`);
  await protect(knex, "financing_statement", "select, insert");
  await knex.raw("grant update (lapses_on, continued_on, terminated_on) on financing_statement to netback_app");
}

async function protect(knex: Knex, table: string, rights: string): Promise<void> {
  await knex.raw(`alter table ${table} enable row level security`);
  await knex.raw(`alter table ${table} force row level security`);
  await knex.raw(`create policy tenant_only on ${table} using (tenant_id = current_setting('app.tenant', true))`);
  await knex.raw(`grant ${rights} on ${table} to netback_app`);
  for (const name of ["portfolio_id", "tenant_id"]) {
    await knex.raw("alter table ?? alter column ?? set statistics 0", [table, name]);
  }
}
