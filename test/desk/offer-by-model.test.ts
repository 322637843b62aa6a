import { hash } from "node:crypto";
import { expect } from "chai";
import { TapeFindings } from "../../models/findings-table.js";
import type { PaymentCard } from "../../models/payment-card.js";
import { addDays, type Day, formatDay, parseDay } from "../../src/calendar/day.js";
import { expectedPayment } from "../../src/payment/expected-payment.js";
import { fitPayment } from "../../src/payment/fit.js";
import { actSheets } from "../../src/reports/act-report.js";
import { eachDatabase } from "../harness/database.js";
import { columnsOf, lastDay, madeInvoices } from "../payment/made-history.js";
import { DeskFixture } from "./desk-fixture.js";
import { openedFacility, printedTerms, stated } from "./facility-fixture.js";

/** Debtors whose habits are known pay 30 days after the invoice and their habit; these invoices are due after 10. */
eachDatabase("an offer by how debtors pay", (open) => {
  let fixture: DeskFixture;
  let card: PaymentCard;
  let modelId: string;
  const today = "2026-01-10";
  const asOf = parseDay(today);
  const debtors = ["D1", "D2", "D3"];

  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    fixture.setDay(today);
    for (const debtor_id of debtors) await fixture.do("save-debtor", { debtor_id });
    const columns = columnsOf(madeInvoices({ seed: 11, rows: 3000 }));
    card = fitPayment({
      columns: { ...columns, extras: new Map() },
      findings: new TapeFindings(),
      asOf: addDays(lastDay, 1),
      file: { name: "made.csv", sha256: "0" },
    });
    modelId = (await register("pays", card)).id;
  });
  after(() => fixture.remove());

  const register = (name: string, given: PaymentCard) =>
    fixture.do("register-model", { kind: "payment_behaviour", name, card: { ...given } });
  const dates = { invoice_date: "2026-01-05", due_date: "2026-01-15" };

  async function offered(terms: object, request: { payment_model?: string } = {}) {
    const { facilityId } = await openedFacility(fixture, { terms: { ...printedTerms, ...terms } });
    const invoices = debtors.map((debtor_id) => stated({ ...dates, debtor_id }));
    const { id: schedule_id } = await fixture.do("submit-schedule", { facility_id: facilityId, invoices });
    const shown = await fixture.do("offer-schedule", { schedule_id, ...request });
    return { schedule_id, shown, document: shown.document };
  }

  it("expects payment on the due dates where no model is named, and says so", async () => {
    const { document } = await offered({});
    expect(document.expected.basis).to.equal("due dates");
    expect(document.expected).to.not.have.property("model");
    expect(document.invoices.map((line) => line.expected_days_to_pay)).to.deep.equal([10, 10, 10]);
  });

  for (const named of ["the terms", "the request"] as const) {
    it(`expects what the model of ${named} says of invoices that are open today, and names its version`, async () => {
      const { schedule_id, document } =
        named === "the terms"
          ? await offered({ payment_model: modelId })
          : await offered({}, { payment_model: modelId });
      const { daysP50 } = expectedPayment(card.model, offeredColumns(), { openOn: asOf });
      const wanted = [...daysP50].map(Math.round);
      expect(new Set(wanted).size, "debtors differ").to.be.greaterThan(1);
      expect(document.invoices.map((line) => line.expected_days_to_pay)).to.deep.equal(wanted);
      expect(document.invoices.map((line) => line.expected_days_from_funding)).to.deep.equal(wanted.map((d) => d - 5));
      const { model, basis } = document.expected;
      expect(model).to.include({ id: modelId, kind: "payment_behaviour", name: "pays", version: 1 });
      expect(basis).to.match(/^how debtors have paid: model "pays" version 1 \(mo_/);
      // the disclosure goes on resting on the due dates, as the rules say
      expect(document.disclosure.california.term_days).to.equal(5);
      expect((await fixture.do("show-offer", { schedule_id })).document).to.deep.equal(document);
    });
  }

  /** The same three invoices as a file would tell them. */
  function offeredColumns() {
    const made = debtors.map((debtor) => ({
      debtor,
      issued: parseDay(dates.invoice_date) as number,
      terms: 10,
      cents: 1_000_000,
      settled: null,
      isDisputed: false,
      channel: "mail",
    }));
    return { ...columnsOf(made), disputed: new Uint8Array(3), extras: new Map() };
  }

  it("says which columns of the model the books do not have, what that does, and whom it does not know", async () => {
    const own = fitPayment({
      columns: columnsOf(madeInvoices({ seed: 11, rows: 3000 })),
      findings: new TapeFindings(),
      asOf: addDays(lastDay, 1),
      file: { name: "own.csv", sha256: "1" },
    });
    expect(own.model.terms.map(({ name }) => name)).to.include("extra.channel");
    const { id } = await register("own columns", own);
    await fixture.do("save-debtor", { debtor_id: "stranger" });
    const { facilityId } = await openedFacility(fixture);
    const invoices = [...debtors, "stranger"].map((debtor_id) => stated({ ...dates, debtor_id }));
    const { id: schedule_id } = await fixture.do("submit-schedule", { facility_id: facilityId, invoices });
    const shown = await fixture.do("offer-schedule", { schedule_id, payment_model: id });
    const { findings } = shown.document.expected;
    expect(findings!.map(({ code, column }) => `${code} ${column}`)).to.have.members([
      "column_absent channel",
      "value_unseen debtor_id",
    ]);
    const [absent] = findings!.filter(({ code }) => code === "column_absent");
    // 40 % of the invoices go by post and take 6 days more: a standard deviation of 2.9
    const days = Number(/moved the days to pay by (\d+\.\d)/.exec(absent!.message)![1]);
    expect(days).to.be.within(2.5, 3.4);
    expect(findings!.find(({ code }) => code === "value_unseen")!.message).to.contain("1 of 4 rows");
    // forecast as the usual invoice, and less surely
    const columns = { ...offeredColumns(), extras: new Map() };
    const { daysP50 } = expectedPayment(own.model, columns, { openOn: asOf });
    const lines = shown.document.invoices.filter(({ debtor_id }) => debtor_id !== "stranger");
    expect(lines.map((line) => line.expected_days_to_pay)).to.deep.equal([...daysP50].map(Math.round));
    const [sheet] = actSheets("offer-schedule", shown).filter(({ name }) => name === "offer");
    expect(sheet!.notes).to.include(`expected days, channel: ${absent!.message}`);
    expect((await fixture.do("show-offer", { schedule_id })).document).to.deep.equal(shown.document);
    // a model that looks at nothing else has nothing to say
    expect((await offered({ payment_model: modelId })).document.expected).to.not.have.property("findings");
  });

  it("the request's model goes before that of the terms", async () => {
    const slower = structuredClone(card);
    slower.model.terms[0]!.effects[0]! += card.model.power === 1 ? 20 : 1;
    const other = await register("slower", slower);
    const [by, instead] = [
      await offered({ payment_model: modelId }),
      await offered({ payment_model: modelId }, { payment_model: other.id }),
    ];
    expect(instead.document.expected.model?.id).to.equal(other.id);
    expect(instead.document.expected.days).to.be.greaterThan(by.document.expected.days);
    expect(Number(instead.document.expected.cost)).to.be.at.least(Number(by.document.expected.cost));
  });

  it("refuses a model that knows the future, one in another currency, one of another kind, and one that is retired", async () => {
    const late = structuredClone(card);
    const after = formatDay(addDays(asOf, 1) as Day);
    late.model.as_of = after;
    late.data.as_of = after;
    const cases = [
      { id: (await register("late", late)).id, code: "conflict", says: after },
      {
        id: (await register("euro", { ...card, data: { ...card.data, currency: "EUR" } })).id,
        code: "currency_mismatch",
        says: "EUR",
      },
      { id: "mo_01m80hgx7kd548x8ag6pvpwqs7", code: "not_found", says: "payment_behaviour" },
    ];
    for (const { id, code, says } of cases) {
      const terms = { ...printedTerms, payment_model: id };
      const refused = await fixture.refusal("open-facility", { name: "F", seller: "S", terms });
      expect([refused.code, refused.detail.includes(says)], says).to.deep.equal([code, true]);
    }
    const gone = await register("gone", { ...card, data: { ...card.data, file: "another" } });
    const { schedule_id, document } = await offered({ payment_model: gone.id });
    await fixture.do("retire-model", { model_id: gone.id, reason: "drifted" });
    const refused = await fixture.refusal("offer-schedule", { schedule_id });
    expect([refused.code, refused.detail.includes("drifted")]).to.deep.equal(["conflict", true]);
    // what was offered by it stands as it was shown
    const kept = await fixture.do("show-offer", { schedule_id });
    expect(kept.document).to.deep.equal(document);
    // as it was shown, to the byte: its hash can be taken again
    expect(hash("sha256", JSON.stringify(kept.document), "hex")).to.equal(kept.sha256);
  });

  it("gives the first answer to a retry, whose document is written once", async () => {
    const { schedule_id } = await offered({ payment_model: modelId });
    const first = await fixture.answer("offer-schedule", { schedule_id }, { key: "offer-again" });
    const second = await fixture.answer("offer-schedule", { schedule_id }, { key: "offer-again" });
    expect(second).to.deep.equal({ output: first.output, replayed: true });
    const [row] = await fixture.desk.store.transaction({ tenantId: "alpha" }, (tx) =>
      tx.query<{ answer: object }>("select answer from idempotency where idempotency_key = 'offer-again'"),
    );
    expect(row!.answer).to.include({ version: 2 }).and.not.have.property("document");
    // an answer that was kept whole is given as it was kept
    await fixture.desk.store.transaction({ tenantId: "alpha" }, (tx) =>
      tx.execute("update idempotency set answer = ? where idempotency_key = 'offer-again'", [
        JSON.stringify({ ...first.output, sha256: "kept" }),
      ]),
    );
    const whole = await fixture.answer("offer-schedule", { schedule_id }, { key: "offer-again" });
    expect(whole).to.deep.equal({ output: { ...first.output, sha256: "kept" }, replayed: true });
  });

  it("is no term of an offer that no books are asked for", async () => {
    const { factoringTermsSchema } = await import("../../models/factoring-terms.js");
    expect(factoringTermsSchema.safeParse({ payment_model: modelId }).success).to.equal(false);
  });
});
