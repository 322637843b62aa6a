import type { Knex } from "knex";

/**
 * Purchases, positions, agencies, placements, payments, costs, put-backs, and the ledger under them.
 *
 * Everything that moves money has one entry, and takes the entry's number in the portfolio's gapless sequence as its
 * own. Entries and postings carry no foreign key (it would cost 39 % of the bulk rate): they are written by one
 * function, beside the things they book, and can be proved from each other. Balances are kept by day, so that any
 * day's balance is a sum of few rows.
 */
export async function up(knex: Knex): Promise<void> {
  await makePurchases(knex);
  await makeAgencies(knex);
  await makePayments(knex);
  await makeLedger(knex);
}

async function makePurchases(knex: Knex): Promise<void> {
  await knex.raw(`
    create table purchase (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      quote_no integer not null,
      price_minor bigint not null check (price_minor > 0),
      face_minor bigint not null check (face_minor > 0),
      receivables integer not null,
      allocation text not null check (allocation in ('face', 'expected_value')),
      cut_off_on date not null,
      closing_on date not null,
      put_back_until date not null,
      booked_at timestamptz not null,
      sequence bigint not null,
      primary key (portfolio_id),
      foreign key (portfolio_id, quote_no) references quote
    )`);
  await protect(knex, "purchase", "select, insert");
  await knex.raw("create index purchase_by_age on purchase (tenant_id, booked_at, portfolio_id)");

  await knex.raw(`
    create table position (
      portfolio_id text not null,
      tenant_id text not null,
      receivable_no integer not null,
      state text not null check (state in ('owned', 'put_back')),
      face_minor bigint not null,
      cost_minor bigint not null,
      claim_minor bigint not null check (claim_minor >= 0),
      collected_minor bigint not null default 0,
      unapplied_minor bigint not null default 0 check (unapplied_minor >= 0),
      commission_minor bigint not null default 0,
      placement_no integer,
      placements integer not null default 0,
      placed_balance_minor bigint,
      placed_age_days integer,
      placed_collected_minor bigint not null default 0,
      primary key (portfolio_id, receivable_no)
    ) with (fillfactor = 60)`);
  await protect(knex, "position", "select, insert, update");

  await knex.raw(`
    create table put_back (
      portfolio_id text not null,
      tenant_id text not null,
      receivable_no integer not null,
      sequence bigint not null,
      reason text not null,
      put_back_on date not null,
      refund_minor bigint not null,
      late boolean not null,
      override_reason text,
      actor text not null,
      recorded_at timestamptz not null,
      primary key (portfolio_id, receivable_no)
    )`);
  await protect(knex, "put_back", "select, insert");
}

async function makeAgencies(knex: Knex): Promise<void> {
  await knex.raw(`
    create table agency (
      tenant_id text not null,
      agency_id text not null,
      name text not null,
      external_id text,
      created_at timestamptz not null,
      primary key (tenant_id, agency_id),
      constraint agency_name_once unique (tenant_id, name),
      constraint agency_external_id_once unique (tenant_id, external_id)
    )`);
  await protect(knex, "agency", "select, insert, update");

  await knex.raw(`
    create table placement (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      placement_no integer not null,
      agency_id text not null,
      placed_on date not null,
      commission jsonb not null,
      receivables integer not null,
      still_placed integer not null check (still_placed >= 0),
      placed_face_minor bigint not null,
      recorded_at timestamptz not null,
      primary key (portfolio_id, placement_no)
    )`);
  await protect(knex, "placement", "select, insert");
  await knex.raw("grant update (still_placed) on placement to netback_app");
}

