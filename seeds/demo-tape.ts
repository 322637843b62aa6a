import { type Chance, chance } from "./random-numbers.js";

/** The fictional sale of the demo: everything about it is made up by this file and `demo-year.ts`. */
export const demoSale = {
  seller: "Lakeshore Consumer Finance (fictional)",
  name: "Lakeshore 2025-09, mixed consumer",
  externalId: "demo-lakeshore-2025-09",
  fileName: "lakeshore-2025-09.csv",
  currency: "USD",
  asOf: "2025-09-30",
  closingOn: "2025-10-01",
  accounts: 2000,
} as const;

const header =
  "Acct No,Debtor Name,Debtor ID,State,Zip,Product Type,Original Creditor,Open Date,Date of First Delinquency," +
  "Charge Off Date,Last Payment Date,Original Balance,Current Balance,Principal,Interest,Fees,Prior Placements," +
  "Bankruptcy,Deceased,Disputed,Phone,Marital Status";

// biome-ignore format: lists of words
const words = {
  first: ["Avery", "Blair", "Casey", "Devon", "Ellis", "Frankie", "Gray", "Harper", "Indigo", "Jules", "Kit", "Lane", "Marlow", "Noel", "Oakley", "Perry", "Quinn", "Reese", "Sage", "Tatum"],
  last: ["Ashdown", "Birchall", "Coldwater", "Dunmore", "Elmhurst", "Fairbrook", "Greenhalgh", "Hollis", "Ironside", "Jessop", "Kestrel", "Longacre", "Merriweather", "Northcott", "Oldfield", "Pemberton", "Quarles", "Ravenscroft", "Stillwell", "Thornbury"],
  creditors: ["Lakeshore Bank (fictional)", "Bluebird Card Services (fictional)", "Harbor Loans (fictional)"],
  states: [["TX", 14], ["CA", 13], ["FL", 11], ["NY", 8], ["OH", 7], ["GA", 7], ["IL", 6], ["PA", 6], ["NC", 5], ["MI", 5], ["AZ", 4], ["WA", 3]],
  products: [["credit card", 62], ["personal loan", 22], ["medical", 8], ["telecom", 5], ["utility", 3]],
} as const;

const two = (value: number) => String(value).padStart(2, "0");
const amount = (cents: number) => `${Math.floor(cents / 100)}.${two(cents % 100)}`;

/** The day of a month counted from January 2018; days stop at 28 so that every month has them. */
function dayIn(month: number, dayOfMonth: number): string {
  return `${2018 + Math.floor(month / 12)}-${two((month % 12) + 1)}-${two(dayOfMonth)}`;
}

const saleMonth = (2025 - 2018) * 12 + 8;

function account(random: Chance, index: number): string[] {
  const product = random.weighted(words.products);
  const monthsOff = random.weighted([
    [random.between(2, 6), 35],
    [random.between(7, 12), 25],
    [random.between(13, 30), 28],
    [random.between(31, 70), 12],
  ]);
  const placements =
    monthsOff <= 6 ? random.between(0, 1) : Math.min(4, random.between(1, 1 + Math.ceil(monthsOff / 14)));
  const chargeOff = saleMonth - monthsOff;
  const open = Math.max(0, chargeOff - random.between(14, 48));
  const delinquent = chargeOff - (product === "medical" ? random.between(3, 6) : 6);
  const lastPaid =
    random.next() < 0.86 ? dayIn(Math.max(open, delinquent - random.between(0, 2)), random.between(1, 28)) : "";
  const size = product === "medical" || product === "utility" || product === "telecom" ? 45_000 : 210_000;
  // balances are skewed: many small, few large
  const principal = Math.round(size * (0.2 + 2.6 * random.next() ** 2.2)) + random.between(0, 99);
  const interest = Math.round(principal * 0.22 * random.next());
  const fees = random.between(0, 9) * 2900;
  return [
    `LS${100_000 + index}`,
    `${random.pick(words.first)} ${random.pick(words.last)}`,
    // area numbers from 900 are never given out as social security numbers
    `9${two(random.between(0, 99))}-${two(random.between(10, 65))}-${random.between(1000, 9999)}`,
    random.weighted(words.states),
    String(random.between(10_000, 99_950)),
    product,
    random.pick(words.creditors),
    dayIn(open, random.between(1, 28)),
    dayIn(delinquent, random.between(1, 28)),
    dayIn(chargeOff, random.between(1, 28)),
    lastPaid,
    amount(Math.round(principal * (1 + random.next()))),
    amount(principal + interest + fees),
    amount(principal),
    amount(interest),
    amount(fees),
    String(placements),
    random.next() < 0.012 ? "Y" : "N",
    random.next() < 0.008 ? "Y" : "N",
    random.next() < 0.02 ? "Y" : "N",
    // 555-0100 to 555-0199 are kept for fiction
    `555-01${two(random.between(0, 99))}`,
    random.pick(["single", "married", "unknown"]),
  ];
}

/** What sellers' files have wrong with them, each on a row of its own, so that the findings have something to say. */
const faults: readonly ((row: string[], previous: readonly string[]) => void)[] = [
  (row) => void row.splice(12, 1, ""),
  (row) => void row.splice(12, 1, "n/a"),
  (row) => void row.splice(12, 1, "-250.00"),
  (row) => void row.splice(12, 1, "0.00"),
  (row, previous) => void row.splice(0, 1, previous[0]!),
  (row) => void row.splice(0, 1, ""),
  (row) => void row.splice(9, 1, "2025-02-30"),
  (row) => void row.splice(9, 1, ""),
  (row) => void row.splice(9, 1, "1900-01-01"),
  (row) => void row.splice(10, 1, "2025-09-20"),
  (row) => void row.splice(3, 1, "ZZ"),
  (row) => void row.splice(12, 1, "1,204.555"),
  (row) => void row.splice(15, 1, "9999.99"),
];

/** The seller's file, as CSV: the same bytes on every machine. */
export function demoTape(): string {
  const random = chance(20_250_930);
  const rows: string[][] = [];
  for (let index = 0; index < demoSale.accounts; index++) {
    const row = account(random, index);
    const fault = index % 97 === 96 ? faults[Math.floor(index / 97) % faults.length] : undefined;
    fault?.(row, rows.at(-1)!);
    rows.push(row);
  }
  const quoted = rows.map((row) => row.map((field) => (field.includes(",") ? `"${field}"` : field)).join(","));
  return `${[header, ...quoted].join("\n")}\n`;
}
