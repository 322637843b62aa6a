import type { Knex } from "knex";

/**
 * Portfolios, their tapes, receivables, findings and quotes; layouts, jobs and idempotency keys.
 *
 * Keys of what grows begin with portfolio_id; what is numbered in a portfolio (quotes, placements, batches) takes its
 * number from a counter on the portfolio's row, under that row's lock: no sequence is needed.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table portfolio (
      portfolio_id text not null,
      tenant_id text not null,
      name text not null,
      seller text not null,
      external_id text,
      currency text not null check (currency ~ '^[A-Z]{3}$'),
      state text not null check (state in ('open', 'owned')),
      created_at timestamptz not null,
      last_quote_no integer not null default 0,
      last_placement_no integer not null default 0,
      last_batch_no integer not null default 0,
      primary key (portfolio_id),
      constraint portfolio_external_id_once unique (tenant_id, external_id)
    ) with (fillfactor = 70)`);
  await protect(knex, "portfolio", "select, insert, update");
  await knex.raw("create index portfolio_by_age on portfolio (tenant_id, created_at, portfolio_id)");

  await knex.raw(`
    create table tape (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      sha256 text not null,
      file_name text not null,
      bytes bigint not null,
      format text not null,
      as_of date not null,
      rows_in_file integer not null,
      rows_kept integer not null,
      rows_rejected integer not null,
      face_minor bigint not null,
      findings jsonb not null,
      layout jsonb not null,
      columns text[] not null,
      imported_at timestamptz not null,
      primary key (portfolio_id)
    )`);
  await protect(knex, "tape", "select, insert");

  await knex.raw(`
    create table receivable (
      portfolio_id text not null,
      tenant_id text not null,
      receivable_no integer not null,
      row_no integer not null,
      account_number text not null,
      state text, postal_code text, country text, product_type text, original_creditor text, documents text,
      open_date date, delinquency_date date, charge_off_date date, last_payment_date date,
      last_payment_amount bigint, original_balance bigint, charge_off_balance bigint, current_balance bigint not null,
      principal bigint, interest bigint, fees bigint,
      interest_rate double precision, prior_placements double precision,
      bankruptcy smallint, deceased smallint, disputed smallint, fraud smallint, military smallint, judgment smallint,
      settled smallint,
      primary key (portfolio_id, receivable_no),
      constraint receivable_account_number_once unique (portfolio_id, account_number)
    )`);
  await protect(knex, "receivable", "select, insert");

  await knex.raw(`
    create table finding (
      portfolio_id text not null,
      tenant_id text not null,
      finding_no integer not null,
      row_no integer,
      column_name text,
      code text not null,
      severity text not null check (severity in ('reject', 'exclude', 'warn')),
      value text,
      message text not null,
      primary key (portfolio_id, finding_no)
    )`);
  await protect(knex, "finding", "select, insert");

  await knex.raw(`
    create table quote (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      quote_no integer not null,
      state text not null check (state in ('issued', 'accepted', 'declined', 'superseded')),
      currency text not null,
      price_minor bigint not null check (price_minor >= 0),
      face_minor bigint not null,
      receivables integer not null,
      cents_per_dollar double precision not null,
      target_irr text,
      as_of date not null,
      issued_at timestamptz not null,
      expires_at timestamptz not null,
      closed_at timestamptz,
      note text,
      closing_note text,
      snapshot jsonb not null,
      primary key (portfolio_id, quote_no)
    )`);
  await knex.raw("create unique index quote_one_open on quote (portfolio_id) where state = 'issued'");
  await knex.raw("create index quote_by_age on quote (tenant_id, issued_at, portfolio_id, quote_no)");
  await protect(knex, "quote", "select, insert");
  // a quote's figures never change: only its state may
  await knex.raw("grant update (state, closed_at, closing_note) on quote to netback_app");

  await knex.raw(`
    create table layout (
      tenant_id text not null,
      seller text not null,
      name text not null,
      layout jsonb not null,
      saved_at timestamptz not null,
      primary key (tenant_id, seller, name)
    )`);
  await protect(knex, "layout", "select, insert, update");

  await knex.raw(`
    create table idempotency (
      portfolio_id text not null,
      tenant_id text not null,
      idempotency_key text not null,
      act text not null,
      request_fields jsonb not null,
      answer jsonb,
      created_at timestamptz not null,
      primary key (portfolio_id, tenant_id, idempotency_key)
    )`);
  await protect(knex, "idempotency", "select, insert");
  await knex.raw("grant update (answer) on idempotency to netback_app");

  await knex.raw(`
    create table job (
      tenant_id text not null,
      job_id text not null,
      kind text not null,
      state text not null check (state in ('queued', 'running', 'succeeded', 'refused', 'failed')),
      actor jsonb not null,
      request jsonb not null,
      progress jsonb not null,
      result jsonb,
      error jsonb,
      created_at timestamptz not null,
      seen_at timestamptz not null,
      finished_at timestamptz,
      primary key (tenant_id, job_id)
    )`);
  await protect(knex, "job", "select, insert, update");
}

async function protect(knex: Knex, table: string, rights: string): Promise<void> {
  await knex.raw(`alter table ${table} enable row level security`);
  await knex.raw(`alter table ${table} force row level security`);
  await knex.raw(`create policy tenant_only on ${table} using (tenant_id = current_setting('app.tenant', true))`);
  await knex.raw(`grant ${rights} on ${table} to netback_app`);
}
