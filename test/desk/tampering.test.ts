import { expect } from "chai";
import type { Difference } from "../../models/period.js";
import { sqlStateOf } from "../../src/store/database-error.js";
import type { Store } from "../../src/store/store.js";
import { eachDatabase } from "../harness/database.js";
import { type Bought, boughtPortfolio, DeskFixture } from "./desk-fixture.js";

/** Damage done with the owner's rights, and the checks that must name it. */
interface Damage {
  readonly what: string;
  /** `:id` is the portfolio */
  readonly sql: readonly string[];
  /** the checks that find it, at least */
  readonly found: readonly string[];
  /** what one of the differences says of the place */
  readonly where: RegExp;
}

// entry 1 is the purchase, 2 to 9 are of January (closed), the others of later months (open)
const damages: readonly Damage[] = [
  {
    what: "an amount of a closed month is changed",
    sql: ["update posting set amount_minor = amount_minor + 1 where portfolio_id = :id and sequence = 2 and line = 1"],
    found: ["balance", "payment", "seal"],
    where: /2026-01 version 1, entries 1 to 4096/,
  },
  {
    what: "an amount of an open month is changed, and the balances with it",
    sql: [
      "update posting set amount_minor = amount_minor + 1 where portfolio_id = :id and sequence = 11 and line = 1",
      `update ledger_balance set debit_minor = debit_minor + 1 where portfolio_id = :id and account_code = '1000'
          and effective_on = (select effective_on from entry where portfolio_id = :id and sequence = 11)`,
      `update ledger_balance set credit_minor = credit_minor + 1 where portfolio_id = :id and account_code = '4000'
          and effective_on = (select effective_on from entry where portfolio_id = :id and sequence = 11)`,
    ],
    found: ["payment", "collected", "payments"],
    where: /entry 11/,
  },
  {
    what: "a posting that is not the last of its entry is deleted",
    sql: ["delete from posting where portfolio_id = :id and sequence = 11 and line = 1"],
    found: ["posting", "balance"],
    where: /entry 11/,
  },
  {
    what: "the last posting of an entry is deleted",
    sql: ["delete from posting where portfolio_id = :id and sequence = 11 and line = 2"],
    found: ["balance"],
    where: /account 9000 on 2026-02/,
  },
  {
    what: "all postings of an entry are deleted",
    sql: ["delete from posting where portfolio_id = :id and sequence = 11"],
    found: ["posting", "balance", "payment"],
    where: /entry 11/,
  },
  {
    what: "an entry is deleted",
    sql: ["delete from entry where portfolio_id = :id and sequence = 11"],
    found: ["sequence", "posting", "payment"],
    where: /^entry 11$/,
  },
  {
    what: "the last entry is deleted with its postings",
    sql: [
      "delete from posting where portfolio_id = :id and sequence = (select max(sequence) from entry where portfolio_id = :id)",
      "delete from entry where portfolio_id = :id and sequence = (select max(sequence) from entry where portfolio_id = :id)",
    ],
    found: ["sequence", "balance"],
    where: /^entry 1[34]$/,
  },
  {
    what: "a posting is slipped into an entry",
    sql: [
      `insert into posting select portfolio_id, tenant_id, sequence, 9::smallint, '1000', '4000', 100, effective_on
         from posting where portfolio_id = :id and sequence = 11 and line = 1`,
    ],
    found: ["posting", "balance", "payment"],
    where: /entry 11/,
  },
  {
    what: "an entry with postings and balances is slipped in at the end",
    sql: [
      `insert into entry (portfolio_id, tenant_id, sequence, kind, builder_version, effective_on, recorded_at, source_kind, source_id, actor)
         select portfolio_id, tenant_id, last_sequence + 1, 'receipt', 1, '2026-03-03', last_recorded_at, 'receipt', '99', 'x'
           from ledger_head where portfolio_id = :id`,
      `insert into posting select portfolio_id, tenant_id, last_sequence + 1, 1::smallint, '1000', '1150', 100, '2026-03-03'
         from ledger_head where portfolio_id = :id`,
    ],
    found: ["sequence", "balance"],
    where: /^entry 1[34]$/,
  },
  {
    what: "an entry is backdated into a closed month, with its postings",
    sql: [
      "update entry set effective_on = '2026-01-30' where portfolio_id = :id and sequence = 11",
      "update posting set effective_on = '2026-01-30' where portfolio_id = :id and sequence = 11",
    ],
    found: ["period", "balance"],
    where: /entry 11/,
  },
  {
    what: "an entry is moved out of a closed month, with its postings",
    sql: [
      "update entry set effective_on = '2026-02-03' where portfolio_id = :id and sequence = 2",
      "update posting set effective_on = '2026-02-03' where portfolio_id = :id and sequence = 2",
    ],
    found: ["balance", "seal"],
    where: /2026-01 version 1/,
  },
  {
    what: "an entry's day is changed and its postings' is not",
    sql: ["update entry set effective_on = effective_on + 1 where portfolio_id = :id and sequence = 11"],
    found: ["posting"],
    where: /entry 11/,
  },
  {
    what: "a balance is changed",
    sql: [
      "update ledger_balance set debit_minor = debit_minor + 100 where portfolio_id = :id and account_code = '1100' and effective_on = '2026-01-21'",
    ],
    found: ["balance"],
    where: /account 1100 on 2026-01-21, debit/,
  },
  {
    what: "a balance is deleted",
    sql: ["delete from ledger_balance where portfolio_id = :id and account_code = '5100'"],
    found: ["balance", "costs"],
    where: /account 5100/,
  },
  {
    what: "a debtor's claim is changed",
    sql: ["update position set claim_minor = claim_minor - 1 where portfolio_id = :id and receivable_no = 3"],
    found: ["claims"],
    where: /claims/,
  },
  {
    what: "what a debtor paid is changed, and another's the other way",
    sql: [
      "update position set collected_minor = collected_minor + case receivable_no when 3 then 1 else -1 end where portfolio_id = :id and receivable_no in (3, 4)",
    ],
    found: ["receivable"],
    where: /receivable 3, collected/,
  },
  {
    what: "unapplied cash vanishes",
    sql: ["update position set unapplied_minor = 0 where portfolio_id = :id and unapplied_minor > 0"],
    found: ["unapplied_cash"],
    where: /unapplied_cash/,
  },
  {
    what: "a payment is changed",
    sql: [
      "update payment set amount_minor = amount_minor + 1, applied_minor = applied_minor + 1 where portfolio_id = :id and sequence = 3",
    ],
    found: ["payments", "payment", "receivable"],
    where: /entry 3/,
  },
  {
    what: "a payment is given to another debtor",
    sql: ["update payment set receivable_no = 5 where portfolio_id = :id and sequence = 3"],
    found: ["payment", "receivable"],
    where: /entry 3/,
  },
  {
    what: "a payment is deleted",
    sql: ["delete from payment where portfolio_id = :id and sequence = 3"],
    found: ["payment", "payments"],
    where: /entry 3/,
  },
  {
    what: "a cost is changed",
    sql: ["update cost set amount_minor = amount_minor + 1 where portfolio_id = :id"],
    found: ["costs"],
    where: /costs/,
  },
  {
    what: "a refund is changed",
    sql: ["update put_back set refund_minor = refund_minor + 1 where portfolio_id = :id"],
    found: ["put_backs"],
    where: /put_backs/,
  },
  {
    what: "the price is changed",
    sql: ["update purchase set price_minor = price_minor + 1 where portfolio_id = :id"],
    found: ["investment", "allocated_price"],
    where: /investment/,
  },
  {
    what: "the cost of a receivable is changed",
    sql: ["update position set cost_minor = cost_minor + 1 where portfolio_id = :id and receivable_no = 3"],
    found: ["allocated_price"],
    where: /allocated_price/,
  },
  {
    what: "a placement is changed",
    sql: ["update placement set still_placed = still_placed + 1 where portfolio_id = :id"],
    found: ["placement"],
    where: /placement 1/,
  },
  {
    what: "entries are renumbered",
    sql: [
      "update entry set sequence = 1000 where portfolio_id = :id and sequence = 11",
      "update posting set sequence = 1000 where portfolio_id = :id and sequence = 11",
    ],
    found: ["sequence"],
    where: /^entry 11$/,
  },
  {
    what: "the last number is changed",
    sql: ["update ledger_head set last_sequence = last_sequence + 1 where portfolio_id = :id"],
    found: ["sequence"],
    where: /^entry 1[34]$/,
  },
  {
    what: "a balance at the head is changed",
    sql: ["update ledger_head set balance_1500 = balance_1500 - 1 where portfolio_id = :id"],
    found: ["head"],
    where: /^account 1500$/,
  },
  {
    what: "the ledger's head is deleted",
    sql: ["delete from ledger_head where portfolio_id = :id"],
    found: ["ledger"],
    where: /head/,
  },
  {
    what: "the actor of a sealed entry is changed",
    sql: ["update entry set actor = 'somebody else' where portfolio_id = :id and sequence = 2"],
    found: ["seal"],
    where: /2026-01 version 1, entries 1 to 4096/,
  },
  {
    what: "the source of a sealed entry is changed",
    sql: ["update entry set source_id = '77' where portfolio_id = :id and sequence = 2"],
    found: ["seal"],
    where: /2026-01 version 1/,
  },
  {
    what: "the instant of a sealed entry is changed",
    sql: [
      "update entry set recorded_at = recorded_at - interval '1 microsecond' where portfolio_id = :id and sequence = 2",
    ],
    found: ["seal"],
    where: /2026-01 version 1/,
  },
  {
    what: "the accounts of a sealed posting are exchanged",
    sql: [
      "update posting set debit_account = credit_account, credit_account = debit_account where portfolio_id = :id and sequence = 2 and line = 1",
    ],
    found: ["seal", "balance", "payment"],
    where: /2026-01 version 1/,
  },
  {
    what: "the accounts of an open posting are exchanged",
    sql: [
      "update posting set debit_account = credit_account, credit_account = debit_account where portfolio_id = :id and sequence = 11 and line = 1",
    ],
    found: ["balance", "payment"],
    where: /entry 11/,
  },
  {
    what: "a posting is of no movement",
    sql: [
      "alter table posting drop constraint posting_amount_minor_check",
      "update posting set amount_minor = -amount_minor where portfolio_id = :id and sequence = 11 and line = 1",
    ],
    found: ["posting", "balance"],
    where: /entry 11/,
  },
  {
    what: "a seal is changed",
    sql: ["update month_seal set entries = entries, hash = reverse(hash) where portfolio_id = :id and seal_no = 1"],
    found: ["seal_chain", "sealed"],
    where: /2026-01/,
  },
  {
    what: "what a seal is over is changed",
    sql: ["update month_seal set through_sequence = through_sequence + 5 where portfolio_id = :id and seal_no = 1"],
    found: ["seal_chain"],
    where: /seal 1, 2026-01 version 1/,
  },
  {
    what: "a seal is deleted",
    sql: ["delete from month_seal where portfolio_id = :id and seal_no = 1"],
    found: ["sealed", "period"],
    where: /2026-01 version 1/,
  },
  {
    what: "who closed a month is changed",
    sql: ["update period_event set actor = 'nobody' where tenant_id = 'alpha' and event = 'closed'"],
    found: ["period_chain"],
    where: /closed 2026-01/,
  },
  {
    what: "the checklist of a close is changed",
    sql: [
      `update period_event set details = replace(details, '"met"', '"waived"') where tenant_id = 'alpha' and event = 'closed'`,
    ],
    found: ["period_chain"],
    where: /closed 2026-01/,
  },
  {
    what: "an event of the months is deleted",
    sql: ["delete from period_event where tenant_id = 'alpha' and event = 'soft_closed'"],
    found: ["period_chain", "books"],
    where: /event 2/,
  },
  {
    what: "a closed month is opened by hand",
    sql: ["update books set closed_through = null where tenant_id = 'alpha'"],
    found: ["books"],
    where: /closed through/,
  },
  {
    what: "more is reversed than was moved",
    sql: ["update entry set reverses_sequence = 10 where portfolio_id = :id and sequence = 12"],
    found: ["reversal"],
    where: /entry 10/,
  },
];

