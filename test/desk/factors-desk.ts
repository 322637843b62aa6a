import type { Store } from "../../src/store/store.js";
import { DeskFixture } from "./desk-fixture.js";

/**
 * Begins a suite of a factor on a desk of its own, where these debtors (D1 unless told) are known; each test begins on the day,
 * if one is named. `begun` is handed the fixture, which is removed after the suite.
 */
export function factorsDesk(
  open: () => Promise<Store>,
  how: { debtors?: readonly string[]; day?: string },
  begun: (fixture: DeskFixture) => unknown,
): void {
  const { debtors = ["D1"], day } = how;
  let fixture: DeskFixture | undefined;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
    for (const debtor_id of debtors) await fixture.do("save-debtor", { debtor_id });
    begun(fixture);
  });
  after(() => fixture?.remove());
  if (day !== undefined) beforeEach(() => fixture!.setDay(day));
}
