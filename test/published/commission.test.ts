/**
 * Agency schedules as printed, and the commission they give on single claims.
 * Sources: https://www.msccm.com/collections/rates/ (first 300 at 50 %, the rest at 20 %);
 * https://www.dcscredit.com/CollectionFees (25/20/18/15 % by claim size; attorney at the CLLA rates: 20 % of the first
 * 300, 18 % of the next 1,700, 13 % of the balance, plus 10 % service fee); City of Redwood City agreement of 2019
 * (nothing within 14 days of placement, 25 % regular, 35 % legal, direct payments count);
 * http://stevensricci.com/fee-schedule/; https://www.mdcrecovery.com/insurance/workflow/.
 * The bands and rates are printed; the dollar results follow from them.
 */
import { expect } from "chai";
import { commissionScheduleSchema } from "../../models/commission.js";
import { commissionSchedules } from "../../seeds/commission-schedules.js";
import { formatMinor, parseMinor, zeroMinor } from "../../src/money/money.js";
import { commission } from "../../src/servicing/commission.js";

const usd = (text: string) => parseMinor(text, "USD");

interface Case {
  schedule: keyof typeof commissionSchedules;
  collected: string;
  balance?: string;
  ageDays?: number;
  placement?: number;
  day?: number;
  channel?: "agency" | "direct";
  legal?: boolean;
  foundPaid?: boolean;
  fee: string;
  why: string;
}

const cases: Case[] = [
  { schedule: "msccm", collected: "5000", fee: "1090.00", why: "300 x 50 % + 4,700 x 20 %" },
  { schedule: "msccm", collected: "300", fee: "150.00", why: "the first band to its end" },
  { schedule: "msccm", collected: "5000", ageDays: 366, fee: "2500.00", why: "over one year: half" },
  { schedule: "msccm", collected: "5000", placement: 2, fee: "2500.00", why: "a second placement: half" },
  { schedule: "msccm", collected: "5000", legal: true, fee: "1750.00", why: "attorney: 35 %" },
  { schedule: "msccm", collected: "5000", foundPaid: true, fee: "545.00", why: "found paid: half the commission" },
  { schedule: "dcs", collected: "10000", balance: "10000", fee: "1500.00", why: "the whole claim at 15 %" },
  {
    schedule: "dcs",
    collected: "9999",
    balance: "9999",
    fee: "1799.82",
    why: "a cliff: less collected, more commission",
  },
  {
    schedule: "dcs",
    collected: "2000",
    legal: true,
    fee: "566.00",
    why: "60 + 306 by the CLLA rates, and 10 % of 2,000",
  },
  { schedule: "redwood_city_2019", collected: "1000", day: 14, fee: "0.00", why: "the last day of grace" },
  { schedule: "redwood_city_2019", collected: "1000", day: 15, fee: "250.00", why: "the day after" },
  { schedule: "redwood_city_2019", collected: "1000", channel: "direct", fee: "250.00", why: "direct payments count" },
  { schedule: "redwood_city_2019", collected: "1000", legal: true, fee: "350.00", why: "legal" },
  { schedule: "stevens_ricci", collected: "1000", ageDays: 120, fee: "200.00", why: "up to 120 days" },
  { schedule: "stevens_ricci", collected: "1000", ageDays: 121, fee: "250.00", why: "121 to 180 days" },
  { schedule: "stevens_ricci", collected: "1000", ageDays: 181, fee: "300.00", why: "181 to 730 days" },
  { schedule: "stevens_ricci", collected: "500", balance: "999.99", fee: "175.00", why: "under 1,000" },
  { schedule: "mdc_domestic", collected: "1000", foundPaid: true, fee: "175.00", why: "discovery: half of 35 %" },
];

describe("published commission schedules", () => {
  for (const c of cases) {
    it(`${c.schedule}: ${c.collected} earns ${c.fee} (${c.why})`, () => {
      const schedule = commissionScheduleSchema.parse(commissionSchedules[c.schedule]);
      const claim = {
        balanceMinor: usd(c.balance ?? "10000"),
        currency: "USD",
        ageDays: c.ageDays ?? 100,
        placement: c.placement ?? 1,
      };
      const { feeMinor } = commission(schedule, claim, {
        amountMinor: usd(c.collected),
        channel: c.channel ?? "agency",
        collectedBeforeMinor: zeroMinor,
        daysSincePlacement: c.day ?? 30,
        legal: c.legal ?? false,
        foundPaid: c.foundPaid ?? false,
      });
      expect(formatMinor(feeMinor, "USD")).to.equal(c.fee);
    });
  }

  it("the CLLA rates alone make 366.00 of 2,000", () => {
    const attorney = commissionSchedules.dcs.rules[0]!;
    const schedule = commissionScheduleSchema.parse({ name: "CLLA", rules: [{ ...attorney, plus_rate: "0" }] });
    const claim = { balanceMinor: usd("2000"), currency: "USD", ageDays: 100, placement: 1 };
    const receipt = {
      channel: "agency" as const,
      collectedBeforeMinor: zeroMinor,
      daysSincePlacement: 30,
      legal: true,
    };
    const { feeMinor } = commission(schedule, claim, { ...receipt, amountMinor: usd("2000") });
    expect(formatMinor(feeMinor, "USD")).to.equal("366.00");
  });
});
