import { expect } from "chai";
import { shortAmount } from "../../src/reports/charts.js";
import { pricePage } from "../../src/reports/price-page.js";
import { cashYears, priceSheets } from "../../src/reports/price-report.js";
import { renderText } from "../../src/reports/render-text.js";
import { samplePriceDocument } from "./sample-price-document.js";

describe("the report of a price", () => {
  const document = samplePriceDocument();

  it("sums the months to years exactly, month 0 in year 1", () => {
    const [first, second] = cashYears(document);
    // months 1..12: 12 x 1000 - 20 x 78 = 10,440 gross; 3,132 variable and 500 on day one
    expect(first).to.include({ year: 1, gross: "10440.00", costs: "3632.00", net: "6808.00", cumulative: "-3068.54" });
    // months 13..24: 12,000 - 20 x 222 = 7,560 gross, 5,292 net
    expect(second).to.include({ year: 2, gross: "7560.00", net: "5292.00", cumulative: "2223.46" });
  });

  it("says what an analyst must see: the constraint, the guide, what is not verified", () => {
    const text = priceSheets(document)
      .map((sheet) => renderText(sheet))
      .join("\n");
    expect(text).to.include("the target IRR sets the price");
    expect(text).to.include("WARNING: the bid lies above the price guide");
    expect(text).to.match(/recovery\.timing .*UNVERIFIED/);
    expect(text).to.not.include("\u001b");
  });

  it("is one page that loads nothing and runs nothing, whatever stands in the tape", () => {
    const page = pricePage(document);
    expect(page).to.not.match(/<script|<link|<img|<iframe|\son\w+=|url\((?!#)|@import/i);
    const addresses = [...page.matchAll(/(?:src|href)\s*=\s*"([^"]*)"/g)].map((match) => match[1]!);
    expect(addresses.filter((address) => !address.startsWith("#"))).to.deep.equal([]);
    expect(page).to.include("&lt;b&gt;tape&lt;/b&gt;.csv").and.not.include("<b>tape");
    expect(page.match(/<svg/g)).to.have.length(4);
    expect(page).to.include("ab".repeat(32));
  });

  it("draws a portfolio that brings in nothing", () => {
    const nothing = document.forecast.monthly.map((month) => ({ ...month, gross: "0.00", net: "0.00" }));
    const bid = {
      ...document.bid,
      price: "0.00",
      net_irr: null,
      net_multiple: null,
      gross_multiple: null,
      payback_month: null,
    };
    const page = pricePage(
      samplePriceDocument({ bid, forecast: { ...document.forecast, monthly: nothing }, strata: [] }),
    );
    expect(page).to.include("never").and.not.include("NaN");
  });

  it("shortens amounts on the axes", () => {
    const cases: [number, string][] = [
      [0, "0"],
      [999, "999"],
      [1500, "1.5k"],
      [-2_000_000, "-2m"],
      [123_456_789, "123m"],
      [5e9, "5bn"],
    ];
    for (const [value, text] of cases) expect(shortAmount(value)).to.equal(text);
  });
});
