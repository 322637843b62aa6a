/**
 * States, the district and the territories of the United States: ISO 3166-2:US (50 + 1 + 6). A closed vocabulary; the
 * military "states" of the mail (AA, AE, AP) are no jurisdictions and are not among them.
 */
export const jurisdictions = [
  ["AL", "Alabama"],
  ["AK", "Alaska"],
  ["AZ", "Arizona"],
  ["AR", "Arkansas"],
  ["CA", "California"],
  ["CO", "Colorado"],
  ["CT", "Connecticut"],
  ["DE", "Delaware"],
  ["DC", "District of Columbia"],
  ["FL", "Florida"],
  ["GA", "Georgia"],
  ["HI", "Hawaii"],
  ["ID", "Idaho"],
  ["IL", "Illinois"],
  ["IN", "Indiana"],
  ["IA", "Iowa"],
  ["KS", "Kansas"],
  ["KY", "Kentucky"],
  ["LA", "Louisiana"],
  ["ME", "Maine"],
  ["MD", "Maryland"],
  ["MA", "Massachusetts"],
  ["MI", "Michigan"],
  ["MN", "Minnesota"],
  ["MS", "Mississippi"],
  ["MO", "Missouri"],
  ["MT", "Montana"],
  ["NE", "Nebraska"],
  ["NV", "Nevada"],
  ["NH", "New Hampshire"],
  ["NJ", "New Jersey"],
  ["NM", "New Mexico"],
  ["NY", "New York"],
  ["NC", "North Carolina"],
  ["ND", "North Dakota"],
  ["OH", "Ohio"],
  ["OK", "Oklahoma"],
  ["OR", "Oregon"],
  ["PA", "Pennsylvania"],
  ["RI", "Rhode Island"],
  ["SC", "South Carolina"],
  ["SD", "South Dakota"],
  ["TN", "Tennessee"],
  ["TX", "Texas"],
  ["UT", "Utah"],
  ["VT", "Vermont"],
  ["VA", "Virginia"],
  ["WA", "Washington"],
  ["WV", "West Virginia"],
  ["WI", "Wisconsin"],
  ["WY", "Wyoming"],
  ["AS", "American Samoa"],
  ["GU", "Guam"],
  ["MP", "Northern Mariana Islands"],
  ["PR", "Puerto Rico"],
  ["UM", "United States Minor Outlying Islands"],
  ["VI", "Virgin Islands, U.S."],
] as const;

export type JurisdictionCode = (typeof jurisdictions)[number][0];

const byText = new Map<string, JurisdictionCode>(
  jurisdictions.flatMap(([code, name]) => [
    [code, code],
    [`US-${code}`, code],
    [name.toUpperCase(), code],
  ]),
).set("VIRGIN ISLANDS", "VI");

/**
 * The jurisdiction that a seller's text means: its code (`CA`, `ca`, `US-CA`) or its name in full; else undefined.
 * Nothing is guessed from abbreviations ("Calif.").
 */
export function jurisdictionOf(text: string): JurisdictionCode | undefined {
  return byText.get(
    text
      .trim()
      .toUpperCase()
      .replace(/[\s_]+/g, " "),
  );
}
