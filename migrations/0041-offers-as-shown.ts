import type { Knex } from "knex";

/**
 * The document of an offer is kept as it was shown, with its fields in their order, so that its hash can be taken again; and it
 * is not compressed, which cost more than all else that keeping an offer does.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw("alter table offer_disclosure alter column document type json using document::json");
  await knex.raw("alter table offer_disclosure alter column document set storage external");
}
