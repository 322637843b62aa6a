import type { Knex } from "knex";

/**
 * What debtors are called, what they were, disputes of invoices and their verification by persons: all written so that an
 * earlier day can be read as it was.
 *
 * - `debtor_naming`: a debtor's name, sealed, with a keyed hash to find it by, and the number that a seller knows it by. The
 *   row of the empty seller is the factor's own.
 * - `factoring_debtor_version`: every version of a debtor's limit, contra and type, written once.
 * - `dispute`: raised once, resolved once; `invoice_verification`: one row each time somebody asked.
 *
 * What books in use have is carried over: debtors as they are become their first version that is known, an invoice that
 * is marked as disputed gets a dispute of no known reason.
 */
export async function up(knex: Knex): Promise<void> {
  // the owner may be bound by row security, and what is there belongs to every tenant
  const read = ["tenant", "schedule", "invoice", "invoice_document", "factoring_debtor", "facility"];
  for (const table of read) await knex.raw("alter table ?? no force row level security", [table]);
  await keepNamings(knex);
  await keepVersions(knex);
  await keepDisputes(knex);
  await keepVerifications(knex);
  await markInvoices(knex);
  for (const table of read) await knex.raw("alter table ?? force row level security", [table]);
}

async function keepNamings(knex: Knex): Promise<void> {
  await knex.raw(`
    create table debtor_naming (
      tenant_id text not null,
      debtor_id text not null,
      seller_key text not null,
      customer_number text,
      sealed_name bytea,
      name_digest bytea,
      actor text not null,
      saved_at timestamptz not null,
      primary key (tenant_id, debtor_id, seller_key),
      constraint debtor_naming_number_once unique (tenant_id, seller_key, customer_number),
      check ((sealed_name is null) = (name_digest is null))
    )`);
  await knex.raw("create index debtor_by_name on debtor_naming (tenant_id, name_digest, seller_key)");
  await protect(knex, "debtor_naming", "select, insert, update");
}

async function keepVersions(knex: Knex): Promise<void> {
  await knex.raw(`
    create table factoring_debtor_version (
      tenant_id text not null,
      debtor_id text not null,
      version integer not null check (version > 0),
      currency text not null,
      credit_limit_minor bigint,
      payable_minor bigint not null,
      debtor_type text,
      from_on date not null,
      actor text not null,
      recorded_at timestamptz not null,
      primary key (tenant_id, debtor_id, version)
    )`);
  // of a debtor that was changed before, only what it is now is known: it holds from the beginning
  await knex.raw(`
    insert into factoring_debtor_version (tenant_id, debtor_id, version, currency, credit_limit_minor, payable_minor,
                                          debtor_type, from_on, actor, recorded_at)
    select d.tenant_id, d.debtor_id, d.version, d.currency, d.credit_limit_minor, d.payable_minor, d.debtor_type,
           (case when d.version = 1 then d.saved_at else least(d.saved_at, t.created_at) end at time zone 'UTC')::date,
           d.actor, case when d.version = 1 then d.saved_at else least(d.saved_at, t.created_at) end
      from factoring_debtor d join tenant t on t.tenant_id = d.tenant_id`);
  await protect(knex, "factoring_debtor_version", "select, insert");
}

async function keepDisputes(knex: Knex): Promise<void> {
  await knex.raw("alter table facility add column last_dispute_no integer not null default 0");
  await knex.raw("grant update (last_dispute_no) on facility to netback_app");
  await knex.raw(`
    create table dispute (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      dispute_no integer not null,
      invoice_no integer not null,
      reason text,
      x12_code text,
      amount_minor bigint not null check (amount_minor > 0),
      whole boolean not null,
      raised_by text not null check (raised_by in ('debtor', 'seller', 'factor')),
      raised_on date not null,
      note text,
      actor text not null,
      recorded_at timestamptz not null,
      outcome text check (outcome in ('seller_cures', 'credit_agreed', 'debtor_pays')),
      resolved_on date,
      credit_minor bigint check (credit_minor > 0),
      resolution_note text,
      resolved_by text,
      resolved_at timestamptz,
      primary key (portfolio_id, dispute_no),
      foreign key (portfolio_id, invoice_no) references invoice,
      constraint dispute_resolved_whole check ((outcome is null) = (resolved_at is null)
        and (outcome is null) = (resolved_on is null) and resolved_on >= raised_on)
    )`);
  await knex.raw(
    "create unique index dispute_open_once on dispute (portfolio_id, invoice_no) where resolved_at is null",
  );
  await knex.raw("create index dispute_of_invoice on dispute (portfolio_id, invoice_no, dispute_no)");
  await knex.raw(`
    insert into dispute (portfolio_id, tenant_id, dispute_no, invoice_no, amount_minor, whole, raised_by, raised_on, actor,
                         recorded_at)
    select i.portfolio_id, i.tenant_id, row_number() over (partition by i.portfolio_id order by i.invoice_no), i.invoice_no,
           i.amount_minor - i.paid_before_minor, true, 'debtor', (s.submitted_at at time zone 'UTC')::date, s.submitted_by, s.submitted_at
      from invoice i join schedule s on s.portfolio_id = i.portfolio_id and s.schedule_no = i.schedule_no
     where i.disputed`);
  await knex.raw(`
    update facility f set last_dispute_no = d.last
      from (select portfolio_id, max(dispute_no) as last from dispute group by 1) d
     where d.portfolio_id = f.portfolio_id`);
  await protect(knex, "dispute", "select, insert");
  await knex.raw(`
    grant update (outcome, resolved_on, credit_minor, resolution_note, resolved_by, resolved_at) on dispute to netback_app`);
}

async function keepVerifications(knex: Knex): Promise<void> {
  await knex.raw(`
    create table invoice_verification (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      invoice_no integer not null,
      verification_no integer not null,
      outcome text not null check (outcome in ('verified', 'refused')),
      method text not null,
      verified_on date not null,
      note text,
      actor text not null,
      recorded_at timestamptz not null,
      primary key (portfolio_id, invoice_no, verification_no),
      foreign key (portfolio_id, invoice_no) references invoice
    )`);
  await protect(knex, "invoice_verification", "select, insert");
}

/** What holds now, beside what led there: `stated_proof` is what a schedule said, where a document has said otherwise. */
async function markInvoices(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table invoice
      add column disputed_minor bigint check (disputed_minor > 0),
      add column verified boolean not null default false,
      add column stated_proof boolean,
      add column purchase_order_at timestamptz`);
  await knex.raw(`
    update invoice i set stated_proof = false
     where exists (select from invoice_document d where d.portfolio_id = i.portfolio_id and d.invoice_no = i.invoice_no
                      and d.kind = 'proof_of_delivery' and (d.signed or d.state <> 'attached'))`);
  await knex.raw(`
    update invoice i set purchase_order_at = d.attached_at
      from (select portfolio_id, invoice_no, reference, min(attached_at) as attached_at
              from invoice_document where kind = 'purchase_order' group by 1, 2, 3) d
     where d.portfolio_id = i.portfolio_id and d.invoice_no = i.invoice_no and d.reference = i.purchase_order`);
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
