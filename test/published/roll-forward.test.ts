/**
 * Roll-forwards that debt buyers printed, posted as events through the builders into a real book: the report must tie to
 * nothing and show the printed closings. Opening amounts are booked as purchases of the day before, purchases of the
 * period as portfolios of their own; collections come in one sum.
 *
 * - Encore Capital Group, investment in receivable portfolios under ASC 326, thousands of USD: 10-Q, XBRL pages
 *   sec.gov/Archives/edgar/data/1084961/{000108496121000052/R25,000108496121000099/R26,000108496122000061/R25}.htm. In Q1
 *   2022 both changes in recoveries are printed as one.
 * - Encore, pools under ASC 310-30, Q1 2015, thousands: .../000108496115000039/R28.htm. (FY 2014 is known in part only, and
 *   left out.) Zero-basis pools: put-backs are printed as taken off, and the revenue after the allowance reversal.
 * - Asta Funding, interest method and cost recovery side by side, USD: 10-Q pages R27, R29, R32,
 *   .../1001258/{000119312513214561,000119312513329384,000119312514313516}. Resales are booked at their proceeds. Finance income of
 *   the cost-recovery portfolios is income over cost, so that they are split: the part that pays no cost any more is a
 *   portfolio of its own that is carried at nothing.
 * - Asset Acceptance Capital Corp., purchased receivables, USD: .../1264707/000119312512440746/R19.htm.
 */

import { expect } from "chai";
import type { CarryingMethod } from "../../models/portfolio.js";
import { type RollForwardKey, rollForwardKeys } from "../../models/portfolio-reports.js";
import type { CarryingAdjustment } from "../../models/revenue.js";
import { noParts } from "../../src/ledger/claim.js";
import { costRelief, type Investment, refundRelief } from "../../src/ledger/cost-recovery.js";
import { type EntryDraft, signedPosting } from "../../src/ledger/entry-draft.js";
import { collectionEntry, purchaseBooked, receivablePutBack } from "../../src/ledger/events.js";
import { carryingAmountAdjusted, recoveriesRemeasured, revenueAccrued } from "../../src/ledger/revenue-events.js";
import { formatMinor, type Minor, minor, parseMinor, ratio, zeroMinor } from "../../src/money/money.js";
import { appendEntries, lockLedger, openLedger } from "../../src/store/ledger.js";
import type { Store } from "../../src/store/store.js";
import type { Tx } from "../../src/store/transaction.js";
import { DeskFixture } from "../desk/desk-fixture.js";
import { eachDatabase } from "../harness/database.js";

/** Movements of a roll-forward as printed: what is taken off is negative. */
interface Printed {
  readonly opening: number;
  readonly purchases?: number;
  readonly put_backs?: number;
  readonly disposals?: number;
  readonly collections: number;
  readonly revenue: number;
  readonly change_current?: number;
  readonly change_future?: number;
  readonly impairment?: number;
  readonly transfers?: number;
  readonly translation?: number;
  readonly closing: number;
}

interface Case {
  readonly period: string;
  readonly method: CarryingMethod;
  readonly printed: Printed;
}

const interest = (period: string, printed: Printed): Case => ({ period, method: "effective_interest", printed });
const recovery = (period: string, printed: Printed): Case => ({ period, method: "cost_recovery", printed });

// biome-ignore format: a table
const cecl: readonly Case[] = [
  interest("Encore Q1 2020", { opening: 3_328_150, purchases: 214_113, put_backs: -5_068, disposals: -1_531, collections: -527_279, revenue: 357_365, change_current: 10_315, change_future: -108_976, translation: -101_071, closing: 3_166_018 }),
  interest("Encore Q2 2020", { opening: 3_166_018, purchases: 147_939, transfers: -2_822, put_backs: -6_326, disposals: -1_182, collections: -508_215, revenue: 335_287, change_current: 108_572, change_future: -42_565, translation: 4_535, closing: 3_201_241 }),
  interest("Encore H1 2020", { opening: 3_328_150, purchases: 362_052, transfers: -2_822, put_backs: -11_394, disposals: -2_713, collections: -1_035_494, revenue: 692_652, change_current: 118_887, change_future: -151_541, translation: -96_536, closing: 3_201_241 }),
  interest("Encore Q1 2021", { opening: 3_291_918, purchases: 170_178, put_backs: -3_153, disposals: -1_665, collections: -606_461, revenue: 338_018, change_current: 91_401, change_future: -46_864, translation: -7_694, closing: 3_225_678 }),
  interest("Encore Q2 2021", { opening: 3_225_678, purchases: 142_728, put_backs: -3_204, disposals: -2_647, collections: -612_427, revenue: 328_150, change_current: 109_396, change_future: -43_218, translation: 9_545, closing: 3_154_001 }),
  interest("Encore H1 2021", { opening: 3_291_918, purchases: 312_906, put_backs: -6_357, disposals: -4_312, collections: -1_218_888, revenue: 666_168, change_current: 200_797, change_future: -90_082, translation: 1_851, closing: 3_154_001 }),
  interest("Encore Q1 2022", { opening: 3_065_553, purchases: 169_505, put_backs: -3_207, disposals: -1_976, collections: -519_414, revenue: 304_105, change_current: 167_223, translation: -44_403, closing: 3_137_386 }),
];

