import type { Knex } from "knex";

/**
 * Claims in components, court costs advanced, collection terms, the seller's answer to a put-back, resales; what a
 * portfolio is made of and how its carrying amount moves.
 *
 * `claim_minor` stays the whole claim; interest, fees and court costs stand beside it as parts of it, and what is left is
 * principal. So the rows that are there need no change: their claims were booked to 9000 and are principal.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table portfolio
      add column kind text not null default 'purchased_debt' check (kind in ('purchased_debt', 'factoring')),
      add column carrying_method text not null default 'cost_recovery'
        check (carrying_method in ('cost_recovery', 'effective_interest')),
      add column waterfall text[] not null default '{court_costs,fees,interest,principal}'
        check (cardinality(waterfall) = 4 and waterfall @> '{court_costs,fees,interest,principal}'),
      add column overpayment text not null default 'unapplied' check (overpayment in ('unapplied', 'refund'))`);
  await splitClaims(knex);
  await knex.raw(`
    alter table purchase add column put_back_basis text not null default 'face'
      check (put_back_basis in ('face', 'allocated_price'))`);
  await knex.raw("alter table placement add column gross_remittance boolean not null default false");
  await knex.raw("alter table cost add column recoverable boolean not null default false");
  await answerPutBacks(knex);
  await keepClaimEvents(knex);
  await keepResales(knex);
}

async function splitClaims(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table position
      add column interest_minor bigint not null default 0 check (interest_minor >= 0),
      add column fees_minor bigint not null default 0 check (fees_minor >= 0),
      add column court_costs_minor bigint not null default 0 check (court_costs_minor >= 0),
      add column paid_interest_minor bigint not null default 0,
      add column paid_fees_minor bigint not null default 0,
      add column paid_court_costs_minor bigint not null default 0,
      add column advance_minor bigint not null default 0 check (advance_minor >= 0),
      add column advance_recovered_minor bigint not null default 0,
      add column refund_due_minor bigint not null default 0,
      add constraint position_parts_within_claim check (claim_minor >= interest_minor + fees_minor + court_costs_minor),
      add constraint position_refund_within_unapplied check (refund_due_minor between 0 and unapplied_minor),
      drop constraint position_state_check,
      add constraint position_state_check check (state in ('owned', 'put_back', 'sold', 'settled'))`);
  await knex.raw(`
    alter table payment
      add column interest_minor bigint not null default 0,
      add column fees_minor bigint not null default 0,
      add column court_costs_minor bigint not null default 0,
      add column advance_minor bigint not null default 0,
      add column gross_remittance boolean not null default false`);
}

/** A receivable that came back from a refused put-back may be put back again: the entry tells the two apart. */
async function answerPutBacks(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table put_back
      add column state text not null default 'asked' check (state in ('asked', 'accepted', 'refused')),
      add column accepted_minor bigint,
      add column answered_on date,
      add column answer_reason text,
      add column answer_sequence bigint,
      drop constraint put_back_pkey,
      add primary key (portfolio_id, receivable_no, sequence)`);
  await knex.raw(
    "grant update (state, accepted_minor, answered_on, answer_reason, answer_sequence) on put_back to netback_app",
  );
}

/** What one entry changed on one receivable, other than by a payment: differences, signed. */
async function keepClaimEvents(knex: Knex): Promise<void> {
  await knex.raw(`
    create table claim_event (
      portfolio_id text not null,
      tenant_id text not null,
      sequence bigint not null,
      receivable_no integer not null,
      kind text not null,
      happened_on date not null,
      state_before text not null,
      state_after text not null,
      principal_minor bigint not null,
      interest_minor bigint not null,
      fees_minor bigint not null,
      court_costs_minor bigint not null,
      collected_minor bigint not null,
      unapplied_minor bigint not null,
      advance_minor bigint not null,
      reason text,
      note text,
      recorded_at timestamptz not null,
      primary key (portfolio_id, sequence, receivable_no)
    )`);
  await knex.raw("create index claim_event_of_receivable on claim_event (portfolio_id, receivable_no, sequence)");
  await protect(knex, "claim_event", "select, insert");
}

async function keepResales(knex: Knex): Promise<void> {
  await knex.raw(`
    create table resale (
      portfolio_id text not null references portfolio,
      tenant_id text not null,
      sequence bigint not null,
      buyer text not null,
      sold_on date not null,
      receivables integer not null,
      claim_minor bigint not null,
      proceeds_minor bigint not null check (proceeds_minor >= 0),
      carrying_minor bigint not null,
      external_id text,
      recorded_at timestamptz not null,
      primary key (portfolio_id, sequence),
      constraint resale_external_id_once unique (portfolio_id, external_id)
    )`);
  await protect(knex, "resale", "select, insert");
  await knex.raw(`
    create table resale_receivable (
      portfolio_id text not null,
      tenant_id text not null,
      sequence bigint not null,
      receivable_no integer not null,
      claim_minor bigint not null,
      proceeds_minor bigint not null,
      carrying_minor bigint not null,
      primary key (portfolio_id, sequence, receivable_no)
    )`);
  await protect(knex, "resale_receivable", "select, insert");
}

async function protect(knex: Knex, table: string, rights: string): Promise<void> {
  await knex.raw(`alter table ${table} enable row level security`);
  await knex.raw(`alter table ${table} force row level security`);
  await knex.raw(`create policy tenant_only on ${table} using (tenant_id = current_setting('app.tenant', true))`);
  await knex.raw(`grant ${rights} on ${table} to netback_app`);
}
