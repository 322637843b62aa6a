/**
 * Entries that textbooks print for receivables sold to a factor, made by our builders: the seller's side and the factor's.
 * Sources by case: JE-CREST-500 https://www.coursehero.com/file/7469204/ (slides on Kieso, illustrations 7-17 to 7-19);
 * JE-CREST-400 https://wizedu.com/questions/167719/crest-textiles-inc-factors-400000-of-accounts; JE-LARKSPUR-124
 * https://partnerperformance.uonbi.ac.ke/preguntia/18454131; JE-EHOW http://www.ehow.com/info_8171703_accounting-
 * factoring-receivables.html; JE-MONEYZINE https://moneyzine.com/investments/factoring-of-accounts-receivable; JE-DEB
 * https://www.double-entry-bookkeeping.com/accounts-receivable/factoring-accounts-receivable-journal-entries/; JE-IFRS
 * https://annualreporting.info/factoring-with-recourse/. Printed answers that are wrong: REJ-MARTINEZ
 * https://answer.ya.guru/questions/4227775; REJ-ARNESS https://answer.ya.guru/questions/3080904; REJ-154700
 * https://ya.guru/questions/658302. Tolerance: none.
 */
import { expect } from "chai";
import { feesAccrued, invoicesPurchased } from "../../src/ledger/factoring-events.js";
import { netOf } from "../../src/ledger/reversal-events.js";
import {
  feesCharged,
  invoicesSold,
  reserveReceived,
  returnsAllowed,
  type SellerLine,
} from "../../src/ledger/seller-events.js";
import { formatMinor, parseMinor, timesRate, zeroMinor } from "../../src/money/money.js";

const usd = (text: string) => parseMinor(text, "USD");

/** Lines by account, as decimals; what is zero is left out. */
function written(lines: readonly SellerLine[]): Record<string, string> {
  return Object.fromEntries(lines.map(({ account, amountMinor }) => [account, formatMinor(amountMinor, "USD")]));
}

function sale(of: { face: string; fee: string; retention: string; recourse?: string }): SellerLine[] {
  const faceMinor = usd(of.face);
  return invoicesSold(
    {
      faceMinor,
      reserveMinor: timesRate(faceMinor, of.retention, "half_up"),
      chargesMinor: timesRate(faceMinor, of.fee, "half_up"),
      recourseLiabilityMinor: usd(of.recourse ?? "0"),
    },
    "sale",
  );
}

// biome-ignore format: a table
const printed = [
  { id: "JE-CREST-500-NR", face: "500000", fee: "0.03", retention: "0.05", cash: "460000.00", due: "25000.00", loss: "15000.00" },
  { id: "JE-CREST-500-R", face: "500000", fee: "0.03", retention: "0.05", recourse: "6000", cash: "460000.00", due: "25000.00", loss: "21000.00" },
  { id: "JE-CREST-400-NR", face: "400000", fee: "0.02", retention: "0.05", cash: "372000.00", due: "20000.00", loss: "8000.00" },
  { id: "JE-CREST-400-R", face: "400000", fee: "0.02", retention: "0.05", recourse: "5000", cash: "372000.00", due: "20000.00", loss: "13000.00" },
  { id: "JE-LARKSPUR-124", face: "124300", fee: "0.02", retention: "0.05", cash: "115599.00", due: "6215.00", loss: "2486.00" },
  { id: "JE-EHOW-100", face: "100000", fee: "0.05", retention: "0.30", cash: "65000.00", due: "30000.00", loss: "5000.00" },
  { id: "JE-MONEYZINE-100", face: "100000", fee: "0.05", retention: "0.02", cash: "93000.00", due: "2000.00", loss: "5000.00" },
];

// biome-ignore format: a table
const rejected = [
  { id: "REJ-MARTINEZ", face: "370000", fee: "0.018", retention: "0.05", cash: "344480.00", due: "18500.00", loss: "6660.00", recourse: "0.00", balances: false, right: { cash: "344840.00", loss: "6660.00" } },
  { id: "REJ-ARNESS", face: "300000", fee: "0.06", retention: "0.03", recourse: "8000", cash: "273000.00", due: "9000.00", loss: "20500.00", balances: false, right: { cash: "273000.00", loss: "26000.00" } },
  { id: "REJ-154700", face: "154700", fee: "0.03", retention: "0.05", recourse: "6720", cash: "135604.00", due: "7735.00", loss: "18081.00", balances: true, right: { cash: "142324.00", loss: "11361.00" } },
];

