/**
 * The entries of a business that sells its receivables. Sources:
 * - S10 double-entry-bookkeeping.com
 * - S27 Kieso illustrations 7-17 to 7-19 (coursehero.com/file/7469204)
 * - S28 wizedu.com/questions/167719
 * - S29 uonbi.ac.ke, 18454131
 * - S30 ehow.com, accounting for factored receivables
 * - S31 moneyzine.com
 * - S34 annualreporting.info, factoring with recourse
 * - rejected: S57 and S58 ya.guru 4227775 and 3080904, S59 ya.guru 658302, S60 drjackthetutor.com/questions/2797388
 */
import { expect } from "chai";
import type { FactoringOffer } from "../../models/factoring-offer.js";
import type { Refusal } from "../../models/refusal.js";
import { calculate } from "../../src/desk/calculate.js";
import { type Case, checkCases } from "../harness/answered-cases.js";

// biome-ignore format: a table
const cases: readonly Case[] = [
  { id: "JE-CREST-500-R", asks: "sale-entry", figures: { face: "500000", fee_rate: "0.03", retention_rate: "0.05", recourse_liability: "6000" }, answer: { cash: "460000.00", due_from_factor: "25000.00", loss_on_sale: "21000.00", recourse_liability: "6000.00", accounts_receivable: "500000.00" } },
  { id: "JE-CREST-500-R-LINES", asks: "journal", figures: { entries: [{ name: "seller", lines: [{ account: "cash", debit: "460000" }, { account: "due_from_factor", debit: "25000" }, { account: "loss_on_sale_of_receivables", debit: "21000" }, { account: "accounts_receivable", credit: "500000" }, { account: "recourse_liability", credit: "6000" }] }, { name: "factor", lines: [{ account: "accounts_receivable", debit: "500000" }, { account: "due_to_client", credit: "25000" }, { account: "financing_revenue", credit: "15000" }, { account: "cash", credit: "460000" }] }] }, answer: { seller: "balanced", factor: "balanced" } },
  { id: "JE-CREST-400-R", asks: "sale-entry", figures: { face: "400000", fee_rate: "0.02", retention_rate: "0.05", recourse_liability: "5000" }, answer: { cash: "372000.00", due_from_factor: "20000.00", loss_on_sale: "13000.00", recourse_liability: "5000.00" } },
  { id: "JE-CREST-400-R-LINES", asks: "journal", figures: { entries: [{ name: "factor_purchase", lines: [{ account: "accounts_receivable", debit: "400000" }, { account: "due_to_client", credit: "20000" }, { account: "interest_revenue", credit: "8000" }, { account: "cash", credit: "372000" }] }, { name: "reserve_returned", lines: [{ account: "cash", debit: "20000" }, { account: "due_from_factor", credit: "20000" }] }, { name: "debtor_defaults_as_printed", lines: [{ account: "accounts_receivable", debit: "435000" }, { account: "recourse_liability", debit: "5000" }, { account: "due_from_factor", credit: "20000" }, { account: "cash", credit: "420000" }] }] }, answer: { factor_purchase: "balanced", reserve_returned: "balanced", debtor_defaults_as_printed: "balanced" } },
  { id: "JE-LARKSPUR-124", asks: "sale-entry", figures: { face: "124300", fee_rate: "0.02", retention_rate: "0.05" }, answer: { cash: "115599.00", due_from_factor: "6215.00", loss_on_sale: "2486.00", accounts_receivable: "124300.00" } },
  { id: "JE-EHOW-100", asks: "sale-entry", figures: { face: "100000", fee_rate: "0.05", retention_rate: "0.30" }, answer: { cash: "65000.00", due_from_factor: "30000.00", loss_on_sale: "5000.00", accounts_receivable: "100000.00" } },
  { id: "JE-EHOW-100-ALLOW", asks: "journal", figures: { entries: [{ name: "reserve_collected_after_5000_allowances", lines: [{ account: "cash", debit: "25000" }, { account: "sales_returns_and_allowances", debit: "5000" }, { account: "receivable_from_factor", credit: "30000" }] }] }, answer: { reserve_collected_after_5000_allowances: "balanced" } },
  { id: "JE-MONEYZINE-100", asks: "sale-entry", figures: { face: "100000", fee_rate: "0.05", retention_rate: "0.02" }, answer: { cash: "93000.00", due_from_factor: "2000.00", loss_on_sale: "5000.00" } },
  { id: "JE-DEB-50K", asks: "journal", figures: { entries: [{ name: "sold_to_factor", lines: [{ account: "cash", debit: "40000" }, { account: "loss_on_sale_fees", debit: "2500" }, { account: "retention_due_from_factor", debit: "7500" }, { account: "accounts_receivable", credit: "50000" }] }, { name: "returns", lines: [{ account: "sales_returns_and_allowances", debit: "2000" }, { account: "retention_due_from_factor", credit: "2000" }] }, { name: "interest", lines: [{ account: "loss_on_sale_interest", debit: "395" }, { account: "retention_due_from_factor", credit: "395" }] }, { name: "retention_received", lines: [{ account: "cash", debit: "5105" }, { account: "retention_due_from_factor", credit: "5105" }] }] }, answer: { sold_to_factor: "balanced", returns: "balanced", interest: "balanced", retention_received: "balanced" } },
  { id: "JE-IFRS-R-20M", asks: "journal", figures: { entries: [{ name: "initial", lines: [{ account: "cash", debit: "16000000" }, { account: "financial_liability_factor", credit: "16000000" }] }] }, answer: { initial: "balanced" } },
];

