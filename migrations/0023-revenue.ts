import type { Knex } from "knex";

/**
 * What a carrying amount by effective interest needs: how and since when a portfolio is carried, its forecasts by
 * version, and each month's accrual. All are written once: a change is a new row.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table carrying_basis (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      basis_no integer not null check (basis_no > 0),
      method text not null check (method in ('cost_recovery', 'effective_interest')),
      starts_on date not null,
      carrying_minor bigint not null,
      eir_monthly double precision check (eir_monthly > 0),
      forecast_version integer,
      reason text,
      actor text not null,
      recorded_at timestamptz not null,
      sequence bigint,
      check ((method = 'effective_interest') = (eir_monthly is not null and forecast_version is not null)),
      primary key (portfolio_id, basis_no)
    )`);
  await protect(knex, "carrying_basis");

  await knex.raw(`
    create table recovery_forecast (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      version integer not null check (version > 0),
      source text not null check (source in ('quote', 'given', 'scaled', 'remaining')),
      used_from date not null,
      first_month date not null,
      amounts_minor bigint[] not null,
      reason text,
      actor text not null,
      recorded_at timestamptz not null,
      primary key (portfolio_id, version)
    )`);
  await protect(knex, "recovery_forecast");

  await knex.raw(`
    create table revenue_month (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      month date not null,
      revision integer not null check (revision > 0),
      basis_no integer not null,
      forecast_version integer not null,
      eir_monthly double precision not null,
      share double precision not null check (share >= 0),
      opening_minor bigint not null,
      revenue_minor bigint not null,
      cash_minor bigint not null,
      forecast_cash_minor bigint not null,
      change_current_minor bigint not null,
      change_future_minor bigint not null,
      other_minor bigint not null,
      closing_minor bigint not null,
      sequences bigint[] not null,
      actor text not null,
      recorded_at timestamptz not null,
      check (closing_minor = opening_minor + revenue_minor + change_current_minor + change_future_minor
                             - cash_minor + other_minor),
      check (change_current_minor = cash_minor - forecast_cash_minor),
      primary key (portfolio_id, month, revision)
    )`);
  await protect(knex, "revenue_month");
}

async function protect(knex: Knex, table: string): Promise<void> {
  await knex.raw(`alter table ${table} enable row level security`);
  await knex.raw(`alter table ${table} force row level security`);
  await knex.raw(`create policy tenant_only on ${table} using (tenant_id = current_setting('app.tenant', true))`);
  await knex.raw(`grant select, insert on ${table} to netback_app`);
}