describe("published entries of factoring", () => {
  for (const { id, cash, due, loss, ...terms } of printed) {
    it(`${id}: the seller books ${cash} in cash, ${due} due from the factor, a loss of ${loss}`, () => {
      const liability = terms.recourse === undefined ? {} : { "210": `-${formatMinor(usd(terms.recourse), "USD")}` };
      const face = formatMinor(-usd(terms.face), "USD");
      expect(written(sale(terms))).to.deep.equal({ "100": cash, "120": due, "500": loss, "110": face, ...liability });
    });
  }

  it("JE-CREST-500: the factor books receivables 500,000, due to the client 25,000, revenue 15,000, cash 460,000", () => {
    const bought = {
      faceMinor: usd("500000"),
      reserveMinor: usd("25000"),
      feeMinor: usd("15000"),
      chargesMinor: zeroMinor,
    };
    const earned = { feeMinor: zeroMinor, interestMinor: zeroMinor, earnedMinor: usd("15000") };
    // the textbook earns the fee at once, we over its days: at their end the two are the same
    const both = [...invoicesPurchased(bought, "sale").postings, ...feesAccrued(earned, "sale").postings];
    const net = (code: string) => formatMinor(netOf(both, code), "USD");
    expect([net("1200"), net("2200"), net("4600"), net("1000"), net("2300")]).to.deep.equal([
      "500000.00",
      "-25000.00",
      "-15000.00",
      "-460000.00",
      "0.00",
    ]);
  });

  it("JE-DEB-50K: a retention of 7,500 less returns 2,000 and interest 395 comes back as 5,105", () => {
    const steps = [
      sale({ face: "50000", fee: "0.05", retention: "0.15" }),
      returnsAllowed(usd("2000"), "sale"),
      feesCharged(usd("395"), "sale"),
      reserveReceived({ cashMinor: usd("5105"), offsetMinor: zeroMinor }, "sale"),
    ];
    expect(steps.map(written)).to.deep.equal([
      { "100": "40000.00", "120": "7500.00", "500": "2500.00", "110": "-50000.00" },
      { "400": "2000.00", "120": "-2000.00" },
      { "500": "395.00", "120": "-395.00" },
      { "100": "5105.00", "120": "-5105.00" },
    ]);
    const due = steps.flat().filter(({ account }) => account === "120");
    expect(due.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).to.equal(0n);
  });

  it("JE-EHOW-100-ALLOW: a reserve of 30,000 less allowances of 5,000 comes back as 25,000", () => {
    const both = [
      ...returnsAllowed(usd("5000"), "sale"),
      ...reserveReceived({ cashMinor: usd("25000"), offsetMinor: zeroMinor }, "sale"),
    ];
    const due = both.filter(({ account }) => account === "120").reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    expect(due).to.equal(-usd("30000"));
  });

  it("JE-IFRS-R-20M: who keeps the credit risk books cash 16,000,000 against a liability, and keeps the receivables", () => {
    const sold = { faceMinor: usd("20000000"), reserveMinor: usd("4000000"), chargesMinor: zeroMinor };
    expect(written(invoicesSold({ ...sold, recourseLiabilityMinor: zeroMinor }, "borrowing"))).to.deep.equal({
      "100": "16000000.00",
      "220": "-16000000.00",
    });
  });

  for (const { id, cash, due, loss, balances, right, ...terms } of rejected) {
    it(`${id}: the printed answer ${balances ? "balances, and is wrong all the same" : "does not balance"}`, () => {
      const sides = usd(cash) + usd(due) + usd(loss) - usd(terms.face) - usd(terms.recourse ?? "0");
      expect(sides === 0n).to.equal(balances);
      const ours = sale(terms);
      expect(ours.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)).to.equal(0n);
      const { "100": cashOfOurs, "500": lossOfOurs } = written(ours);
      expect({ cash: cashOfOurs, loss: lossOfOurs }).to.deep.equal(right);
      expect({ cash: cashOfOurs, loss: lossOfOurs }).not.to.deep.equal({ cash, loss });
    });
  }
});
