import type { Tx } from "./transaction.js";

/** A seal as it is stored; how its hash comes about is said in src/ledger/seal.ts. */
export interface StoredSeal {
  readonly portfolioId: string;
  readonly sealNo: number;
  /** YYYY-MM */
  readonly month: string;
  readonly version: number;
  readonly throughSequence: bigint;
  readonly blocks: readonly StoredBlock[];
  readonly hash: string;
  readonly previousHash: string;
  readonly sealedAt: string;
}

export interface StoredBlock {
  readonly block: bigint;
  readonly entries: number;
  readonly postings: number;
  readonly entryDigest: string;
  readonly postingDigest: string;
}

/** The rows of one month in one block, as they stand in the tables now. */
export interface MonthBlock extends StoredBlock {
  readonly month: string;
  /** the highest number among them */
  readonly lastSequence: bigint;
}

/** The columns that are sealed, in this order. A column that comes later needs a seal of a later format. */
export const sealedEntryColumns = [
  "sequence",
  "kind",
  "builder_version",
  "effective_on",
  "recorded_at",
  "source_kind",
  "source_id",
  "actor",
  "idempotency_key",
  "reverses_sequence",
  "corrects_sequence",
  "original_on",
  "reason",
  "receivable_no",
  "agency_id",
  "cost_type",
] as const;

export const sealedPostingColumns = [
  "sequence",
  "line",
  "debit_account",
  "credit_account",
  "amount_minor",
  "effective_on",
] as const;

interface PartRow {
  block: bigint;
  month: string;
  part: "entry" | "posting";
  rows: number;
  last: bigint;
  digest: string;
}

const part = (name: "entry" | "posting", columns: readonly string[], order: string) => `
  select b.block, m.month, '${name}' as part, m.rows, m.last, m.digest
    from blocks b cross join lateral (
      select to_char(date_trunc('month', effective_on::timestamp), 'YYYY-MM') as month, count(*)::integer as rows,
             max(sequence) as last,
             encode(sha256(convert_to(string_agg(row(${columns.join(", ")})::text, e'\\n' order by ${order}), 'UTF8')),
                    'hex') as digest
        from ${name}
       where portfolio_id = :portfolio and sequence > b.block * :size and sequence <= (b.block + 1) * :size
         and effective_on between :from and :to
       group by date_trunc('month', effective_on::timestamp)) m`;

/**
 * A digest of each month's rows in each block of sequences, worked out in the database: a block at a time by the primary
 * key, so that what is sorted and joined into one text stays small however large the ledger is.
 */
export async function readMonthBlocks(
  tx: Tx,
  of: {
    portfolioId: string;
    firstBlock: bigint;
    lastBlock: bigint;
    blockSize: bigint;
    from?: string | undefined;
    to?: string | undefined;
  },
): Promise<MonthBlock[]> {
  const rows = await tx.query<PartRow>(
    `with blocks as (select generate_series(cast(:first as bigint), cast(:last as bigint)) as block)
     ${part("entry", sealedEntryColumns, "sequence")}
     union all ${part("posting", sealedPostingColumns, "sequence, line")}
     order by month, block`,
    {
      portfolio: of.portfolioId,
      first: of.firstBlock,
      last: of.lastBlock,
      size: of.blockSize,
      from: of.from ?? "-infinity",
      to: of.to ?? "infinity",
    },
  );
  const blocks = new Map<string, MonthBlock>();
  for (const { block, month, part: name, rows: count, last, digest } of rows) {
    const key = `${month} ${block}`;
    const before = blocks.get(key) ?? {
      block,
      month,
      entries: 0,
      postings: 0,
      entryDigest: "",
      postingDigest: "",
      lastSequence: 0n,
    };
    const lastSequence = last > before.lastSequence ? last : before.lastSequence;
    const found =
      name === "entry" ? { entries: count, entryDigest: digest } : { postings: count, postingDigest: digest };
    blocks.set(key, { ...before, ...found, lastSequence });
  }
  return [...blocks.values()];
}

/** The lowest and the highest number of an entry or posting of these days, or undefined where there is none. */
export async function sequencesWithin(
  tx: Tx,
  of: { portfolioId: string; from: string; to: string },
): Promise<{ first: bigint; last: bigint } | undefined> {
  const [row] = await tx.query<{ first: bigint | null; last: bigint | null }>(
    `select min(sequence) as first, max(sequence) as last from entry
      where portfolio_id = ? and effective_on between ? and ?`,
    [of.portfolioId, of.from, of.to],
  );
  return row!.first === null || row!.last === null ? undefined : { first: row!.first, last: row!.last };
}

type BlockJson = readonly [block: string, entries: number, postings: number, entry: string, posting: string];

