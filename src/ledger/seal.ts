import { createHash } from "node:crypto";

/**
 * How months are sealed. A seal must be computed by the database over millions of rows and checked again by a program
 * that has no database, so the text that is hashed is the one thing both write alike: PostgreSQL's text of a row.
 */

/** Numbers that lie in one block: block b holds the sequences from b x 4096 + 1 to (b + 1) x 4096. */
export const sequencesPerBlock = 4096n;

export function blockOf(sequence: bigint): bigint {
  return (sequence - 1n) / sequencesPerBlock;
}

/** First and last number of a block, as a person reads them. */
export function blockRange(block: bigint): string {
  return `entries ${block * sequencesPerBlock + 1n} to ${(block + 1n) * sequencesPerBlock}`;
}

/** The part of a month that lies in one block: how many rows, and a digest of each kind. */
export interface SealedBlock {
  readonly block: bigint;
  readonly entries: number;
  readonly postings: number;
  /** SHA-256 of the rows' texts, joined by line feeds, in order; empty where there is no row */
  readonly entryDigest: string;
  readonly postingDigest: string;
}

/** A portfolio's month as it was closed. */
export interface MonthSeal {
  readonly portfolioId: string;
  /** 1 for the portfolio's first; each is chained to the one before, also where a month was opened again */
  readonly sealNo: number;
  /** YYYY-MM */
  readonly month: string;
  /** 1 for the first time the month was closed */
  readonly version: number;
  /** number of the portfolio's last entry, of any month, at that moment */
  readonly throughSequence: bigint;
  readonly blocks: readonly SealedBlock[];
  readonly previousHash: string;
}

/** What the first seal, and the first event, is chained to. */
export const chainStart = "0".repeat(64);

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The hash of a portfolio's month: over the seal before it, what it is of, and the digests of its blocks. */
export function sealHash(seal: MonthSeal): string {
  const { portfolioId, sealNo, month, version, throughSequence, blocks, previousHash } = seal;
  const head = ["netback seal 1", previousHash, portfolioId, sealNo, month, version, throughSequence];
  const body = blocks.map((b) => `${b.block} ${b.entries} ${b.postings} ${b.entryDigest} ${b.postingDigest}`);
  return sha256([...head, ...body].join("\n"));
}

/** What happened to a month of a tenant, or to how its months are handled. */
export interface PeriodEvent {
  readonly eventNo: number;
  readonly event: string;
  readonly month: string | null;
  readonly version: number;
  readonly actor: string;
  readonly reason: string | null;
  readonly recordedAt: string;
  /** JSON, kept as the very text that is hashed */
  readonly details: string;
  readonly previousHash: string;
}

/** The hash of an event. That of a close is the tenant's seal of the month: its details hold the portfolios' seals. */
export function eventHash(tenantId: string, event: PeriodEvent): string {
  const { previousHash, eventNo, event: name, month, version, actor, reason, recordedAt, details } = event;
  const fields = [previousHash, tenantId, eventNo, name, month, version, actor, reason, recordedAt, details];
  return sha256(JSON.stringify(["netback period 1", ...fields]));
}

export type FieldValue = string | number | bigint | null;

/** PostgreSQL's text of a row: `(1,text,"with a blank",,"")`; null is nothing at all, an empty text is `""`. */
export function rowText(values: readonly FieldValue[]): string {
  return `(${values.map(fieldText).join(",")})`;
}

function fieldText(value: FieldValue): string {
  if (value === null) return "";
  const text = String(value);
  if (text !== "" && !/["\\(),\t\n\v\f\r ]/.test(text)) return text;
  return `"${text.replace(/["\\]/g, (character) => character + character)}"`;
}

/** An instant as PostgreSQL writes it in UTC: `2026-01-15 09:00:00.5+00`. */
export function databaseInstant(instant: string): string {
  return instant.replace("T", " ").replace("Z", "+00");
}
