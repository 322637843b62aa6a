import { expect } from "chai";
import { type CanonicalColumn, canonicalColumns, type Layout, layoutSchema } from "../../models/tape.js";
import { fitsPattern, patternsThatFit, strptimePattern } from "../../src/calendar/date-pattern.js";
import { isProtected } from "../../src/tape/header-words.js";
import { guessLayout } from "../../src/tape/layout.js";
import { fileOf, read, refusalOf, valuesOf } from "./work-folder.js";

describe("a layout is guessed from real header styles", () => {
  const table: { header: string; columns: CanonicalColumn[] }[] = [
    {
      header: "ACCT,BAL,ST,LPD,CODATE,TYPE",
      columns: ["account_number", "current_balance", "state", "last_payment_date", "charge_off_date", "product_type"],
    },
    {
      header: "Account Number,Curr Bal,Chargeoff Dt,DOFD,Zip Code",
      columns: ["account_number", "current_balance", "charge_off_date", "delinquency_date", "postal_code"],
    },
    {
      header: "acct_no,current_bal,charge_off_dt,open_dt,last_pmt_dt,last_pmt_amt",
      columns: [
        "account_number",
        "current_balance",
        "charge_off_date",
        "open_date",
        "last_payment_date",
        "last_payment_amount",
      ],
    },
    {
      header: "AccountNumber,CurrentBalance,ChargeOffDate,LastPaymentDate,OriginalCreditor",
      columns: ["account_number", "current_balance", "charge_off_date", "last_payment_date", "original_creditor"],
    },
    {
      header: "Acct #,Balance Due,Date Opened,Charged-Off Date,Date of Last Payment",
      columns: ["account_number", "current_balance", "open_date", "charge_off_date", "last_payment_date"],
    },
    {
      header: "LOAN_ID,OUTSTANDING_BALANCE,CO_BAL,ORIG_BAL,PRIN,INT,FEES,INT_RATE",
      columns: [
        "account_number",
        "current_balance",
        "charge_off_balance",
        "original_balance",
        "principal",
        "interest",
        "fees",
        "interest_rate",
      ],
    },
    {
      header: "Account,Balance,SSN,Debtor Name,Home Phone,Email Address",
      columns: ["account_number", "current_balance", "debtor_id", "debtor_name", "phone", "email"],
    },
    {
      header: "account id,Bal,BK Flag,Deceased Ind,SCRA,Judgement,Dispute,Placements",
      columns: [
        "account_number",
        "current_balance",
        "bankruptcy",
        "deceased",
        "military",
        "judgment",
        "disputed",
        "prior_placements",
      ],
    },
    { header: canonicalColumns.join(","), columns: canonicalColumns },
  ];
  for (const { header, columns } of table) {
    it(header.slice(0, 70), () => {
      const headers = header.split(",");
      const { layout } = guessLayout(headers, []);
      const expected = Object.fromEntries(columns.map((column, at) => [column, headers[at]]));
      expect(layout.columns).to.deep.equal(expected);
      expect(layoutSchema.parse(layout)).to.deep.equal(layout);
      expect(guessLayout(headers, [], layout).layout).to.deep.equal(layout);
    });
  }

  it("the canonical name wins over a synonym, which stays an extra column", () => {
    const { layout, extras } = guessLayout(["account_number", "current_balance", "Balance"], []);
    expect(layout.columns.current_balance).to.equal("current_balance");
    expect(extras.map((column) => column.header)).to.deep.equal(["Balance"]);
  });

  it("a partial layout settles what is ambiguous", () => {
    const layout = layoutSchema.parse({ columns: { current_balance: "Face" } });
    expect(guessLayout(["ACCT", "BAL", "Face"], [], layout).layout.columns).to.deep.equal({
      account_number: "ACCT",
      current_balance: "Face",
    });
  });

  const wrong: { columns: Record<string, string>; says: RegExp }[] = [
    { columns: { current_balance: "Amount" }, says: /"Amount", which the file lacks/ },
    { columns: { balance: "BAL" }, says: /"balance" is not a column/ },
    { columns: { current_balance: "BAL", principal: "bal" }, says: /both current_balance and principal/ },
    { columns: { state: "Race" }, says: /protected/ },
    { columns: { __proto__x: "BAL" }, says: /not a column/ },
  ];
  for (const { columns, says } of wrong) {
    it(`a layout that does not fit: ${JSON.stringify(columns)}`, async () => {
      const layout: Layout = { name: "x", decimal_mark: ".", columns };
      const refusal = await refusalOf((async () => guessLayout(["ACCT", "BAL", "Race"], [], layout))());
      expect(refusal.code).to.equal("layout_invalid");
      expect(refusal.detail).to.match(says);
    });
  }
});

