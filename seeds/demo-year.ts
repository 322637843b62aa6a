import { chance } from "./random-numbers.js";

/** A bought account as the demo's year needs it. */
export interface DemoAccount {
  readonly accountNumber: string;
  /** what the debtor owes, in cents */
  readonly balanceCents: number;
  /** with the agency, or worked by own staff */
  readonly placed: boolean;
}

export interface DemoPayment {
  readonly accountNumber: string;
  /** negative for a payment that came back */
  readonly amountCents: number;
  readonly paidOn: string;
  readonly channel: "own" | "agency" | "direct";
  readonly externalId: string;
  readonly reverses: string | null;
}

const two = (value: number) => String(value).padStart(2, "0");

/** The day of the month-th month (0 is October 2025) after the purchase. */
export function demoDay(month: number, dayOfMonth: number): string {
  const index = 9 + month;
  return `${2025 + Math.floor(index / 12)}-${two((index % 12) + 1)}-${two(dayOfMonth)}`;
}

/**
 * A year of collections: about one account in nine pays, some settle in one to three payments, some pay by the month,
 * a few payments come back, a very few go to the seller by mistake.
 *
 * @returns twelve lists, by month after the purchase
 */
export function demoYear(accounts: readonly DemoAccount[]): DemoPayment[][] {
  const random = chance(20_251_001);
  const months: DemoPayment[][] = Array.from({ length: 12 }, () => []);
  for (const account of accounts) {
    if (random.next() > 0.11) continue;
    const settles = random.next() < 0.35;
    const count = settles ? random.between(1, 3) : random.between(3, 14);
    const share = settles ? (0.35 + 0.25 * random.next()) / count : 0.012 + 0.02 * random.next();
    // the money ramps up: letters and calls take some months to work
    const start = Math.floor(11.9 * random.next() ** 1.3);
    const each = Math.max(1500, Math.round((account.balanceCents * share) / 100) * 100);
    let left = account.balanceCents;
    for (let k = 0; k < count && start + k < 12 && left >= each; k++) {
      left -= each;
      const paidOn = demoDay(start + k, random.between(2, 24));
      const externalId = `DP-${account.accountNumber}-${k + 1}`;
      const channel = random.next() < 0.004 ? "direct" : account.placed ? "agency" : "own";
      const payment: DemoPayment = {
        accountNumber: account.accountNumber,
        amountCents: each,
        paidOn,
        channel,
        externalId,
        reverses: null,
      };
      months[start + k]!.push(payment);
      if (channel !== "direct" && random.next() < 0.025) {
        const back = { paidOn: demoDay(start + k, 27), externalId: `${externalId}-R`, reverses: externalId };
        months[start + k]!.push({ ...payment, ...back, amountCents: -each });
        break;
      }
    }
  }
  return months;
}

export const demoPaymentColumns = "account_number,amount,paid_on,channel,external_id,reverses";

const text = (cents: number) =>
  `${cents < 0 ? "-" : ""}${Math.floor(Math.abs(cents) / 100)}.${two(Math.abs(cents) % 100)}`;

/** A month of payments as the file that `netback payments import` reads. */
export function demoPaymentsCsv(payments: readonly DemoPayment[]): string {
  const rows = payments.map((payment) =>
    [
      payment.accountNumber,
      text(payment.amountCents),
      payment.paidOn,
      payment.channel,
      payment.externalId,
      payment.reverses ?? "",
    ].join(","),
  );
  return `${[demoPaymentColumns, ...rows].join("\n")}\n`;
}

/** Accounts that never pay and turn out to be disqualified: they go back to the seller within the window. */
export function demoPutBacks(accounts: readonly DemoAccount[], paying: ReadonlySet<string>): string[] {
  return accounts
    .filter(({ accountNumber }) => !paying.has(accountNumber))
    .slice(40, 46)
    .map((account) => account.accountNumber);
}
