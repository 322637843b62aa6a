import { expect } from "chai";
import { protectedAttribute } from "../../models/protected.js";
import { canonicalColumns } from "../../models/tape.js";

const named: [header: string, attribute: string][] = [
  ["age", "age"],
  ["AGE", "age"],
  ["Debtor Age", "age"],
  ["debtorAge", "age"],
  ["account_holder_age", "age"],
  ["age_at_account_opening", "age"],
  ["age band", "age"],
  ["DOB", "age"],
  ["DebtorDOB", "age"],
  ["DOBDebtor", "age"],
  ["dob_1", "age"],
  ["Date of Birth", "age"],
  ["dateofbirth", "age"],
  ["BIRTH_DT", "age"],
  ["sex", "sex"],
  ["Gender Code", "sex"],
  ["race", "race"],
  ["Ethnicity", "ethnicity"],
  ["MaritalStatus", "marital status"],
  ["MAR_STATUS", "marital status"],
  ["religion", "religion"],
  ["national origin", "national origin"],
  ["Nationality", "national origin"],
  ["preferred_language", "national origin"],
  ["public_assistance", "public assistance"],
  ["color", "color"],
];

const harmless = [
  "page",
  "average",
  "average_balance",
  "mortgage",
  "package",
  "stage",
  "usage",
  "percentage",
  "account age",
  "age of debt",
  "AcctAge",
  "student_loan_age_months",
  "age_in_months",
  "days_age",
  "months since charge-off",
  "Aging",
  "trace",
  "Essex",
  "original creditor",
  "originator",
  "vehicle_color",
  "",
  "123",
];

describe("protected attributes", () => {
  for (const [header, attribute] of named) {
    it(`names ${attribute} in "${header}"`, () => expect(protectedAttribute(header)).to.equal(attribute));
  }
  for (const header of harmless) {
    it(`sees nothing in "${header}"`, () => expect(protectedAttribute(header)).to.equal(undefined));
  }
  it("names none of our own columns, which would then never be read", () => {
    expect(canonicalColumns.filter((name) => protectedAttribute(name) !== undefined)).to.deep.equal([]);
  });
});
