import type { Knex } from "knex";

/**
 * A debtor's name is found by any of its words, or their first letters: `name_bits` has one of 64 bits for each word, by a keyed
 * hash of its first three letters, and what it lets through is opened and read. It takes the place of the hash of the whole name,
 * which told that two debtors are called alike.
 *
 * Only who has the vault's key can fill it in: names that were kept before have none, are opened at every search, and get
 * theirs a few hundred at a time as names are saved (`src/store/debtor-naming.ts`).
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw("drop index debtor_by_name");
  await knex.raw("alter table debtor_naming drop column name_digest");
  await knex.raw(`
    alter table debtor_naming
      add column name_bits bigint,
      add constraint debtor_naming_bits_of_name check (sealed_name is not null or name_bits is null)`);
  await knex.raw(`
    create index debtor_naming_without_bits on debtor_naming (tenant_id, debtor_id, seller_key)
     where name_bits is null and sealed_name is not null`);
}
