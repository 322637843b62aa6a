import type { AccountCode } from "../../seeds/chart-of-accounts.js";

/** What an entry that belongs to one receivable did to it, read off its postings. Minor units, signed. */
export interface ReceivableMeasures {
  readonly principal: bigint;
  readonly interest: bigint;
  readonly fees: bigint;
  readonly courtCosts: bigint;
  readonly collected: bigint;
  readonly unapplied: bigint;
  readonly commission: bigint;
  /** spent on courts, or advanced for the debtor, less what came back */
  readonly courtSpent: bigint;
  readonly refunded: bigint;
  readonly soldFor: bigint;
}

type Measure = keyof ReceivableMeasures;

/** Accounts by what they measure, and the side that adds to it: 1 for debits, -1 for credits. */
// biome-ignore format: a table
const measured = new Map<string, readonly [Measure, 1n | -1n]>([
  ["9000", ["principal", 1n]], ["9010", ["interest", 1n]], ["9020", ["fees", 1n]], ["9030", ["courtCosts", 1n]],
  ["4000", ["collected", -1n]], ["2100", ["unapplied", -1n]], ["5000", ["commission", 1n]],
  ["5100", ["courtSpent", 1n]], ["1300", ["courtSpent", 1n]], ["4100", ["refunded", -1n]], ["4200", ["soldFor", -1n]],
] satisfies [AccountCode, readonly [Measure, 1n | -1n]][]);

export function noMeasures(): ReceivableMeasures {
  return {
    ...{ principal: 0n, interest: 0n, fees: 0n, courtCosts: 0n, collected: 0n },
    ...{ unapplied: 0n, commission: 0n, courtSpent: 0n, refunded: 0n, soldFor: 0n },
  };
}

export function addMeasures(a: ReceivableMeasures, b: ReceivableMeasures): ReceivableMeasures {
  const sum: Record<Measure, bigint> = { ...a };
  for (const name of Object.keys(sum) as Measure[]) sum[name] += b[name];
  return sum;
}

export interface MeasuredPosting {
  readonly debit: string;
  readonly credit: string;
  readonly amountMinor: bigint;
}

export function measuresOf(postings: readonly MeasuredPosting[]): ReceivableMeasures {
  const sums: Record<Measure, bigint> = { ...noMeasures() };
  const add = (account: string, amountMinor: bigint) => {
    const [measure, side] = measured.get(account) ?? [];
    if (measure !== undefined) sums[measure] += side! * amountMinor;
  };
  for (const { debit, credit, amountMinor } of postings) {
    add(debit, amountMinor);
    add(credit, -amountMinor);
  }
  return sums;
}

/** The whole claim. */
export function claimOf({ principal, interest, fees, courtCosts }: ReceivableMeasures): bigint {
  return principal + interest + fees + courtCosts;
}
