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
    const line = page.split("\n").find((one) => one.startsWith("| `horizon_months` "));
    const cells = line?.split("|").map((cell) => cell.trim());
    const means = "Collections after this month are not counted";
    expect(cells).to.deep.equal(["", "`horizon_months`", means, "whole, 1 to 240", "`84` (published)", ""]);
  });
});
