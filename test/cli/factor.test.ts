import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { factoringOfferDocument } from "../../models/factoring-offer.js";
import { netback } from "./run-netback.js";

const header =
  "invoice_number,debtor_id,debtor_name,invoice_date,due_date,amount,currency,purchase_order,proof_of_delivery,country,disputed,paid_amount,debtor_type";
const terms = {
  currency: "USD",
  as_of: "2026-10-20",
  advance_rate: "0.85",
  fee_schedule: { basis: "face", initial_rate: "0.03", initial_days: 30, step_rate: "0.01", step_days: 10 },
  charges: [{ code: "wire", amount: "25.00", per: "schedule" }],
};

describe("netback factor", () => {
  const folder = mkdtempSync(join(tmpdir(), "factor-"));
  after(() => rmSync(folder, { recursive: true }));
  const file = (name: string, rows: readonly string[]) => {
    const path = join(folder, name);
    writeFileSync(path, [header, ...rows].join("\n"));
    return path;
  };
  const one = file("one.csv", ["1,D1,Acme,2026-10-20,2026-12-04,50000,USD,PO,yes,US,no,,business"]);
  const offerOf = async (args: readonly string[]) => {
    const { out, err, code } = await netback(["factor", ...args, "--json"]);
    expect(code, err).to.equal(0);
    return JSON.parse(out);
  };

  it("answers the printed example [S04]: 42,475 today, 2,525 and 48.22 % on day 45", async () => {
    const document = await offerOf([one, "--terms", JSON.stringify(terms)]);
    expect(document.offer).to.include({
      gross: "50000.00",
      eligible: "50000.00",
      gross_advance: "42500.00",
      upfront_charges: "25.00",
      net_funded: "42475.00",
      reserve: "7500.00",
      expires_on: "2026-10-27",
    });
    const row = document.cost_by_day[44];
    expect(row).to.include({
      day: 45,
      fee: "2500.00",
      cost: "2525.00",
      release: "5000.00",
      client_receives: "47475.00",
    });
    expect(row).to.include({ fee_rate_of_face: "0.050000", apr_of_advance: "0.482179" });
    expect(document.cost_by_day).to.have.length.at.least(120);
    // due in 45 days: the disclosure is of that day
    expect(document.disclosure.california).to.include({
      amount_financed: "42475.00",
      finance_charge: "2525.00",
      estimated_apr_pct: "48.22",
      term_days: 45,
    });
    expect(document.disclosure.california.rows).to.have.length(6);
    expect(document.disclosure.new_york.rows).to.have.length(8);
    expect(document.alternatives.map(({ kind }: { kind: string }) => kind)).to.deep.equal([
      "recourse",
      "non_recourse",
      "overdraft",
      "sell",
      "place",
    ]);
    factoringOfferDocument.parse(document);
  });

  const many = file("many.csv", [
    '1001,D1,Acme,2026-10-01,2026-10-31,"12,500.00",USD,PO1,DN1,US,no,,business',
    "1002,D1,Acme,2026-10-05,2026-11-04,8400.50,USD,PO2,,US,no,400.50,business",
    "1003,D2,Bolt,2026-06-05,2026-07-05,6000,USD,PO3,yes,US,no,,business",
    "1004,D2,Bolt,2026-10-10,2026-11-09,9000,USD,PO3,yes,US,no,,business",
    "1005,D3,Uncle,2026-10-10,2026-11-09,3000,USD,,yes,US,no,,government",
    "1006,D4,Zed,2026-10-10,2026-11-09,4000,USD,,yes,DE,no,,business",
    "1007,D5,Quux,2026-10-10,2026-12-09,14000,USD,,yes,US,yes,,business",
    "1008,D6,Norm,2026-10-12,2026-12-11,22000,USD,X,yes,US,no,,business",
    "1008,D6,Norm,2026-10-12,2026-12-11,22000,USD,X,yes,US,no,,business",
    "1009,D6,Norm,2026-10-12,2026-10-11,200,USD,X,yes,US,no,,business",
    "1010,D6,Norm,2026-10-12,2026-12-11,0,USD,X,yes,US,no,,business",
    "1011,D6,Norm,2026-10-12,2026-12-11,-500,USD,X,yes,US,no,,business",
    "1012,D6,Norm,2026-10-12,2026-12-11,10,EUR,X,yes,US,no,,business",
  ]);

  it("says of every invoice why it is not bought, and of every bad row what is wrong", async () => {
    const policy = { ...terms, eligibility: { proof_of_delivery_over: "7000.00" } };
    const document = await offerOf([many, "--terms", JSON.stringify(policy)]);
    type Row = { invoice_number: string; reasons: { code: string }[] };
    const codes = document.invoices.map((row: Row) => [row.invoice_number, row.reasons.map(({ code }) => code).join()]);
    expect(Object.fromEntries(codes)).to.deep.equal({
      1001: "",
      1002: "missing_proof_of_delivery",
      1003: "over_age,cross_age",
      1004: "cross_age",
      1005: "government",
      1006: "foreign",
      1007: "disputed",
      1008: "",
      1011: "credit_note",
    });
    expect(document.findings.by_code).to.deep.equal({
      invoice_duplicate: 1,
      due_before_invoice: 1,
      amount_zero: 1,
      credit_note: 1,
      currency_differs: 1,
    });
    // by hand: 12,500 + 22,000 - 500 are eligible, 85 % of it 28,900, less 25
    expect(document.offer).to.include({ eligible: "34000.00", gross_advance: "28900.00", net_funded: "28875.00" });
  });

  it("knows an invoice that stands in two files", async () => {
    const document = await offerOf([one, one, "--terms", JSON.stringify(terms)]);
    expect(document.findings.rows[0]).to.include({ code: "invoice_duplicate", row: 1 });
    expect(document.findings.rows[0].message).to.contain("one.csv, row 1");
    expect(document.offer.gross).to.equal("50000.00");
  });

  it("takes the disputed part alone, all where nobody can read how much, and says why when nothing is left", async () => {
    const rows = (name: string, lines: readonly string[]) => {
      const path = join(folder, name);
      writeFileSync(path, [`${header},disputed_amount`, ...lines].join("\n"));
      return path;
    };
    const parts = rows("parts.csv", [
      "1,D1,A,2026-10-10,2026-11-09,20000,USD,X,yes,US,yes,,,5000",
      "2,D2,B,2026-10-10,2026-11-09,20000,USD,X,yes,US,perhaps,,,",
    ]);
    const document = await offerOf([parts, "--terms", JSON.stringify(terms)]);
    const removed = document.invoices.map(
      (row: { reasons: { removed_amount: string }[] }) => row.reasons[0]!.removed_amount,
    );
    expect(removed).to.deep.equal(["5000.00", "20000.00"]);
    expect(document.findings.by_code).to.deep.equal({ flag_invalid: 1 });
    const none = rows("none.csv", ["1,D1,A,2026-10-10,2026-10-09,20000,USD,X,yes,US,no,,,"]);
    const { code, err, out } = await netback(["factor", none, "--json"]);
    expect([code, err]).to.deep.equal([1, err]);
    expect(err).to.contain("none.csv, 1, due_date: the due date is earlier than the invoice");
    expect(JSON.parse(out).errors[0]).to.include({ pointer: "/none.csv/1/due_date", value: "2026-10-09" });
  });

  it("holds a debtor's limit over all that the factor has of it, and buys of no stranger", async () => {
    const debtors = join(folder, "debtors.csv");
    writeFileSync(debtors, "debtor_id,outstanding,credit_limit\nD1,40000,55000\n");
    const document = await offerOf([many, "--terms", JSON.stringify(terms), "--ledger-debtors", debtors]);
    expect(document.base.find(({ step }: { step: string }) => step === "unknown_debtor").removed).to.equal("57500.00");
    // 20,500 of D1 beside 40,000: 5,500 over its limit of 55,000
    expect(document.base.find(({ step }: { step: string }) => step === "credit_limit").removed).to.equal("5500.00");
    expect(document.offer.eligible).to.equal("15000.00");
  });

  it("raises a target with the invoices that cost least", async () => {
    const rows = [
      "1,D1,A,2026-10-10,2026-11-09,10000,USD,X,yes,US,no,,",
      "2,D2,B,2026-10-10,2027-01-08,10000,USD,X,yes,US,no,,",
      "3,D3,C,2026-10-10,2026-11-09,12000,USD,X,yes,US,no,,",
    ];
    const args = [file("target.csv", rows), "--terms", JSON.stringify(terms), "--target-cash", "8000"];
    const document = await offerOf(args);
    expect(document.target).to.include({ reached: true, proved_cheapest: true, expected_cost: "325.00" });
    expect(document.invoices.map(({ selected }: { selected: boolean }) => selected)).to.deep.equal([
      true,
      false,
      false,
    ]);
    const beyond = await offerOf([...args.slice(0, -1), "99999"]);
    expect(beyond.target.reached).to.equal(false);
  });

  it("shows tables to people, and a page to the owner that loads nothing", async () => {
    const page = join(folder, "offer.html");
    const charges = [...terms.charges, { code: "credit check", amount: "40", per: "occasion" }];
    const ran = await netback(["factor", many, "--terms", JSON.stringify({ ...terms, charges }), "--html", page]);
    expect(ran.code).to.equal(0);
    for (const words of ["you get today (USD)", "a year, on the cash", "fee of face", "New York"]) {
      expect(ran.out).to.contain(words);
    }
    const html = readFileSync(page, "utf8");
    expect(html).to.contain("You get today (USD)").and.contain("<svg");
    expect(html).to.contain("What may be charged beside that, if it happens").and.contain("credit check");
    expect(html)
      .to.not.match(/<script|<link|<img|\son\w+=|url\((?!#)|@import/i)
      .and.not.match(/NaN|undefined|null/);
  });

  it("tells the owner the cost on day 30, 45 and 90, and whether an overdraft is cheaper; and when nothing can be bought", async () => {
    const page = join(folder, "words.html");
    const words = async (args: readonly string[]) => {
      const ran = await netback(["factor", ...args, "--html", page]);
      expect(ran.code, ran.err).to.equal(0);
      return readFileSync(page, "utf8");
    };
    const html = await words([one, "--terms", JSON.stringify(terms), "--target-cash", "1000"]);
    // by hand: 1,500, 2,500 and 4,500 and the wire; 42,475 x 12 % x 45/365
    expect(html).to.contain(
      "on day 30, 1,525.00 (43.68% a year); on day 45, 2,525.00 (48.22% a year); on day 90, 4,525.00",
    );
    expect(html).to.contain("on an overdraft at 12.00% a year would cost 628.40: less than this offer");
    expect(html).to.contain(
      "You asked for 1,000.00 USD: 1 of your invoices raise it, and no others raise it for less.",
    );
    const old = file("old.csv", ["1,D1,Acme,2026-01-20,2026-02-20,50000,USD,PO,yes,US,no,,business"]);
    const none = await words([old, "--terms", JSON.stringify(terms)]);
    expect(none).to.contain("You would get nothing today").and.contain("over age (1)").and.not.contain("<svg");
    const yen = file("yen.csv", ["1,D1,Acme,2026-10-20,2026-12-04,50000,JPY,PO,yes,US,no,,business"]);
    const ofYen = await words([
      yen,
      "--terms",
      JSON.stringify({ as_of: "2026-10-20", comparison: { overdraft_rate: "0.9" } }),
    ]);
    expect(ofYen)
      .to.contain("Today you get 40,000;")
      .and.contain("more than this offer")
      .and.contain("or in another currency");
  });

  it("takes the days to pay from a model of how these debtors pay", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => {
      const on = (months: number, day: number) =>
        `2026-${String(1 + (i % 6) + months).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
      const late = i % 3;
      return `H${i},D${late},Name,${on(0, 1 + (i % 27))},${on(1, 1 + (i % 27))},${100 + i},${on(late, 28)}`;
    });
    const history = join(folder, "history.csv");
    const names = "invoice_number,debtor_id,debtor_name,invoice_date,due_date,amount,settled_date";
    writeFileSync(history, [names, ...rows].join("\n"));
    const card = join(folder, "card.json");
    const fitted = await netback(["fit", "payment", history, "--as-of", "2026-10-01", "--out", card]);
    expect(fitted.code, fitted.err).to.equal(0);
    const open = ["D0", "D2"].map(
      (debtor) => `N-${debtor},${debtor},Name,2026-10-10,2026-11-09,1000,USD,X,yes,US,no,,`,
    );
    const document = await offerOf([file("open.csv", open), "--terms", JSON.stringify(terms), "--model", card]);
    const [prompt, slow] = document.invoices.map((row: { expected_days_to_pay: number }) => row.expected_days_to_pay);
    expect(prompt).to.be.below(slow);
    expect(document.expected.basis).to.equal("by how these debtors have paid");
  });

  const refused: { why: string; terms: object; says: string }[] = [
    {
      why: "an advance over 100 %",
      terms: { advance_rate: "1.2" },
      says: "/advance_rate: must be a fraction from 0 to 1",
    },
    {
      why: "a fee schedule with a gap",
      terms: {
        fee_schedule: {
          bands: [
            { from: 1, to: 30, fee_rate: "0.02" },
            { from: 41, to: null, fee_rate: "0.03" },
          ],
        },
      },
      says: "/fee_schedule/bands/1/from: leaves a gap: day 31 has no fee",
    },
    {
      why: "a fee that falls with days",
      terms: {
        fee_schedule: {
          bands: [
            { from: 1, to: 30, fee_rate: "0.02" },
            { from: 31, to: null, fee_rate: "0.01" },
          ],
        },
      },
      says: "must not be below 0.02: a fee does not fall with days",
    },
    {
      why: "no first fee",
      terms: { fee_schedule: { step_rate: "0.01" } },
      says: "/fee_schedule/initial_rate: is required",
    },
    { why: "a term that is none", terms: { advnace_rate: "0.8" }, says: 'there is no such field: "advnace_rate"' },
    { why: "a day that does not exist", terms: { as_of: "2026-02-30" }, says: "/as_of: must be a day that exists" },
  ];
  for (const { why, terms: given, says } of refused) {
    it(`refuses ${why}`, async () => {
      const ran = await netback(["factor", one, "--terms", JSON.stringify(given)]);
      expect(ran.code).to.equal(1);
      expect(ran.err).to.contain(says);
    });
  }
});
