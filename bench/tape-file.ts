import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { chance } from "../seeds/random-numbers.js";

const states = ["TX", "CA", "FL", "NY", "OH", "GA", "IL", "PA", "NC", "MI", "AZ", "NJ", "VA", "WA", "TN"] as const;
const products = ["CREDIT CARD", "Personal Loan", "medical", "RETAIL", "Auto", "telecom", "utility"] as const;
const creditors = ["First Harbor Bank", "Lakeside Credit Union", "Northern Plains Finance", "Bluebird Mobile"] as const;
const first = ["Ann", "Bob", "Carla", "Dmitri", "Elena", "Farid", "Grace", "Hiro", "Ines", "Jamal"] as const;
const last = ["Adams", "Brown", "Castillo", "Duval", "Evans", "Fischer", "Garcia", "Hughes", "Ito", "Jansen"] as const;

const header =
  "account_number,debtor_name,state,postal_code,product_type,original_creditor,open_date,charge_off_date," +
  "last_payment_date,charge_off_balance,current_balance,principal,interest,fees,prior_placements\n";

const cents = (amount: number): string => `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, "0")}`;
const two = (n: number): string => String(n).padStart(2, "0");

/**
 * Writes a believable tape of so many rows and 15 columns (about 125 bytes a row), the same bytes on every machine.
 * Streams, so its size is bounded by the disk alone.
 */
export async function writeBenchTape(path: string, rows: number): Promise<void> {
  const random = chance(20_261_020).next;
  const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
  const file = createWriteStream(path);
  let block = header;
  for (let row = 0; row < rows; row++) {
    const openYear = 2014 + Math.floor(random() * 6);
    const chargeYear = openYear + 1 + Math.floor(random() * 5);
    const principal = 20_000 + Math.floor(random() * 900_000);
    const interest = Math.floor(principal * random() * 0.3);
    const fees = Math.floor(random() * 20_000);
    const month = 1 + Math.floor(random() * 11);
    const paid = random() < 0.8 ? `${chargeYear}-${two(month)}-${two(1 + Math.floor(random() * 27))}` : "";
    block +=
      `A${String(100_000_000 + row)},${pick(first)} ${pick(last)},${pick(states)},` +
      `${String(10_000 + Math.floor(random() * 2000) * 40)},${pick(products)},${pick(creditors)},` +
      `${openYear}-${two(1 + Math.floor(random() * 12))}-${two(1 + Math.floor(random() * 28))},` +
      `${chargeYear}-${two(month + 1)}-${two(1 + Math.floor(random() * 28))},${paid},${cents(principal + interest)},` +
      `${cents(principal + interest + fees)},${cents(principal)},${cents(interest)},${cents(fees)},${Math.floor(random() * 4)}\n`;
    if (block.length > 1 << 18) {
      if (!file.write(block)) await once(file, "drain");
      block = "";
    }
  }
  file.end(block);
  await once(file, "close");
}
