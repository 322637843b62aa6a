import { expect } from "chai";
import { factoringTermsSchema } from "../../models/factoring-terms.js";
import { parseDay } from "../../src/calendar/day.js";
import { offer } from "../../src/factoring/offer.js";
import { parseMinor } from "../../src/money/money.js";

const asOf = parseDay("2026-03-02");

/** The example of FEE-CALC-45 [S04]: 50,000 at 85 %, 3 % for 30 days and 1 % for each further 10, a wire of 25. */
function offered(charges: object[], reserve: object = {}, advance_rate = "0.85") {
  const fee_schedule = { initial_rate: "0.03", initial_days: 30, step_rate: "0.01", step_days: 10 };
  const terms = factoringTermsSchema.parse({ advance_rate, fee_schedule, charges, reserve });
  const invoice = {
    invoiceNumber: "1",
    debtorId: "D1",
    issuedOn: asOf,
    dueOn: parseDay("2026-04-16"),
    amountMinor: parseMinor("50000", "USD"),
    paidMinor: parseMinor("0", "USD"),
    hasPurchaseOrder: true,
    hasProofOfDelivery: true,
    country: null,
    disputed: false,
    disputedMinor: null,
    verified: true,
    debtorType: null,
    alreadyAssigned: false,
    settled: false,
    expectedDays: null,
  };
  const order = { terms, givenTerms: {}, asOf, invoices: [invoice], debtors: null, targetMinor: null, course: null };
  return offer({ ...order, expectedFrom: "due dates" });
}

const day45 = ({ cost_by_day: rows }: ReturnType<typeof offered>) => {
  const { cost, release, client_receives } = rows.find(({ day }) => day === 45)!;
  return [cost, release, client_receives];
};

describe("an offer with charges for what happens now and then", () => {
  // biome-ignore format: a table
  const cases = [
    { why: "a wire of the schedule, as printed", charges: [{ code: "wire", amount: "25" }], is: ["2525.00", "5000.00", "47475.00"] },
    { why: "a wire for each payment: of the funding, and of the reserve", charges: [{ code: "wire", amount: "25", per: "payout" }], is: ["2550.00", "4975.00", "47450.00"] },
    { why: "a charge that would leave nothing of the reserve is not made; that of the funding is", charges: [{ code: "wire", amount: "5000", per: "payout" }], is: ["7500.00", "5000.00", "42500.00"] },
    { why: "nor where all of the release goes into the escrow reserve", charges: [{ code: "wire", amount: "25", per: "payout" }], reserve: { escrow: { share_of_rebate: "1", cap: "9999999" } }, is: ["2525.00", "5000.00", "47475.00"] },
    { why: "what may or may not happen is in no cost", charges: [{ code: "a", amount: "25", per: "occasion" }, { code: "b", amount: "5", per: "unfactored_payment" }], is: ["2500.00", "5000.00", "47500.00"] },
  ];
  for (const { why, charges, reserve, is } of cases) {
    it(why, () => expect(day45(offered(charges, reserve))).to.deep.equal(is));
  }

  it("nothing is charged for a payment at the funding where nothing is advanced", () => {
    const document = offered([{ code: "wire", amount: "25", per: "payout" }], {}, "0");
    expect(document.offer).to.include({ upfront_charges: "0.00", net_funded: "0.00" });
    expect(day45(document)).to.deep.equal(["2525.00", "47475.00", "47475.00"]);
  });

  it("says what may be charged beside its cost, and what is for the payment of the reserve", () => {
    const document = offered([
      { code: "wire", amount: "25", per: "payout" },
      { code: "credit check", amount: "25.00", per: "occasion" },
      { code: "unfactored payment", amount: "5.00", per: "unfactored_payment" },
      { code: "courtesy", amount: "0", per: "occasion" },
    ]);
    expect(document.event_charges!.map(({ code, per, amount }) => [code, per, amount].join(" "))).to.deep.equal([
      "wire payout 25.00",
      "unfactored payment unfactored_payment 5.00",
      "credit check occasion 25.00",
    ]);
    const { california, new_york } = document.disclosure;
    expect(california.finance_charge).to.equal("2550.00");
    expect(california.rows.find(({ label }) => label === "Finance Charge")!.explanation).to.include(
      "25.00 USD of it is for paying the reserve back to you",
    );
    expect(new_york.rows.find(({ label }) => label.startsWith("Avoidable"))!.value).to.equal(
      "1.00% for each 10 days that debtors pay late; 25.00 USD (wire) for each payment to you beyond the one at the funding and the one of the reserve; 5.00 USD (unfactored payment) for each payment of a debtor on an invoice that was not sold; 25.00 USD (credit check) each time that it happens",
    );
    expect(document.offer).to.include({ upfront_charges: "25.00", facility_charges: "0.00" });
    expect([document.expected.cost, document.expected.release]).to.deep.equal(["2550.00", "4975.00"]);
  });
});
