import type { Knex } from "knex";

/**
 * Schedules of invoices, what each invoice has come to, and every movement that led there.
 *
 * `assignment` keeps an invoice in one live assignment only, over all facilities of a tenant: its unique index begins with
 * the tenant, because no key may reach from one portfolio into another, and counts what is not released. An invoice
 * that was paid is never released: it cannot be sold again.
 */
export async function up(knex: Knex): Promise<void> {
  await makeSchedules(knex);
  await makeInvoices(knex);
  await makeReceipts(knex);
}

async function makeSchedules(knex: Knex): Promise<void> {
  await knex.raw(`
    create table schedule (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      schedule_no integer not null,
      state text not null check (state in ('submitted', 'checked', 'approved', 'funded', 'rejected')),
      invoices integer not null,
      gross_minor bigint not null,
      file_sha256 text,
      external_id text,
      submitted_by text not null,
      submitted_at timestamptz not null,
      checked_by text,
      checked_at timestamptz,
      approved_by text,
      approved_at timestamptz,
      rejected_by text,
      reject_reason text,
      offer_version integer not null default 0,
      funded_on date,
      funded_sequence bigint,
      face_minor bigint not null default 0,
      advance_minor bigint not null default 0,
      fee_minor bigint not null default 0,
      charges_minor bigint not null default 0,
      findings jsonb not null,
      primary key (portfolio_id, schedule_no),
      constraint schedule_external_id_once unique (portfolio_id, external_id),
      constraint schedule_funded_when_said check ((state = 'funded') = (funded_sequence is not null))
    )`);
  await knex.raw(
    "create unique index schedule_file_once on schedule (portfolio_id, file_sha256) where state <> 'rejected'",
  );
  await protect(knex, "schedule", "select, insert, update");

  await knex.raw(`
    create table offer_disclosure (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      schedule_no integer not null,
      version integer not null check (version > 0),
      terms_version integer not null,
      as_of date not null,
      expires_on date not null,
      net_funded_minor bigint not null,
      document jsonb not null,
      sha256 text not null,
      actor text not null,
      shown_at timestamptz not null,
      primary key (portfolio_id, schedule_no, version)
    )`);
  await protect(knex, "offer_disclosure", "select, insert");
}

async function makeInvoices(knex: Knex): Promise<void> {
  await knex.raw(`
    create table invoice (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      invoice_no integer not null,
      schedule_no integer not null,
      debtor_id text not null,
      invoice_number text not null,
      invoice_on date not null,
      due_on date not null,
      amount_minor bigint not null check (amount_minor > 0),
      paid_before_minor bigint not null default 0 check (paid_before_minor between 0 and amount_minor),
      purchase_order text,
      has_proof boolean not null,
      country text,
      debtor_type text,
      disputed boolean not null default false,
      state text not null
        check (state in ('submitted', 'purchased', 'paid', 'charged_back', 'bought_back', 'lost', 'released')),
      terms_version integer,
      purchased_on date,
      advance_minor bigint not null default 0,
      first_fee_minor bigint not null default 0,
      accrued_on date,
      segment_on date,
      segment_fee_minor bigint not null default 0,
      segment_interest_minor bigint not null default 0,
      open_minor bigint not null default 0 check (open_minor >= 0),
      reserve_minor bigint not null default 0,
      unearned_minor bigint not null default 0 check (unearned_minor >= 0),
      employed_minor bigint not null default 0 check (employed_minor >= 0),
      collected_minor bigint not null default 0,
      diluted_minor bigint not null default 0,
      fee_minor bigint not null default 0,
      interest_minor bigint not null default 0,
      settled_on date,
      primary key (portfolio_id, invoice_no)
    ) with (fillfactor = 60)`);
  await knex.raw("create index invoice_of_schedule on invoice (portfolio_id, schedule_no, invoice_no)");
  await knex.raw("create index invoice_of_debtor on invoice (tenant_id, debtor_id, portfolio_id, invoice_no)");
  await knex.raw("create index invoice_open on invoice (portfolio_id, invoice_no) where state = 'purchased'");
  await protect(knex, "invoice", "select, insert, update");

  await knex.raw(`
    create table assignment (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      invoice_no integer not null,
      seller_key text not null,
      debtor_id text not null,
      invoice_number text not null,
      assigned_at timestamptz not null,
      released_at timestamptz,
      release_reason text,
      primary key (portfolio_id, invoice_no)
    )`);
  await knex.raw(`
    create unique index assignment_live_once on assignment (tenant_id, seller_key, debtor_id, invoice_number)
     where released_at is null`);
  await protect(knex, "assignment", "select, insert");
  await knex.raw("grant update (released_at, release_reason) on assignment to netback_app");

  // what one entry changed on one invoice: differences, signed
  await knex.raw(`
    create table invoice_event (
      portfolio_id text not null,
      tenant_id text not null,
      sequence bigint not null,
      invoice_no integer not null,
      kind text not null,
      effective_on date not null,
      happened_on date not null,
      open_minor bigint not null,
      reserve_minor bigint not null,
      unearned_minor bigint not null,
      employed_minor bigint not null,
      collected_minor bigint not null,
      diluted_minor bigint not null,
      fee_minor bigint not null,
      interest_minor bigint not null,
      reason text,
      primary key (portfolio_id, sequence, invoice_no)
    )`);
  await knex.raw("create index invoice_event_of_invoice on invoice_event (portfolio_id, invoice_no, sequence)");
  await protect(knex, "invoice_event", "select, insert");
}

async function makeReceipts(knex: Knex): Promise<void> {
  await knex.raw(`
    create table debtor_receipt (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      sequence bigint not null,
      kind text not null check (kind in ('invoices', 'paid_to_seller', 'not_purchased', 'unidentified')),
      amount_minor bigint not null check (amount_minor <> 0),
      applied_minor bigint not null,
      unapplied_minor bigint not null,
      received_on date not null,
      debtor_id text,
      reference text,
      external_id text,
      returns_sequence bigint,
      recorded_at timestamptz not null,
      primary key (portfolio_id, sequence),
      constraint debtor_receipt_external_id_once unique (portfolio_id, external_id),
      constraint debtor_receipt_returned_once unique (portfolio_id, returns_sequence)
    )`);
  await protect(knex, "debtor_receipt", "select, insert");
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
