import type { z } from "zod";
import type { calculations } from "../../models/calculations.js";
import { daysInYear } from "../../models/factoring-terms.js";
import { Refusal } from "../../models/refusal.js";
import { apr as aprOf, aprOfMonths, effectiveAnnualRate } from "../factoring/annual-rate.js";
import { facilityYear, prepaidProceeds } from "../factoring/cost-comparison.js";
import { feeSchedule } from "../factoring/fee-schedule.js";
import { advanceOn, settlement } from "../factoring/settlement.js";
import { fraction, plainShare, plus, product, shareOf, shareText, times } from "../money/fraction.js";
import { type Minor, minor, ratio, zeroMinor } from "../money/money.js";
import { figuresIn, percentage } from "./calculated-figures.js";

type Calculations = typeof calculations;
export type Asked<Name extends keyof Calculations> = z.output<Calculations[Name]["input"]>;
export type Answered<Name extends keyof Calculations> = z.output<Calculations[Name]["output"]>;

export function steppedFee(asked: Asked<"stepped-fee">): Answered<"stepped-fee"> {
  const { read, show } = figuresIn(asked.currency);
  const fees = feeSchedule(asked.schedule, asked.currency);
  const advance = advanceOn(read(asked.face), fraction(asked.advance_rate));
  const feesMinor = fees.feeOn(advance, asked.days);
  const atFunding = asked.initial_fee_deducted_at_funding ?? asked.schedule.collected_at === "funding";
  const takenMinor = atFunding ? fees.feeOn(advance, 0) : zeroMinor;
  const upfront = read(asked.upfront_fees);
  const collectedMinor = asked.collected === undefined ? advance.faceMinor : read(asked.collected);
  const settled = settlement({ ...advance, collectedMinor, feesMinor, takenMinor });
  const unpaid = settlement({
    ...advance,
    collectedMinor: asked.collected === undefined ? zeroMinor : collectedMinor,
    feesMinor,
    takenMinor,
  });
  const funded = minor(advance.advanceMinor - takenMinor - upfront);
  const cost = minor(feesMinor + upfront);
  return {
    fee_rate: plainShare(fees.rateOn(asked.days)),
    gross_advance: show(advance.advanceMinor),
    reserve: show(advance.reserveMinor),
    net_funded: show(funded),
    fee_total: show(feesMinor),
    reserve_release: show(settled.releaseMinor),
    client_receives: show(minor(funded + settled.releaseMinor)),
    total_cost: show(cost),
    shortfall: show(settled.shortfallMinor),
    chargeback: show(unpaid.chargebackMinor),
    apr_pct: percentOf(aprOf({ financedMinor: funded, chargeMinor: cost, days: asked.days }, 12)),
    client_owes: show(unpaid.chargebackMinor),
    factor_yield_pct: percentOf(
      aprOf({ financedMinor: advance.advanceMinor, chargeMinor: feesMinor, days: asked.days }, 12),
    ),
  };
}

/** A fraction with many decimals as a percentage with two. */
function percentOf(rate: string | null): string | null {
  return rate === null ? null : shareText(times(fraction(rate), 100), 2);
}

export function bracketFee(asked: Asked<"bracket-fee">): Answered<"bracket-fee"> {
  const { read, show } = figuresIn(asked.currency);
  const { rateOn } = feeSchedule(
    {
      basis: "face",
      bands: asked.brackets,
      initial_days: 1,
      step_rate: "0",
      step_days: 1,
      proration: "whole_block",
      minimum: "0",
      collected_at: "settlement",
    },
    asked.currency,
  );
  const rate = rateOn(asked.days);
  const { faceMinor, advanceMinor, reserveMinor } = advanceOn(read(asked.face), fraction(asked.advance_rate));
  const fee = shareOf(faceMinor, rate);
  const back = plus(fraction("1"), plus(times(fraction(asked.advance_rate), -1), times(rate, -1)));
  return {
    fee_rate: plainShare(rate),
    rebate_rate: plainShare(back),
    fee: show(fee),
    rebate: show(minor(reserveMinor - fee)),
    gross_advance: show(advanceMinor),
  };
}

