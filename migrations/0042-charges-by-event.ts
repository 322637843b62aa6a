import type { Knex } from "knex";

/**
 * Charges for what happens now and then, and what takes a charge back: no charge is taken back twice. When it was recorded that a
 * facility has ended; of those that ended before, no earlier than the day that they ended on.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table facility_charge
      add column waives_sequence bigint,
      drop constraint facility_charge_kind_check,
      add constraint facility_charge_kind_check check (
        kind in ('once', 'month', 'minimum', 'termination', 'filing', 'payout', 'unfactored_payment', 'occasion')),
      add constraint facility_charge_waived_below_zero check (waives_sequence is null or amount_minor < 0)`);
  await knex.raw("create unique index facility_charge_waived on facility_charge (portfolio_id, waives_sequence)");
  await knex.raw("alter table facility add column ended_at timestamptz");
  // row-level security holds for the owner as well: it stands aside while the rows of every tenant are brought over
  await knex.raw("alter table facility no force row level security");
  await knex.raw("update facility set ended_at = ended_on::timestamp at time zone 'UTC' where ended_on is not null");
  await knex.raw("alter table facility force row level security");
  await knex.raw(
    "alter table facility add constraint facility_ended_at_an_instant check ((ended_on is null) = (ended_at is null))",
  );
  await knex.raw("grant update (ended_at) on facility to netback_app");
}
