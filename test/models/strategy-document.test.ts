import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { strategyDocument } from "../../scripts/strategy-document.js";

describe("docs/STRATEGY.md", () => {
  const page = readFileSync(fileURLToPath(new URL("../../../docs/STRATEGY.md", import.meta.url)), "utf8");

  it("is what the schema says (node dist/scripts/write-strategy-document.js writes it)", () => {
    expect(page).to.equal(strategyDocument());
  });

  it("names a field with its bounds and its prior, by hand", () => {
    expect(page).to.include(
      "| `horizon_months` | Collections after this month are not counted | whole, 1 to 240 | `84` (published) |",
    );
  });
});
