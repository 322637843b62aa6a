import type { Knex } from "knex";

/**
 * The index of a debtor's invoices begins with the debtor. Row security names the tenant in every statement, and nothing is
 * known of how many there are (0025): an index that begins with the tenant, and has the portfolio further on, was taken to
 * hold next to nothing of it. One invoice was found by reading all that the tenant has.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw("drop index invoice_of_debtor");
  await knex.raw("create index invoice_of_debtor on invoice (debtor_id, tenant_id, portfolio_id, invoice_no)");
}
