import fc from "fast-check";
import { claimComponents } from "../../models/claim.js";

/** How much: an amount of its own, or what the debtor still owes and a little more or less. */
const amount = fc.oneof(
  { weight: 6, arbitrary: fc.record({ minor: fc.integer({ min: -30_000, max: 60_000 }) }) },
  { weight: 3, arbitrary: fc.record({ overClaim: fc.integer({ min: -2, max: 20_000 }) }) },
  { weight: 1, arbitrary: fc.record({ minor: fc.constantFrom(0, 1, -1, 1e15, -1e15, 1e15 + 1, -1e15 - 1) }) },
);
const account = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 6 }) },
  // the twentieth is bankrupt and was not bought; there is no ninety-ninth
  { weight: 1, arbitrary: fc.constantFrom(20, 99) },
);
/** Days before the day of the act: below zero is the future; before the cut-off when there are very many. */
const daysBack = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, 5000) },
);
const common = { account, amount, daysBack, hours: fc.integer({ min: 1, max: 90 }) };

/** What happens next, as it is drawn: with picks in place of what only the run knows. */
const draft = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      what: fc.constant("payment" as const),
      ...common,
      channel: fc.constantFrom("own" as const, "agency" as const, "direct" as const),
      commission: fc.option(fc.nat(5000), { freq: 4 }),
      numbering: fc.constantFrom("none" as const, "new" as const, "new" as const, "used" as const),
      pick: fc.nat(1000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant("return" as const), ...common, share: fc.nat(120), pick: fc.nat(1000) }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("put_back" as const), ...common, override: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant("cost" as const),
      ...common,
      type: fc.constantFrom("court" as const, "agency_invoice" as const, "media" as const, "other" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant("receipt" as const),
      ...common,
      kind: fc.constantFrom("agency_remittance" as const, "put_back_refund" as const, "direct_payments" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("advance" as const), ...common }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("write_off" as const), ...common }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant("adjust" as const),
      ...common,
      component: fc.constantFrom(...claimComponents),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("settle" as const), ...common }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("refund" as const), ...common, share: fc.nat(120) }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant("apply" as const), ...common, share: fc.nat(120), pick: fc.nat(6) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constant("reverse" as const),
      ...common,
      share: fc.option(fc.nat(120), { freq: 1 }),
      named: fc.boolean(),
      pick: fc.nat(1000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant("place" as const),
      ...common,
      basisPoints: fc.nat(10_000),
      gross: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant("answer" as const),
      ...common,
      share: fc.option(fc.nat(120), { freq: 1 }),
      pick: fc.nat(1000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("sell" as const), ...common, also: account }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("pay_commission" as const), ...common, share: fc.nat(120) }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant("correct" as const), ...common, pick: fc.nat(1000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant("month" as const),
      ...common,
      act: fc.constantFrom("soft_close" as const, "close" as const, "close" as const, "reopen" as const),
      ahead: fc.constantFrom(0, 0, 0, 1, -1),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant("accrue" as const), ...common, behind: fc.nat(2) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant("reforecast" as const),
      ...common,
      behind: fc.nat(2),
      amounts: fc.array(fc.nat(60_000), { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant("policy" as const),
      ...common,
      late: fc.constantFrom("refuse" as const, "first_open_day" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("recall" as const), ...common }) },
);
export type Draft = typeof draft extends fc.Arbitrary<infer T> ? T : never;

/** A life of a portfolio: its currency, what happens to it, and when an older answer is asked for again. */
export const life = fc.record({
  currency: fc.constantFrom("USD", "USD", "JPY", "KWD"),
  bearsInterest: fc.boolean(),
  drafts: fc.array(draft, { minLength: 30, maxLength: 90, size: "max" }),
});
export type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;
