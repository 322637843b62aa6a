/**
 * Net-back as agencies and trade bodies print it: what the owner keeps of a collection after the fee.
 * Sources by case: NB-ADV http://advocatesprof.com/netback.aspx; NB-ICS https://www.icsystem.com/netback-best-way-
 * evaluate-your-collection-agency; NB-PEER http://www.peerlesscredit.com/benefits/; NB-CCAA http://irgus.com/
 * rates_remittance/how_to_choose_a_collection_agency.php (Commercial Collection Agencies of America); NB-CFM
 * http://cfmcollect.com/collection-practices/fees; NB-DN https://detroitnews.xpr-gannett.com/?p=70508.
 */
import { expect } from "chai";
import { formatMinor, parseMinor, timesRate } from "../../src/money/money.js";
import { netBack } from "../../src/servicing/commission.js";

const usd = (text: string) => parseMinor(text, "USD");

// biome-ignore format: a table
const cases = [
  { id: "NB-ADV-A", placed: "100000", collected: "50000", feeRate: "0.25", fee: "12500.00", netBack: "37500.00", rate: "0.375000" },
  { id: "NB-ADV-B", placed: "100000", collected: "30000", feeRate: "0.15", fee: "4500.00", netBack: "25500.00", rate: "0.255000" },
  { id: "NB-ICS-A", placed: null, collected: "100000", feeRate: "0.15", fee: "15000.00", netBack: "85000.00", rate: null },
  { id: "NB-ICS-B", placed: null, collected: "120000", feeRate: "0.20", fee: "24000.00", netBack: "96000.00", rate: null },
  { id: "NB-PEER-A", placed: "25000", collected: "7500", feeRate: "0.25", fee: "1875.00", netBack: "5625.00", rate: "0.225000" },
  { id: "NB-PEER-B", placed: "25000", collected: "5000", feeRate: "0.18", fee: "900.00", netBack: "4100.00", rate: "0.164000" },
  { id: "NB-CCAA-A", placed: "200000", collected: "20000", feeRate: "0.15", fee: "3000.00", netBack: "17000.00", rate: "0.085000" },
  { id: "NB-CCAA-B", placed: "200000", collected: "60000", feeRate: "0.25", fee: "15000.00", netBack: "45000.00", rate: "0.225000" },
  { id: "NB-CFM-X", placed: "100000", collected: "20000", feeRate: "0.15", fee: "3000.00", netBack: "17000.00", rate: "0.170000" },
  { id: "NB-CFM-C", placed: "100000", collected: "60000", feeRate: "0.20", fee: "12000.00", netBack: "48000.00", rate: "0.480000" },
  { id: "NB-DN", placed: null, collected: "10000", feeRate: "0.30", fee: "3000.00", netBack: "7000.00", rate: null },
];

describe("published net-back cases", () => {
  for (const c of cases) {
    it(`${c.id}: ${c.collected} less ${c.fee} leaves ${c.netBack}`, () => {
      const fee = timesRate(usd(c.collected), c.feeRate, "half_up");
      expect(formatMinor(fee, "USD")).to.equal(c.fee);
      const kept = netBack({
        collected: usd(c.collected),
        fee,
        ...(c.placed === null ? {} : { placed: usd(c.placed) }),
      });
      expect(formatMinor(kept.netBackMinor, "USD")).to.equal(c.netBack);
      expect(kept.netBackRateOfFace).to.equal(c.rate);
    });
  }

  it("a returned payment takes its fee back, and costs come off (30 % returned, 120 of costs)", () => {
    const kept = netBack({ collected: usd("3000"), fee: usd("750"), costs: usd("120") });
    expect(formatMinor(kept.netBackMinor, "USD")).to.equal("2130.00");
  });

  it("disagrees with the printed formula that takes the fee rate off the recovery rate", () => {
    const kept = netBack({ collected: usd("50000"), fee: usd("12500"), placed: usd("100000") });
    expect(kept.netBackRateOfFace).to.equal("0.375000").and.not.equal("0.250000");
  });
});
