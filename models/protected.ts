/**
 * Attributes of a person that must not take part in a decision on credit, which includes its collection: Equal Credit
 * Opportunity Act, 15 U.S.C. 1691(a), and Regulation B, 12 CFR 1002.2(z) with 1002.2(m). Language and disability stand
 * here as near proxies. A column named after one of them is never read and can never become a feature.
 */

/** Whole words of a header -> the attribute they name. */
// biome-ignore format: a table
const words: ReadonlyMap<string, string> = new Map([
  ["dob", "age"], ["yob", "age"], ["birth", "age"], ["birthdate", "age"], ["birthday", "age"], ["birthyear", "age"],
  ["bdate", "age"], ["dateofbirth", "age"], ["yearofbirth", "age"], ["born", "age"], ["elderly", "age"],
  ["debtorage", "age"], ["customerage", "age"], ["borrowerage", "age"], ["consumerage", "age"], ["applicantage", "age"],
  ["sex", "sex"], ["gender", "sex"], ["pronoun", "sex"], ["pronouns", "sex"], ["pregnant", "sex"], ["pregnancy", "sex"],
  ["race", "race"], ["racial", "race"],
  ["ethnicity", "ethnicity"], ["ethnic", "ethnicity"], ["ancestry", "ethnicity"], ["hispanic", "ethnicity"],
  ["marital", "marital status"], ["maritalstatus", "marital status"], ["married", "marital status"],
  ["spouse", "marital status"], ["divorced", "marital status"], ["maiden", "marital status"],
  ["religion", "religion"], ["religious", "religion"], ["creed", "religion"], ["faith", "religion"],
  ["nationality", "national origin"], ["nationalorigin", "national origin"], ["citizenship", "national origin"],
  ["birthplace", "national origin"], ["immigration", "national origin"], ["language", "national origin"],
  ["welfare", "public assistance"], ["publicassistance", "public assistance"],
  ["disability", "disability"], ["disabled", "disability"],
]);

/** Words that must stand side by side, because each alone is harmless ("origin", "color", "status"). */
const phrases: readonly (readonly [string, string])[] = [
  ["national origin", "national origin"],
  ["country of origin", "national origin"],
  ["skin color", "color"],
  ["skin colour", "color"],
  ["mar status", "marital status"],
  ["public assistance", "public assistance"],
  ["sexual orientation", "sex"],
];

/** "Age" is the debt's, not the person's, beside one of these: account age, age of debt, age in months. */
const debtWords = new Set(
  "account acct debt loan invoice receivable balance delinquency delinquent default chargeoff charge co file portfolio"
    .concat(" placement day days month months mths mos dpd")
    .split(" "),
);
const personWords = new Set(
  "debtor customer cust borrower consumer person applicant holder cardholder accountholder client member owner patient"
    .concat(" guarantor cosigner")
    .split(" "),
);

function wordsOf(header: string): string[] {
  return header
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== "");
}

/**
 * The protected attribute that a column's header names, or undefined.
 *
 * Looks at whole words (camel case, underscores, spaces and digits part them), so that "page", "average" and
 * "mortgage" are harmless. "Age" alone is taken for the person's, and "age at ..." too: where a header could mean
 * either, the column is left out.
 *
 * @example protectedAttribute("DebtorDOB") -> "age"; protectedAttribute("account_age_months") -> undefined
 */
export function protectedAttribute(header: string): string | undefined {
  const parts = wordsOf(header);
  for (const part of [...parts, parts.join("")]) {
    const attribute = words.get(part);
    if (attribute !== undefined) return attribute;
  }
  const text = ` ${parts.join(" ")} `;
  for (const [phrase, attribute] of phrases) if (text.includes(` ${phrase} `)) return attribute;
  if (parts.length === 1 && (parts[0] === "color" || parts[0] === "colour")) return "color";
  if (!parts.includes("age") && !parts.includes("ages")) return undefined;
  const ofPerson = parts.some((part) => personWords.has(part)) || text.includes(" age at ");
  return ofPerson || !parts.some((part) => debtWords.has(part)) ? "age" : undefined;
}