export function dailyFee(asked: Asked<"daily-fee">): Answered<"daily-fee"> {
  const { read, show } = figuresIn(asked.currency);
  const daily = times(fraction(asked.rate_per_period), 1, asked.period_days);
  return { daily_rate_pct: shareText(times(daily, 100), 4), daily_fee: show(shareOf(read(asked.face), daily)) };
}

export function weeklyInstalments(asked: Asked<"weekly-instalments">): Answered<"weekly-instalments"> {
  const { read, show } = figuresIn(asked.currency);
  const face = read(asked.face);
  const fee = shareOf(face, fraction(asked.weekly_fee_rate));
  const principal = shareOf(face, times(fraction("1"), 1, asked.weeks));
  const paid = Math.min(asked.paid_off_after_weeks ?? asked.weeks, asked.weeks);
  return {
    instalment: show(minor(principal + fee)),
    weekly_fee: show(fee),
    fees_paid: show(minor(fee * BigInt(paid))),
    fees_saved: show(minor(fee * BigInt(asked.weeks - paid))),
  };
}

export function interest(asked: Asked<"interest">): Answered<"interest"> {
  const { read } = figuresIn(asked.currency);
  // rounded once, to the decimals that are asked for, and not to the minor unit before
  const owed = times(fraction(asked.annual_rate), asked.days, daysInYear(asked.day_count));
  const balance = figuresIn(asked.currency).showTo(read(asked.balance), 8);
  return { interest: shareText(product(fraction(balance), owed), asked.places) };
}

export function apr(asked: Asked<"apr">): Answered<"apr"> {
  const { read } = figuresIn(asked.currency);
  const financedMinor = read(asked.amount_financed);
  const chargeMinor = read(asked.finance_charge);
  if (financedMinor === 0n) throw new Refusal("rate_undefined", "nothing was received: a cost over zero has no rate");
  const { months = 0, days } = asked;
  const rateOn = (ofMinor: Minor) =>
    days === undefined
      ? aprOfMonths({ financedMinor: ofMinor, chargeMinor, months }, 12)
      : aprOf({ financedMinor: ofMinor, chargeMinor, days }, 12);
  const termDays = days ?? (months * 365) / 12;
  return {
    apr_pct: percentOf(rateOn(financedMinor))!,
    compounded_pct: (effectiveAnnualRate({ financedMinor, chargeMinor, days: termDays }) * 100).toFixed(2),
    face_basis_pct: asked.face === undefined ? null : percentOf(rateOn(read(asked.face))),
  };
}

export function facilityApr(asked: Asked<"facility-apr">): Answered<"facility-apr"> {
  const { read, show } = figuresIn(asked.currency);
  const { averageEmployedMinor, annualCostMinor } = facilityYear({
    monthlyFaceMinor: read(asked.monthly_face),
    advanceRate: fraction(asked.advance_rate),
    days: asked.days,
    feeRate: fraction(asked.fee_rate),
    perInvoiceMinor: read(asked.per_invoice_fee),
    invoicesPerYear: asked.invoices_per_year,
  });
  if (averageEmployedMinor === 0n)
    throw new Refusal("rate_undefined", "nothing is employed: a cost over zero has no rate");
  return {
    average_funds_employed: show(averageEmployedMinor),
    annual_cost: show(annualCostMinor),
    apr_pct: percentage(annualCostMinor, averageEmployedMinor)!,
  };
}

export function twoPeriodEar(asked: Asked<"two-period-ear">): Answered<"two-period-ear"> {
  const { read, show } = figuresIn(asked.currency);
  const faceMinor = read(asked.face);
  const net = prepaidProceeds({
    faceMinor,
    first: fraction(asked.upfront_fee),
    monthly: fraction(asked.monthly_fee),
    months: asked.months,
  });
  if (net <= 0n) throw new Refusal("rate_undefined", `the fees leave ${show(net)}: there is no rate`);
  const growth = Number(ratio(faceMinor, net, 15, "half_up"));
  return {
    net_proceeds: show(net),
    effective_annual_pct: ((growth ** (12 / asked.months) - 1) * 100).toFixed(2),
  };
}
