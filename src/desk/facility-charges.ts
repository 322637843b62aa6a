import { formatDay, parseDay, periodOf } from "../calendar/day.js";
import {
  type ChargeCourse,
  type DueMinimum,
  dueCharges,
  dueMinimums,
  minimumPeriods,
  shortfall,
} from "../factoring/charges.js";
import type { EntryDraft } from "../ledger/entry-draft.js";
import { facilityCharged, minimumCharged, terminationCharged } from "../ledger/factoring-events.js";
import { formatMinor, type Minor, minor } from "../money/money.js";
import {
  chargeKey,
  type FacilityCharge,
  insertCharge,
  minimumCodes,
  readChargeKeys,
  readCharges,
  readCourses,
  readEarned,
  type StoredCourse,
} from "../store/facility-charge.js";
import type { Tx } from "../store/transaction.js";
import type { Context } from "./desk.js";
import { type AccruedInvoices, accrueOpen, type FacilityBook, postEvent } from "./facility-book.js";
import { claimPool } from "./settle-invoices.js";

/** A charge that is to be made: what it is for, and when. */
export type NewCharge = Pick<FacilityCharge, "kind" | "code" | "periodOn" | "revision" | "happenedOn" | "reason"> & {
  readonly amountMinor: Minor;
  readonly waivesSequence?: bigint;
};

const builders: Readonly<Record<FacilityCharge["kind"], (amountMinor: Minor) => EntryDraft>> = {
  once: facilityCharged,
  month: facilityCharged,
  filing: facilityCharged,
  minimum: minimumCharged,
  termination: terminationCharged,
  payout: facilityCharged,
  unfactored_payment: facilityCharged,
  occasion: facilityCharged,
};

/** Books a charge, and keeps it under what it is for. Throws `period_closed`. */
export async function bookCharge(context: Context, book: FacilityBook, charge: NewCharge): Promise<FacilityCharge> {
  const { kind, amountMinor, happenedOn: on, reason } = charge;
  const draft = builders[kind](amountMinor);
  const posted = { draft, on, sourceKind: "facility_charge", reason, moves: [] };
  const sequence = amountMinor === 0n ? null : await postEvent(context, book, posted);
  const made = { waivesSequence: null, ...charge, sequence, recordedAt: context.now };
  await insertCharge(context.tx, book.facility.portfolioId, made);
  return made;
}

function courseOf(stored: StoredCourse): ChargeCourse {
  const day = (text: string | null) => (text === null ? null : parseDay(text));
  return {
    openedOn: parseDay(stored.openedOn),
    chargesFrom: parseDay(stored.chargesFrom),
    firstFundedOn: day(stored.firstFundedOn),
    endedOn: day(stored.endedOn),
    versions: stored.versions.map(({ fromOn, terms }) => ({ fromOn: parseDay(fromOn), terms })),
  };
}

/** What the charges of a facility follow from, as the books have it. */
export async function readCourse(tx: Tx, portfolioId: string): Promise<ChargeCourse> {
  return courseOf((await readCourses(tx, portfolioId))[0]!);
}

export interface ChargedThrough {
  readonly charges: readonly FacilityCharge[];
  readonly amountMinor: bigint;
  /** fees that were charged first: up to the ends of the months that a minimum was due for, and to the day */
  readonly accrued: readonly AccruedInvoices[];
}

/**
 * Charges what is due up to a day: charges once and by month, each once for its period and on its own day, so that it makes no
 * difference how often it is done; and what the fees of each period fall short of its minimum, after the fees up to its end.
 *
 * The fees of a period are those booked in it. Where they change after it was charged (a payment that was recorded late takes
 * fees back), the difference is a charge of its own, on the day that is asked for.
 *
 * @param withFees whether fees are charged up to the day as well
 */
export async function chargeThrough(
  context: Context,
  book: FacilityBook,
  { through, withFees }: { through: string; withFees: boolean },
): Promise<ChargedThrough> {
  const { tx } = context;
  const { portfolioId } = book.facility;
  const course = await readCourse(tx, portfolioId);
  const made = new Map<string, FacilityCharge[]>();
  for (const charge of await readCharges(tx, portfolioId)) {
    made.set(chargeKey(charge), [...(made.get(chargeKey(charge)) ?? []), charge]);
  }
  const day = parseDay(through);
  const minimums = dueMinimums(course, day).map((due) => ({ due, before: made.get(minimumKey(due)) ?? [] }));
  const accrued: AccruedInvoices[] = [];
  for (const { due, before } of minimums) {
    if (before.length === 0) accrued.push(await accrueOpen(context, book, formatDay(due.on)));
  }
  if (withFees) accrued.push(await accrueOpen(context, book, through));
  const { currency } = book.facility;
  const owed = [
    ...dueCharges(course, day).map(chargeOnce),
    ...minimumCharges(await heldAgainst(tx, portfolioId, minimums), { through, currency }),
  ];
  const charges: FacilityCharge[] = [];
  for (const charge of owed.filter((one) => one.revision > 1 || !made.has(chargeKey(one)))) {
    charges.push(await bookCharge(context, book, charge));
  }
  await claimPool(context, book, through);
  return { charges, amountMinor: charges.reduce((sum, { amountMinor }) => sum + amountMinor, 0n), accrued };
}

