import { expect } from "chai";
import { isRefusal } from "../../models/refusal.js";
import { paymentHeader } from "../../src/reconcile/payment-header.js";

function detailOf(record: readonly string[]): string {
  try {
    paymentHeader(record);
  } catch (error) {
    if (isRefusal(error)) return error.detail;
    throw error;
  }
  throw new Error("the header was taken");
}

describe("a payments header that is refused", () => {
  it("is named where it is a header", () => {
    expect(detailOf(["account", "amount", "date", "memo"])).to.include('"memo"');
  });

  it("is not repeated where it is a person's row", () => {
    const detail = detailOf(["Jane Roe", "078-05-1120", "50.00", "2024-01-01"]);
    expect(detail).to.include("looks like data");
    expect(detail).to.not.match(/Jane|Roe|078|1120/);
  });
});
