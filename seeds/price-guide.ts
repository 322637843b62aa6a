import type { Stage } from "../models/strategy.js";

/** What portfolios of one asset class sold for, in cents per dollar of face, by stage, on a date. */
export interface PriceGuide {
  readonly asOf: string;
  readonly assetClass: string;
  readonly source: string;
  readonly centsPerDollar: Readonly<Record<Stage, readonly [low: number, high: number]>>;
}

/**
 * Published guides, oldest first. Prices moved two- to threefold within three years, so a guide is a dated band for
 * the eye, never a price. The last one is the latest that gives every stage; single points since then (2014: fresh
 * about 16, secondary about 9, CFPB; 2016: Encore 9.2 and PRA 8.6 on average; 2021: Encore 12.8) lie above it.
 */
export const priceGuides: readonly PriceGuide[] = [
  {
    asOf: "2009-03-09",
    assetClass: "credit_card",
    source: "Kaulkin Ginsberg, March 2009, in loanbuyersgroup.com/Debt_Buying.html",
    centsPerDollar: { fresh: [5, 7], primary: [3, 5], secondary: [2, 3], tertiary: [1, 2], quad: [0.5, 1] },
  },
  {
    asOf: "2010-05-01",
    assetClass: "credit_card",
    source: "Crescent Bay Financial, May 2010, in loanbuyersgroup.com/Debt_Buying.html",
    centsPerDollar: { fresh: [5, 7], primary: [2.5, 5], secondary: [1.5, 3], tertiary: [0.75, 1.5], quad: [0.3, 0.75] },
  },
];
