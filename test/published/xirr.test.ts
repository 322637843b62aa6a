/**
 * The example in Microsoft's documentation of the XIRR function: five dated flows, result 0.373362535 there;
 * recomputed in exact order 0.3733625335188301.
 */
import { expect } from "chai";
import { parseFlows } from "../../src/cashflow/flow-file.js";
import { xirr } from "../../src/cashflow/rate-of-return.js";

const example = `date,amount
2008-01-01,-10000
2008-03-01,2750
2008-10-30,4250
2009-02-15,3250
2009-04-01,2750
`;

describe("published: XIRR", () => {
  it("gives the rate of the documentation's example", () => {
    const { dates, amounts } = parseFlows(example);
    const answer = xirr(dates, amounts);
    expect(answer.rate).to.be.closeTo(0.373362535, 2e-9);
    expect(answer.rate).to.be.closeTo(0.3733625335188301, 1e-12);
  });
});
