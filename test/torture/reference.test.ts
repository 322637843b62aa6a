import { expect } from "chai";
import fc from "fast-check";
import { DeskFixture } from "../desk/desk-fixture.js";
import { eachDatabase } from "../harness/database.js";
import { life } from "../harness/reference-life.js";
import { liveThrough } from "../harness/reference-run.js";

/** Other lives: TORTURE_SEED and TORTURE_LIVES. A failure prints the seed and the path that repeat it, shrunk. */
const seed = Number(process.env.TORTURE_SEED ?? 20_261_122);
const lives = Number(process.env.TORTURE_LIVES ?? 4);

eachDatabase("the books and their reference", (open) => {
  let fixture: DeskFixture;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
  });
  after(() => fixture.remove());

  it(`agree on every balance, debt, day and refusal over ${lives} random lives`, async function () {
    this.timeout(600_000);
    let done = 0;
    const refused = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(life, async (one) => {
        const lived = await liveThrough(fixture, one);
        done += lived.done;
        for (const [code, count] of lived.refused) refused.set(code, (refused.get(code) ?? 0) + count);
      }),
      { numRuns: lives, seed },
    );
    // a life in which nothing is done, or nothing refused, would agree for nothing
    expect(done).to.be.greaterThan(lives * 3);
    expect([...refused.keys()]).to.include.members(["amount_invalid", "receivable_unknown", "effective_date_refused"]);
    process.stdout.write(
      `      ${done} acts; refused: ${[...refused].map(([code, n]) => `${code} ${n}`).join(", ")}\n`,
    );
  });
});