const tables = [
  "entry",
  "posting",
  "ledger_balance",
  "ledger_head",
  "position",
  "payment",
  "cost",
  "put_back",
  "purchase",
  "placement",
  "month_seal",
  "period_event",
  "books",
];

eachDatabase("damage done with the owner's rights", (open) => {
  let fixture: DeskFixture;
  let store: Store;
  let bought: Bought;

  before(async function () {
    this.timeout(120_000);
    store = await open();
    fixture = new DeskFixture(store);
    bought = await boughtPortfolio(fixture, { rows: 14 });
    await fillBook(fixture, bought);
  });

  before(() =>
    store.asOwner(async (knex) => {
      for (const table of tables) await knex.raw(`create table staging_${table} as table ${table}`);
    }),
  );
  after(() => fixture.remove());

  async function differences(input: { since_last?: boolean } = {}): Promise<Difference[]> {
    const verified = await fixture.do("verify-books", input, { dryRun: true });
    expect(verified.green).to.equal(verified.differences.length === 0);
    return verified.differences;
  }

  it("is not there: untouched books are green, from the beginning and since the last green", async () => {
    expect(await differences()).to.deep.equal([]);
    const kept = await fixture.do("verify-books", {});
    expect(kept.green).to.equal(true);
    expect(await fixture.do("show-verification", { verification_id: kept.id })).to.deep.equal(kept);
    expect((await fixture.do("list-verifications", {})).data[0]).to.deep.equal(kept);
    expect(await differences({ since_last: true })).to.deep.equal([]);
    const counts = Object.fromEntries(kept.checks.map(({ check, compared }) => [check, compared]));
    for (const check of [
      "sequence",
      "posting",
      "balance",
      "payment",
      "receivable",
      "seal",
      "seal_chain",
      "period_chain",
    ]) {
      expect(counts[check], check).to.be.greaterThan(0);
    }
  });

  for (const { what, sql, found, where } of damages) {
    it(`is named: ${what}`, async () => {
      const damaged = await damage(sql);
      const checks = new Set(damaged.map(({ check }) => check));
      expect([...checks], JSON.stringify(damaged, null, 1)).to.include.members([...found]);
      expect(
        damaged.some((one) => where.test(one.where)),
        JSON.stringify(damaged, null, 1),
      ).to.equal(true);
      expect(damaged.every((one) => one.expected !== one.found)).to.equal(true);
    });
  }

  /** Does the damage, verifies, and puts everything back. */
  async function damage(statements: readonly string[]): Promise<Difference[]> {
    try {
      await store.asOwner(async (knex) => {
        for (const statement of statements) {
          const { rowCount, affectedRows } = await knex.raw(statement, { id: bought.portfolioId });
          if (!statement.startsWith("alter")) expect(rowCount ?? affectedRows, statement).to.be.greaterThan(0);
        }
      });
      return await differences();
    } finally {
      await store.asOwner(async (knex) => {
        for (const table of tables) {
          await knex.raw(`delete from ${table}`);
          await knex.raw(`insert into ${table} select * from staging_${table}`);
        }
      });
    }
  }

  it("keeps a month from being closed", async () => {
    await store.asOwner((knex) =>
      knex.raw("update ledger_balance set debit_minor = debit_minor + 1 where account_code = '1000'"),
    );
    await fixture.do("soft-close-period", { month: "2026-02" }, { actorId: "ann" });
    const refusal = await fixture.refusal("close-period", { month: "2026-02" }, { actorId: "ben" });
    expect(refusal.code).to.equal("period_not_closable");
    expect(refusal.items.map(({ code }) => code)).to.include.members(["books_verified", "balance"]);
    await store.asOwner((knex) =>
      knex.raw("update ledger_balance set debit_minor = debit_minor - 1 where account_code = '1000'"),
    );
    await fixture.do("close-period", { month: "2026-02" }, { actorId: "ben" });
  });

  it("is not open to the application: it may neither change nor delete what was written", async () => {
    const denied = "42501";
    for (const table of [
      "entry",
      "posting",
      "month_seal",
      "period_event",
      "verification",
      "verified_ledger",
      "payment",
    ]) {
      for (const sql of [`update ${table} set tenant_id = tenant_id`, `delete from ${table}`, `truncate ${table}`]) {
        let state: string | undefined;
        try {
          await store.transaction({ tenantId: "alpha" }, (tx) => tx.execute(sql));
        } catch (error) {
          state = sqlStateOf(error);
        }
        expect(state, sql).to.equal(denied);
      }
    }
  });
});

