import { expect } from "chai";
import type { Difference } from "../../models/period.js";
import { sqlStateOf } from "../../src/store/database-error.js";
import type { Store } from "../../src/store/store.js";
import { eachDatabase } from "../harness/database.js";
import { DeskFixture } from "./desk-fixture.js";
import { fundedSchedule, openedFacility, printedTerms, stated, type Terms } from "./facility-fixture.js";

const terms: Terms = {
  ...printedTerms,
  recourse: { kind: "none" },
  interest: { annual_rate: "0.10" },
  charges: [
    { code: "lockbox", amount: "250.00", per: "month" },
    { code: "credit check", amount: "25.00", per: "occasion" },
  ],
  monthly_minimum: { amount: "9000.00" },
  early_termination: { amount: "2500.00" },
};

/** Damage done to a facility with the owner's rights (`:id` is its portfolio), and the checks that must name it. */
// biome-ignore format: a table
const damages = [
  { what: "what is open of an invoice", sql: "update invoice set open_minor = open_minor + 1 where portfolio_id = :id and invoice_no = 2", found: ["invoices_open", "funds_and_reserve", "invoice"] },
  { what: "the reserve of an invoice", sql: "update invoice set reserve_minor = reserve_minor - 1 where portfolio_id = :id and invoice_no = 1", found: ["funds_and_reserve", "invoice"] },
  { what: "funds employed", sql: "update invoice set employed_minor = employed_minor + 1 where portfolio_id = :id and invoice_no = 2", found: ["invoice"] },
  { what: "a fee that was not yet earned", sql: "update invoice set unearned_minor = unearned_minor + 1 where portfolio_id = :id and invoice_no = 2", found: ["deferred_fees", "factoring_fees", "invoice"] },
  { what: "interest, with its movement", sql: "update invoice_event set interest_minor = interest_minor + 1 where portfolio_id = :id and invoice_no = 1 and kind = 'factoring_fees_accrued'", found: ["invoice"] },
  { what: "a movement that is lost", sql: "delete from invoice_event where portfolio_id = :id and kind = 'invoices_collected'", found: ["invoice", "invoice_event"] },
  { what: "the amount of a posting", sql: "update posting set amount_minor = amount_minor + 1 where portfolio_id = :id and debit_account = '1000' and credit_account = '1200'", found: ["balance", "invoice_event", "debtor_receipt"] },
  { what: "the amount of a receipt", sql: "update debtor_receipt set amount_minor = amount_minor + 1 where portfolio_id = :id", found: ["debtor_receipt"] },
  { what: "an assignment that was released by hand", sql: "update assignment set released_at = now() where portfolio_id = :id and invoice_no = 1", found: ["assignment"] },
  { what: "a credit loss", sql: "update invoice_event set open_minor = open_minor - 1 where portfolio_id = :id and kind = 'credit_loss'", found: ["credit_losses", "invoice", "invoice_event"] },
  { what: "a dispute that was lifted by hand", sql: "update invoice set disputed = false, disputed_minor = null where portfolio_id = :id and invoice_no = 2", found: ["dispute"] },
  { what: "the amount of a dispute", sql: "update dispute set amount_minor = amount_minor - 1 where portfolio_id = :id", found: ["dispute"] },
  { what: "an invoice that was called verified by hand", sql: "update invoice set verified = true where portfolio_id = :id and invoice_no = 2", found: ["invoice_verification"] },
  { what: "a charge that is lost", sql: "delete from facility_charge where portfolio_id = :id and kind = 'month'", found: ["facility_charges", "facility_charge"] },
  { what: "the amount of a minimum", sql: "update facility_charge set amount_minor = amount_minor + 1 where portfolio_id = :id and kind = 'minimum'", found: ["minimum_fees", "facility_charge"] },
  { what: "a fee for the end", sql: "update facility_charge set amount_minor = amount_minor + 1 where portfolio_id = :id and kind = 'termination'", found: ["termination_fees", "facility_charge"] },
  { what: "the entry of a charge is said to be another's", sql: "update facility_charge set sequence = 1 where portfolio_id = :id and kind = 'month'", found: ["facility_charge"] },
  { what: "a charge taken back is said to be another", sql: "update facility_charge set waives_sequence = 1 where portfolio_id = :id and waives_sequence is not null", found: ["waived_charge"] },
  { what: "more is taken back than was charged", sql: "update facility_charge set amount_minor = amount_minor - 1 where portfolio_id = :id and waives_sequence is not null", found: ["waived_charge", "facility_charge", "facility_charges"] },
] as const;

