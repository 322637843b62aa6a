import { expect } from "chai";
import fc from "fast-check";
import { type FactoringTermsInput, factoringTermsSchema } from "../../models/factoring-terms.js";
import { addDays, type Day, formatDay, parseDay } from "../../src/calendar/day.js";
import {
  type ChargeCourse,
  contradiction,
  dueCharges,
  dueMinimums,
  noPeriod,
  shortfall,
  terminationFee,
} from "../../src/factoring/charges.js";
import { formatMinor, parseMinor } from "../../src/money/money.js";

const usd = (text: string) => parseMinor(text, "USD");
const day = parseDay;

const terms = (given: FactoringTermsInput) => factoringTermsSchema.parse(given);

/** Opened on 10 January 2026, funded first on 20 February, unless told. */
function course(
  versions: readonly (readonly [fromOn: string, given: FactoringTermsInput])[],
  how: Partial<ChargeCourse> = {},
): ChargeCourse {
  return {
    openedOn: day("2026-01-10"),
    chargesFrom: day("2026-01-10"),
    firstFundedOn: day("2026-02-20"),
    endedOn: null,
    ...how,
    versions: versions.map(([fromOn, given]) => ({ fromOn: day(fromOn), terms: terms(given) })),
  };
}

const listed = (of: ChargeCourse, through: string) =>
  dueCharges(of, day(through)).map(({ on, code, amountMinor }) =>
    [formatDay(on), code, formatMinor(amountMinor, "USD")].join(" "),
  );

const lockbox = { code: "lockbox", amount: "400.00", per: "month" } as const;
const setUp = { code: "set-up", amount: "100.00", per: "once" } as const;
const first = "2026-01-10";

// biome-ignore format: a table
const cases = [
  { why: "from the opening, in advance, each month begun in full", of: course([[first, { charges: [lockbox] }]]), through: "2026-03-31", due: ["2026-01-10 lockbox 400.00", "2026-02-01 lockbox 400.00", "2026-03-01 lockbox 400.00"] },
  { why: "from the first funding", of: course([[first, { charges: [{ ...lockbox, from: "first_funding" }, { ...setUp, from: "first_funding" }] }]]), through: "2026-03-01", due: ["2026-02-20 set-up 100.00", "2026-02-20 lockbox 400.00", "2026-03-01 lockbox 400.00"] },
  { why: "nothing is funded yet", of: course([[first, { charges: [{ ...lockbox, from: "first_funding" }, setUp] }]], { firstFundedOn: null }), through: "2026-03-01", due: ["2026-01-10 set-up 100.00"] },
  { why: "charges of a schedule and an invoice are taken with the purchase", of: course([[first, { charges: [{ code: "wire", amount: "25.00" }, { code: "check", amount: "1.00", per: "invoice" }] }]]), through: "2026-03-01", due: [] },
  { why: "newer terms hold from their day on: another amount, and a charge once that is new", of: course([[first, { charges: [lockbox, setUp] }], ["2026-02-15", { charges: [{ ...lockbox, amount: "250.00" }, { ...setUp, amount: "999.00" }, { code: "audit", amount: "75.00", per: "once" }] }]]), through: "2026-03-01", due: ["2026-01-10 set-up 100.00", "2026-01-10 lockbox 400.00", "2026-02-01 lockbox 400.00", "2026-02-15 audit 75.00", "2026-03-01 lockbox 250.00"] },
  { why: "a charge at the first funding that newer terms dropped before it", of: course([[first, { charges: [{ ...setUp, from: "first_funding" }] }], ["2026-02-01", {}]]), through: "2026-03-01", due: [] },
  { why: "nothing after the end, the day itself among it", of: course([[first, { charges: [lockbox] }]], { endedOn: day("2026-02-01") }), through: "2026-05-01", due: ["2026-01-10 lockbox 400.00", "2026-02-01 lockbox 400.00"] },
  { why: "what was due before charges were kept was charged elsewhere", of: course([[first, { charges: [lockbox, setUp] }]], { chargesFrom: day("2026-03-01") }), through: "2026-03-05", due: ["2026-03-01 lockbox 400.00"] },
  { why: "a charge of nothing is none", of: course([[first, { charges: [{ ...lockbox, amount: "0.00" }] }]]), through: "2026-03-01", due: [] },
];

