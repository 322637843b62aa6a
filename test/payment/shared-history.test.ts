/**
 * A real-shaped history of 1,594 invoices of 100 debtors. On three days the model learns from what was settled before
 * and forecasts what was issued from then on, of which the file knows the settlement. To be beaten: boosting with
 * aggregates by debtor, tuned, in standard Python tools on the same rows.
 */
import { expect } from "chai";
import { TapeFindings } from "../../models/findings-table.js";
import { parseDay } from "../../src/calendar/day.js";
import { type InvoiceFacts, invoiceFacts } from "../../src/payment/facts.js";
import { testFrom } from "../../src/payment/folds.js";
import { historyAsOf } from "../../src/payment/history.js";
import { knowsOpenDisputes, screenSources } from "../../src/payment/screen.js";
import { readInvoices } from "../../src/tape/invoices.js";
import { sharedPathOrSkip } from "../harness/shared.js";
import { newFolder } from "../tape/work-folder.js";

describe("payment behaviour on a real-shaped history", () => {
  let facts: InvoiceFacts;
  before(async function () {
    const path = sharedPathOrSkip(this as unknown as Mocha.Context, "data", "invoices", "receivables_history_dev.csv");
    facts = invoiceFacts((await readInvoices(path, { workFolder: newFolder() })).columns);
  });

  const table = [
    { asOf: "2012-09-01", auc: 0.864, brier: 0.14, days: 6.14, tested: 678 },
    { asOf: "2012-11-01", auc: 0.851, brier: 0.148, days: 6.24, tested: 448 },
    { asOf: "2013-01-01", auc: 0.858, brier: 0.127, days: 6.11, tested: 223 },
  ];
  for (const { asOf, auc, brier, days, tested } of table) {
    it(`is ahead of boosting at ${asOf}`, () => {
      const cut = parseDay(asOf);
      const { names } = screenSources(facts, historyAsOf(facts, cut), new TapeFindings());
      const options = { sources: names, knowsOpenDisputes: knowsOpenDisputes(facts), salt: "test" };
      const { fold } = testFrom(facts, { cut, issuedBefore: null, knownUntil: parseDay("2013-04-01") }, options)!;
      expect(fold.tested_on).to.equal(tested);
      expect(fold.auc).to.be.above(auc);
      expect(fold.brier).to.be.below(brier);
      expect(fold.mae_days).to.be.below(days);
      expect(fold.mae_days_of_constant).to.be.within(9.5, 10.5);
      expect(fold.covered_by_p90).to.be.within(0.86, 0.94);
    });
  }

  it("does not look at whether the invoice in question is disputed, which only settled ones tell", () => {
    expect(knowsOpenDisputes(facts)).to.equal(false);
  });
});