/** Entries 1 to 9 in January (closed) and others in February and March, of every kind there is. */
async function fillBook(fixture: DeskFixture, { portfolioId: portfolio_id, purchaseId }: Bought): Promise<void> {
  const agency = await fixture.do("register-agency", { name: "Able" });
  await fixture.do("place-receivables", {
    portfolio_id,
    agency_id: agency.id,
    placed_on: "2026-01-15",
    commission: { rate: "0.25" },
    receivables: { account_numbers: ["A3", "A4", "A5"] },
  });
  fixture.setDay("2026-03-20");
  const pay = (account_number: string, amount: string, paid_on: string, rest: object = {}) =>
    fixture.do("record-payment", { portfolio_id, account_number, amount, paid_on, ...rest });
  await pay("A1", "50.00", "2026-01-20", { external_id: "P1" });
  await pay("A3", "40.00", "2026-01-21", { channel: "agency" });
  await pay("A4", "30.00", "2026-01-22", { channel: "direct" });
  await pay("A1", "-20.00", "2026-01-23", { reverses: "P1" });
  await pay("A6", "500.00", "2026-01-24");
  await fixture.do("record-cost", { portfolio_id, cost_type: "court", amount: "12.00", incurred_on: "2026-01-25" });
  const kind = "agency_remittance";
  await fixture.do("record-receipt", { portfolio_id, kind, amount: "30.00", received_on: "2026-01-26" });
  const putBack = { purchase_id: purchaseId, account_numbers: ["A7"], put_back_on: "2026-01-27" };
  await fixture.do("put-back-receivables", { ...putBack, reason: "deceased" });
  await fixture.do("soft-close-period", { month: "2026-01" }, { actorId: "ann" });
  await fixture.do("close-period", { month: "2026-01" }, { actorId: "ben" });
  await pay("A1", "10.00", "2026-02-10");
  await pay("A2", "11.00", "2026-02-11");
  await pay("A2", "-11.00", "2026-02-12");
  await pay("A3", "12.00", "2026-03-12", { channel: "agency" });
}
