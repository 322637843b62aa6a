import { jsonArray, plainArray, textArray } from "./array-text.js";
import { DatabaseFault } from "./database-error.js";
import { kept } from "./statement.js";
import type { Tx } from "./transaction.js";

export interface KeyedRequest {
  /** keys are unique in a portfolio; acts outside of any have `-` */
  readonly portfolioId: string;
  readonly key: string;
  readonly act: string;
  /** SHA-256 of each field of the input, by its name: says which field differs, and holds nobody's data */
  readonly fields: Readonly<Record<string, string>>;
}

export interface KeptAnswer {
  readonly act: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly answer: unknown;
}

const insertKey = kept(
  `insert into idempotency (portfolio_id, tenant_id, idempotency_key, act, request_fields, created_at)
   values (?, ?, ?, ?, ?, ?) on conflict do nothing`,
);

const updateAnswer = kept(
  "update idempotency set answer = ? where portfolio_id = ? and tenant_id = ? and idempotency_key = ?",
);

/**
 * Takes the key for this transaction. Where another transaction has it and is still at work, this waits for its end.
 * Returns false when the key was used.
 */
export async function takeKey(tx: Tx, request: KeyedRequest, at: string): Promise<boolean> {
  const fields = JSON.stringify(request.fields);
  const bindings = [request.portfolioId, tx.tenantId, request.key, request.act, fields, at];
  return (await tx.execute(insertKey, bindings)) === 1;
}

export async function keepAnswer(tx: Tx, request: KeyedRequest, answer: unknown): Promise<void> {
  const text = JSON.stringify(answer);
  await tx.execute(updateAnswer, [text, request.portfolioId, tx.tenantId, request.key]);
}

export async function findAnswer(tx: Tx, request: KeyedRequest): Promise<KeptAnswer | undefined> {
  const [row] = await tx.query<{ act: string; request_fields: Record<string, string>; answer: unknown }>(
    `select act, request_fields, answer from idempotency
      where portfolio_id = ? and tenant_id = ? and idempotency_key = ?`,
    [request.portfolioId, tx.tenantId, request.key],
  );
  return row === undefined ? undefined : { act: row.act, fields: row.request_fields, answer: row.answer };
}

const selectAnswers = kept(
  `select i.idempotency_key as key, i.act, i.request_fields, i.answer
     from unnest((select ?::text[])) as wanted(idempotency_key)
    cross join lateral (select * from idempotency
                         where portfolio_id = ? and tenant_id = ? and idempotency_key = wanted.idempotency_key
                         limit 1) i`,
);

/** The kept answers of those of the keys that were used. */
export async function findAnswers(
  tx: Tx,
  portfolioId: string,
  keys: readonly string[],
): Promise<Map<string, KeptAnswer>> {
  const rows = await tx.query<{ key: string; act: string; request_fields: Record<string, string>; answer: unknown }>(
    selectAnswers,
    [textArray(keys), portfolioId, tx.tenantId],
  );
  return new Map(rows.map((row) => [row.key, { act: row.act, fields: row.request_fields, answer: row.answer }]));
}

const insertAnswered = kept(
  `insert into idempotency (portfolio_id, tenant_id, idempotency_key, act, request_fields, answer, created_at)
   select ?, ?, k, a, f::json, o::json, ? from unnest(?::text[], ?::text[], ?::text[], ?::text[]) as r(k, a, f, o)
    order by k`,
);

/**
 * Takes keys together with their answers. Waits for a transaction that has one of them and is still at work; where it keeps it, this
 * fails, and all of the transaction with it (isKeyTaken).
 */
export async function takeKeysAnswered(
  tx: Tx,
  portfolioId: string,
  of: { answered: readonly { request: KeyedRequest; answer: unknown }[]; at: string },
): Promise<void> {
  const { answered, at } = of;
  if (answered.length === 0) return;
  await tx.execute(insertAnswered, [
    portfolioId,
    tx.tenantId,
    at,
    textArray(answered.map(({ request }) => request.key)),
    plainArray(answered.map(({ request }) => request.act)),
    jsonArray(answered.map(({ request }) => request.fields)),
    jsonArray(answered.map(({ answer }) => answer)),
  ]);
}

/** Whether a transaction failed because another one had taken a key of its own. */
export function isKeyTaken(error: unknown): boolean {
  return error instanceof DatabaseFault && error.sqlState === "23505" && error.constraint === "idempotency_pkey";
}
