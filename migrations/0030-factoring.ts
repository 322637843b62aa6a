import type { Knex } from "knex";

/**
 * Factoring facilities: a portfolio of kind `factoring` with its terms, the schedules that are assigned to it, their
 * invoices, and every offer as it was shown.
 *
 * An offer is never updated: the application may insert and read it, nothing more. An invoice number of a debtor stands
 * in one live assignment at most; the partial unique index says so whoever writes at once.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table facility (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      terms jsonb not null,
      opened_at timestamptz not null,
      last_schedule_no integer not null default 0,
      last_invoice_no integer not null default 0,
      primary key (portfolio_id)
    ) with (fillfactor = 70)`);
  await protect(knex, "facility", "select, insert");
  await knex.raw("grant update (last_schedule_no, last_invoice_no) on facility to netback_app");

  await knex.raw(`
    create table factoring_schedule (
      portfolio_id text not null references facility,
      tenant_id text not null,
      schedule_no integer not null,
      state text not null check (state in ('submitted', 'checked', 'approved', 'funded')),
      invoices integer not null,
      gross_minor bigint not null,
      submitted_by text not null,
      submitted_at timestamptz not null,
      checked_by text,
      checked_at timestamptz,
      approved_by text,
      approved_at timestamptz,
      offer_version integer not null default 0,
      funded_on date,
      net_funded_minor bigint,
      sequence bigint,
      primary key (portfolio_id, schedule_no)
    )`);
  await protect(knex, "factoring_schedule", "select, insert, update");

  await knex.raw(`
    create table factoring_offer (
      portfolio_id text not null,
      tenant_id text not null,
      schedule_no integer not null,
      version integer not null,
      expires_on date not null,
      offered_by text not null,
      offered_at timestamptz not null,
      document jsonb not null,
      primary key (portfolio_id, schedule_no, version)
    )`);
  await protect(knex, "factoring_offer", "select, insert");

  await knex.raw(`
    create table factored_invoice (
      portfolio_id text not null,
      tenant_id text not null,
      invoice_no integer not null,
      schedule_no integer not null,
      debtor_id text not null,
      invoice_number text not null,
      state text not null check (state in ('submitted', 'not_bought', 'purchased', 'paid', 'charged_back', 'written_off')),
      issued_on date not null,
      due_on date not null,
      amount_minor bigint not null,
      purchase_order text,
      proof_of_delivery boolean not null,
      country text,
      disputed boolean not null,
      debtor_type text,
      funded_on date,
      face_minor bigint not null default 0,
      advance_minor bigint not null default 0,
      reserve_minor bigint not null default 0,
      fee_taken_minor bigint not null default 0,
      fee_minor bigint not null default 0,
      interest_minor bigint not null default 0,
      accrued_on date,
      collected_minor bigint not null default 0,
      dilution_minor bigint not null default 0,
      released_minor bigint not null default 0,
      charged_back_minor bigint not null default 0,
      owed_minor bigint not null default 0,
      seller_paid_minor bigint not null default 0,
      lost_minor bigint not null default 0,
      primary key (portfolio_id, invoice_no)
    ) with (fillfactor = 70)`);
  await knex.raw(`
    create unique index factored_invoice_one_live on factored_invoice (portfolio_id, debtor_id, invoice_number)
     where state in ('submitted', 'purchased')`);
  await knex.raw(
    "create index factored_invoice_of_schedule on factored_invoice (portfolio_id, schedule_no, invoice_no)",
  );
  await knex.raw(`
    create index factored_invoice_of_debtor on factored_invoice (tenant_id, debtor_id) where state = 'purchased'`);
  await protect(knex, "factored_invoice", "select, insert, update");

  await knex.raw(`
    create table factoring_event (
      portfolio_id text not null,
      tenant_id text not null,
      sequence bigint not null,
      invoice_no integer not null,
      kind text not null,
      amount_minor bigint not null,
      happened_on date not null,
      reason_code text,
      note text,
      recorded_at timestamptz not null,
      primary key (portfolio_id, sequence)
    )`);
  await knex.raw("create index factoring_event_of_invoice on factoring_event (portfolio_id, invoice_no, sequence)");
  await protect(knex, "factoring_event", "select, insert");

  for (const table of ["facility", "factoring_schedule", "factoring_offer", "factored_invoice", "factoring_event"]) {
    for (const column of ["portfolio_id", "tenant_id"]) {
      // no statistics on which portfolios and tenants there are: see 0025
      await knex.raw("alter table ?? alter column ?? set statistics 0", [table, column]);
    }
  }
}

async function protect(knex: Knex, table: string, rights: string): Promise<void> {
  await knex.raw(`alter table ${table} enable row level security`);
  await knex.raw(`alter table ${table} force row level security`);
  await knex.raw(`create policy tenant_only on ${table} using (tenant_id = current_setting('app.tenant', true))`);
  await knex.raw(`grant ${rights} on ${table} to netback_app`);
}
