import { createHash } from "node:crypto";
import { expect } from "chai";
import { demoSale, demoTape } from "../../seeds/demo-tape.js";
import { type DemoAccount, demoPutBacks, demoYear } from "../../seeds/demo-year.js";

describe("the made-up portfolio of the demo", () => {
  it("is the same file everywhere", () => {
    const text = demoTape();
    expect(text.split("\n")).to.have.length(demoSale.accounts + 2);
    const sha256 = createHash("sha256").update(text).digest("hex");
    expect(sha256).to.equal("a47c9b61311322e8756ad8bed2118717452937fb703418e791feb7f7ac0dd85f");
  });

  it("never collects more than is owed, and takes back only what was paid", () => {
    const accounts: DemoAccount[] = Array.from({ length: 500 }, (_, i) => ({
      accountNumber: `A${i}`,
      balanceCents: 5_000 + i * 997,
      placed: i % 3 === 0,
    }));
    const payments = demoYear(accounts).flat();
    const paid = new Map<string, number>();
    for (const { accountNumber, amountCents } of payments) {
      paid.set(accountNumber, (paid.get(accountNumber) ?? 0) + amountCents);
    }
    for (const { accountNumber, balanceCents } of accounts) {
      expect(paid.get(accountNumber) ?? 0, accountNumber).to.be.within(0, balanceCents);
    }
    const byId = new Map(payments.map((payment) => [payment.externalId, payment]));
    const returned = payments.filter((payment) => payment.reverses !== null);
    expect(returned).to.not.have.length(0);
    for (const back of returned) expect(byId.get(back.reverses!)!.amountCents).to.equal(-back.amountCents);
    const putBacks = demoPutBacks(accounts, new Set(paid.keys()));
    expect(putBacks).to.have.length(6);
    expect(putBacks.filter((accountNumber) => paid.has(accountNumber))).to.deep.equal([]);
  });
});
