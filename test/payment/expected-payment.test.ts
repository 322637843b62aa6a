import { expect } from "chai";
import fc from "fast-check";
import { TapeFindings } from "../../models/findings-table.js";
import type { PaymentModel } from "../../models/payment-card.js";
import { missing } from "../../models/tape.js";
import { expectedPayment } from "../../src/payment/expected-payment.js";
import { fitPayment } from "../../src/payment/fit.js";
import { scorePayment } from "../../src/payment/score.js";
import { columnsOf, lastDay, type Making, madeInvoices } from "./made-history.js";

const file = { name: "history.csv", sha256: "0".repeat(64) };

function cardOf(making: Making) {
  return fitPayment({ columns: columnsOf(madeInvoices(making)), findings: new TapeFindings(), asOf: lastDay, file });
}

/** One invoice, as it is offered. */
const offer = (more: Partial<ReturnType<typeof madeInvoices>[number]> = {}) =>
  columnsOf([
    {
      debtor: "D1",
      issued: lastDay,
      terms: 30,
      cents: 50_000,
      settled: null,
      isDisputed: false,
      channel: "mail",
      ...more,
    },
  ]);

describe("what is expected of an invoice", () => {
  let model: PaymentModel;
  before(() => {
    ({ model } = cardOf({ seed: 21, rows: 4000 }));
  });

  it("finds the truth that the invoices were made from", () => {
    const effect = (term: string, key: string) => {
      const found = model.terms.find(({ name }) => name === term)!;
      return found.effects[found.keys.indexOf(key)]!;
    };
    expect(model.power, "the scale").to.equal(1);
    expect(effect("extra.channel", "post") - effect("extra.channel", "mail"), "by post").to.be.within(5, 7);
    expect(model.dispute_effect, "in dispute").to.be.within(13, 15);
    expect(model.noise, "noise").to.be.within(4.5, 5.5);
    expect(model.terms.find(({ name }) => name === "debtor")!.prior_deviation, "habits").to.be.within(6, 10);
  });

  it("has tested itself out of time and found its probabilities right", () => {
    const { folds, calibration } = cardOf({ seed: 22, rows: 4000 }).metrics;
    expect(folds).to.have.lengthOf(3);
    for (const fold of folds) {
      expect(fold.late_forecast).to.be.within(fold.late_share - 0.05, fold.late_share + 0.05);
      expect(fold.covered_by_p90).to.be.within(0.86, 0.94);
      expect(fold.brier).to.be.below(fold.brier_of_constant);
      expect(fold.mae_days).to.be.below(fold.mae_days_of_constant);
    }
    for (const { forecast, actual } of calibration) expect(actual).to.be.within(forecast - 0.1, forecast + 0.1);
  });

  it("is never less likely to be unpaid after fewer days, and its middle is no later than its p90", () => {
    fc.assert(
      fc.property(fc.nat(39), fc.nat(120), fc.nat(120), fc.nat(60), (debtor, a, b, open) => {
        const invoice = offer({ debtor: `D${debtor}`, issued: lastDay - open });
        const unpaid = (days: number) =>
          expectedPayment(model, invoice, { recourse: { days, from: "invoice_date" } }).probabilityUnpaid![0]!;
        const [few, many] = [Math.min(a, b), Math.max(a, b)];
        expect(unpaid(many)).to.be.at.most(unpaid(few));
        const { daysP50, daysP90 } = expectedPayment(model, invoice);
        expect(daysP50[0]!).to.be.within(open, daysP90[0]!);
      }),
      { numRuns: 200 },
    );
  });

  it("has half of the chance at its middle and a tenth at its p90", () => {
    for (const debtor of ["D1", "D7", "nobody"]) {
      const invoice = offer({ debtor, channel: "post" });
      const { daysP50, daysP90 } = expectedPayment(model, invoice);
      const unpaid = (days: number) =>
        expectedPayment(model, invoice, { recourse: { days, from: "invoice_date" } }).probabilityUnpaid![0]!;
      // Days are whole: the chance steps past the share somewhere about the middle.
      expect(unpaid(Math.floor(daysP50[0]!) - 1)).to.be.above(0.5);
      expect(unpaid(Math.ceil(daysP50[0]!) + 1)).to.be.below(0.5);
      expect(unpaid(Math.floor(daysP90[0]!) - 1)).to.be.above(0.1);
      expect(unpaid(Math.ceil(daysP90[0]!) + 1)).to.be.below(0.1);
    }
  });

  it("knows an invoice that is open past its due date to be late", () => {
    const overdue = offer({ issued: lastDay - 45 });
    expect(expectedPayment(model, overdue).probabilityLate[0]).to.equal(1);
    expect(expectedPayment(model, overdue, { openOn: null }).probabilityLate[0]).to.be.below(1);
    expect(expectedPayment(model, overdue).daysP50[0]).to.be.at.least(45);
  });

  it("counts the recourse window from the day that the terms name", () => {
    const invoice = offer();
    const of = (days: number, from: "invoice_date" | "due_date") =>
      expectedPayment(model, invoice, { recourse: { days, from } }).probabilityUnpaid![0];
    expect(of(5, "due_date")).to.equal(of(35, "invoice_date"));
    expect(of(0, "due_date")).to.equal(expectedPayment(model, invoice).probabilityLate[0]);
    expect(expectedPayment(model, invoice).probabilityUnpaid).to.equal(null);
  });

  it("says how many are never paid, and is not thrown off by them", () => {
    const { model: leaky } = cardOf({ seed: 23, rows: 4000, neverShare: 0.08 });
    expect(leaky.never_share).to.be.within(0.07, 0.1);
    expect(leaky.dispute_effect).to.be.within(13, 15);
    expect(leaky.noise).to.be.within(4.5, 5.5);
    const [sound, holed] = [
      expectedPayment(model, offer({ debtor: "nobody" })),
      expectedPayment(leaky, offer({ debtor: "nobody" })),
    ];
    expect(holed.daysP50[0]! - sound.daysP50[0]!).to.be.within(-5, 6);
  });

  it("draws a debtor with few invoices towards the usual, and one with many to what it did", () => {
    const made = madeInvoices({ seed: 24, rows: 2000 });
    const slow = Array.from({ length: 60 }, (_, at) => ({
      ...made[0]!,
      debtor: at < 1 ? "once" : "often",
      issued: lastDay - 200 - at,
      settled: lastDay - 200 - at + 70,
      isDisputed: false,
      channel: "mail",
    }));
    const columns = columnsOf([...made, ...slow]);
    const { model: fitted } = fitPayment({ columns, findings: new TapeFindings(), asOf: lastDay, file });
    const days = (debtor: string) => expectedPayment(fitted, offer({ debtor })).daysP50[0]!;
    expect(days("often")).to.be.within(62, 74);
    expect(days("once")).to.be.within(days("nobody") + 5, days("often") - 3);
  });

  it("learns dilution from what was paid, debtor by debtor by credibility, and assumes it where nothing was", () => {
    const made = madeInvoices({ seed: 25, rows: 1000, debtors: 10 });
    const columns = columnsOf(made);
    const paidMinor = BigInt64Array.from(made, ({ settled, cents, debtor }, at) => {
      if (settled === null) return missing.money;
      return BigInt(Math.round(cents * (1 - (debtor === "D3" ? 0.2 : 0) - (at % 10 === 0 ? 0.1 : 0))));
    });
    const { model: fitted } = fitPayment({
      columns: { ...columns, paidMinor },
      findings: new TapeFindings(),
      asOf: lastDay,
      file,
    });
    const rate = (debtor: string) => expectedPayment(fitted, offer({ debtor })).dilutionRate[0]!;
    expect(rate("D3")).to.be.within(0.18, 0.23);
    expect(rate("D1")).to.be.within(0.003, 0.03);
    expect(rate("nobody")).to.equal(fitted.dilution.rate);
    expect(fitted.dilution.basis).to.equal("history");
    expect(model.dilution).to.include({ basis: "assumption", rate: 0.05 });
  });

  it("says in words what moved it most", () => {
    const card = cardOf({ seed: 21, rows: 4000 });
    const columns = offer({ debtor: "D1", channel: "post", issued: lastDay - 3 });
    const { reasons } = scorePayment({ card, columns, findings: new TapeFindings() });
    expect(reasons.words[reasons.first[0]!]).to.equal("it has been open for 3 days");
    const others = [reasons.second, reasons.third].map((codes) => reasons.words[codes[0]!]!);
    expect(others.join("; ")).to.match(/the debtor, by \d+ invoices: \d+ days? (later|sooner) than usual/);
    expect(others.join("; ")).to.match(/channel post: \d days? later than usual/);
  });
});
