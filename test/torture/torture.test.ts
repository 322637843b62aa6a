/** The short form of `npm run torture`: one round or two of each part that kills, cuts or crosses. */
import { expect } from "chai";
import { cutConnections } from "./cut-connections.js";
import { type Installation, installEmbedded, installPostgres } from "./installation.js";
import { killServer } from "./kill-server.js";
import type { Extent, PartResult } from "./report.js";
import { reverseAtOnce } from "./reversals.js";
import { conflicts, deadlockStorm } from "./storm.js";

const extent: Extent = { seed: 20_261_122, rounds: 1, callers: 6, until: Number.POSITIVE_INFINITY };

function expectHeld(results: readonly PartResult[]): void {
  for (const { part, faults, lost, doubled, acknowledged } of results) {
    expect(faults, part).to.deep.equal([]);
    expect([lost, doubled], part).to.deep.equal([0, 0]);
    expect(acknowledged, part).to.be.greaterThan(0);
  }
}

describe("what callers were told, after the worst", function () {
  this.timeout(180_000);
  let place: Installation | undefined;
  afterEach(async () => {
    await place?.remove();
    place = undefined;
  });

  it("is in the books once when the server is killed [embedded]", async () => {
    place = await installEmbedded();
    expectHeld([await killServer(place, extent)]);
  });

  describe("[postgres]", () => {
    before(function () {
      if (process.env.TEST_DATABASE_URL !== undefined) return;
      process.stdout.write("      skipped: TEST_DATABASE_URL is not set\n");
      this.skip();
    });
    beforeEach(async () => {
      place = await installPostgres(extent.callers);
    });

    it("is in the books once when the server is killed", async () => {
      expectHeld([await killServer(place!, { ...extent, rounds: 2 })]);
    });

    it("is in the books once when the line is cut after the commit and before the reply", async () => {
      expectHeld(await cutConnections(place!, extent));
    });

    it("is in the books once when callers cross, without a deadlock", async () => {
      expectHeld([await deadlockStorm(place!, extent)]);
    });

    it("is in the books once when the database undoes one side", async () => {
      expectHeld(await conflicts(place!, { ...extent, callers: 3 }));
    });

    it("is in the books once when many take the same entry back", async () => {
      expectHeld([await reverseAtOnce(place!, extent, 30)]);
    });
  });
});
