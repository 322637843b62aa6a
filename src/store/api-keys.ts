import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Tx } from "./transaction.js";

export type KeyRole = "seller" | "analyst" | "finance" | "admin";

export interface ApiKey {
  readonly tenantId: string;
  /** public: names the key in lists, logs and entries */
  readonly keyId: string;
  readonly label: string;
  readonly roles: readonly KeyRole[];
  /** RFC 3339 */
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

const secretForm = /^nbk_([a-z0-9_]{1,40})_[A-Za-z0-9_-]{43}$/;

/**
 * The tenant that a presented key names, or undefined where the text is no key at all. So the row can be read under
 * the tenant's own policy; a false name only finds nothing.
 */
export function tenantOfApiKey(secret: string): string | undefined {
  return secretForm.exec(secret)?.[1];
}

function digestOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

function keyIdOf(digest: Buffer): string {
  return `ak_${digest.subarray(0, 8).toString("hex")}`;
}

/**
 * Makes a key for the transaction's tenant: `nbk_<tenant>_` and 256 random bits. The secret is given back this once;
 * the database keeps its SHA-256 (a plain hash does: nobody guesses 256 bits).
 */
export async function createApiKey(
  tx: Tx,
  key: {
    readonly label: string;
    readonly roles: readonly KeyRole[];
    readonly createdAt: string;
    readonly expiresAt?: string;
  },
): Promise<{ secret: string; keyId: string }> {
  const secret = `nbk_${tx.tenantId}_${randomBytes(32).toString("base64url")}`;
  const digest = digestOf(secret);
  const keyId = keyIdOf(digest);
  await tx.execute(
    `insert into api_key (tenant_id, key_id, digest, label, roles, created_at, expires_at)
     values (?, ?, ?, ?, ?::text[], ?::timestamptz, ?::timestamptz)`,
    [tx.tenantId, keyId, digest, key.label, key.roles, key.createdAt, key.expiresAt ?? null],
  );
  return { secret, keyId };
}

interface KeyRow {
  tenant_id: string;
  key_id: string;
  digest: Buffer;
  label: string;
  roles: KeyRole[];
  created_at: string;
  expires_at: string | null;
  revoked_at: string | null;
}

function keyOf(row: KeyRow): ApiKey {
  return {
    tenantId: row.tenant_id,
    keyId: row.key_id,
    label: row.label,
    roles: row.roles,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
  };
}

/**
 * The key behind a presented secret, when it is good at the instant `at` (RFC 3339): known, not revoked, not expired.
 * Undefined otherwise, without a word on which of them it was. The row is found by a part of the hash and the whole
 * is compared in constant time.
 */
export async function findApiKey(tx: Tx, secret: string, at: string): Promise<ApiKey | undefined> {
  const digest = digestOf(secret);
  const [row] = await tx.query<KeyRow>(
    `select tenant_id, key_id, digest, label, roles, created_at, expires_at, revoked_at
       from api_key
      where tenant_id = ? and key_id = ? and revoked_at is null and (expires_at is null or expires_at > ?::timestamptz)`,
    [tx.tenantId, keyIdOf(digest), at],
  );
  return row !== undefined && timingSafeEqual(row.digest, digest) ? keyOf(row) : undefined;
}

/** All keys of the tenant, the newest first. */
export async function listApiKeys(tx: Tx): Promise<ApiKey[]> {
  const rows = await tx.query<KeyRow>("select * from api_key order by created_at desc, key_id");
  return rows.map(keyOf);
}

/** Ends a key at the instant `at`; a key that has ended stays as it is. Gives false where there is no such key. */
export async function revokeApiKey(tx: Tx, keyId: string, at: string): Promise<boolean> {
  const touched = await tx.execute(
    "update api_key set revoked_at = coalesce(revoked_at, ?::timestamptz) where tenant_id = ? and key_id = ?",
    [at, tx.tenantId, keyId],
  );
  return touched === 1;
}
