import type { PaymentChannel } from "../../models/payment.js";
import type { Payment, PaymentParts } from "./payment.js";
import type { Tx } from "./transaction.js";

/** A payment that others may be matched with: by its owner's number. What is left of it has not come back. */
export interface KnownPayment {
  readonly sequence: bigint;
  readonly receivableNo: number;
  readonly channel: PaymentChannel;
  readonly agencyId: string | null;
  readonly amountMinor: bigint;
  readonly commissionMinor: bigint;
  /** what has come back of it, as a positive amount */
  readonly returnedMinor: bigint;
  readonly appliedLeftMinor: bigint;
  readonly unappliedLeftMinor: bigint;
  readonly left: PaymentParts;
}

interface KnownRow {
  external_id: string;
  sequence: bigint;
  receivable_no: number;
  channel: PaymentChannel;
  agency_id: string | null;
  amount_minor: bigint;
  commission_minor: bigint;
  gross_remittance: boolean;
  returned: bigint;
  applied_left: bigint;
  unapplied_left: bigint;
  interest_left: bigint;
  fees_left: bigint;
  court_costs_left: bigint;
  advance_left: bigint;
}

/** The payments that have these external ids. */
export async function readKnownPayments(
  tx: Tx,
  portfolioId: string,
  externalIds: readonly string[],
): Promise<Map<string, KnownPayment>> {
  if (externalIds.length === 0) return new Map();
  const left = ["applied", "unapplied", "interest", "fees", "court_costs", "advance"];
  const rows = await tx.query<KnownRow>(
    `select p.external_id, p.sequence, p.receivable_no, p.channel, p.agency_id, p.amount_minor, p.commission_minor,
            p.gross_remittance, -b.amount as returned,
            ${left.map((name) => `p.${name}_minor + b.${name} as ${name}_left`).join(", ")}
       from unnest(?::text[]) as wanted(external_id)
      cross join lateral (select * from payment
                           where portfolio_id = ? and external_id = wanted.external_id limit 1) p
      cross join lateral (select ${["amount", ...left].map((name) => `coalesce(sum(${name}_minor), 0)::bigint as ${name}`).join(", ")}
                            from payment
                           where portfolio_id = p.portfolio_id and reverses_sequence = p.sequence) b`,
    [externalIds, portfolioId],
  );
  return new Map(rows.map((row) => [row.external_id, knownOf(row)]));
}

function knownOf(row: KnownRow): KnownPayment {
  return {
    sequence: row.sequence,
    receivableNo: row.receivable_no,
    channel: row.channel,
    agencyId: row.agency_id,
    amountMinor: row.amount_minor,
    commissionMinor: row.commission_minor,
    returnedMinor: row.returned,
    appliedLeftMinor: row.applied_left,
    unappliedLeftMinor: row.unapplied_left,
    left: {
      interestMinor: row.interest_left,
      feesMinor: row.fees_left,
      courtCostsMinor: row.court_costs_left,
      advanceMinor: row.advance_left,
      grossRemittance: row.gross_remittance,
    },
  };
}

/** A payment of this very batch, as later rows know it. */
export function knownAs(payment: Payment): KnownPayment {
  const { appliedMinor, unappliedMinor, parts } = payment;
  return {
    ...payment,
    returnedMinor: 0n,
    appliedLeftMinor: appliedMinor,
    unappliedLeftMinor: unappliedMinor,
    left: parts,
  };
}

/** What is left of a payment after one that takes it back, whose amounts are negative. */
export function afterReturn(known: KnownPayment, back: Payment): KnownPayment {
  return {
    ...known,
    returnedMinor: known.returnedMinor - back.amountMinor,
    appliedLeftMinor: known.appliedLeftMinor + back.appliedMinor,
    unappliedLeftMinor: known.unappliedLeftMinor + back.unappliedMinor,
    left: {
      interestMinor: known.left.interestMinor + back.parts.interestMinor,
      feesMinor: known.left.feesMinor + back.parts.feesMinor,
      courtCostsMinor: known.left.courtCostsMinor + back.parts.courtCostsMinor,
      advanceMinor: known.left.advanceMinor + back.parts.advanceMinor,
      grossRemittance: known.left.grossRemittance,
    },
  };
}
