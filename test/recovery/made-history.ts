import { chance } from "../../seeds/random-numbers.js";
import { formatDay } from "../../src/calendar/day.js";

/** One account of a made-up history: what a test does to it, it does to this. */
export interface MadeRow {
  [column: string]: string | number;
}

const observed = 18_993; // 2022-01-01
const grades = ["A", "B", "C", "D"] as const;

/**
 * Accounts whose chance to have paid by the observation is known: p x (1 - exp(-months / 8)), with p from 0.2 to 0.8 by
 * grade and phone count; those that pay bring 0.1 to 0.3 of the balance.
 */
export function madeHistory(rows: number, seed = 7): MadeRow[] {
  const random = chance(seed).next;
  return Array.from({ length: rows }, (_, i) => {
    const months = random() * 60;
    const grade = Math.floor(random() * 4);
    const phones = Math.floor(random() * 5);
    const balance = Math.round(20_000 + random() * 900_000) / 100;
    const chance = (0.2 + 0.1 * grade + 0.06 * phones) * (1 - Math.exp(-months / 8));
    const paid = random() < chance ? balance * (0.1 + 0.2 * random()) : 0;
    return {
      account_number: `A${i + 1}`,
      current_balance: balance.toFixed(2),
      charge_off_balance: balance.toFixed(2),
      charge_off_date: formatDay((observed - Math.round(months * 30.4375)) as never),
      observed_on: formatDay(observed as never),
      recovered_amount: paid.toFixed(2),
      grade: grades[grade]!,
      phones,
      noise: random().toFixed(4),
    };
  });
}

/** The rows as a CSV; a column is what any row has, and blank where a row has it not. */
export function csvOf(rows: readonly MadeRow[]): string {
  const header = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = rows.map((row) => header.map((column) => row[column] ?? "").join(","));
  return `${[header.join(","), ...lines].join("\n")}\n`;
}