export async function insertSeals(tx: Tx, seals: readonly StoredSeal[]): Promise<void> {
  const blocksOf = ({ blocks }: StoredSeal): BlockJson[] =>
    blocks.map((b) => [String(b.block), b.entries, b.postings, b.entryDigest, b.postingDigest]);
  const sum = (seal: StoredSeal, key: "entries" | "postings") => seal.blocks.reduce((total, b) => total + b[key], 0);
  await tx.execute(
    `insert into month_seal (portfolio_id, tenant_id, seal_no, month, version, through_sequence, entries, postings,
                             blocks, hash, previous_hash, sealed_at)
     select p, ?, n, m, v, t, e, o, b, h, ph, a
       from unnest(?::text[], ?::integer[], ?::date[], ?::integer[], ?::bigint[], ?::bigint[], ?::bigint[], ?::jsonb[],
                   ?::text[], ?::text[], ?::timestamptz[]) as s(p, n, m, v, t, e, o, b, h, ph, a)`,
    [
      tx.tenantId,
      seals.map((s) => s.portfolioId),
      seals.map((s) => s.sealNo),
      seals.map((s) => `${s.month}-01`),
      seals.map((s) => s.version),
      seals.map((s) => s.throughSequence),
      seals.map((s) => sum(s, "entries")),
      seals.map((s) => sum(s, "postings")),
      seals.map((s) => JSON.stringify(blocksOf(s))),
      seals.map((s) => s.hash),
      seals.map((s) => s.previousHash),
      seals.map((s) => s.sealedAt),
    ],
  );
}

/** The seals of a portfolio in the order of their chain. */
export async function readSeals(tx: Tx, portfolioId: string): Promise<StoredSeal[]> {
  const rows = await tx.query<{
    seal_no: number;
    month: string;
    version: number;
    through_sequence: bigint;
    blocks: BlockJson[];
    hash: string;
    previous_hash: string;
    sealed_at: string;
  }>(
    `select seal_no, month, version, through_sequence, blocks, hash, previous_hash, sealed_at
       from month_seal where portfolio_id = ? order by seal_no`,
    [portfolioId],
  );
  return rows.map((row) => ({
    portfolioId,
    sealNo: row.seal_no,
    month: row.month.slice(0, 7),
    version: row.version,
    throughSequence: row.through_sequence,
    blocks: row.blocks.map(([block, entries, postings, entryDigest, postingDigest]) => ({
      block: BigInt(block),
      entries,
      postings,
      entryDigest,
      postingDigest,
    })),
    hash: row.hash,
    previousHash: row.previous_hash,
    sealedAt: row.sealed_at,
  }));
}

export interface ChainEnd {
  readonly sealNo: number;
  readonly hash: string;
}

/** The last link of each portfolio's chain of seals. */
export async function readChainEnds(tx: Tx): Promise<Map<string, ChainEnd>> {
  const rows = await tx.query<{ portfolio_id: string; seal_no: number; hash: string }>(
    "select distinct on (portfolio_id) portfolio_id, seal_no, hash from month_seal order by portfolio_id, seal_no desc",
  );
  return new Map(rows.map((row) => [row.portfolio_id, { sealNo: row.seal_no, hash: row.hash }]));
}

export interface SealSummary {
  readonly portfolioId: string;
  readonly entries: bigint;
  readonly postings: bigint;
  readonly throughSequence: bigint;
  readonly hash: string;
  readonly previousHash: string;
}

/** The seals of one close, by portfolio. */
export async function readSealsOfMonth(tx: Tx, month: string, version: number): Promise<SealSummary[]> {
  const rows = await tx.query<{
    portfolio_id: string;
    entries: bigint;
    postings: bigint;
    through_sequence: bigint;
    hash: string;
    previous_hash: string;
  }>(
    `select portfolio_id, entries, postings, through_sequence, hash, previous_hash from month_seal
      where tenant_id = ? and month = ? and version = ? order by portfolio_id`,
    [tx.tenantId, `${month}-01`, version],
  );
  return rows.map((row) => ({
    portfolioId: row.portfolio_id,
    entries: row.entries,
    postings: row.postings,
    throughSequence: row.through_sequence,
    hash: row.hash,
    previousHash: row.previous_hash,
  }));
}

/** The hash of a portfolio's seal, or undefined where it has none: it was bought later. */
export async function findSeal(
  tx: Tx,
  { portfolioId, month, version }: { portfolioId: string; month: string; version: number },
): Promise<string | undefined> {
  const [row] = await tx.query<{ hash: string }>(
    "select hash from month_seal where portfolio_id = ? and month = ? and version = ?",
    [portfolioId, `${month}-01`, version],
  );
  return row?.hash;
}

type SealedValue = string | number | bigint | null;

/** The sealed columns of a portfolio's entries or postings up to a day, in the order of their seals; whole numbers as text where they may be large. */
export async function* streamSealedRows(
  tx: Tx,
  of: { portfolioId: string; part: "entry" | "posting"; to: string },
): AsyncGenerator<(string | number | null)[][]> {
  const columns: readonly string[] = of.part === "entry" ? sealedEntryColumns : sealedPostingColumns;
  const order = of.part === "entry" ? "sequence" : "sequence, line";
  const rows = tx.stream<Record<string, SealedValue>>(
    `select ${columns.join(", ")} from ${of.part} where portfolio_id = ? and effective_on <= ? order by ${order}`,
    [of.portfolioId, of.to],
  );
  const written = (value: SealedValue) => (typeof value === "bigint" ? String(value) : value);
  for await (const batch of rows) yield batch.map((row) => columns.map((column) => written(row[column]!)));
}