// biome-ignore format: a table
const others: readonly Case[] = [
  interest("Encore Q1 2015, accrual pools", { opening: 2_131_084, purchases: 125_154, collections: -407_556, put_backs: -2_517, translation: -65_369, revenue: 248_539, closing: 2_029_335 }),
  recovery("Encore Q1 2015, cost recovery pools", { opening: 12_476, collections: -1_972, put_backs: -18, translation: -1_414, revenue: 0, closing: 9_072 }),
  recovery("Encore Q1 2015, zero basis pools", { opening: 0, collections: -15_543, put_backs: -28, revenue: 12_712, impairment: 2_859, closing: 0 }),
  interest("Asta, 6 months to 2013-03-31, interest", { opening: 12_326_000, collections: -18_290_000, disposals: -17_000, impairment: -2_203_000, revenue: 14_997_000, closing: 6_813_000 }),
  recovery("Asta, 6 months to 2013-03-31, cost recovery", { opening: 74_561_000, collections: -8_306_000, revenue: 1_756_000, closing: 68_011_000 }),
  interest("Asta, 9 months to 2013-06-30, interest", { opening: 12_326_000, purchases: 3_340_000, collections: -26_901_000, disposals: -987_000, impairment: -2_203_000, revenue: 23_531_000, closing: 9_106_000 }),
  recovery("Asta, 9 months to 2013-06-30, cost recovery", { opening: 74_561_000, collections: -13_113_000, disposals: -1_037_000, impairment: -10_148_000, revenue: 3_225_000, closing: 53_488_000 }),
  interest("Asta, 9 months to 2014-06-30, interest", { opening: 8_071_000, collections: -19_957_000, disposals: -4_000, impairment: -1_056_000, transfers: -5_461_000, revenue: 18_407_000, closing: 0 }),
  recovery("Asta, 9 months to 2014-06-30, cost recovery", { opening: 49_829_000, purchases: 3_702_000, collections: -10_782_000, impairment: -18_845_000, transfers: 5_461_000, revenue: 2_149_000, closing: 31_514_000 }),
  interest("Asset Acceptance Q3 2012", { opening: 355_355_820, purchases: 23_875_734, collections: -89_168_247, revenue: 54_433_740, closing: 344_497_047 }),
  interest("Asset Acceptance Q3 2011", { opening: 340_935_454, purchases: 38_294_778, collections: -87_437_890, revenue: 56_294_567, closing: 348_086_909 }),
  interest("Asset Acceptance 9 months 2012", { opening: 348_710_787, purchases: 103_548_645, disposals: -88_031, collections: -282_170_116, revenue: 174_495_762, closing: 344_497_047 }),
  interest("Asset Acceptance 9 months 2011", { opening: 321_318_255, purchases: 133_906_306, collections: -267_894_382, revenue: 160_756_730, closing: 348_086_909 }),
];

/** Finance income over collections and account sales, as Asta prints it: a sum of both methods, in per cent. */
// biome-ignore format: a table
const financeIncome: readonly [period: string, income: number, cash: number, percent: number][] = [
  ["6 months to 2013-03-31, interest", 14_997_000, 18_290_000 + 17_000, 81.9],
  ["6 months to 2013-03-31, cost recovery", 1_756_000, 8_306_000, 21.1],
  ["9 months to 2013-06-30, interest", 23_531_000, 26_901_000 + 987_000, 84.4],
  ["9 months to 2013-06-30, cost recovery", 3_225_000, 13_113_000 + 1_037_000, 22.8],
  ["9 months to 2014-06-30, interest", 18_407_000, 19_957_000 + 4_000, 92.2],
  ["9 months to 2014-06-30, cost recovery", 2_149_000, 10_782_000, 19.9],
];

const usd = (units: number) => parseMinor(String(units), "USD");
const recordedAt = "2021-01-01T00:00:00Z";

