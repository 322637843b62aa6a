import { expect } from "chai";
import fc from "fast-check";
import { DeskFixture } from "../desk/desk-fixture.js";
import { eachDatabase } from "../harness/database.js";
import { life } from "../harness/reference-life.js";
import { liveThrough } from "../harness/reference-run.js";

/** Other lives: TORTURE_SEED and TORTURE_LIVES. A failure prints the seed and the path that repeat it, shrunk. */
const seed = Number(process.env.TORTURE_SEED ?? 20_261_122);
const lives = Number(process.env.TORTURE_LIVES ?? 4);
/** TORTURE_SECONDS: as many lives as there is time for on each database. */
const seconds = process.env.TORTURE_SECONDS === undefined ? undefined : Number(process.env.TORTURE_SECONDS);

eachDatabase("the books and their reference", (open) => {
  let fixture: DeskFixture;
  before(async function () {
    this.timeout(120_000);
    fixture = new DeskFixture(await open());
  });
  after(() => fixture.remove());

  it(`agree on every balance, debt, day and refusal over random lives`, async function () {
    this.timeout(600_000);
    const done = new Map<string, number>();
    const refused = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(life, async (one) => {
        const lived = await liveThrough(fixture, one);
        for (const [what, count] of lived.done) done.set(what, (done.get(what) ?? 0) + count);
        for (const [code, count] of lived.refused) refused.set(code, (refused.get(code) ?? 0) + count);
      }),
      {
        numRuns: lives,
        seed,
        ...(seconds === undefined ? {} : { interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false }),
      },
    );
    // a life in which nothing is done, or nothing refused, would agree for nothing
    expect([...done.keys()]).to.include.members(["payment", "reverse"]);
    expect([...refused.keys()]).to.include("effective_date_refused");
    const shown = (counts: ReadonlyMap<string, number>) => [...counts].map(([of, n]) => `${of} ${n}`).join(", ");
    process.stdout.write(`      done: ${shown(done)}; refused: ${shown(refused)}\n`);
  });
});
