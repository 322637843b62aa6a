import type { Knex } from "knex";

/**
 * What was learnt from data: each version of a score, a payment behaviour or a curve, with its card. A version is written
 * once and never changed; that it is no longer to be used is a row of its own.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table model_version (
      tenant_id text not null references tenant,
      model_id text not null,
      kind text not null check (kind in ('recovery_score', 'payment_behaviour', 'curve')),
      name text not null,
      version integer not null check (version > 0),
      hash text not null check (hash ~ '^[0-9a-f]{64}$'),
      card jsonb not null,
      fitted_on date,
      actor text not null,
      registered_at timestamptz not null,
      primary key (tenant_id, model_id),
      constraint model_version_once unique (tenant_id, kind, name, version)
    )`);
  await knex.raw(`
    create table model_retirement (
      tenant_id text not null references tenant,
      model_id text not null,
      reason text not null,
      actor text not null,
      recorded_at timestamptz not null,
      constraint model_retired_once primary key (tenant_id, model_id),
      foreign key (tenant_id, model_id) references model_version (tenant_id, model_id)
    )`);
  for (const table of ["model_version", "model_retirement"]) {
    await knex.raw(`alter table ${table} enable row level security`);
    await knex.raw(`alter table ${table} force row level security`);
    await knex.raw(`create policy tenant_only on ${table} using (tenant_id = current_setting('app.tenant', true))`);
    await knex.raw(`grant select, insert on ${table} to netback_app`);
    await knex.raw(`alter table ${table} alter column tenant_id set statistics 0`);
  }
}
