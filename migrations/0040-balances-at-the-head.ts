import type { Knex } from "knex";

const accounts = ["1500", "4000", "4900", "4920"] as const;

/**
 * What an investment comes to stands at the head of its ledger: every act in the portfolio needs it, and to add up the days of
 * these accounts took longer with every day that passed.
 */
export async function up(knex: Knex): Promise<void> {
  const added = accounts.map((code) => `add column balance_${code} bigint not null default 0`);
  await knex.raw(`alter table ledger_head ${added.join(", ")}`);
  // the owner sees the rows of every tenant here, which row security would hide from it
  for (const table of ["ledger_head", "ledger_balance"])
    await knex.raw(`alter table ${table} no force row level security`);
  const sums = accounts.map(
    (code) => `coalesce(sum(debit_minor - credit_minor) filter (where account_code = '${code}'), 0)::bigint`,
  );
  await knex.raw(`
    update ledger_head h set (${accounts.map((code) => `balance_${code}`).join(", ")}) =
      (select ${sums.join(", ")} from ledger_balance b where b.portfolio_id = h.portfolio_id)`);
  for (const table of ["ledger_head", "ledger_balance"])
    await knex.raw(`alter table ${table} force row level security`);
}