describe("what a facility is charged beside fees", () => {
  for (const { why, of, through, due } of cases) it(why, () => expect(listed(of, through)).to.deep.equal(due));

  it("is the same whether it is charged often or seldom", () => {
    const amounts = fc.constantFrom("400.00", "0.01");
    const from = fc.constantFrom("opening" as const, "first_funding" as const, undefined);
    const per = fc.constantFrom("month" as const, "once" as const);
    const charges = fc.uniqueArray(fc.record({ code: fc.constantFrom("a", "b", "c"), amount: amounts, per, from }), {
      selector: ({ code }) => code,
    });
    const span = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(charges, charges, span, span, fc.array(span), (one, two, funded, changed, stops) => {
        const from = day(first);
        const given = (list: typeof one) => ({
          charges: list.map(({ from: begins, ...rest }) => (begins ? { ...rest, from: begins } : rest)),
        });
        const of = course(
          [
            [first, given(one)],
            [formatDay(addDays(from, changed)), given(two)],
          ],
          {
            firstFundedOn: addDays(from, funded),
          },
        );
        const key = ({ kind, code, periodOn }: { kind: string; code: string; periodOn: Day }) =>
          `${kind} ${code} ${periodOn}`;
        // whoever looks later than the first funding sees it; before it nothing of it is due
        const made = new Map<string, unknown>();
        for (const stop of [...stops, 420].sort((a, b) => a - b)) {
          const then = stop < funded ? { ...of, firstFundedOn: null } : of;
          for (const charge of dueCharges(then, addDays(from, stop))) {
            if (!made.has(key(charge))) made.set(key(charge), charge);
          }
        }
        const atOnce = dueCharges(of, addDays(from, 420));
        expect([...made.keys()].sort()).to.deep.equal(atOnce.map(key).sort());
        expect(new Set(atOnce.map(key)).size).to.equal(atOnce.length);
        for (const charge of atOnce) expect(made.get(key(charge))).to.deep.equal(charge);
      }),
    );
  });

  it("has a month of its own, but for what is charged once", () => {
    const [once, month] = dueCharges(course([[first, { charges: [setUp, lockbox] }]]), day(first));
    expect([once!.periodOn, formatDay(month!.periodOn)]).to.deep.equal([noPeriod, "2026-01-01"]);
  });
});

describe("monthly minimums", () => {
  const minimum = { amount: "1000.00" };
  const of = (given: FactoringTermsInput["monthly_minimum"], how: Partial<ChargeCourse> = {}, through = "2026-04-30") =>
    dueMinimums(course([[first, { monthly_minimum: given }]], how), day(through)).map(({ on, minimumMinor }) =>
      [formatDay(on), formatMinor(minimumMinor, "USD")].join(" "),
    );
  // biome-ignore format: a table
  const minimums = [
    { why: "from the first funding, by its days: 9 of 28", due: of(minimum), are: ["2026-02-28 321.43", "2026-03-31 1000.00", "2026-04-30 1000.00"] },
    { why: "in full where the terms say so", due: of({ ...minimum, proration: "none" }), are: ["2026-02-28 1000.00", "2026-03-31 1000.00", "2026-04-30 1000.00"] },
    { why: "from the opening: 22 of 31", due: of({ ...minimum, from: "opening" }, {}, "2026-02-28"), are: ["2026-01-31 709.68", "2026-02-28 1000.00"] },
    { why: "not before the month is over", due: of(minimum, {}, "2026-03-30"), are: ["2026-02-28 321.43"] },
    { why: "to the end of the facility: 10 of 31", due: of(minimum, { endedOn: day("2026-03-10") }), are: ["2026-02-28 321.43", "2026-03-10 322.58"] },
    { why: "opened, funded and ended within a month: 5 of 28", due: of(minimum, { endedOn: day("2026-02-24") }), are: ["2026-02-24 178.57"] },
    { why: "nothing was ever funded", due: of(minimum, { firstFundedOn: null }), are: [] },
  ];
  for (const { why, due, are } of minimums) it(why, () => expect(due).to.deep.equal(are));

  it("are charged as far as the fees fall short of them", () => {
    const due = {
      period: "month",
      periodOn: day("2026-03-01"),
      on: day("2026-03-31"),
      minimumMinor: usd("1000"),
      of: "fees",
    } as const;
    expect(shortfall(due, usd("640"))).to.equal(usd("360"));
    expect(shortfall(due, usd("1000"))).to.equal(0n);
    expect(shortfall(due, usd("1200"))).to.equal(0n);
    // fees of a month may be below zero: more was taken back than charged
    expect(shortfall(due, usd("-40"))).to.equal(usd("1040"));
  });
});

