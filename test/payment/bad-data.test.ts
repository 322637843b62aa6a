import { expect } from "chai";
import type { FindingCode } from "../../models/finding.js";
import { TapeFindings } from "../../models/findings-table.js";
import type { InvoiceColumns } from "../../models/invoice.js";
import { isRefusal } from "../../models/refusal.js";
import { missing, type TapeColumn } from "../../models/tape.js";
import { expectedPayment } from "../../src/payment/expected-payment.js";
import { fitPayment } from "../../src/payment/fit.js";
import { scorePayment } from "../../src/payment/score.js";
import { columnsOf, day, type MadeInvoice, madeInvoices } from "./made-history.js";

const asOf = day("2025-12-31");
const file = { name: "history.csv", sha256: "0".repeat(64) };

function fitAndScore(history: InvoiceColumns, offered: InvoiceColumns = history) {
  const findings = new TapeFindings();
  const card = fitPayment({ columns: history, findings, asOf, file });
  const score = scorePayment({ card, columns: offered, findings });
  const { daysP50, daysP90, probabilityLate, dilutionRate } = score.expected;
  for (const values of [daysP50, daysP90, probabilityLate, dilutionRate]) {
    expect(values.every(Number.isFinite)).to.equal(true);
  }
  expect(probabilityLate.every((p) => p >= 0 && p <= 1)).to.equal(true);
  expect(daysP50.every((days, i) => days >= 0 && days <= daysP90[i]!)).to.equal(true);
  return { card, score, codes: [...findings].map(({ code, column }) => `${code} ${column ?? "-"}`) };
}

const made = madeInvoices({ seed: 5, rows: 400 });
const change = (of: (invoice: MadeInvoice, at: number) => Partial<MadeInvoice>) =>
  columnsOf(made.map((invoice, at) => ({ ...invoice, ...of(invoice, at) })));
const withExtra = (columns: InvoiceColumns, name: string, column: TapeColumn): InvoiceColumns => ({
  ...columns,
  extras: new Map([...columns.extras, [name, column]]),
});
const numbers = (of: (at: number) => number): TapeColumn => ({
  kind: "number",
  values: Float64Array.from(made, (_, at) => of(at)),
});
const codes = (of: (at: number) => number, labels: string[]): TapeColumn => ({
  kind: "code",
  values: Int32Array.from(made, (_, at) => of(at)),
  labels,
});
const settledDays = (at: number) => (made[at]!.settled ?? made[at]!.issued) - made[at]!.issued;