/** A book that events are posted into, one after the other, with the investment as the desk would hand it on. */
class EventBook {
  #made = 0;
  constructor(
    readonly store: Store,
    readonly tenantId: string,
  ) {}

  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.store.transaction({ tenantId: this.tenantId, actor: "tester" }, work);
  }

  /** A portfolio that comes into the book at an amount on a day; at nothing, there is no entry. */
  async buy(name: string, bought: { method: CarryingMethod; carriedMinor: Minor; on: string }): Promise<string> {
    const portfolioId = `pf_${this.tenantId}${String(++this.#made).padStart(4, "0")}`;
    const { method, carriedMinor, on } = bought;
    // a price is never nothing; that of a portfolio which had been paid back before is not printed
    const priceMinor = carriedMinor > 0n ? carriedMinor : usd(1);
    const monthly = [{ gross: formatMinor(2n * priceMinor, "USD") }];
    const snapshot = { valuation: { forecast: { monthly } } };
    await this.transaction(async (tx) => {
      await tx.execute(
        `insert into portfolio (portfolio_id, tenant_id, name, seller, currency, state, carrying_method, created_at)
         values (?, ?, ?, 'Printed', 'USD', 'owned', ?, ?)`,
        [portfolioId, tx.tenantId, name, method, recordedAt],
      );
      await tx.execute(
        `insert into quote (portfolio_id, tenant_id, quote_no, state, currency, price_minor, face_minor, receivables,
                            cents_per_dollar, as_of, issued_at, expires_at, snapshot)
         values (?, ?, 1, 'accepted', 'USD', ?, ?, 1, 10, ?, ?, ?, ?)`,
        [portfolioId, tx.tenantId, priceMinor, 10n * priceMinor, on, recordedAt, recordedAt, JSON.stringify(snapshot)],
      );
      await tx.execute(
        `insert into purchase (portfolio_id, tenant_id, quote_no, price_minor, face_minor, receivables, allocation,
                               cut_off_on, closing_on, put_back_until, booked_at, sequence)
         values (?, ?, 1, ?, ?, 1, 'face', ?, ?, ?, ?, 1)`,
        [portfolioId, tx.tenantId, priceMinor, 10n * priceMinor, on, on, on, recordedAt],
      );
      await tx.execute(
        `insert into carrying_basis (portfolio_id, tenant_id, basis_no, method, starts_on, carrying_minor, eir_monthly,
                                     forecast_version, actor, recorded_at) values (?, ?, 1, ?, ?, ?, ?, ?, 'tester', ?)`,
        [
          portfolioId,
          tx.tenantId,
          method,
          on,
          priceMinor,
          method === "effective_interest" ? 0.01 : null,
          method === "effective_interest" ? 1 : null,
          recordedAt,
        ],
      );
      await openLedger(tx, portfolioId, recordedAt);
    });
    await this.post(portfolioId, on, [purchaseBooked({ priceMinor: carriedMinor, claim: noParts })]);
    return portfolioId;
  }

  async post(portfolioId: string, on: string, drafts: readonly EntryDraft[]): Promise<void> {
    const entries = drafts
      .filter(({ postings }) => postings.length > 0)
      .map((draft) => ({ ...draft, effectiveOn: on, sourceKind: "printed" }));
    if (entries.length === 0) return;
    await this.transaction(async (tx) => {
      const head = await lockLedger(tx, portfolioId, recordedAt);
      await appendEntries(tx, head, { idempotencyKey: undefined, entries });
    });
  }
}

/** What is sold leaves at its cost, for which it is sold: a gain is not printed. */
function resale(amountMinor: Minor): EntryDraft {
  const postings = [...signedPosting("1000", "4200", amountMinor), ...signedPosting("4930", "1500", amountMinor)];
  return { kind: "receivables_sold", builderVersion: 1, postings };
}

/** The events of one printed roll-forward, on one portfolio. Additions come first: a zero basis is written up, then collected. */
function eventsOf(printed: Printed, method: CarryingMethod): EntryDraft[] {
  let investment: Investment = {
    method,
    costMinor: usd(printed.opening),
    collectedMinor: zeroMinor,
    recoveredMinor: zeroMinor,
  };
  const add = (amount: Minor) => {
    investment = { ...investment, costMinor: minor(investment.costMinor + amount) };
  };
  const adjust = (reason: CarryingAdjustment, amountMinor: Minor) => {
    add(amountMinor);
    return carryingAmountAdjusted({ reason, amountMinor, costReliefMinor: zeroMinor });
  };
  const drafts = [
    adjust("impairment", usd(printed.impairment ?? 0)),
    adjust("translation", usd(printed.translation ?? 0)),
    adjust("transfer", usd(printed.transfers ?? 0)),
  ];
  const sold = usd(-(printed.disposals ?? 0));
  drafts.push(resale(sold));
  add(minor(-sold));
  if (method === "effective_interest") {
    const change = {
      changeCurrentMinor: usd(printed.change_current ?? 0),
      changeFutureMinor: usd(printed.change_future ?? 0),
    };
    drafts.push(revenueAccrued({ revenueMinor: usd(printed.revenue) }), recoveriesRemeasured(change));
    add(minor(usd(printed.revenue) + change.changeCurrentMinor + change.changeFutureMinor));
  }
  const appliedMinor = usd(-printed.collections);
  const costReliefMinor = costRelief(investment, appliedMinor);
  drafts.push(
    collectionEntry({
      channel: "own",
      applied: { ...noParts, principal: appliedMinor },
      unappliedMinor: zeroMinor,
      commissionMinor: zeroMinor,
      grossRemittance: false,
      advanceMinor: zeroMinor,
      costReliefMinor,
      held: true,
    }),
  );
  investment = { ...investment, recoveredMinor: costReliefMinor, collectedMinor: appliedMinor };
  const refundMinor = usd(-(printed.put_backs ?? 0));
  drafts.push(
    receivablePutBack({
      refundMinor,
      costReliefMinor: refundRelief(investment, refundMinor),
      claim: noParts,
      advanceMinor: zeroMinor,
    }),
  );
  return drafts;
}

