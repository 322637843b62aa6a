import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parseDay } from "../../src/calendar/day.js";
import { resolveAssumptions } from "../../src/pricing/assumptions.js";
import { comparison } from "../../src/pricing/comparison.js";
import { value } from "../../src/pricing/valuation.js";
import { readTape } from "../../src/tape/tape.js";
import { sharedPathOrSkip } from "../harness/shared.js";

describe("a real portfolio of charged-off personal loans", () => {
  it("is bid at a few cents, of unknown limitation, and above the guide of 2010", async function () {
    const path = sharedPathOrSkip(this, "data", "recovery", "lendingclub_history_dev.csv.gz");
    const asOf = parseDay("2022-01-01");
    const workFolder = mkdtempSync(join(tmpdir(), "netback-"));
    try {
      const { columns, findings } = await readTape(path, { currency: "USD", asOf, workFolder });
      const assumptions = resolveAssumptions({ currency: "USD" });
      const { document } = value(columns, assumptions, asOf, findings);
      expect(document.accounts).to.deep.include({ priced: 3482, face: "34329772.74" });
      expect(document.limitation.find((row) => row.status === "unknown")!.accounts).to.equal(3482);
      expect(document.litigation).to.deep.include({ suit_pays: 0, expected_court_cost: "0.00" });
      expect(document.data_quality.inferred_stages).to.equal(3482);
      expect(document.bid.cents_per_dollar).to.be.within(3, 7);
      expect(document.bid.net_irr).to.be.closeTo(0.2, 1e-6);
      expect(document.bid.payback_month).to.be.within(24, 48);
      expect(document.price_guide!.position).to.equal("above");
      const { alternatives } = comparison(columns, assumptions, asOf, findings);
      expect(alternatives.map(({ kind }) => kind)).to.deep.equal(["sell", "place", "hold"]);
    } finally {
      rmSync(workFolder, { recursive: true });
    }
  });
});
