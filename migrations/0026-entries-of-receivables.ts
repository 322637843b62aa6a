import type { Knex } from "knex";

/**
 * What statements of long ledgers need: the entries of one receivable, and the postings of some days.
 *
 * Entries of a receivable. Payments have an index of their own, and a second one over them would make
 * posting them half as dear again (measured: 3.3 s to 5.3 s for 200,000 entries of random receivables); so this one holds
 * the few other entries alone.
 *
 * Postings of some days. They come much in the order of their days, so an index of block ranges finds a month in a
 * ledger of years (2,216 blocks of ten million postings), and adds next to nothing to the cost of posting.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create index entry_of_receivable on entry (portfolio_id, receivable_no, sequence)
     where receivable_no is not null and source_kind <> 'payment'`);
  await knex.raw(
    "create index posting_by_day on posting using brin (portfolio_id, effective_on) with (pages_per_range = 64)",
  );
}
