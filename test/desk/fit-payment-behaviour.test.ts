import { expect } from "chai";
import { TapeFindings } from "../../models/findings-table.js";
import { paymentCardSchema } from "../../models/payment-card.js";
import { parseDay } from "../../src/calendar/day.js";
import { fitPayment } from "../../src/payment/fit.js";
import { actSheets } from "../../src/reports/act-report.js";
import { readInvoices } from "../../src/tape/invoices.js";
import { eachDatabase } from "../harness/database.js";
import { type DoAct, FacilityYear } from "../harness/facility-year.js";
import { DeskFixture } from "./desk-fixture.js";
import { fundedSchedule, openedFacility, stated } from "./facility-fixture.js";

/** `NETBACK_FACILITY_YEAR=whole`: 50 debtors and 2,000 invoices over 52 weeks; a short one otherwise. */
const size =
  process.env.NETBACK_FACILITY_YEAR === "whole"
    ? { debtors: 50, invoices: 2000, weeks: 52, day: "2026-08-12" }
    : { debtors: 9, invoices: 240, weeks: 12, day: "2026-04-09" };

/** The engine that reads files, and the books, must come to the same card from the same invoices. */
eachDatabase("payment behaviour learned from the facilities' books", (open) => {
  let fixture: DeskFixture;
  let facilityId: string;
  /** the books as a file, as an outsider would write it from the lists: in the middle of the year, and after it */
  let middle: string;
  let whole: string;
  let lastDay: string;
  /** bought twice: charged back unpaid, then assigned anew */
  const small = { id: "", again: "" };
  const disputed = new Set<string>();

  before(async function () {
    this.timeout(1_200_000);
    fixture = new DeskFixture(await open());
    fixture.setDay("2026-01-05");
    for (const debtor_id of ["D1", "D2"]) await fixture.do("save-debtor", { debtor_id });
    const act: DoAct = async (name, input, by) => {
      const day = new Date(fixture.clockMs).toISOString().slice(0, 10);
      if (day === size.day && middle === undefined) middle = await asFile();
      lastDay = day;
      if (name === "dispute-invoice") disputed.add((input as { invoice_id: string }).invoice_id);
      const output = await fixture.do(name, input, { actorId: by ?? "first" });
      if (name === "open-facility") facilityId = (output as { id: string }).id;
      return output;
    };
    const { debtors, invoices, weeks } = size;
    const year = { debtors, invoices, weeks, seed: 77, presentation: "sale", reserve: "per_invoice" } as const;
    const { happened } = await new FacilityYear(year, { act, setDay: (day) => fixture.setDay(day) }).live();
    expect(happened).to.include.keys("short", "parts", "to_seller", "bounces", "disputed", "bought_back", "never");
    whole = await asFile();
  });
  after(() => fixture.remove());

  async function asFile(): Promise<string> {
    const rows = [
      "invoice_number,debtor_id,invoice_date,due_date,amount,paid_amount,settled_date,watched_until,disputed",
    ];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const order = { facility_id: facilityId, limit: 1000, ...(cursor === undefined ? {} : { cursor }) };
      const { data, next_cursor } = await fixture.do("list-invoices", order);
      for (const one of data.filter(({ purchased_on }) => purchased_on !== null)) {
        const back = one.state === "charged_back" || one.state === "bought_back";
        const { invoice_number, debtor_id, invoice_date, due_date, amount, collected, settled_on } = one;
        const ends = back ? ["", settled_on] : [settled_on ?? "", ""];
        const told = [invoice_number, debtor_id, invoice_date, due_date, amount, collected, ...ends];
        rows.push([...told, disputed.has(one.id) ? "Y" : "N"].join(","));
      }
      cursor = next_cursor;
    }
    return `${rows.join("\n")}\n`;
  }

  async function fromFile(text: string, day: string, sha256: string) {
    const { path } = fixture.file("history.csv", text);
    const { columns } = await readInvoices(path, { currency: "USD", workFolder: fixture.folder });
    const findings = new TapeFindings();
    const card = fitPayment({
      columns,
      findings,
      asOf: parseDay(day),
      file: { name: "the facilities' books", sha256 },
    });
    return { card, byCode: Object.fromEntries(findings.countByCode()) };
  }

  for (const when of ["after the year", "on a day in the middle of it"] as const) {
    it(`comes to the card of a file of the same invoices, to the last digit: ${when}`, async function () {
      this.timeout(120_000);
      const [day, text] = when === "after the year" ? [lastDay, whole] : [size.day, middle];
      const fitted = await fixture.do("fit-payment-behaviour", { facility_ids: [facilityId], as_of: day, name: when });
      const { card: kept } = await fixture.do("show-model", { model_id: fitted.id });
      const card = paymentCardSchema.parse(kept);
      const file = await fromFile(text, day, card.data.sha256);
      expect(card.model).to.deep.equal(file.card.model);
      const { facilities, ...data } = card.data;
      expect({ ...card, data, limits: card.limits.slice(0, -2) }).to.deep.equal(file.card);
      expect(fitted.findings.by_code).to.deep.equal(file.byCode);
      // it says what it was learned from
      const [read] = facilities!;
      expect(read!.facility_id).to.equal(facilityId);
      expect(read!.settled).to.equal(data.settled).and.to.be.at.least(100);
      expect(read!.open + read!.given_back).to.equal(data.open);
      expect(read!.given_back).to.be.greaterThan(when === "after the year" ? 5 : 0);
      const [sheet, facilitySheet] = actSheets("fit-payment-behaviour", fitted);
      expect(sheet!.title).to.contain(fitted.id);
      expect(facilitySheet!.rows[0]).to.include(facilityId);
    });
  }

  it("keeps the same history once, and may be named by an offer of that day", async function () {
    this.timeout(60_000);
    const order = { facility_ids: [facilityId], as_of: lastDay, name: "named" };
    const first = await fixture.do("fit-payment-behaviour", order);
    expect(await fixture.do("fit-payment-behaviour", order)).to.deep.equal(first);
    expect(first.fitted_on).to.equal(lastDay);
    const opened = await openedFacility(fixture, { seller: "Another" });
    const facility_id = opened.facilityId;
    const invoices = [stated({ debtor_id: "Y1", invoice_date: lastDay, due_date: lastDay, purchase_order: "P" })];
    const { id: schedule_id } = await fixture.do("submit-schedule", { facility_id, invoices });
    const { document } = await fixture.do("offer-schedule", { schedule_id, payment_model: first.id });
    expect(document.expected.model?.id).to.equal(first.id);
    expect(document.expected.basis).to.contain('model "named" version 1');
  });

  it("an invoice counts once, as what became of it last, and nothing that was recorded later is known", async function () {
    this.timeout(120_000);
    const next = (days: number) => {
      const at = new Date(fixture.clockMs + days * 86_400_000).toISOString().slice(0, 10);
      fixture.setDay(at);
      return at;
    };
    const bought = next(1);
    small.id = (await openedFacility(fixture, { seller: "Small" })).facilityId;
    small.again = (await openedFacility(fixture, { seller: "  SMALL " })).facilityId;
    const dates = { invoice_date: bought, due_date: bought };
    const twice = stated({ ...dates, debtor_id: "D1" });
    const late = stated({ ...dates, debtor_id: "D2" });
    const { invoiceIds } = await fundedSchedule(fixture, small.id, [twice, late]);
    const back = next(10);
    const ids = { facility_id: small.id, invoice_ids: [invoiceIds[0]!] };
    await fixture.do("buy-back-invoices", { ...ids, bought_back_on: back });
    const between = next(2);
    await fundedSchedule(fixture, small.again, [twice]);
    const told = next(5);
    const collected = { received_on: between, invoices: [{ invoice_id: invoiceIds[1]!, amount: "10000.00" }] };
    await fixture.do("record-collection", { facility_id: small.id, ...collected });
    const today = next(1);
    const counts = async (how: { as_of?: string; known_at?: string }) => {
      const facility_ids = [facilityId, small.id, small.again];
      const { card } = await fixture.do("fit-payment-behaviour", { facility_ids, ...how });
      return [small.id, small.again].map((id) => {
        const { settled, open, given_back } = card.data.facilities!.find(({ facility_id }) => facility_id === id)!;
        return { settled, open, given_back };
      });
    };
    const none = { settled: 0, open: 0, given_back: 0 };
    // biome-ignore format: a table
    const cases = [
      { how: { as_of: back }, is: [{ ...none, open: 2 }, none], why: "nothing had happened to them" },
      { how: { as_of: between }, is: [{ ...none, open: 1, given_back: 1 }, none], why: "given back, and not bought again by that morning" },
      { how: { as_of: told }, is: [{ ...none, open: 1 }, { ...none, open: 1 }], why: "bought again; the payment is not recorded yet" },
      { how: { as_of: told, known_at: `${today}T00:00:00Z` }, is: [{ ...none, settled: 1 }, { ...none, open: 1 }], why: "recorded later, and asked for" },
      { how: {}, is: [{ ...none, settled: 1 }, { ...none, open: 1 }], why: "today, all that is recorded" },
    ];
    for (const { how, is, why } of cases) expect(await counts(how), why).to.deep.equal(is);
    const all = await fixture.do("fit-payment-behaviour", { currency: "USD", name: "all" });
    expect(all.card.data.facilities!.map(({ facility_id }) => facility_id)).to.include.members([
      facilityId,
      small.id,
      small.again,
    ]);
  });

  it("refuses what it cannot learn from, and says why", async () => {
    const euro = (await fixture.do("open-facility", { name: "E", seller: "E", terms: { currency: "EUR" } as never }))
      .id;
    const stranger = "fa_01m80hgx7kd548x8ag6pvpwqs7";
    // biome-ignore format: a table
    const cases = [
      { order: { facility_ids: [small.id] }, code: "history_unusable", says: "1 of 2 invoices of the facility were settled" },
      { order: { facility_ids: [facilityId], as_of: "2026-01-06" }, code: "history_unusable", says: "needs 100" },
      { order: { currency: "JPY" }, code: "history_unusable", says: "no facility in JPY had" },
      { order: { facility_ids: [facilityId, euro] }, code: "currency_mismatch", says: "EUR" },
      { order: { facility_ids: [stranger] }, code: "not_found", says: stranger },
      { order: { facility_ids: [facilityId], as_of: "2031-01-01" }, code: "effective_date_refused", says: "2031-01-01" },
      { order: { facility_ids: [facilityId], currency: "USD" }, code: "invalid_request", says: "one or the other" },
      { order: {}, code: "invalid_request", says: "one or the other" },
    ];
    for (const { order, code, says } of cases) {
      const refused = await fixture.refusal("fit-payment-behaviour", order);
      expect([refused.code, refused.detail.includes(says)], `${says}: ${refused.detail}`).to.deep.equal([code, true]);
    }
  });
});
