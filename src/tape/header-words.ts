import { type CanonicalColumn, canonicalKinds } from "../../models/tape.js";
import type { Vocabulary } from "./layout.js";

/** Abbreviations in headers, spelled out token by token before a header is looked up. */
const spelledOut: Readonly<Record<string, string>> = {
  acct: "account",
  acc: "account",
  no: "number",
  num: "number",
  nbr: "number",
  bal: "balance",
  dt: "date",
  dte: "date",
  inv: "invoice",
  amt: "amount",
  curr: "current",
  cur: "current",
  orig: "original",
  pmt: "payment",
  pymt: "payment",
  pay: "payment",
  paid: "payment",
  lst: "last",
  prin: "principal",
  int: "interest",
  chargeoff: "charge off",
  chgoff: "charge off",
  chg: "charge",
  co: "charge off",
  cust: "debtor",
  customer: "debtor",
  consumer: "debtor",
  borrower: "debtor",
  prod: "product",
  cred: "creditor",
  deliq: "delinquency",
  delq: "delinquency",
  delinquent: "delinquency",
  opened: "open",
  opening: "open",
  zipcode: "zip",
  placements: "placements",
  placement: "placements",
  bk: "bankruptcy",
  bankrupt: "bankruptcy",
  dec: "deceased",
  judgement: "judgment",
  dispute: "disputed",
  fraudulent: "fraud",
  tel: "phone",
  telephone: "phone",
  mail: "email",
};

/** What sellers call each column, spelled out, beside its canonical name. */
const synonyms: Readonly<Partial<Record<CanonicalColumn, readonly string[]>>> = {
  account_number: [
    "account",
    "account id",
    "account ref",
    "account reference",
    "acctno",
    "acctnum",
    "accountno",
    "accountnum",
    "acctid",
    "accountid",
    "accountnumber",
    "seller account id",
    "seller account number",
    "receivable id",
    "loan id",
    "loan number",
    "debt id",
    "debt number",
    "unique id",
  ],
  debtor_name: ["debtor", "name", "full name", "debtor full name", "debtorname"],
  debtor_id: ["debtor number", "ssn", "social security number", "tax id", "national id", "debtorid", "tin"],
  state: ["st", "debtor state", "state code", "residence state", "addr state", "address state"],
  postal_code: ["zip", "zip code", "postal", "postcode", "post code", "postalcode", "zip5", "debtor zip"],
  country: ["country code", "debtor country"],
  product_type: [
    "type",
    "product",
    "account type",
    "debt type",
    "loan type",
    "asset class",
    "asset type",
    "producttype",
  ],
  original_creditor: [
    "creditor",
    "issuer",
    "original lender",
    "original issuer",
    "oc",
    "oc name",
    "original creditor name",
  ],
  open_date: [
    "date open",
    "account open date",
    "date account open",
    "origination date",
    "opendate",
    "issue date",
    "date of open",
  ],
  delinquency_date: [
    "dofd",
    "date of first delinquency",
    "first delinquency date",
    "date first delinquency",
    "default date",
    "date of default",
    "dlq date",
  ],
  charge_off_date: [
    "codate",
    "cod",
    "charge off",
    "date of charge off",
    "date charge off",
    "chargeoffdate",
    "charged off date",
    "write off date",
  ],
  last_payment_date: [
    "lpd",
    "lpdate",
    "last payment",
    "date of last payment",
    "date last payment",
    "lastpaymentdate",
    "last pmtdate",
    "dolp",
  ],
  last_payment_amount: ["lpa", "lpamt", "amount of last payment", "lastpaymentamount", "last payment amount"],
  original_balance: ["original amount", "loan amount", "funded amount", "original loan amount", "original principal"],
  charge_off_balance: [
    "cobal",
    "cobalance",
    "charge off amount",
    "charged off balance",
    "charged off amount",
    "balance at charge off",
    "chargeoffbalance",
  ],
  current_balance: [
    "balance",
    "current amount",
    "balance due",
    "amount due",
    "total due",
    "total balance",
    "current balance due",
    "outstanding balance",
    "balance outstanding",
    "face",
    "face value",
    "face amount",
    "currentbalance",
    "currbal",
    "curbal",
  ],
  principal: ["principal balance", "principal amount", "current principal"],
  interest: ["interest balance", "interest amount", "accrued interest", "interest due"],
  fees: ["fee", "fees balance", "fee balance", "fees amount", "fee amount", "other fees", "fees due"],
  interest_rate: ["apr", "rate", "int rate", "contract rate", "annual rate"],
  prior_placements: [
    "placements",
    "placements count",
    "number of placements",
    "prior agencies",
    "times placements",
    "stage",
    "number placements",
  ],
  documents: ["docs", "documentation", "media", "documents available", "media available"],
  bankruptcy: ["bankruptcy flag", "bankruptcy status", "bankruptcy ind", "bankruptcy indicator", "bankruptcy chapter"],
  deceased: ["deceased flag", "deceased ind", "deceased indicator", "deceased date", "date of death"],
  disputed: ["disputed flag", "disputed ind", "disputed indicator", "in disputed"],
  fraud: ["fraud flag", "fraud ind", "fraud indicator"],
  military: ["military flag", "scra", "scra flag", "active duty", "military indicator", "active military"],
  judgment: ["judgment flag", "judgment ind", "judgment indicator", "judgment date"],
  settled: ["settled flag", "settlement flag", "sif", "settled in full", "settled indicator", "payment in full"],
  phone: ["phone number", "home phone", "phone1", "primary phone"],
  email: ["email address", "e mail", "email1"],
  recovered_amount: ["recoveries", "recovered", "amount recovered", "collected amount", "amount collected"],
  collection_fee: ["collection fees", "collection cost", "collection recovery fee", "collection costs"],
  observed_on: ["observation date", "observed date", "snapshot date", "as of date", "asof"],
};