async function makePayments(knex: Knex): Promise<void> {
  await knex.raw(`
    create table payment_batch (
      portfolio_id text not null,
      tenant_id text not null,
      batch_no integer not null,
      sha256 text not null,
      file_name text not null,
      rows integer not null,
      recorded integer not null,
      skipped integer not null,
      amount_minor bigint not null,
      commission_minor bigint not null,
      unapplied_minor bigint not null,
      recorded_at timestamptz not null,
      primary key (portfolio_id, batch_no),
      constraint payment_batch_file_once unique (portfolio_id, sha256)
    )`);
  await protect(knex, "payment_batch", "select, insert");

  await knex.raw(`
    create table payment_refusal (
      portfolio_id text not null,
      tenant_id text not null,
      batch_no integer not null,
      row_no integer not null,
      account_number text,
      external_id text,
      code text not null,
      detail text not null,
      primary key (portfolio_id, batch_no, row_no)
    )`);
  await protect(knex, "payment_refusal", "select, insert");

  await knex.raw(`
    create table payment (
      portfolio_id text not null,
      tenant_id text not null,
      sequence bigint not null,
      receivable_no integer not null,
      channel text not null check (channel in ('own', 'agency', 'direct')),
      agency_id text,
      amount_minor bigint not null check (amount_minor <> 0),
      applied_minor bigint not null,
      unapplied_minor bigint not null,
      commission_minor bigint not null,
      paid_on date not null,
      recorded_at timestamptz not null,
      external_id text,
      reverses_sequence bigint,
      batch_no integer,
      check (amount_minor = applied_minor + unapplied_minor),
      primary key (portfolio_id, sequence),
      constraint payment_external_id_once unique (portfolio_id, external_id)
    )`);
  await knex.raw("create index payment_of_receivable on payment (portfolio_id, receivable_no, sequence)");
  await knex.raw(
    "create index payment_returned on payment (portfolio_id, reverses_sequence) where reverses_sequence is not null",
  );
  await protect(knex, "payment", "select, insert");

  await knex.raw(`
    create table cost (
      portfolio_id text not null,
      tenant_id text not null,
      sequence bigint not null,
      cost_type text not null,
      amount_minor bigint not null check (amount_minor <> 0),
      incurred_on date not null,
      receivable_no integer,
      agency_id text,
      external_id text,
      note text,
      recorded_at timestamptz not null,
      primary key (portfolio_id, sequence),
      constraint cost_external_id_once unique (portfolio_id, external_id)
    )`);
  await protect(knex, "cost", "select, insert");
}

async function makeLedger(knex: Knex): Promise<void> {
  await knex.raw(`
    create table ledger_head (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      last_sequence bigint not null,
      last_recorded_at timestamptz not null,
      primary key (portfolio_id)
    ) with (fillfactor = 50)`);
  await protect(knex, "ledger_head", "select, insert, update");

  await knex.raw(`
    create table entry (
      portfolio_id text not null,
      tenant_id text not null,
      sequence bigint not null check (sequence > 0),
      kind text not null,
      builder_version smallint not null,
      effective_on date not null,
      recorded_at timestamptz not null,
      source_kind text not null,
      source_id text not null,
      actor text not null,
      idempotency_key text,
      reverses_sequence bigint,
      receivable_no integer,
      agency_id text,
      cost_type text,
      primary key (portfolio_id, sequence)
    )`);
  await protect(knex, "entry", "select, insert");

  await knex.raw(`
    create table posting (
      portfolio_id text not null,
      tenant_id text not null,
      sequence bigint not null,
      line smallint not null,
      debit_account text not null check (debit_account ~ '^[0-9]{4}$'),
      credit_account text not null check (credit_account ~ '^[0-9]{4}$'),
      amount_minor bigint not null check (amount_minor > 0),
      effective_on date not null,
      check (debit_account <> credit_account),
      primary key (portfolio_id, sequence, line)
    )`);
  await protect(knex, "posting", "select, insert");

  await knex.raw(`
    create table ledger_balance (
      portfolio_id text not null,
      tenant_id text not null,
      account_code text not null,
      effective_on date not null,
      debit_minor bigint not null,
      credit_minor bigint not null,
      primary key (portfolio_id, account_code, effective_on)
    ) with (fillfactor = 50)`);
  await protect(knex, "ledger_balance", "select, insert, update");
}

async function protect(knex: Knex, table: string, rights: string): Promise<void> {
  await knex.raw(`alter table ${table} enable row level security`);
  await knex.raw(`alter table ${table} force row level security`);
  await knex.raw(`create policy tenant_only on ${table} using (tenant_id = current_setting('app.tenant', true))`);
  await knex.raw(`grant ${rights} on ${table} to netback_app`);
}