function chargeOnce({ kind, code, periodOn, on, amountMinor }: ReturnType<typeof dueCharges>[number]): NewCharge {
  const reason = kind === "once" ? code : `${code} of ${periodOf(periodOn)}`;
  return { kind, code, periodOn: formatDay(periodOn), revision: 1, amountMinor, happenedOn: formatDay(on), reason };
}

const minimumOf = ({ period, periodOn }: DueMinimum) =>
  ({ kind: "minimum", code: minimumCodes[period], periodOn: formatDay(periodOn) }) as const;
const minimumKey = (due: DueMinimum): string => chargeKey(minimumOf(due));

interface HeldMinimum {
  readonly due: DueMinimum;
  /** what was charged of it before */
  readonly before: readonly FacilityCharge[];
  /** the fees of its period, with the interest where that counts */
  readonly earnedMinor: bigint;
}

async function heldAgainst(
  tx: Tx,
  portfolioId: string,
  minimums: readonly Omit<HeldMinimum, "earnedMinor">[],
): Promise<HeldMinimum[]> {
  if (minimums.length === 0) return [];
  const periods = minimums.map(({ due }) => ({ from: formatDay(due.periodOn), to: formatDay(due.on) }));
  const earned = await readEarned(tx, portfolioId, periods);
  return minimums.map((one, i) => {
    const { feesMinor, interestMinor } = earned[i]!;
    return { ...one, earnedMinor: one.due.of === "fees" ? feesMinor : feesMinor + interestMinor };
  });
}

/**
 * What each minimum comes to now, less what was charged of it; none where nothing has changed. What is charged of a shorter one that
 * ends within a longer counts towards it, so that no fee that is missing is asked for twice.
 */
function minimumCharges(
  minimums: readonly HeldMinimum[],
  { through, currency }: { through: string; currency: string },
): NewCharge[] {
  const made: NewCharge[] = [];
  const charged: { due: DueMinimum; minor: bigint }[] = [];
  for (const { due, before, earnedMinor } of minimums) {
    const within = charged.filter((one) => isWithin(one.due, due)).reduce((sum, one) => sum + one.minor, 0n);
    const wholeMinor = shortfall(due, minor(earnedMinor + within));
    charged.push({ due, minor: wholeMinor });
    const later = before.length > 0;
    const amountMinor = minor(wholeMinor - before.reduce((sum, one) => sum + one.amountMinor, 0n));
    if (later && amountMinor === 0n) continue;
    const [least, came, other] = [due.minimumMinor, earnedMinor, within].map((amount) =>
      formatMinor(minor(amount), currency),
    );
    const name = minimumOf(due);
    const minimumsToo = within === 0n ? "" : `, minimums within it ${other}`;
    const told = `${name.code} of ${periodWords(due)}: ${least}, fees ${came}${minimumsToo}`;
    const happenedOn = later ? through : formatDay(due.on);
    const reason = later ? `difference; ${told}` : told;
    made.push({ ...name, revision: before.length + 1, amountMinor, happenedOn, reason });
  }
  return made;
}

function isWithin(shorter: DueMinimum, longer: DueMinimum): boolean {
  const isShorter = minimumPeriods.indexOf(shorter.period) < minimumPeriods.indexOf(longer.period);
  return isShorter && shorter.on >= longer.periodOn && shorter.on <= longer.on;
}

function periodWords({ period, periodOn, on }: DueMinimum): string {
  return period === "month" ? periodOf(periodOn) : `${formatDay(periodOn)} to ${formatDay(on)}`;
}

/** The facilities of the tenant that something is due of up to a day and was not charged, with how much is missing. */
export async function uncharged(tx: Tx, through: string): Promise<{ asked: number; missing: string[] }> {
  const day = parseDay(through);
  const made = await readChargeKeys(tx);
  let asked = 0;
  const missing: string[] = [];
  for (const stored of await readCourses(tx)) {
    const course = courseOf(stored);
    const due = [
      ...dueCharges(course, day).map((charge) => chargeKey(chargeOnce(charge))),
      ...dueMinimums(course, day).map(minimumKey),
    ];
    if (due.length === 0) continue;
    asked++;
    const own = made.get(stored.portfolioId);
    const left = due.filter((key) => own?.has(key) !== true).length;
    if (left > 0) missing.push(`${left} of ${stored.portfolioId}`);
  }
  return { asked, missing };
}
