import type { Knex } from "knex";

/**
 * Months that are shut, their seals, and what was proved.
 *
 * `books` is one row a tenant and says which months take entries; a tenant without a row has shut none. What led there
 * stands in `period_event`, written once, each event with a hash over itself and the one before. A seal of a portfolio's
 * month keeps a digest of each block of its entries and postings, so that damage can be named by block.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table books (
      tenant_id text not null,
      closed_through date,
      soft_closed date[] not null default '{}',
      late_items text not null default 'refuse' check (late_items in ('refuse', 'first_open_day')),
      second_person text not null default 'required' check (second_person in ('required', 'waived')),
      last_event_no integer not null default 0,
      primary key (tenant_id)
    ) with (fillfactor = 50)`);
  await protect(knex, "books", "select, insert, update");

  await knex.raw(`
    create table period_event (
      tenant_id text not null,
      event_no integer not null,
      event text not null check (event in ('soft_closed', 'closed', 'reopened', 'withdrawn', 'policy')),
      month date,
      version integer not null,
      actor text not null,
      reason text,
      recorded_at timestamptz not null,
      details text not null,
      hash text not null,
      previous_hash text not null,
      primary key (tenant_id, event_no)
    )`);
  await protect(knex, "period_event", "select, insert");

  await knex.raw(`
    create table month_seal (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      seal_no integer not null,
      month date not null,
      version integer not null,
      through_sequence bigint not null,
      entries bigint not null,
      postings bigint not null,
      blocks jsonb not null,
      hash text not null,
      previous_hash text not null,
      sealed_at timestamptz not null,
      primary key (portfolio_id, seal_no),
      constraint month_seal_version_once unique (portfolio_id, month, version)
    )`);
  await protect(knex, "month_seal", "select, insert");

  await knex.raw(`
    create table verification (
      tenant_id text not null,
      verification_no integer not null,
      since_no integer,
      portfolio_id text,
      green boolean not null,
      document jsonb not null,
      actor text not null,
      recorded_at timestamptz not null,
      primary key (tenant_id, verification_no)
    )`);
  await protect(knex, "verification", "select, insert");

  await knex.raw(`
    create table verified_ledger (
      portfolio_id text not null,
      tenant_id text not null,
      verification_no integer not null,
      through_sequence bigint not null,
      totals jsonb not null,
      primary key (portfolio_id, verification_no)
    )`);
  await protect(knex, "verified_ledger", "select, insert");
}

async function protect(knex: Knex, table: string, rights: string): Promise<void> {
  await knex.raw(`alter table ${table} enable row level security`);
  await knex.raw(`alter table ${table} force row level security`);
  await knex.raw(`create policy tenant_only on ${table} using (tenant_id = current_setting('app.tenant', true))`);
  await knex.raw(`grant ${rights} on ${table} to netback_app`);
}