const [openedOn, inside, first, last] = ["2019-12-31", "2020-02-15", "2020-01-01", "2020-03-31"];

/** Posts a roll-forward, and gives the portfolios it was posted on. */
async function postCase(book: EventBook, { period, method, printed }: Case): Promise<string[]> {
  const paidBack = method === "cost_recovery" && printed.opening > 0 ? printed.revenue : 0;
  const main = await book.buy(period, { method, carriedMinor: usd(printed.opening), on: openedOn });
  const collections = printed.collections + paidBack;
  await book.post(main, inside, eventsOf({ ...printed, collections }, method));
  const ids = [main];
  if (printed.purchases !== undefined) {
    const name = `${period}, purchases`;
    ids.push(await book.buy(name, { method, carriedMinor: usd(printed.purchases), on: inside }));
  }
  if (paidBack > 0) {
    const name = `${period}, cost is back`;
    const income = await book.buy(name, { method, carriedMinor: zeroMinor, on: openedOn });
    await book.post(
      income,
      inside,
      eventsOf({ opening: 0, collections: -paidBack, revenue: paidBack, closing: 0 }, method),
    );
    ids.push(income);
  }
  return ids;
}

const printedAmount = (printed: Printed, key: RollForwardKey) => usd(key === "residual" ? 0 : (printed[key] ?? 0));

eachDatabase("published: roll-forwards posted as events", (open) => {
  let fixture: DeskFixture;
  let book: EventBook;
  const posted = new Map<Case, string[]>();

  before(async function () {
    this.timeout(120_000);
    const store = await open();
    fixture = new DeskFixture(store);
    book = new EventBook(store, "alpha");
    for (const one of [...cecl, ...others]) posted.set(one, await postCase(book, one));
  });
  after(() => fixture.remove());

  const report = () => fixture.do("report-roll-forward", { from: first, as_of: last, standard: "cecl" });

  for (const one of [...cecl, ...others]) {
    it(one.period, async () => {
      const { portfolios } = await report();
      const ours = portfolios.filter(({ portfolio_id }) => posted.get(one)!.includes(portfolio_id));
      for (const key of rollForwardKeys) {
        const sum = ours.reduce((total, { amounts }) => total + parseMinor(amounts[key], "USD"), 0n);
        expect(sum, key).to.equal(printedAmount(one.printed, key));
      }
    });
  }

  it("tie together, by method and in all", async () => {
    const { totals } = await report();
    expect(totals.map(({ method }) => method)).to.deep.equal(["cost_recovery", "effective_interest", null]);
    for (const { method, amounts } of totals) {
      const counted = [...posted.keys()].filter((one) => method === null || one.method === method);
      for (const key of rollForwardKeys) {
        const sum = counted.reduce((total, { printed }) => total + printedAmount(printed, key), 0n);
        expect(parseMinor(amounts[key], "USD"), `${method} ${key}`).to.equal(sum);
      }
    }
  });

  it("say where each figure comes from: its accounts and days give it again", async () => {
    const { columns, portfolios } = await report();
    const row = portfolios.find(({ portfolio_id }) => portfolio_id === posted.get(cecl[0]!)![0])!;
    const { accounts, from, to } = columns.find(({ key }) => key === "change_future")!;
    const statement = await fixture.do("show-account-statement", {
      portfolio_id: row.portfolio_id,
      account: accounts[0]!,
      from: from!,
      as_of: to,
    });
    expect(statement.data.map(({ debit }) => `-${debit}`)).to.deep.equal([row.amounts.change_future]);
  });
});

describe("published: Asta's finance income over collections and account sales", () => {
  for (const [period, income, cash, percent] of financeIncome) {
    it(period, () => expect(Number(ratio(usd(income), usd(cash), 6, "half_even")) * 100).to.be.closeTo(percent, 0.05));
  }
});
