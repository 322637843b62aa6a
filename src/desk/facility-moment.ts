import { facilityOfPortfolio } from "../../models/facility.js";
import type { FactoringTerms } from "../../models/factoring-terms.js";
import { type Day, formatDay, parseDay } from "../calendar/day.js";
import { type Facility, findFacility } from "../store/facility.js";
import { readTermsAt } from "../store/facility-history.js";
import { type BookMoment, readBookMoment } from "../store/invoice-moment.js";
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
}

type Asked = { facility_id: string; as_of?: string | undefined; known_at?: string | undefined };

export async function facilityAt({ tx, now, today }: Context, input: Asked): Promise<FacilityMoment> {
  const facility = await findFacility(tx, facilityPortfolio(input.facility_id));
  const { portfolioId } = facility;
  const asOf = input.as_of ?? formatDay(today);
  const [terms, knownAt, book] = await Promise.all([
    readTermsAt(tx, portfolioId, asOf),
    knownAtOf({ tx, now }, { portfolio_id: portfolioId, known_at: input.known_at }),
    readBookMoment(tx, { portfolioId, asOf, knownAt: input.known_at }),
  ]);
  return { facility, terms, asOf: parseDay(asOf), knownAt, book };
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