function words(header: string): string[] {
  return header
    .normalize("NFKC")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/#/g, " number ")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

function spell(header: string): string {
  return words(header)
    .map((word) => spelledOut[word] ?? word)
    .join(" ");
}

/** Makes the vocabulary of a kind of file from what its columns hold and what else their headers are called. */
export function vocabularyOf<Column extends string>(
  kinds: Vocabulary<Column>["kinds"],
  words: Readonly<Partial<Record<Column, readonly string[]>>>,
  required: readonly NoInfer<Column>[],
  standIns: readonly (readonly [column: NoInfer<Column>, standIn: NoInfer<Column>])[] = [],
): Vocabulary<Column> {
  const columnBySpelling = new Map<string, Column>();
  for (const column of Object.keys(kinds) as Column[]) {
    for (const header of [column, ...(words[column] ?? [])]) columnBySpelling.set(spell(header), column);
  }
  return { kinds, required, standIns, columnNamed: (header) => columnBySpelling.get(spell(header)) };
}

/** The columns of a tape of aged debts. */
export const tapeVocabulary = vocabularyOf(canonicalKinds, synonyms, ["account_number", "current_balance"]);

/** Whether the header is the canonical name itself, whatever its capitals and separators. */
export function isCanonicalName(header: string, column: string): boolean {
  return words(header).join("_") === column;
}

/** A header as it is compared: two that differ in capitals, blanks or separators only are one. */
export function headerKey(header: string): string {
  return words(header).join(" ");
}

/**
 * Attributes on which nobody may be judged for credit (Equal Credit Opportunity Act, 15 U.S.C. 1691(a); Regulation B,
 * 12 CFR 1002.2(z)) and those that stand in for them. The age of the *debt* is not among them.
 */
const protectedWords = new Set([
  ..."dob birth birthdate birthday birthyear dateofbirth sex gender race ethnicity ethnic".split(" "),
  ..."religion religious nationality citizenship citizen language marital married maritalstatus pregnant".split(" "),
  ..."pregnancy disability disabled color colour skin orientation immigration national_origin welfare".split(" "),
]);
const protectedPhrases = [
  "national origin",
  "country of origin",
  "public assistance",
  "marital status",
  "country of birth",
];
const ageOfPerson =
  /^(?:(?:debtor|person|applicant|holder|client|account holder|primary|co debtor|charge off debtor) )?age(?: (?:years|yrs|in years|group|of debtor|of person|of applicant))?$/;

export function isProtected(header: string): boolean {
  const text = spell(header);
  const parts = words(header);
  return (
    parts.some((word) => protectedWords.has(word)) ||
    protectedPhrases.some((phrase) => text.includes(phrase)) ||
    ageOfPerson.test(text)
  );
}

const personalWords = new Set([
  ..."ssn ssn4 sin nin passport address addr address1 address2 addr1 addr2 street city name firstname lastname".split(
    " ",
  ),
  ..."surname forename middlename phone phone1 phone2 phone3 cell mobile fax email email1 email2 ip iban employer".split(
    " ",
  ),
]);

/** Whether a column without a canonical name tells of a person; such a column is left unread. */
export function isPersonal(header: string): boolean {
  return (
    words(header).some((word) => personalWords.has(word)) && !/creditor|product|portfolio|seller|agency/i.test(header)
  );
}
