import { facilityOfPortfolio } from "../../models/facility.js";
import type { FactoringTerms } from "../../models/factoring-terms.js";
import { type Day, formatDay, parseDay } from "../calendar/day.js";
import { type Facility, findFacility, wasEndRecorded } from "../store/facility.js";
import { readTermsAt } from "../store/facility-history.js";
import type { PastMoment } from "../store/facility-past.js";
import { type BookMoment, readBookMoment } from "../store/invoice-moment.js";
import { readTurnovers } from "../store/ledger.js";
import type { Tx } from "../store/transaction.js";
import type { Context } from "./desk.js";
import { facilityPortfolio } from "./facility-book.js";
import { knownAtOf } from "./known-at.js";

/** A facility as it stood on a day, by what had been recorded by an instant. */
export interface FacilityMoment {
  readonly facility: Facility;
  /** those that held on the day */
  readonly terms: FactoringTerms;
  readonly asOf: Day;
  readonly knownAt: string;
  readonly book: BookMoment;
  /** where it is a moment of the past; what holds now is read otherwise */
  readonly past: PastMoment | undefined;
}

type Asked = { facility_id: string; as_of?: string | undefined; known_at?: string | undefined };

export async function facilityAt({ tx, now, today }: Context, input: Asked): Promise<FacilityMoment> {
  const facility = await knownFacility(tx, facilityPortfolio(input.facility_id), input.known_at);
  const { portfolioId } = facility;
  const asOf = input.as_of ?? formatDay(today);
  const knownAt = await knownAtOf({ tx, now }, { portfolio_id: portfolioId, known_at: input.known_at });
  const [terms, book] = await Promise.all([
    readTermsAt(tx, portfolioId, { asOf, knownAt }),
    readBookMoment(tx, { portfolioId, asOf, knownAt: input.known_at }),
  ]);
  const isNow = input.known_at === undefined && parseDay(asOf) >= today;
  return { facility, terms, asOf: parseDay(asOf), knownAt, book, past: isNow ? undefined : { asOf, knownAt } };
}

/** A facility, without its end where that was recorded after the instant that is asked about. */
async function knownFacility(tx: Tx, portfolioId: string, knownAt: string | undefined): Promise<Facility> {
  const facility = await findFacility(tx, portfolioId);
  if (facility.endedOn === null || knownAt === undefined) return facility;
  return (await wasEndRecorded(tx, portfolioId, knownAt)) ? facility : { ...facility, endedOn: null, endReason: null };
}

/** Debit less credit by account at the moment, as far as it had been recorded by an instant where one was asked for. */
export async function balancesAt(
  tx: Tx,
  { facility, book }: FacilityMoment,
  knownAt?: string,
): Promise<Map<string, bigint>> {
  const { portfolioId } = facility;
  const balances = new Map<string, bigint>();
  for (const moved of await readTurnovers(tx, { portfolioId, asOf: book.asOf, knownAt })) {
    balances.set(moved.account, (balances.get(moved.account) ?? 0n) + moved.debitMinor - moved.creditMinor);
  }
  return balances;
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