/** Those that point at others first. */
const tables = [
  "facility_charge",
  "posting",
  "debtor_receipt",
  "invoice_event",
  "assignment",
  "dispute",
  "invoice_verification",
  "invoice",
];

eachDatabase("damage done to a facility", (open) => {
  let fixture: DeskFixture;
  let store: Store;
  let portfolioId: string;

  before(async function () {
    this.timeout(120_000);
    store = await open();
    fixture = new DeskFixture(store);
    fixture.setDay("2026-03-01");
    await fixture.do("save-debtor", { debtor_id: "D1" });
    const opened = await openedFacility(fixture, { terms });
    portfolioId = opened.portfolioId;
    const facility_id = opened.facilityId;
    const march = { invoice_date: "2026-03-01", due_date: "2026-03-31" };
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [stated(march), stated(march), stated(march)]);
    fixture.setDay("2026-03-10");
    const invoices = [{ invoice_id: invoiceIds[0]!, amount: "10000.00" }];
    await fixture.do("record-collection", { facility_id, received_on: "2026-03-10", invoices });
    const lost = { facility_id, invoice_ids: [invoiceIds[2]!], written_off_on: "2026-03-10", note: "insolvent" };
    await fixture.do("write-off-invoices", lost);
    const invoice_id = invoiceIds[1]!;
    const dispute = { invoice_id, reason: "quality", amount: "5.00", raised_on: "2026-03-10" } as const;
    await fixture.do("dispute-invoice", dispute);
    await fixture.do("verify-invoice", { invoice_id, method: "call", verified_on: "2026-03-09" });
    await fixture.do("verify-invoice", { invoice_id, outcome: "refused", method: "call", verified_on: "2026-03-10" });
    const checked = { facility_id, code: "credit check", happened_on: "2026-03-10" };
    const { entry_id } = await fixture.do("charge-occasion", checked);
    await fixture.do("waive-charge", { facility_id, entry_id: entry_id!, waived_on: "2026-03-10", reason: "x" });
    await fixture.do("end-facility", { facility_id, ended_on: "2026-03-10", reason: "done" });
    for (const table of tables)
      await store.asOwner((knex) => knex.raw(`create table staging_${table} as table ${table}`));
  });
  after(() => fixture.remove());

  async function differences(): Promise<Difference[]> {
    return (await fixture.do("verify-books", {}, { dryRun: true })).differences;
  }

  it("is not there before", async () => {
    expect(await differences()).to.deep.equal([]);
  });

  for (const { what, sql, found } of damages) {
    it(`is named: ${what}`, async () => {
      try {
        const { rowCount, affectedRows } = await store.asOwner((knex) => knex.raw(sql, { id: portfolioId }));
        expect(rowCount ?? affectedRows).to.be.greaterThan(0);
        const named = await differences();
        expect([...new Set(named.map(({ check }) => check))], JSON.stringify(named)).to.include.members([...found]);
        expect(named.every((one) => one.expected !== one.found)).to.equal(true);
      } finally {
        await store.asOwner(async (knex) => {
          for (const table of tables) await knex.raw(`delete from ${table}`);
          for (const table of [...tables].reverse()) {
            await knex.raw(`insert into ${table} select * from staging_${table}`);
          }
        });
      }
    });
  }

  it("is not open to the application: what happened, what was shown and what was agreed is written once", async () => {
    for (const table of ["invoice_event", "offer_disclosure", "facility_terms", "debtor_receipt", "facility_charge"]) {
      for (const sql of [`update ${table} set tenant_id = tenant_id`, `delete from ${table}`]) {
        let state: string | undefined;
        try {
          await store.transaction({ tenantId: "alpha" }, (tx) => tx.execute(sql));
        } catch (error) {
          state = sqlStateOf(error);
        }
        expect(state, sql).to.equal("42501");
      }
    }
  });
});
