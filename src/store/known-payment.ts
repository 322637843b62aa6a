import assert from "node:assert/strict";
import type { PaymentChannel } from "../../models/payment.js";
import { arrayBytes } from "./array-bytes.js";
import type { Payment, PaymentParts } from "./payment.js";
import { kept } from "./statement.js";
import type { Tx } from "./transaction.js";

/**
 * A payment that others may be matched with, as it stands today: of one that was corrected, what stands in its place.
 * What is left of it has not come back.
 */
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
  readonly commissionLeftMinor: bigint;
  readonly left: PaymentParts;
  readonly paidOn: string;
  /** the payment, as it was first recorded, that it stands in for */
  readonly standsFor: bigint | null;
}

interface KnownRow {
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
  commission_left: bigint;
  interest_left: bigint;
  fees_left: bigint;
  court_costs_left: bigint;
  advance_left: bigint;
  paid_on: string;
  stands_for_sequence: bigint | null;
}

const left = ["applied", "unapplied", "commission", "interest", "fees", "court_costs", "advance"];
const knownColumns = `p.sequence, p.receivable_no, p.channel, p.agency_id, p.amount_minor, p.commission_minor,
    p.gross_remittance, p.paid_on, p.stands_for_sequence, -b.amount as returned,
    ${left.map((name) => `p.${name}_minor + b.${name} as ${name}_left`).join(", ")}`;
const takenBack = `cross join lateral (
    select ${["amount", ...left].map((name) => `coalesce(sum(${name}_minor), 0)::bigint as ${name}`).join(", ")}
      from payment where portfolio_id = p.portfolio_id and reverses_sequence = p.sequence) b`;

// `offset 0` keeps what is reckoned from what it is compared with: row security looks at the tenant before it lets an index
// look for anything but a plain column
const selectKnown = kept(
  `select first.external_id, ${knownColumns}
     from unnest((select ?::text[])) as wanted(external_id)
    cross join lateral (select external_id, sequence, portfolio_id from payment
                         where portfolio_id = ? and external_id = wanted.external_id limit 1) first
    cross join lateral (select coalesce((select max(c.sequence) from payment c
                                          where c.portfolio_id = first.portfolio_id
                                            and c.stands_for_sequence = first.sequence), first.sequence) as last
                         offset 0) stands
    cross join lateral (select * from payment
                          where portfolio_id = first.portfolio_id and sequence = stands.last limit 1) p
     ${takenBack}`,
);

const many = 200;

/** The payments that have these external ids. */
export async function readKnownPayments(
  tx: Tx,
  portfolioId: string,
  externalIds: readonly string[],
): Promise<Map<string, KnownPayment>> {
  if (externalIds.length === 0) return new Map();
  // a plan that was made when there were few payments may have taken another index: for many, a new one costs nothing
  const select = externalIds.length < many ? selectKnown : selectKnown.sql;
  const rows = await tx.query<KnownRow & { external_id: string }>(select, [
    arrayBytes("text", externalIds, (id) => id),
    portfolioId,
  ]);
  return new Map(rows.map((row) => [row.external_id, knownOf(row)]));
}

/** The payment that an entry booked. */
export async function readPaymentOf(tx: Tx, portfolioId: string, sequence: bigint): Promise<KnownPayment> {
  const [row] = await tx.query<KnownRow>(
    `select ${knownColumns} from payment p ${takenBack} where p.portfolio_id = ? and p.sequence = ?`,
    [portfolioId, sequence],
  );
  assert(row !== undefined, `entry ${sequence} books a payment that is not there`);
  return knownOf(row);
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
    commissionLeftMinor: row.commission_left,
    left: {
      interestMinor: row.interest_left,
      feesMinor: row.fees_left,
      courtCostsMinor: row.court_costs_left,
      advanceMinor: row.advance_left,
      grossRemittance: row.gross_remittance,
    },
    paidOn: row.paid_on,
    standsFor: row.stands_for_sequence,
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
    commissionLeftMinor: payment.commissionMinor,
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
    commissionLeftMinor: known.commissionLeftMinor + back.commissionMinor,
    left: {
      interestMinor: known.left.interestMinor + back.parts.interestMinor,
      feesMinor: known.left.feesMinor + back.parts.feesMinor,
      courtCostsMinor: known.left.courtCostsMinor + back.parts.courtCostsMinor,
      advanceMinor: known.left.advanceMinor + back.parts.advanceMinor,
      grossRemittance: known.left.grossRemittance,
    },
  };
}
