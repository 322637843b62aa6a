import { expect } from "chai";
import { eachDatabase } from "../harness/database.js";
import { FacilityYear } from "../harness/facility-year.js";
import { DeskFixture } from "./desk-fixture.js";

eachDatabase("a facility's year, on a small scale", (open) => {
  // biome-ignore format: a table
  const years = [
    { presentation: "sale", reserve: "per_invoice", seed: 11 },
    { presentation: "sale", reserve: "pooled", seed: 12 },
    { presentation: "borrowing", reserve: "per_invoice", seed: 13 },
  ] as const;
  for (const { presentation, reserve, seed } of years) {
    it(`${presentation}, reserve ${reserve}: reserve statement, trial balance and the seller's books agree to the cent`, async function () {
      this.timeout(180_000);
      const fixture = new DeskFixture(await open());
      const size = { debtors: 10, invoices: 120, weeks: 12, seed, presentation, reserve };
      const year = new FacilityYear(size, {
        act: (name, input, by) => fixture.do(name, input, { actorId: by ?? "first" }),
        setDay: (day) => fixture.setDay(day),
      });
      const figures = await year.live();
      expect(figures.invoices).to.equal(120);
      expect(figures.entries).to.be.greaterThan(150);
      fixture.remove();
    });
  }
});
