import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { chance } from "../seeds/random-numbers.js";
import { type Day, formatDay, parseDay } from "../src/calendar/day.js";

const ownColumns = 15;

/**
 * Writes a believable history of so many invoices and 25 columns, the same bytes on every machine. Days to pay are
 * log-normal about the terms; they depend on the debtor, on a region, on disputes, and on nothing else: of the fifteen
 * columns of the seller's own, the first is the region and the others are noise.
 *
 * @param debtors how many owe; the few that owe most owe far more than the others
 */
export async function writeBenchInvoices(path: string, rows: number, debtors: number): Promise<void> {
  const { next, between, pick } = chance(20_261_020);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const habits = Array.from({ length: debtors }, () => 0.35 * normal());
  const trouble = Array.from({ length: debtors }, () => (next() < 0.2 ? 0.4 : 0.03));
  const first = parseDay("2023-01-01");
  const last = parseDay("2025-12-31");
  const file = createWriteStream(path);
  const own = Array.from({ length: ownColumns }, (_, at) => (at === 0 ? "region" : `own_${at}`));
  let block = `invoice_number,debtor_id,invoice_date,due_date,amount,currency,country,disputed,paid_amount,settled_date,${own.join(",")}\n`;
  for (let row = 0; row < rows; row++) {
    const debtor = Math.floor(debtors * next() ** 2);
    const issued = between(first, last);
    const terms = pick([15, 30, 30, 30, 45, 60]);
    const cents = Math.round(Math.exp(8 + 1.2 * normal()) * 100);
    const region = between(1, 6);
    const isDisputed = next() < trouble[debtor]!;
    const place = Math.log(terms) + habits[debtor]! + 0.04 * (region - 3.5) + (isDisputed ? 0.5 : 0) + 0.3 * normal();
    const settled = issued + Math.round(Math.exp(place));
    const isSettled = settled <= last;
    const credited = isDisputed ? Math.floor(cents * 0.1 * next()) : 0;
    const money = (value: number) => `${Math.floor(value / 100)}.${String(value % 100).padStart(2, "0")}`;
    const noise = Array.from({ length: ownColumns - 1 }, (_, at) =>
      at % 2 === 0 ? next().toFixed(3) : `k${between(1, 9)}`,
    );
    block +=
      `I${row},D${debtor},${formatDay(issued as Day)},${formatDay((issued + terms) as Day)},${money(cents)},USD,US,` +
      `${isSettled ? (isDisputed ? "yes" : "no") : ""},${isSettled ? money(cents - credited) : ""},` +
      `${isSettled ? formatDay(settled as Day) : ""},r${region},${noise.join(",")}\n`;
    if (block.length > 1 << 18) {
      if (!file.write(block)) await once(file, "drain");
      block = "";
    }
  }
  file.end(block);
  await once(file, "close");
}
