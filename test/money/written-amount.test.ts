import { expect } from "chai";
import { plainAmount } from "../../src/money/written-amount.js";

describe("an amount as people write it", () => {
  const cases: [text: string, plain: string, why: string][] = [
    ["1250.00", "1250.00", "plain already"],
    ["-3", "-3", "plain and negative"],
    ["1,234.50", "1234.50", "thousands"],
    ["1,234,567", "1234567", "thousands twice"],
    ["$12.50", "12.50", "a sign of currency"],
    ["-$12.50", "-12.50", "negative before the sign"],
    ["€ 5", "5", "a sign and a blank"],
    ["(12.34)", "-12.34", "an accountant's negative"],
    ["($1,234.50)", "-1234.50", "all at once"],
    ["12.34-", "-12.34", "the minus behind"],
    ["12,50", "12,50", "a decimal comma is not guessed"],
    ["1,23,456", "1,23,456", "no thousands"],
    ["(-5)", "(-5)", "negative twice"],
    ["--5", "--5", "negative twice"],
    ["1e3", "1e3", "not how money is written"],
    ["USD 5", "USD 5", "words are not dropped"],
    ["", "", "nothing"],
  ];
  for (const [text, plain, why] of cases) {
    it(`${why}: "${text}" is ${plain === text ? "left as it is" : plain}`, () => {
      expect(plainAmount(text)).to.equal(plain);
    });
  }
});
