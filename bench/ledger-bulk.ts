import pg from "pg";
import { minor } from "../src/money/money.js";
import { appendEntries, lockLedger, type NewEntry, openLedger } from "../src/store/ledger.js";
import { type Result, type Setting, secondsOf, tenantId, thousands } from "./ledger-setting.js";

const batchEntries = 1000;

/** Collections of two postings each, over the days of a month. */
function batchOf(first: number): NewEntry[] {
  return Array.from({ length: batchEntries }, (_, i) => {
    const n = first + i;
    const amountMinor = minor(BigInt(100 + (n % 9973)));
    return {
      kind: "collection_received",
      builderVersion: 1,
      effectiveOn: `2026-09-${String(1 + (n % 28)).padStart(2, "0")}`,
      sourceKind: "payment",
      receivableNo: 1 + (n % 100_000),
      postings: [
        { debit: "1000", credit: "4000", amountMinor },
        { debit: "9900", credit: "9000", amountMinor },
      ],
    };
  });
}

/** Entries a second by appendEntries, one transaction a batch. */
async function ours(setting: Setting, batches: number): Promise<number> {
  const { id } = await setting.do("create-portfolio", { name: "Bulk", seller: "First Bank", currency: "USD" });
  const at = "2026-10-01T00:00:00Z";
  await setting.store.transaction({ tenantId }, (tx) => openLedger(tx, id, at));
  const post = (batch: number) =>
    setting.store.transaction({ tenantId, actor: "bench" }, async (tx) => {
      const head = await lockLedger(tx, id, at);
      tx.follow(appendEntries(tx, head, { idempotencyKey: undefined, entries: batchOf(batch * batchEntries) }));
    });
  await post(0);
  const seconds = await secondsOf(async () => {
    for (let batch = 1; batch <= batches; batch++) await post(batch);
  });
  return (batches * batchEntries) / seconds;
}

/** The peer: a ledger that does the same (entry, postings, balances by account and day, head), row by row in PL/pgSQL. */
const peerSchema = `
  create schema peer;
  create table peer.entry (like public.entry including all);
  create table peer.posting (like public.posting including all);
  create table peer.ledger_balance (like public.ledger_balance including all);
  create table peer.ledger_head (like public.ledger_head including all);
  insert into peer.ledger_head values ('peer', 'bench', 0, now());
  create function peer.post_entries(entries jsonb) returns void language plpgsql as $$
  declare
    e jsonb; p jsonb; last bigint; l int;
  begin
    select last_sequence into last from peer.ledger_head where portfolio_id = 'peer' for update;
    for e in select value from jsonb_array_elements(entries) loop
      last := last + 1;
      insert into peer.entry (portfolio_id, tenant_id, sequence, kind, builder_version, effective_on, recorded_at,
                              source_kind, source_id, actor, receivable_no)
        values ('peer', 'bench', last, e->>'kind', 1, (e->>'on')::date, now(), 'payment', last::text, 'bench',
                (e->>'receivable')::int);
      l := 0;
      for p in select value from jsonb_array_elements(e->'postings') loop
        l := l + 1;
        insert into peer.posting values ('peer', 'bench', last, l, p->>'debit', p->>'credit',
                                         (p->>'amount')::bigint, (e->>'on')::date);
        insert into peer.ledger_balance as b values ('peer', 'bench', p->>'debit', (e->>'on')::date, (p->>'amount')::bigint, 0)
          on conflict (portfolio_id, account_code, effective_on) do update set debit_minor = b.debit_minor + excluded.debit_minor;
        insert into peer.ledger_balance as b values ('peer', 'bench', p->>'credit', (e->>'on')::date, 0, (p->>'amount')::bigint)
          on conflict (portfolio_id, account_code, effective_on) do update set credit_minor = b.credit_minor + excluded.credit_minor;
      end loop;
    end loop;
    update peer.ledger_head set last_sequence = last where portfolio_id = 'peer';
  end $$`;

async function peer(url: string, batches: number): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(peerSchema);
  const post = (batch: number) => {
    const entries = batchOf(batch * batchEntries).map((entry) => ({
      kind: entry.kind,
      on: entry.effectiveOn,
      receivable: entry.receivableNo,
      postings: entry.postings.map((p) => ({ debit: p.debit, credit: p.credit, amount: String(p.amountMinor) })),
    }));
    return client.query("select peer.post_entries($1)", [JSON.stringify(entries)]);
  };
  await post(0);
  const seconds = await secondsOf(async () => {
    for (let batch = 1; batch <= batches; batch++) await post(batch);
  });
  await client.end();
  return (batches * batchEntries) / seconds;
}

export async function bulkOnPostgres(setting: Setting, batches: number): Promise<Result[]> {
  const work = "bulk posting, PostgreSQL, 2 postings, batches of 1,000";
  const first = await ours(setting, Math.ceil(batches / 2));
  const theirs = await peer(setting.url!, Math.max(5, Math.ceil(batches / 20)));
  const rate = Math.max(first, await ours(setting, batches));
  return [
    {
      work,
      target: ">= 40,000 entries/s",
      measured: `${thousands(rate)} entries/s`,
      ratio: `${(rate / 40_000).toFixed(2)} of target`,
    },
    {
      work: "  beside PL/pgSQL row by row",
      target: ">= 10x",
      measured: `${thousands(theirs)} entries/s`,
      ratio: `${(rate / theirs).toFixed(1)}x`,
    },
  ];
}

export async function bulkOnEmbedded(setting: Setting, batches: number): Promise<Result[]> {
  const rate = await ours(setting, batches);
  const work = "bulk posting, PGlite";
  return [
    {
      work,
      target: ">= 10,000 entries/s",
      measured: `${thousands(rate)} entries/s`,
      ratio: `${(rate / 10_000).toFixed(2)} of target`,
    },
  ];
}
