import { facilityOfPortfolio } from "../../models/facility.js";
import type { FactoringTerms } from "../../models/factoring-terms.js";
import { type Day, formatDay, parseDay } from "../calendar/day.js";
import { type Facility, findFacility } from "../store/facility.js";
import { readTermsAt } from "../store/facility-history.js";
import type { PastMoment } from "../store/facility-past.js";
import type { Invoice } from "../store/invoice.js";
import { readInvoicesAt } from "../store/invoice-event.js";
import { readTurnovers, sequenceKnownAt } from "../store/ledger.js";
import type { Context } from "./desk.js";
import { facilityPortfolio } from "./facility-book.js";
import { asTheyWere } from "./facility-past.js";
import { knownAtOf } from "./known-at.js";

/** A facility as it stood on a day, by what had been recorded by an instant. */
export interface FacilityMoment {
  readonly facility: Facility;
  /** those that held on the day */
  readonly terms: FactoringTerms;
  readonly asOf: Day;
  readonly knownAt: string;
  readonly sequence: bigint;
  /** where it is a moment of the past; what holds now is read otherwise */
  readonly past: PastMoment | undefined;
  readonly invoices: readonly Invoice[];
  /** debit less credit by account */
  readonly balances: ReadonlyMap<string, bigint>;
}

type Asked = { facility_id: string; as_of?: string | undefined; known_at?: string | undefined };

export async function facilityAt(
  { tx, now, today }: Context,
  input: Asked,
  scheduleNo?: number,
): Promise<FacilityMoment> {
  const facility = await findFacility(tx, facilityPortfolio(input.facility_id));
  const { portfolioId } = facility;
  const asOf = input.as_of ?? formatDay(today);
  const knownAt = await knownAtOf({ tx, now }, { portfolio_id: portfolioId, known_at: input.known_at });
  const sequence = await sequenceKnownAt(tx, portfolioId, knownAt);
  const balances = new Map<string, bigint>();
  for (const moved of await readTurnovers(tx, { portfolioId, asOf, knownAt: input.known_at })) {
    balances.set(moved.account, (balances.get(moved.account) ?? 0n) + moved.debitMinor - moved.creditMinor);
  }
  const invoices = await readInvoicesAt(tx, portfolioId, { asOf, sequence, scheduleNo });
  const isNow = input.known_at === undefined && parseDay(asOf) >= today;
  const past = isNow ? undefined : { asOf, knownAt };
  return {
    facility,
    terms: await readTermsAt(tx, portfolioId, { asOf, knownAt }),
    asOf: parseDay(asOf),
    knownAt,
    sequence,
    past,
    invoices: past === undefined ? invoices : await asTheyWere(tx, portfolioId, { invoices, at: past }),
    balances,
  };
}

/** What every reading of a facility begins with. */
export function momentHead({ facility, asOf, knownAt }: FacilityMoment) {
  return {
    facility_id: facilityOfPortfolio(facility.portfolioId),
    currency: facility.currency,
    as_of: formatDay(asOf),
    known_at: knownAt,
  };
}
