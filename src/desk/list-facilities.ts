import { listFacilities as facilitiesOf, facilityDocumentOf, findFacility } from "../store/facility.js";
import { implement } from "./act.js";
import { facilityOfInput } from "./facility-book.js";

export const listFacilities = implement("list-facilities", async ({ tx }, input) => facilitiesOf(tx, input));

/** Refuses `not_found`. */
export const showFacility = implement("show-facility", async ({ tx }, input) =>
  facilityDocumentOf(await findFacility(tx, facilityOfInput(input))),
);
