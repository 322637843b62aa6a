import type { Knex } from "knex";

/** Row security for one tenant's rows, the same on every table, and what the application may do. */
async function guard(knex: Knex, table: string, grants: string): Promise<void> {
  await knex.raw(`alter table ${table} enable row level security`);
  await knex.raw(`alter table ${table} force row level security`);
  await knex.raw(`create policy tenant_only on ${table} using (tenant_id = current_setting('app.tenant', true))`);
  await knex.raw(`grant ${grants} on ${table} to netback_app`);
}

/** The vault of persons, and the keys of the door. Both hold ciphertext and hashes only. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table vault_tenant_key (
      tenant_id text not null references tenant,
      wrapped_key bytea not null,
      primary key (tenant_id)
    )`);
  await guard(knex, "vault_tenant_key", "select, insert, update");

  await knex.raw(`
    create table vault_portfolio_key (
      portfolio_id text not null,
      tenant_id text not null,
      wrapped_key bytea not null,
      primary key (portfolio_id)
    )`);
  await guard(knex, "vault_portfolio_key", "select, insert, delete");

  await knex.raw(`
    create table vault_blob (
      portfolio_id text not null,
      tenant_id text not null,
      blob_no int4 not null check (blob_no >= 0),
      generation int4 not null check (generation >= 1),
      wrapped_key bytea not null,
      sealed bytea not null,
      primary key (portfolio_id, blob_no)
    )`);
  // ciphertext does not compress
  await knex.raw("alter table vault_blob alter column sealed set storage external");
  await guard(knex, "vault_blob", "select, insert, update, delete");

  await knex.raw(`
    create table vault_lookup (
      portfolio_id text not null,
      tenant_id text not null,
      digest bytea not null,
      person_no int4 not null check (person_no >= 0),
      primary key (portfolio_id, digest, person_no)
    )`);
  await guard(knex, "vault_lookup", "select, insert, delete");

  await knex.raw(`
    create table api_key (
      tenant_id text not null references tenant,
      key_id text not null,
      digest bytea not null check (length(digest) = 32),
      label text not null check (length(label) between 1 and 200),
      roles text[] not null check (roles <@ array['seller', 'analyst', 'finance', 'admin'] and cardinality(roles) > 0),
      created_at timestamptz not null,
      expires_at timestamptz,
      revoked_at timestamptz,
      primary key (tenant_id, key_id)
    )`);
  await guard(knex, "api_key", "select, insert, update");
}
