import type { putBackReasons, putBackStates } from "../../models/purchase.js";
import type { Tx } from "./transaction.js";

/** A put-back that waits for the seller's answer, and what its entry booked: amounts by account, debit less credit. */
export interface AskedPutBack {
  readonly receivableNo: number;
  readonly sequence: bigint;
  readonly reason: (typeof putBackReasons)[number];
  readonly putBackOn: string;
  readonly refundMinor: bigint;
  readonly late: boolean;
  readonly overrideReason: string | null;
  readonly booked: ReadonlyMap<string, bigint>;
}

interface AskedRow {
  receivable_no: number;
  sequence: bigint;
  reason: AskedPutBack["reason"];
  put_back_on: string;
  refund_minor: bigint;
  late: boolean;
  override_reason: string | null;
  booked: Record<string, string> | null;
}

/** The put-backs of these receivables that wait for an answer, by receivable. */
export async function readAskedPutBacks(
  tx: Tx,
  portfolioId: string,
  receivableNos: readonly number[],
): Promise<Map<number, AskedPutBack>> {
  // amounts come through JSON as text: a JSON number would lose digits
  const rows = await tx.query<AskedRow>(
    `select b.receivable_no, b.sequence, b.reason, b.put_back_on, b.refund_minor, b.late, b.override_reason,
            (select json_object_agg(account, amount) from (
               select account, sum(amount)::text as amount from posting p
                cross join lateral (values (p.debit_account, p.amount_minor), (p.credit_account, -p.amount_minor))
                        as side(account, amount)
                where p.portfolio_id = b.portfolio_id and p.sequence = b.sequence group by account) as total) as booked
       from put_back b
      where b.portfolio_id = ? and b.receivable_no = any(?::integer[]) and b.state = 'asked'`,
    [portfolioId, receivableNos],
  );
  return new Map(
    rows.map((row) => [
      row.receivable_no,
      {
        receivableNo: row.receivable_no,
        sequence: row.sequence,
        reason: row.reason,
        putBackOn: row.put_back_on,
        refundMinor: row.refund_minor,
        late: row.late,
        overrideReason: row.override_reason,
        booked: new Map(Object.entries(row.booked ?? {}).map(([account, amount]) => [account, BigInt(amount)])),
      },
    ]),
  );
}

/** The seller's answer to a put-back. */
export interface PutBackAnswer {
  readonly receivableNo: number;
  /** number of the entry that put it back */
  readonly sequence: bigint;
  readonly state: Exclude<(typeof putBackStates)[number], "asked">;
  readonly acceptedMinor: bigint;
  /** number of the entry that the answer made, if it made one */
  readonly answerSequence: bigint | null;
}

export async function saveAnswers(
  tx: Tx,
  portfolioId: string,
  given: { answers: readonly PutBackAnswer[]; answeredOn: string; reason: string | null },
): Promise<void> {
  const { answers, answeredOn, reason } = given;
  await tx.execute(
    `update put_back b set state = a.state, accepted_minor = a.accepted, answer_sequence = a.entry, answered_on = ?,
                           answer_reason = ?
       from unnest(?::integer[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[]) as a(no, sequence, state, accepted, entry)
      where b.portfolio_id = ? and b.receivable_no = a.no and b.sequence = a.sequence`,
    [
      answeredOn,
      reason,
      answers.map((a) => a.receivableNo),
      answers.map((a) => a.sequence),
      answers.map((a) => a.state),
      answers.map((a) => a.acceptedMinor),
      answers.map((a) => a.answerSequence),
      portfolioId,
    ],
  );
}

/** A put-back with what became of it. */
export interface KnownPutBack {
  readonly receivableNo: number;
  /** number of the entry that put it back */
  readonly sequence: bigint;
  readonly state: (typeof putBackStates)[number];
  readonly refundMinor: bigint;
  readonly answerSequence: bigint | null;
}

/** The put-back that an entry made, or the one that an entry answered. */
export async function readPutBackBy(
  tx: Tx,
  portfolioId: string,
  entry: { sequence: bigint } | { answerSequence: bigint },
): Promise<KnownPutBack | undefined> {
  const [column, number] =
    "sequence" in entry ? ["sequence", entry.sequence] : ["answer_sequence", entry.answerSequence];
  const [putBack] = await tx.query<KnownPutBack>(
    `select receivable_no as "receivableNo", sequence, state, refund_minor as "refundMinor",
            answer_sequence as "answerSequence"
       from put_back where portfolio_id = ? and ${column} = ?`,
    [portfolioId, number],
  );
  return putBack;
}

/** Takes the seller's answer off a put-back: it waits for one again. */
export async function reopenPutBack(
  tx: Tx,
  portfolioId: string,
  { receivableNo, sequence }: Pick<KnownPutBack, "receivableNo" | "sequence">,
): Promise<void> {
  await tx.execute(
    `update put_back set state = 'asked', accepted_minor = null, answered_on = null, answer_reason = null,
                         answer_sequence = null
      where portfolio_id = ? and receivable_no = ? and sequence = ?`,
    [portfolioId, receivableNo, sequence],
  );
}
