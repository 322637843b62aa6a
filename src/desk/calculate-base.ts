import { Refusal } from "../../models/refusal.js";
import {
  type BaseDebtor,
  type BasePosition,
  borrowingBase as baseOf,
  dilutionReserve,
  isCrossAged,
  facilityRoom as roomOf,
} from "../factoring/borrowing-base.js";
import { fraction, shareOf } from "../money/fraction.js";
import { minor, sumMinor, zeroMinor } from "../money/money.js";
import type { Answered, Asked } from "./calculate-fees.js";
import { figuresIn, percentage } from "./calculated-figures.js";

export function simpleBase(asked: Asked<"simple-base">): Answered<"simple-base"> {
  const { read, show } = figuresIn(asked.currency);
  const eligible = minor(read(asked.gross) - sumMinor(Object.values(asked.ineligibles).map(read)));
  return { eligible: show(eligible), availability: show(shareOf(eligible, fraction(asked.advance_rate))) };
}

export function facilityRoom(asked: Asked<"facility-room">): Answered<"facility-room"> {
  const { read, readOr, show } = figuresIn(asked.currency);
  const outstanding = read(asked.outstanding);
  const limit =
    asked.facility_limit === undefined ? minor(outstanding + readOr(asked.available)) : read(asked.facility_limit);
  const room = limit - outstanding;
  return {
    outstanding: show(outstanding),
    available: show(minor(room > 0n ? room : 0n)),
    facility_limit: show(limit),
    over_advance: show(minor(room < 0n ? -room : 0n)),
  };
}

export function crossAge(asked: Asked<"cross-age">): Answered<"cross-age"> {
  const { read } = figuresIn(asked.currency);
  const [all, old] = [read(asked.total), read(asked.past_due)];
  const rule = { threshold: fraction(asked.threshold), orAt: asked.operator === ">=" };
  return { past_due_pct: all > 0n ? percentage(old, all, 1) : null, cross_aged: isCrossAged(old, all, rule) };
}

export function dilution(asked: Asked<"dilution">): Answered<"dilution"> {
  const { read, show } = figuresIn(asked.currency);
  const [diluted, all] = [read(asked.dilution), read(asked.denominator)];
  const rates = { dilution: { numerator: diluted, denominator: all }, norm: fraction(asked.norm) };
  return {
    dilution_pct: percentage(diluted, all, asked.places)!,
    dilution_reserve: asked.eligible === undefined ? null : show(dilutionReserve(read(asked.eligible), rates)),
  };
}

/** Grounds that are known, in the order they are taken when the policy names none. */
const categories = ["foreign", "intercompany", "affiliate", "government", "insolvent"];
const known = ["over_age", "cross_age", ...categories, "disputed", "contra", "credit_limit", "concentration"];

function orderOf(asked: Asked<"borrowing-base">): string[] {
  const found = new Set([...asked.debtors, ...asked.invoices].flatMap(({ flags }) => flags));
  const others = [...found].filter((flag) => !known.includes(flag)).sort();
  const flags = [...categories.filter((flag) => found.has(flag)), ...others];
  return ["over_age", "cross_age", ...flags, "disputed", "contra", "credit_limit", "concentration"];
}

export function borrowingBase(asked: Asked<"borrowing-base">): Answered<"borrowing-base"> {
  const { read, show } = figuresIn(asked.currency);
  const { policy } = asked;
  const steps = policy.steps ?? orderOf(asked);
  const repeated = steps.find((step, i) => steps.indexOf(step) !== i);
  if (repeated !== undefined) throw new Refusal("invalid_request", `/policy/steps: ${repeated} stands there twice`);
  const flagsOf = new Map(asked.debtors.map(({ id, flags }) => [id, flags]));
  const debtors = new Map<string, BaseDebtor>(
    asked.debtors.map((debtor) => [
      debtor.id,
      {
        payableMinor: read(debtor.payable_to_debtor),
        limitMinor: debtor.credit_limit === null ? null : read(debtor.credit_limit),
        outstandingMinor: read(debtor.outstanding),
        overAgeMinor: zeroMinor,
      },
    ]),
  );
  const positions = asked.invoices.map(
    (invoice): BasePosition => ({
      debtorId: invoice.debtor,
      balanceMinor: read(invoice.balance),
      ageDays: invoice.age_days,
      disputedMinor: read(invoice.disputed),
      flags: new Map(
        [...(flagsOf.get(invoice.debtor) ?? []), ...invoice.flags].map((flag) => [flag, flag.replaceAll("_", " ")]),
      ),
    }),
  );
  const base = baseOf(positions, debtors, {
    currency: asked.currency,
    maxAgeDays: policy.max_age_days,
    crossAge:
      policy.cross_age_threshold === null
        ? null
        : { threshold: fraction(policy.cross_age_threshold), orAt: policy.cross_age_operator === ">=" },
    concentration:
      policy.concentration_limit === null
        ? null
        : { limit: fraction(policy.concentration_limit), of: policy.concentration_basis },
    steps,
  });
  const room = roomOf({
    eligibleMinor: base.eligibleMinor,
    advanceRate: fraction(policy.advance_rate),
    reservesMinor: read(policy.reserves),
    limitMinor: policy.facility_limit === null ? null : read(policy.facility_limit),
    fundsEmployedMinor: read(asked.funds_employed),
  });
  const excess = base.steps.find(({ step }) => step === "concentration")?.removedMinor ?? zeroMinor;
  const byStep = base.steps.filter(({ step }) => step !== "concentration");
  return {
    ...Object.fromEntries(byStep.map(({ step, removedMinor }) => [step, show(removedMinor)])),
    gross: show(base.grossMinor),
    eligible_before_concentration: show(minor(base.eligibleMinor + excess)),
    concentration_cap: base.concentrationCapMinor === null ? null : show(base.concentrationCapMinor),
    concentration_excess: show(excess),
    eligible: show(base.eligibleMinor),
    borrowing_base: show(room.borrowingBaseMinor),
    availability: show(room.availabilityMinor),
    over_advance: show(room.overAdvanceMinor),
    steps: base.steps.map(({ step, removedMinor, remainingMinor }) => ({
      step,
      removed: show(removedMinor),
      remaining: show(remainingMinor),
    })),
    invoices: asked.invoices.map(({ id }, i) => ({
      id,
      eligible: show(base.eligible[i]!),
      reasons: base.reasons[i]!.map(({ code, step, removedMinor, message }) => ({
        code,
        step,
        removed_amount: show(removedMinor),
        message,
      })),
    })),
  };
}