describe("protected attributes are never read", () => {
  for (const header of [
    "Age",
    "debtor_age",
    "DOB",
    "Date of Birth",
    "birthYear",
    "Sex",
    "GENDER",
    "race",
    "Ethnicity",
    "Colour",
    "Marital Status",
    "religion",
    "National Origin",
    "Nationality",
    "Preferred Language",
    "public_assistance_income",
  ]) {
    it(header, () => expect(isProtected(header)).to.equal(true));
  }
  for (const header of [
    "account_age",
    "Age Band",
    "age_of_debt",
    "Months Since Chargeoff",
    "Stage",
    "Average Balance",
    "Agency",
    "Brace",
    "Sextant",
    "Trace",
  ]) {
    it(`but ${header} is`, () => expect(isProtected(header)).to.equal(false));
  }

  it("each is one finding with the column's name and no row, and so is a personal column without a canonical name", async () => {
    const tape = await read(fileOf("ACCT,BAL,Age,Gender,Street,Grade\nA,1,44,F,12 Elm,B\nB,2,45,M,13 Elm,C\n"), {
      columns: "all",
    });
    expect([...tape.findings].map(({ code, column, row }) => `${code} ${column} ${row}`)).to.deep.equal([
      "column_protected Age null",
      "column_protected Gender null",
      "column_unmapped Street null",
      "column_unmapped Grade null",
    ]);
    expect([...tape.columns.columns.keys()]).to.deep.equal(["account_number", "current_balance", "extra.Grade"]);
  });
});

describe("dates are declared, never sniffed", () => {
  const patterns: [string, string, string][] = [
    ["MM/DD/YYYY", "%m/%d/%Y", "03/04/2021"],
    ["MM/dd/yyyy", "%m/%d/%Y", "03/04/2021"],
    ["d.M.yy", "%d.%m.%y", "4.3.21"],
    ["dd-MMM-yyyy", "%d-%b-%Y", "04-Mar-2021"],
    ["MMDDYYYY", "%m%d%Y", "03042021"],
    ["yyyy/MM/dd", "%Y/%m/%d", "2021/03/04"],
  ];
  for (const [pattern, strptime, text] of patterns) {
    it(`${pattern} reads ${text}`, async () => {
      expect(strptimePattern(pattern)).to.equal(strptime);
      expect(fitsPattern(text, pattern)).to.equal(true);
      const layout = layoutSchema.parse({ columns: {}, date_pattern: pattern });
      const tape = await read(fileOf(`ACCT,BAL,CODATE\nA,1,${text}\nB,1,2021-03-04\nC,1,2021-03-04 00:00:00\n`), {
        layout,
      });
      expect(valuesOf(tape, "charge_off_date")).to.deep.equal([18690, 18690, 18690]);
    });
  }

  for (const pattern of ["MM/DD", "MM/MM/YYYY", "%m/%d/%Y", "MM'DD'YYYY", "DD/MM/YYYY HH"]) {
    it(`${pattern} is no pattern`, async () => {
      const refusal = await refusalOf((async () => strptimePattern(pattern))());
      expect(refusal.code).to.equal("layout_invalid");
    });
  }

  it("suggests only what every value fits", () => {
    expect(patternsThatFit(["03/04/2021", "03/31/2021"])).to.deep.equal(["MM/DD/YYYY", "M/D/YYYY"]);
    expect(patternsThatFit(["soon"])).to.deep.equal([]);
  });

  it("a two-digit year under a four-digit pattern is a finding, not the year 21", async () => {
    const layout = layoutSchema.parse({ columns: {}, date_pattern: "MM/DD/YYYY" });
    const tape = await read(fileOf("ACCT,BAL,CODATE\nA,1,03/04/2021\nB,1,03/04/21\n"), { layout });
    expect([...tape.findings].map(({ row, code, value }) => `${row} ${code} ${value}`)).to.deep.equal([
      "2 date_invalid 03/04/21",
    ]);
  });
});