describe("minimums of quarters and years of the contract", () => {
  const of = (given: FactoringTermsInput, how: Partial<ChargeCourse> = {}, through = "2027-02-28") =>
    dueMinimums(course([[first, given]], how), day(through)).map(({ period, periodOn, on, minimumMinor }) =>
      [period, formatDay(periodOn), formatDay(on), formatMinor(minimumMinor, "USD")].join(" "),
    );
  const year = { amount: "12000.00" };
  const quarter = { amount: "3000.00" };
  // biome-ignore format: a table
  const contract = [
    { why: "a year is over the day before the anniversary of the opening", due: of({ yearly_minimum: year }), are: ["year 2026-01-10 2027-01-09 12000.00"] },
    { why: "and not before", due: of({ yearly_minimum: year }, {}, "2027-01-08"), are: [] },
    { why: "from the first funding, by its days: 324 of 365", due: of({ yearly_minimum: { ...year, from: "first_funding" } }), are: ["year 2026-01-10 2027-01-09 10652.05"] },
    { why: "to the end of the facility, by its days: 100 of 365", due: of({ yearly_minimum: year }, { endedOn: day("2026-04-19") }), are: ["year 2026-01-10 2026-04-19 3287.67"] },
    { why: "whole where the terms say so", due: of({ yearly_minimum: { ...year, proration: "none" } }, { endedOn: day("2026-04-19") }), are: ["year 2026-01-10 2026-04-19 12000.00"] },
    { why: "nothing of a year that begins after the end", due: of({ yearly_minimum: year }, { endedOn: day("2027-01-09") }, "2028-02-01"), are: ["year 2026-01-10 2027-01-09 12000.00"] },
    { why: "quarters follow the opening", due: of({ quarterly_minimum: quarter }, {}, "2026-10-09"), are: ["quarter 2026-01-10 2026-04-09 3000.00", "quarter 2026-04-10 2026-07-09 3000.00", "quarter 2026-07-10 2026-10-09 3000.00"] },
    { why: "of an opening on the 31st, each to the day before the last of a month where there is none", due: of({ quarterly_minimum: quarter }, { openedOn: day("2026-08-31"), chargesFrom: day("2026-08-31"), firstFundedOn: null }, "2027-06-30"), are: ["quarter 2026-08-31 2026-11-29 3000.00", "quarter 2026-11-30 2027-02-27 3000.00", "quarter 2027-02-28 2027-05-30 3000.00"] },
    { why: "the shorter first on a day that ends both", due: of({ yearly_minimum: year, quarterly_minimum: quarter, monthly_minimum: { amount: "1.00" } }, { endedOn: day("2026-02-28") }), are: ["month 2026-02-01 2026-02-28 0.32", "quarter 2026-01-10 2026-02-28 1666.67", "year 2026-01-10 2026-02-28 1643.84"] },
    { why: "what was over before charges were kept was charged elsewhere", due: of({ quarterly_minimum: quarter }, { chargesFrom: day("2026-07-01") }, "2026-07-09"), are: ["quarter 2026-04-10 2026-07-09 3000.00"] },
  ];
  for (const { why, due, are } of contract) it(why, () => expect(due).to.deep.equal(are));

  it("periods follow each other without a gap, whatever day the facility was opened on", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1500 }),
        fc.constantFrom("quarterly_minimum", "yearly_minimum"),
        (n, term) => {
          const openedOn = addDays(day("2026-01-01"), n);
          const how = { openedOn, chargesFrom: openedOn, firstFundedOn: openedOn };
          const due = dueMinimums(course([[formatDay(openedOn), { [term]: year }]], how), addDays(openedOn, 1500));
          expect(due[0]!.periodOn).to.equal(openedOn);
          for (const [i, { periodOn }] of due.entries()) if (i > 0) expect(periodOn).to.equal(due[i - 1]!.on + 1);
          for (const { minimumMinor } of due) expect(minimumMinor).to.equal(usd("12000"));
        },
      ),
    );
  });
});

