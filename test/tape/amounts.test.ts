import { expect } from "chai";
import fc from "fast-check";
import { type Layout, layoutSchema } from "../../models/tape.js";
import { displayMinor, formatMinor } from "../../src/money/money.js";
import { fileOf, read, valuesOf } from "./work-folder.js";

const amounts = async (texts: readonly string[], currency: string, layout?: Layout) => {
  const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const lines = texts.map((text, row) => `A${row};1;${cell(text)}\n`);
  const path = fileOf(`ACCT;BAL;LPA\n${lines.join("")}`);
  const tape = await read(path, { currency, ...(layout === undefined ? {} : { layout }) });
  const values = valuesOf(tape, "last_payment_amount");
  return texts.map((_, row) => {
    const at = tape.columns.rowNumbers.indexOf(row + 1);
    return at >= 0 ? values[at] : [...tape.findings].find((finding) => finding.row === row + 1)!.code;
  });
};

describe("amounts as people write them", () => {
  const table: { currency: string; mark?: ","; text: string; is: bigint | string; why: string }[] = [
    { currency: "USD", text: "1500", is: 150_000n, why: "whole" },
    { currency: "USD", text: "1500.5", is: 150_050n, why: "one decimal" },
    { currency: "USD", text: "1,500.00", is: 150_000n, why: "thousands" },
    { currency: "USD", text: "$7,177.70", is: 717_770n, why: "dollar sign" },
    { currency: "USD", text: " 12.50 ", is: 1250n, why: "blanks around" },
    { currency: "USD", text: "USD 5", is: 500n, why: "the code" },
    { currency: "USD", text: "(12.34)", is: -1234n, why: "parentheses" },
    { currency: "USD", text: "($1,012.34)", is: -101_234n, why: "parentheses and all" },
    { currency: "USD", text: "12.34-", is: -1234n, why: "trailing minus" },
    { currency: "USD", text: "-$12.34", is: -1234n, why: "minus before the sign" },
    { currency: "USD", text: "1500.0000", is: 150_000n, why: "harmless zeros" },
    { currency: "USD", text: ".5", is: 50n, why: "no leading zero" },
    { currency: "USD", text: "5.", is: 500n, why: "no decimals" },
    { currency: "USD", text: "", is: -(2n ** 63n), why: "blank is missing" },
    { currency: "USD", text: "N/A", is: -(2n ** 63n), why: "blank in words is missing" },
    { currency: "USD", text: "1.005", is: "amount_over_precise", why: "never rounded" },
    { currency: "USD", text: "1.00000001", is: "amount_over_precise", why: "nor beyond four decimals" },
    { currency: "USD", text: "92233720368547758.08", is: "amount_out_of_range", why: "2^63 cents" },
    { currency: "USD", text: "9999999999999999.99", is: 999_999_999_999_999_999n, why: "the largest kept" },
    { currency: "USD", text: "10000000000000000.00", is: "amount_out_of_range", why: "the next" },
    { currency: "USD", text: "1,50", is: "amount_invalid", why: "a comma that does not group" },
    { currency: "USD", text: "1.500,00", is: "amount_invalid", why: "the other mark" },
    { currency: "USD", text: "1_000", is: "amount_invalid", why: "what DuckDB would take" },
    { currency: "USD", text: "1e3", is: "amount_invalid", why: "an exponent" },
    { currency: "USD", text: "--5", is: "amount_invalid", why: "two signs" },
    { currency: "USD", text: "(-5)", is: "amount_invalid", why: "a sign in parentheses" },
    { currency: "USD", text: "€ 5", is: 500n, why: "another sign is taken for decoration: the currency is declared" },
    { currency: "USD", text: "five", is: "amount_invalid", why: "words" },
    { currency: "JPY", text: "1500", is: 1500n, why: "no decimals" },
    { currency: "JPY", text: "¥1,500", is: 1500n, why: "yen sign" },
    { currency: "JPY", text: "1500.00", is: 1500n, why: "harmless zeros" },
    { currency: "JPY", text: "1500.5", is: "amount_over_precise", why: "half a yen" },
    { currency: "KWD", text: "1.005", is: 1005n, why: "three decimals" },
    { currency: "KWD", text: "1.0055", is: "amount_over_precise", why: "not four" },
    { currency: "EUR", mark: ",", text: "1.500,25", is: 150_025n, why: "comma as the decimal mark" },
    { currency: "EUR", mark: ",", text: "1.500", is: 150_000n, why: "a point groups then" },
    { currency: "EUR", mark: ",", text: "1.50", is: "amount_invalid", why: "and does nothing else" },
  ];
  for (const currency of ["USD", "JPY", "KWD", "EUR"]) {
    it(currency, async () => {
      const cases = table.filter((row) => row.currency === currency);
      const layout = cases.some((row) => row.mark) ? layoutSchema.parse({ columns: {}, decimal_mark: "," }) : undefined;
      const read = await amounts(
        cases.map((row) => row.text),
        currency,
        layout,
      );
      cases.forEach(({ text, is, why }, row) => {
        expect(read[row], `${text}: ${why}`).to.equal(is);
      });
    });
  }

  it("what is written in any of the usual ways is read back", async function () {
    this.timeout(20_000);
    const most = 10n ** 18n - 1n;
    const written = fc.tuple(fc.bigInt({ min: -most, max: most }), fc.integer({ min: 0, max: 3 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(written, { minLength: 1, maxLength: 200 }),
        fc.constantFrom("USD", "JPY", "KWD"),
        async (cases, currency) => {
          const texts = cases.map(([value, style]) => {
            const size = displayMinor(value < 0n ? -value : value, currency);
            if (style === 0) return formatMinor(value, currency);
            if (style === 1) return displayMinor(value, currency);
            return style === 2 ? `${value < 0n ? "-" : ""}$${size}` : value < 0n ? `(${size})` : size;
          });
          expect(await amounts(texts, currency)).to.deep.equal(cases.map(([value]) => value));
        },
      ),
      { numRuns: 12 },
    );
  });
});
