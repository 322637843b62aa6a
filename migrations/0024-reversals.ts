import type { Knex } from "knex";

/**
 * What taking entries back needs of payments: a row may move commission alone (only the agency's fee was wrong), and a
 * corrected payment knows the one it stands in for, as it was first recorded. So an owner's own number leads to the
 * payment that stands today. The receipts of an agency are found by an index of their own, for there are few.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table payment drop constraint payment_amount_minor_check,
                        add column stands_for_sequence bigint,
                        add constraint payment_moves_something check (amount_minor <> 0 or commission_minor <> 0)`);
  await knex.raw(
    "create index payment_corrected on payment (portfolio_id, stands_for_sequence, sequence) where stands_for_sequence is not null",
  );
  await knex.raw(
    "create index entry_receipt on entry (portfolio_id, agency_id, sequence) where source_kind = 'receipt'",
  );
}