describe("ending a facility before its term", () => {
  const limit = { opened: { facility_limit: "250000.00" } };
  // tariffs printed by dashpointpublishing.com [S62]: 2 or 3 % of the maximum credit, 15 for each day that is left
  // biome-ignore format: a table
  const fees = [
    { why: "a flat fee", given: { early_termination: { amount: "2500.00" } }, on: "2027-06-01", fee: "2500.00" },
    { why: "3 % of the limit", given: { ...limit, early_termination: { share_of_limit: "0.03" } }, on: "2027-06-01", fee: "7500.00" },
    { why: "five months of the minimum", given: { monthly_minimum: { amount: "500.00" }, early_termination: { months_of_minimum: 5 } }, on: "2027-06-01", fee: "2500.00" },
    { why: "15 a day that is left: of one year, the last day but one", given: { early_termination: { per_remaining_day: "15.00", term_months: 12 } }, on: "2027-01-09", fee: "15.00" },
    { why: "15 a day that is left: of one year, 100 days before it is over", given: { early_termination: { per_remaining_day: "15.00", term_months: 12 } }, on: "2026-10-02", fee: "1500.00" },
    { why: "at the end of the term nothing", given: { early_termination: { amount: "2500.00", term_months: 12 } }, on: "2027-01-10", fee: "0.00" },
    { why: "without such terms nothing", given: {}, on: "2026-01-11", fee: "0.00" },
  ] as const;
  for (const { why, given, on, fee } of fees) {
    it(`${why}: ${fee}`, () => {
      const asked = { openedOn: day(first), endedOn: day(on) };
      expect(formatMinor(terminationFee(terms(given), asked), "USD")).to.equal(fee);
    });
  }
});

describe("charges that contradict each other", () => {
  // biome-ignore format: a table
  const wrong: readonly { given: FactoringTermsInput; says: string }[] = [
    { given: { charges: [lockbox, { ...lockbox, amount: "1.00" }] }, says: 'charges has "lockbox" twice' },
    { given: { charges: [lockbox, { ...lockbox, per: "once" }] }, says: 'charges has "lockbox" twice' },
    { given: { charges: [{ code: "wire", amount: "25.00", from: "opening" }] }, says: "it is taken per schedule" },
    { given: { charges: [{ code: "wire", amount: "25.00", per: "payout", from: "opening" }] }, says: "it is taken per payout" },
    { given: { charges: [{ code: "check", amount: "25.00", per: "occasion" }, { code: "check", amount: "1.00", per: "occasion" }] }, says: "a charge per occasion is told by its code" },
    { given: { early_termination: { share_of_limit: "0.03" } }, says: "needs a limit" },
    { given: { early_termination: { months_of_minimum: 3 } }, says: "needs a monthly_minimum" },
  ];
  for (const { given, says } of wrong) {
    it(says, () => expect(contradiction(terms(given))).to.include(says));
  }

  it("two ways of reckoning a fee, none, and days that are left of no term, are no terms", () => {
    const fee = (given: object) =>
      factoringTermsSchema.safeParse({ early_termination: given }).error?.issues[0]?.message;
    expect(fee({})).to.include("needs one of");
    expect(fee({ amount: "1.00", share_of_limit: "0.03" })).to.include("needs one of");
    expect(fee({ per_remaining_day: "15.00" })).to.include("needs term_months");
    expect(
      contradiction(
        terms({ charges: [lockbox, setUp, { code: "wire", amount: "1.00" }, { code: "wire", amount: "1.00" }] }),
      ),
    ).to.equal(undefined);
  });
});
