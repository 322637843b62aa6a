import { randomBytes } from "node:crypto";
import { boughtPortfolio, quantile, type Result, type Setting, tenantId, thousands } from "./ledger-setting.js";

/**
 * Fills a bought portfolio with collections, set-based: four postings each (cash, cost recovered, claim, and a
 * commission or not), over five years, with their payments, positions and balances.
 */
async function fill(setting: Setting, postings: number): Promise<string> {
  const receivables = Math.max(10_000, Math.round(postings / 10));
  const portfolioId = await boughtPortfolio(setting, Math.min(receivables, 100_000), "2021-09-30");
  const entries = Math.round(postings / 4);
  await setting.store.asOwner(async (knex) => {
    const run = (sql: string, bindings: Record<string, unknown> = {}) =>
      knex.raw(sql, { p: portfolioId, t: tenantId, n: entries, ...bindings } as never);
    await run("alter table ledger_head disable row level security");
    for (const table of ["entry", "posting", "payment", "position", "ledger_balance"]) {
      await run(`alter table ${table} disable row level security`);
    }
    const source = `generate_series(1, cast(:n as bigint)) as g`;
    const day = "(date '2021-10-01' + cast(mod(g * 7, 1826) as integer))";
    await run(
      `insert into entry (portfolio_id, tenant_id, sequence, kind, builder_version, effective_on, recorded_at, source_kind,
                          source_id, actor, receivable_no)
       select :p, :t, g + 1, 'collection_received', 1, ${day}, now(), 'payment', (g + 1)::text, 'bench', n.receivable_no
         from ${source} join (select receivable_no, row_number() over (order by receivable_no) as k
                                from position where portfolio_id = :p) n
           on n.k = 1 + mod(g * 7919, (select count(*) from position where portfolio_id = :p)) order by g`,
    );
    await run(
      `insert into posting (portfolio_id, tenant_id, sequence, line, debit_account, credit_account, amount_minor, effective_on)
       select :p, :t, e.sequence, l, d, c, 100 + mod(e.sequence, 900), e.effective_on
         from entry e cross join (values (1, '1000', '4000'), (2, '4900', '1500'), (3, '9900', '9000'), (4, '5000', '2050')) as v(l, d, c)
        where e.portfolio_id = :p and e.sequence > 1 order by e.sequence, l`,
    );
    await run(
      `insert into payment (portfolio_id, tenant_id, sequence, receivable_no, channel, amount_minor, applied_minor,
                            unapplied_minor, commission_minor, paid_on, recorded_at, external_id)
       select :p, :t, sequence, receivable_no, 'own', a, a, 0, a, effective_on, recorded_at, 'B-' || sequence
         from (select e.*, 100 + mod(e.sequence, 900) as a from entry e where portfolio_id = :p and sequence > 1) s
        order by sequence`,
    );
    await run(
      `insert into ledger_balance as b
       select :p, :t, account, day, sum(debit), sum(credit) from (
         select debit_account as account, effective_on as day, amount_minor as debit, 0 as credit from posting
          where portfolio_id = :p and sequence > 1
         union all select credit_account, effective_on, 0, amount_minor from posting where portfolio_id = :p and sequence > 1) s
        group by account, day
       on conflict (portfolio_id, account_code, effective_on) do update
          set debit_minor = b.debit_minor + excluded.debit_minor, credit_minor = b.credit_minor + excluded.credit_minor`,
    );
    await run(
      `update position o set collected_minor = s.a, commission_minor = s.a, claim_minor = greatest(0, claim_minor - s.a)
         from (select receivable_no, sum(amount_minor) as a from payment where portfolio_id = :p group by 1) s
        where o.portfolio_id = :p and o.receivable_no = s.receivable_no`,
    );
    const balance = (code: string) =>
      `balance_${code} = (select coalesce(sum(debit_minor - credit_minor), 0) from ledger_balance
                           where portfolio_id = :p and account_code = '${code}')`;
    const balances = ["1500", "4000", "4900", "4920"].map(balance).join(", ");
    await run(`update ledger_head set last_sequence = :n + 1, ${balances} where portfolio_id = :p`);
    for (const table of ["ledger_head", "entry", "posting", "payment", "position", "ledger_balance"]) {
      await run(`alter table ${table} enable row level security`);
    }
    await knex.raw("vacuum analyze");
  });
  return portfolioId;
}

async function times(count: number, work: (k: number) => Promise<unknown>): Promise<number[]> {
  const measures: number[] = [];
  for (let k = 0; k < count; k++) {
    const start = performance.now();
    await work(k);
    measures.push(performance.now() - start);
  }
  return measures;
}

const limitOf = (work: string, measures: readonly number[], limit: number, q = 0.5): Result => {
  const measured = quantile(measures, q);
  return {
    work,
    target: `${q === 0.5 ? "" : "p99 "}<= ${limit} ms`,
    measured: `${measured.toFixed(1)} ms`,
    ratio: `${(measured / limit).toFixed(2)} of limit`,
  };
};

/** The whole book replayed, once. */
async function verify(setting: Setting, postings: number): Promise<Result> {
  const start = performance.now();
  const { green, differences } = await setting.do("verify-books", {});
  const seconds = (performance.now() - start) / 1000;
  const limit = (60 * postings) / 10_000_000;
  return {
    work: `verify ${thousands(postings)} postings`,
    target: "<= 60 s per 10,000,000",
    measured: `${seconds.toFixed(1)} s, ${green ? "green" : `not green: ${differences[0]?.check}`}`,
    ratio: `${(seconds / limit).toFixed(2)} of limit`,
  };
}

export async function reports(setting: Setting, postings: number): Promise<Result[]> {
  const portfolio_id = await fill(setting, postings);
  const size = `${thousands(postings)} postings`;
  const monthEnd = (k: number) => ["2023-06-30", "2024-12-31", "2026-09-30"][k % 3]!;
  const single = { portfolio_id, amount: "1.25", paid_on: "2026-10-20" };
  const { data } = await setting.do("list-payments", { portfolio_id, limit: 200 });
  const accountAt = (k: number) => data[k % data.length]!.account_number;
  return [
    await verify(setting, postings),
    limitOf(
      `trial balance at a month end, ${size}`,
      await times(15, (k) => setting.do("report-trial-balance", { as_of: monthEnd(k) })),
      150,
    ),
    limitOf(
      `net-back of one portfolio, ${size}`,
      await times(15, (k) => setting.do("report-netback", { portfolio_id, as_of: monthEnd(k) })),
      150,
    ),
    limitOf(
      `receivable statement, ${size}`,
      await times(300, (k) => setting.do("show-receivable-statement", { portfolio_id, account_number: accountAt(k) })),
      20,
      0.99,
    ),
    limitOf(
      `one payment, desk alone, ${size}`,
      await times(300, (k) =>
        setting.do("record-payment", {
          ...single,
          account_number: accountAt(k),
          external_id: randomBytes(6).toString("hex"),
        }),
      ),
      5,
      0.99,
    ),
  ];
}