describe("published: the entries of a business that sells its receivables", () => checkCases(cases));

/** Printed answers that are wrong: a right engine disagrees with them, and says where. */
describe("published and rejected", () => {
  const lines = (debits: Record<string, string>, credits: Record<string, string>) => ({
    entries: [
      {
        name: "as printed",
        lines: [
          ...Object.entries(debits).map(([account, debit]) => ({ account, debit })),
          ...Object.entries(credits).map(([account, credit]) => ({ account, credit })),
        ],
      },
    ],
  });
  const refusalOf = (figures: unknown) => {
    try {
      calculate("journal", figures);
    } catch (error) {
      return (error as Refusal).detail;
    }
    return "balanced";
  };
  const cash = (figures: unknown) => calculate("sale-entry", figures) as Record<string, string>;

  it("Martinez [S57]: cash 344,480 has its digits transposed; it is 344,840", () => {
    const printed = lines({ cash: "344480", due_from_factor: "18500", loss: "6660" }, { receivables: "370000" });
    expect(refusalOf(printed)).to.equal('"as printed": debits 369640.00, credits 370000.00, difference -360.00');
    expect(cash({ face: "370000", fee: "6660", retention: "18500" }).cash).to.equal("344840.00");
  });

  it("Arness [S58]: a loss of 20,500 should be 26,000, the fee and the recourse liability", () => {
    const printed = lines(
      { cash: "273000", due_from_factor: "9000", loss: "20500" },
      { receivables: "300000", recourse_liability: "8000" },
    );
    expect(refusalOf(printed)).to.contain("debits 302500.00, credits 308000.00, difference -5500.00");
    const right = cash({ face: "300000", fee_rate: "0.06", retention_rate: "0.03", recourse_liability: "8000" });
    expect([right.cash, right.loss_on_sale]).to.deep.equal(["273000.00", "26000.00"]);
  });

  it("154,700 [S59]: balances, but takes the recourse liability out of the cash", () => {
    const right = cash({ face: "154700", fee: "4641", retention_rate: "0.05", recourse_liability: "6720" });
    expect([right.cash, right.due_from_factor, right.loss_on_sale]).to.deep.equal(["142324.00", "7735.00", "11361.00"]);
  });

  it("net-back as recovery less fee rate [S51]: 25 % printed, 37.5 % kept", () => {
    const kept = calculate("netback", { placed: "100000", recovery_rate: "0.5", fee_rate: "0.25" });
    expect(kept).to.include({ net_back_rate_pct: "37.50" });
  });

  it("dilution of 10,000 over 9,000 [S39] is 111 %, and 11 % only over 90,000", () => {
    expect(calculate("dilution", { dilution: "10000", denominator: "9000", places: 0 })).to.include({
      dilution_pct: "111",
    });
    expect(calculate("dilution", { dilution: "10000", denominator: "90000", places: 0 })).to.include({
      dilution_pct: "11",
    });
  });

  // 95,000 a month, paid after 90 days; 2 % fee, 22 % reserve, 1.1 % a month in advance; 2,000 a month are saved
  it("JVC [S60]: the cash of 69,817.40 is right, the rate of 14.37 % leaves out the fee and the saving", () => {
    const loan = { face: "95000", reserve_rate: "0.22", fee_rate: "0.02", annual_rate: "0.132", months: 3, places: 2 };
    const { gross_proceeds: advance, net_proceeds } = calculate("proceeds", loan) as Record<string, string>;
    expect(net_proceeds).to.equal("69817.40");
    const interest = Number(advance) - Number(net_proceeds);
    const rateOf = (cost: number) => {
      const asked = { amount_financed: net_proceeds, finance_charge: cost.toFixed(2), months: 3 };
      return (calculate("apr", asked) as { compounded_pct: string }).compounded_pct;
    };
    // the printed rate is that of the interest alone
    expect(rateOf(interest)).to.equal("14.37");
    // (1 + 4,282.60 / 69,817.40)^4 - 1; with the saving (1 + 2,282.60 / 69,817.40)^4 - 1
    expect(rateOf(interest + 1900)).to.equal("26.89");
    expect(rateOf(interest + 1900 - 2000)).to.equal("13.73");
    // and the offer of a factor on these terms never leaves the fee out
    const days = { invoice_number: "1", debtor_id: "D", invoice_date: "2026-01-01", due_date: "2026-04-01" };
    const terms = {
      as_of: "2026-01-01",
      advance_rate: "0.78",
      fee_schedule: { initial_rate: "0.02", initial_days: 90 },
      interest: { annual_rate: "0.132", day_count: "act/360" },
    };
    const offer = calculate("factoring-offer", { terms, invoices: [{ ...days, amount: "95000" }] }) as FactoringOffer;
    const row = offer.cost_by_day.find(({ day }) => day === 90)!;
    // interest on the whole advance of 74,100 at the end: 2,445.30
    expect([row.fee, row.interest]).to.deep.equal(["4345.30", "2445.30"]);
    expect(Number(row.apr_of_advance)).to.be.closeTo(((4345.3 / 74100) * 365) / 90, 1e-6);
    expect(Number(row.apr_of_advance)).to.be.greaterThan(0.2);
  });

  it("3 % a month is not 36 % a year [S61]: at an 85 % advance it is 42.94 %", () => {
    const asked = { amount_financed: "8500", finance_charge: "300", days: 30, face: "10000" };
    expect(calculate("apr", asked)).to.include({ apr_pct: "42.94", face_basis_pct: "36.50" });
  });
});