describe("a history that is not as it should be", () => {
  const cases: { why: string; history: () => InvoiceColumns; finds: `${FindingCode} ${string}` }[] = [
    {
      why: "all paid on time",
      history: () => change(({ settled, issued }) => ({ settled: settled === null ? null : issued + 9 })),
      finds: "history_one_class -",
    },
    {
      why: "all paid late",
      history: () => change(({ settled, issued }) => ({ settled: settled === null ? null : issued + 31 })),
      finds: "history_one_class -",
    },
    { why: "ten rows", history: () => columnsOf(made.slice(0, 10)), finds: "history_thin -" },
    {
      why: "one settled invoice",
      history: () => change((_, at) => ({ settled: at === 0 ? made[0]!.issued + 40 : null })),
      finds: "history_thin -",
    },
    {
      why: "one value throughout",
      history: () => change(() => ({ channel: "post" })),
      finds: "column_constant channel",
    },
    {
      why: "a column that is blank",
      history: () =>
        withExtra(
          columnsOf(made),
          "note",
          codes(() => missing.code, []),
        ),
      finds: "column_empty note",
    },
    {
      why: "a column of identifiers",
      history: () =>
        withExtra(
          columnsOf(made),
          "key",
          codes(
            (at) => at,
            made.map((_, at) => `k${at}`),
          ),
        ),
      finds: "column_too_many_values key",
    },
    {
      why: "days late",
      history: () =>
        withExtra(
          columnsOf(made),
          "DaysLate",
          numbers((at) => at % 7),
        ),
      finds: "column_leaks DaysLate",
    },
    {
      why: "the outcome under another name",
      history: () =>
        withExtra(
          columnsOf(made),
          "x",
          numbers((at) => 3 * settledDays(at) + 1),
        ),
      finds: "column_leaks x",
    },
    {
      why: "filled in when settled",
      history: () =>
        withExtra(
          columnsOf(made),
          "agent",
          codes((at) => (made[at]!.settled === null ? -1 : at % 3), ["a", "b", "c"]),
        ),
      finds: "column_leaks agent",
    },
    {
      why: "settled on the day or later",
      history: () => change(({ settled }) => ({ settled: settled === null ? null : settled + 30 })),
      finds: "outcome_after_as_of settled_date",
    },
    {
      why: "issued later",
      history: () =>
        change(({ issued, settled }, at) =>
          at < 5 ? { issued: issued + 400, settled: settled === null ? null : settled + 400 } : {},
        ),
      finds: "issued_after_as_of invoice_date",
    },
  ];
  for (const { why, history, finds } of cases) {
    it(`is found out, and no forecast is without a number: ${why}`, () => {
      const { codes: found } = fitAndScore(history());
      expect(found).to.include(finds);
    });
  }

  it("may be of one debtor alone", () => {
    expect(fitAndScore(change(() => ({ debtor: "D1" }))).card.data.debtors).to.equal(1);
  });

  it("is refused when nothing in it was settled", () => {
    try {
      fitAndScore(change(() => ({ settled: null })));
    } catch (error) {
      expect(isRefusal(error) && error.code).to.equal("history_unusable");
      return;
    }
    throw new Error("it was not refused");
  });

  it("leaves out what was settled before it was issued, credit notes and zeros", () => {
    const odd = change(({ issued }, at) =>
      at === 0 ? { settled: issued - 3 } : at === 1 ? { cents: -500 } : at === 2 ? { cents: 0 } : {},
    );
    const leftOut = (columns: InvoiceColumns) => fitAndScore(columns).card.data.left_out;
    expect(leftOut(odd) - leftOut(columnsOf(made))).to.equal(3);
  });

  it("takes values that it has never seen as usual ones, and says so", () => {
    const offered = columnsOf(
      made.slice(0, 50).map((invoice, at) => ({ ...invoice, debtor: `N${at}`, channel: "fax" })),
    );
    const { codes: found, card, score } = fitAndScore(columnsOf(made), offered);
    expect(found).to.include.members(["value_unseen debtor_id", "value_unseen channel"]);
    const known = scorePayment({ card, columns: columnsOf(made.slice(0, 50)), findings: new TapeFindings() });
    const width = (s: typeof score) => s.expected.daysP90[0]! - s.expected.daysP50[0]!;
    expect(width(score)).to.be.above(width(known));
  });

  it("says when invoices are made up differently from the history, where there are enough to tell", () => {
    const { card, codes: alike } = fitAndScore(columnsOf(made));
    expect(alike.filter((code) => code.startsWith("population_differs"))).to.deep.equal([]);
    const byPost = (rows: number) => {
      const findings = new TapeFindings();
      const offered = made.slice(0, rows).map((invoice) => ({ ...invoice, channel: "post" }));
      expectedPayment(card.model, columnsOf(offered), { findings });
      return [...findings].map(({ code, column }) => `${code} ${column}`);
    };
    expect(byPost(150)).to.deep.equal(["population_differs channel"]);
    expect(byPost(50)).to.deep.equal([]);
  });

  it("does without a column that the file lacks, and says so", () => {
    const offered = { ...columnsOf(made), extras: new Map() };
    expect(fitAndScore(columnsOf(made), offered).codes).to.include("column_absent channel");
  });

  it("stands values that are not finite or missing", () => {
    const odd = numbers((at) => (at % 5 === 0 ? Number.NaN : at % 7 === 0 ? Number.POSITIVE_INFINITY : at % 11));
    fitAndScore(withExtra(columnsOf(made), "weight", odd));
  });

  it("takes a missing or impossible due date as the usual terms", () => {
    const columns = columnsOf(made);
    columns.dueDay[0] = missing.day;
    columns.dueDay[1] = columns.invoiceDay[1]! - 1;
    fitAndScore(columns);
  });

  it("has no debtor's id in its card", () => {
    const { card } = fitAndScore(change(({ debtor }) => ({ debtor: `Zebulon Quackenbush ${debtor}` })));
    expect(JSON.stringify(card)).not.to.match(/Zebulon|Quackenbush/);
  });
});
