import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import type { DeskFixture } from "./desk-fixture.js";
import { fundedSchedule, openedFacility, printedTerms, stated, type Terms } from "./facility-fixture.js";
import { factorsDesk } from "./factors-desk.js";

const readings = ["report-availability", "report-reserve", "report-facility-aging", "report-disputes"] as const;

eachDatabase("a facility as it was", (open) => {
  let fixture: DeskFixture;
  factorsDesk(open, { debtors: [] }, (begun) => (fixture = begun));

  const terms: Terms = {
    ...printedTerms,
    eligibility: {
      purchase_order_required: true,
      proof_of_delivery_over: "1000.00",
      verification_over: "2000.00",
      concentration_limit: null,
      cross_age_threshold: null,
      over_age_days: 120,
    },
  };

  async function read(facility_id: string, at: { as_of?: string; known_at?: string } = {}): Promise<string[]> {
    const answers: string[] = [];
    for (const name of readings) answers.push(JSON.stringify(await fixture.do(name, { facility_id, ...at })));
    return answers;
  }

  /** Two facilities that buy of the same debtors, with disputes, papers and answers in March. */
  async function march() {
    fixture.setDay("2026-03-01");
    for (const debtor_id of ["D1", "D2"]) {
      await fixture.do("save-debtor", { debtor_id, credit_limit: "60000.00", payable: "0" });
    }
    const dates = { invoice_date: "2026-02-20", due_date: "2026-03-31", proof_of_delivery: true };
    const { facilityId } = await openedFacility(fixture, { terms, seller: `First ${fixture.clockMs}` });
    const elsewhere = await openedFacility(fixture, { seller: `Second ${fixture.clockMs}` });
    const [one, two, three, four] = ["1500.00", "1600.00", "1700.00", "1800.00"].map((amount, i) =>
      stated({ ...dates, amount, debtor_id: i < 2 ? "D1" : "D2" }),
    );
    const { invoiceIds } = await fundedSchedule(fixture, facilityId, [one!, two!, three!, four!]);
    const other = await fundedSchedule(fixture, elsewhere.facilityId, [stated({ ...dates, amount: "50000.00" })]);
    fixture.setDay("2026-03-10");
    await fixture.do("dispute-invoice", {
      invoice_id: invoiceIds[0]!,
      reason: "quality",
      amount: "400.00",
      raised_on: "2026-03-08",
    });
    const paper = { invoice_id: invoiceIds[1]!, kind: "proof_of_delivery", reference: "POD", signed: true } as const;
    const { id: document_id } = await fixture.do("attach-document", paper);
    return {
      facility_id: facilityId,
      elsewhere: elsewhere.facilityId,
      invoiceIds,
      other: other.invoiceIds,
      document_id,
    };
  }

  it("every change after a day shows in the reading of its own day, and leaves the reading of the old day to the byte", async () => {
    const made = await march();
    const { facility_id, invoiceIds } = made;
    fixture.setDay("2026-03-15");
    const then = await read(facility_id);
    const { known_at, as_of } = JSON.parse(then[0]!) as { known_at: string; as_of: string };
    expect(await read(facility_id, { as_of, known_at })).to.deep.equal(then);
    expect(JSON.parse(then[0]!).base.find(({ step }: { step: string }) => step === "disputed").removed).to.equal(
      "400.00",
    );
    fixture.setDay("2026-03-31");
    const dispute_id = (await fixture.do("list-disputes", { facility_id })).data[0]!.id;
    const raised = { reason: "not_owed", raised_on: "2026-03-30" } as const;
    const changes: readonly (readonly [string, () => Promise<unknown>])[] = [
      ["a dispute is raised", () => fixture.do("dispute-invoice", { invoice_id: invoiceIds[2]!, ...raised })],
      [
        "a dispute ends in a credit",
        () => fixture.do("resolve-dispute", { dispute_id, outcome: "credit_agreed", resolved_on: "2026-03-31" }),
      ],
      [
        "a proof is refused",
        () => fixture.do("verify-document", { document_id: made.document_id, outcome: "refused", method: "call" }),
      ],
      ["a limit is lowered", () => fixture.do("save-debtor", { debtor_id: "D1", credit_limit: "51000.00" })],
      [
        "the seller owes a debtor",
        () => fixture.do("save-debtor", { debtor_id: "D2", credit_limit: "60000.00", payable: "250.00" }),
      ],
      ["a debtor fails", () => fixture.do("save-debtor", { debtor_id: "D2", debtor_type: "insolvent" })],
      [
        "another facility collects",
        () =>
          fixture.do("record-collection", {
            facility_id: made.elsewhere,
            received_on: "2026-03-31",
            invoices: [{ invoice_id: made.other[0]!, amount: "50000.00" }],
          }),
      ],
      [
        "the terms change",
        () =>
          fixture.do("change-facility-terms", { facility_id, terms: { ...terms, advance_rate: "0.5" }, reason: "x" }),
      ],
      [
        "an invoice is bought back",
        () =>
          fixture.do("buy-back-invoices", {
            facility_id,
            invoice_ids: [invoiceIds[3]!],
            bought_back_on: "2026-03-31",
          }),
      ],
    ];
    let [today] = await read(facility_id);
    for (const [what, change] of changes) {
      await change();
      const [changed] = await read(facility_id);
      expect({ ...JSON.parse(changed!), known_at }, `${what}, on its day`).not.to.deep.equal({
        ...JSON.parse(today!),
        known_at,
      });
      today = changed;
      expect(await read(facility_id, { as_of, known_at }), `${what}, on the old day`).to.deep.equal(then);
    }
    const unsaid = (await read(facility_id, { as_of })).map((text) => ({ ...JSON.parse(text), known_at }));
    expect(unsaid, "on the old day as known now").to.deep.equal(then.map((text) => JSON.parse(text)));
    expect((await fixture.do("verify-books", {})).differences).to.deep.equal([]);
  }).timeout(60_000);

  it("papers and answers of persons count from the day that they came in", async () => {
    fixture.setDay("2026-03-01");
    await fixture.do("save-debtor", { debtor_id: "D5" });
    const lax: Terms = { ...terms, eligibility: { over_age_days: null } };
    const { facilityId: facility_id } = await openedFacility(fixture, { terms: lax, seller: "Papers" });
    const plain = { invoice_date: "2026-03-01", due_date: "2026-03-31", debtor_id: "D5", amount: "3000.00" };
    const { purchase_order: _, ...bare } = stated(plain);
    const { invoiceIds } = await fundedSchedule(fixture, facility_id, [bare]);
    await fixture.do("change-facility-terms", { facility_id, terms, reason: "stricter" });
    const invoice_id = invoiceIds[0]!;
    const removed = async (at: { as_of?: string; known_at?: string }) => {
      const { base } = await fixture.do("report-availability", { facility_id, ...at });
      return base.filter((step) => step.removed !== "0.00").map(({ step }) => step);
    };
    const order = { invoice_id, kind: "purchase_order", reference: "PO 7" } as const;
    const proof = { invoice_id, kind: "proof_of_delivery", reference: "POD 7", signed: true } as const;
    const asked = { invoice_id, method: "call" } as const;
    const steps: readonly (readonly [day: string, act: () => Promise<unknown>, left: readonly string[]])[] = [
      ["2026-03-02", () => fixture.do("attach-document", order), ["missing_proof_of_delivery"]],
      ["2026-03-03", () => fixture.do("attach-document", proof), ["unverified"]],
      ["2026-03-04", () => fixture.do("verify-invoice", { ...asked, verified_on: "2026-03-04" }), []],
      [
        "2026-03-05",
        () => fixture.do("verify-invoice", { ...asked, outcome: "refused", verified_on: "2026-03-05" }),
        ["unverified"],
      ],
    ];
    const seen: { as_of: string; known_at: string; left: readonly string[] }[] = [];
    for (const [day, act, left] of steps) {
      fixture.setDay(day);
      await act();
      expect(await removed({}), day).to.deep.equal(left);
      const { known_at } = await fixture.do("report-availability", { facility_id });
      seen.push({ as_of: day, known_at, left });
    }
    fixture.setDay("2026-03-20");
    expect(await removed({ as_of: "2026-03-01" })).to.deep.equal(["missing_purchase_order"]);
    for (const { as_of, known_at, left } of seen) {
      expect(await removed({ as_of }), as_of).to.deep.equal(left);
      // as of today, known then
      expect(await removed({ known_at }), known_at).to.deep.equal(left);
    }
    const { data } = await fixture.do("list-invoice-verifications", { invoice_id });
    expect(data.map((one) => [one.verification_no, one.outcome, one.method, one.verified_by])).to.deep.equal([
      [1, "verified", "call", "tester"],
      [2, "refused", "call", "tester"],
    ]);
  }).timeout(60_000);

  it("what is recorded late counts for its day as known now, and not as known then", async () => {
    const { facility_id, invoiceIds } = await march();
    fixture.setDay("2026-03-15");
    const at = { facility_id, as_of: "2026-03-12" };
    const { known_at, amount } = await fixture.do("report-disputes", { facility_id });
    expect(amount).to.equal("400.00");
    fixture.setDay("2026-03-20");
    await fixture.do("dispute-invoice", { invoice_id: invoiceIds[1]!, reason: "not_owed", raised_on: "2026-03-11" });
    expect((await fixture.do("report-disputes", at)).amount).to.equal("2000.00");
    expect((await fixture.do("report-disputes", { ...at, known_at })).amount).to.equal("400.00");
  }).timeout(60_000);

  it("a debtor's versions and the word of a dispute are written once", async () => {
    for (const sql of [
      "update factoring_debtor_version set payable_minor = 1",
      "delete from dispute",
      "update dispute set reason = 'quality'",
      "update invoice_verification set outcome = 'verified'",
    ]) {
      let code = "none";
      try {
        await fixture.desk.store.transaction({ tenantId: "alpha" }, (tx) => tx.execute(sql, []));
      } catch (error) {
        code = (error as { sqlState?: string }).sqlState ?? String(error);
      }
      expect(code, sql).to.equal("42501");
    }
  });
});
