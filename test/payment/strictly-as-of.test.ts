import { expect } from "chai";
import fc from "fast-check";
import { TapeFindings } from "../../models/findings-table.js";
import type { InvoiceColumns } from "../../models/invoice.js";
import { missing } from "../../models/tape.js";
import { expectedPayment } from "../../src/payment/expected-payment.js";
import { invoiceFacts } from "../../src/payment/facts.js";
import { fitPayment } from "../../src/payment/fit.js";
import { historyAsOf } from "../../src/payment/history.js";
import { columnsOf, day, lastDay, madeInvoices } from "./made-history.js";

const asOf = day("2025-09-01");
const file = { name: "history.csv", sha256: "0".repeat(64) };
const modelOf = (columns: InvoiceColumns) => fitPayment({ columns, findings: new TapeFindings(), asOf, file }).model;

describe("a model as of a day", () => {
  it("does not know what happened on the day or after it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
        const made = madeInvoices({ seed, rows: 400 });
        const other = made.map((invoice, at) => {
          if (invoice.issued >= asOf) return { ...invoice, debtor: "D1", channel: "post", cents: 1 + at };
          // The settlement moves within the days that are not known yet; whether it was disputed is told with it.
          if (invoice.settled !== null && invoice.settled >= asOf) {
            return { ...invoice, settled: Math.min(invoice.settled + 5, lastDay), isDisputed: !invoice.isDisputed };
          }
          return invoice;
        });
        expect(modelOf(columnsOf(other))).to.deep.equal(modelOf(columnsOf(made)));
      }),
      { numRuns: 5 },
    );
  });

  it("is the same to the last digit when fitted again", () => {
    const columns = columnsOf(madeInvoices({ seed: 7, rows: 300 }));
    expect(modelOf(columns)).to.deep.equal(modelOf(columns));
  });

  it("knows open invoices to take longer: without them it would forecast too soon", () => {
    const made = madeInvoices({ seed: 11, rows: 6000 });
    const recent = made.filter(({ issued }) => issued >= asOf - 45 && issued < asOf);
    const tested = made.filter(({ issued }) => issued >= asOf && issued < asOf + 30);
    const late = tested.filter(({ settled, issued }) => settled! > issued + 30).length / tested.length;
    const forecast = (history: typeof made) => {
      const { probabilityLate } = expectedPayment(modelOf(columnsOf(history)), columnsOf(tested), { openOn: null });
      return probabilityLate.reduce((sum, p) => sum + p, 0) / tested.length;
    };
    expect(forecast(recent)).to.be.within(late - 0.06, late + 0.06);
    expect(forecast(recent.filter(({ settled }) => settled !== null && settled < asOf))).to.be.below(late - 0.15);
  });

  it("watches an invoice that went back only until then, and no longer than to the day", () => {
    const made = madeInvoices({ seed: 5, rows: 800, neverShare: 0.2 });
    const columns = columnsOf(made);
    const until = (day: (issued: number) => number) => ({
      ...columns,
      watchedUntil: Int32Array.from(made, ({ settled, issued }) => (settled === null ? day(issued) : missing.day)),
    });
    const [all, later] = [modelOf(columns), modelOf(until(() => asOf + 90))];
    expect(later, "it went back after the day").to.deep.equal(all);
    const back = modelOf(until((issued) => issued + 45));
    expect(back.never_share, "fewer are known to be never paid").to.be.below(all.never_share);
    const history = historyAsOf(invoiceFacts(until((issued) => issued + 45)), asOf);
    const days = history.days.filter((_, i) => history.isSettled[i] === 0 && history.facts.settled![i] === missing.day);
    expect(Math.max(...days)).to.equal(45);
    const impossible = historyAsOf(invoiceFacts(until((issued) => issued - 1)), asOf);
    expect(impossible.left.impossible).to.be.greaterThan(50);
  });

  it("watches open invoices only until the history ends", () => {
    const findings = new TapeFindings();
    const columns = columnsOf(madeInvoices({ seed: 3, rows: 300 }));
    const { model } = fitPayment({ columns, findings, asOf: day("2026-12-31"), file });
    expect(model.as_of).to.equal("2026-01-01");
    expect([...findings].map(({ code }) => code)).to.include("history_ends_early");
    expect(columns.settledDay!.some((settled) => settled === missing.day)).to.equal(true);
  });
});
