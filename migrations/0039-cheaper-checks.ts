import type { Knex } from "knex";

/**
 * What every posting and every key paid for and nobody needed.
 *
 * A pattern on either account of a posting was a quarter of what it took to write it; which accounts there are
 * is for the builders, whose types know the chart. Here a length is enough to refuse a slip.
 *
 * A kept answer is given back and never searched: as `json` it comes back as it was sent, with its fields in their order.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table posting
      drop constraint posting_debit_account_check,
      drop constraint posting_credit_account_check,
      add constraint posting_accounts_check check (octet_length(debit_account) = 4 and octet_length(credit_account) = 4)`);
  await knex.raw(`
    alter table idempotency
      alter column request_fields type json using request_fields::json,
      alter column answer type json using answer::json`);
}
