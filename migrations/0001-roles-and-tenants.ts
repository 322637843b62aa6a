import type { Knex } from "knex";

/**
 * The application role, and the first table under row security.
 *
 * Roles belong to the whole cluster, so that another database may be making the same one at this moment.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'netback_app') then
        create role netback_app nologin;
      end if;
    exception when duplicate_object or unique_violation then null;
    end $$`);
  // the creator of a role may not enter it by that alone (a superuser may)
  await knex.raw(`
    do $$ begin
      if not pg_has_role(current_user, 'netback_app', 'member') then
        execute format('grant netback_app to %I', current_user);
      end if;
    end $$`);
  await knex.raw("revoke all on schema public from public");
  await knex.raw("grant usage on schema public to netback_app");
  await knex.raw("alter default privileges revoke execute on functions from public");

  await knex.raw(`
    create table tenant (
      tenant_id text not null check (tenant_id ~ '^[a-z0-9_]{1,40}$'),
      name text not null check (length(name) between 1 and 200),
      created_at timestamptz not null,
      primary key (tenant_id)
    )`);
  await knex.raw("alter table tenant enable row level security");
  await knex.raw("alter table tenant force row level security");
  await knex.raw("create policy tenant_only on tenant using (tenant_id = current_setting('app.tenant', true))");
  await knex.raw("grant select, insert, update on tenant to netback_app");
}
