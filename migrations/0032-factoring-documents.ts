import type { Knex } from "knex";

/** Documents of invoices, who verified them and how; notices of assignment. Names of persons stand in neither. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table invoice_document (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      document_no integer not null,
      invoice_no integer not null,
      kind text not null,
      reference text not null,
      signed boolean not null,
      dated_on date,
      sha256 text,
      state text not null default 'attached' check (state in ('attached', 'verified', 'refused')),
      method text,
      note text,
      attached_by text not null,
      attached_at timestamptz not null,
      verified_by text,
      verified_at timestamptz,
      primary key (portfolio_id, document_no),
      foreign key (portfolio_id, invoice_no) references invoice
    )`);
  await protect(knex, "invoice_document", "select, insert");
  await knex.raw("grant update (state, method, note, verified_by, verified_at) on invoice_document to netback_app");
  await knex.raw("create index document_of_invoice on invoice_document (portfolio_id, invoice_no, document_no)");
  await knex.raw("create index document_by_reference on invoice_document (portfolio_id, reference, document_no)");
  await knex.raw("create index invoice_by_number on invoice (portfolio_id, invoice_number, invoice_no)");
  await knex.raw("create index invoice_by_day on invoice (portfolio_id, invoice_on, invoice_no)");

  await knex.raw(`
    create table assignment_notice (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      notice_no integer not null,
      debtor_id text not null,
      method text not null,
      sent_on date not null,
      received_on date,
      acknowledged_on date,
      proof_requested_on date,
      released_on date,
      actor text not null,
      recorded_at timestamptz not null,
      primary key (portfolio_id, notice_no)
    )`);
  await knex.raw(`
    create unique index assignment_notice_live_once on assignment_notice (portfolio_id, debtor_id)
     where released_on is null`);
  await protect(knex, "assignment_notice", "select, insert");
  await knex.raw(
    "grant update (received_on, acknowledged_on, proof_requested_on, released_on) on assignment_notice to netback_app",
  );
}

async function protect(knex: Knex, table: string, rights: string): Promise<void> {
  await knex.raw(`alter table ${table} enable row level security`);
  await knex.raw(`alter table ${table} force row level security`);
  await knex.raw(`create policy tenant_only on ${table} using (tenant_id = current_setting('app.tenant', true))`);
  await knex.raw(`grant ${rights} on ${table} to netback_app`);
  for (const name of ["portfolio_id", "tenant_id"]) {
    await knex.raw("alter table ?? alter column ?? set statistics 0", [table, name]);
  }
}
