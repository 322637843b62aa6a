import { mapDatabaseError } from "./database-error.js";
import type { Tx } from "./transaction.js";

/** The tenant of the embedded database, made with it. */
export const localTenant = "local";

/**
 * Makes the tenant of the transaction's own scope: row security lets a transaction write no other. Throws
 * `already_exists`. `createdAt` is an RFC 3339 instant.
 */
export async function createTenant(
  tx: Tx,
  tenant: { readonly name: string; readonly createdAt: string },
): Promise<void> {
  try {
    await tx.execute("insert into tenant (tenant_id, name, created_at) values (?, ?, ?::timestamptz)", [
      tx.tenantId,
      tenant.name,
      tenant.createdAt,
    ]);
  } catch (error) {
    throw mapDatabaseError(error, { tenant_pkey: ["already_exists", `the tenant ${tx.tenantId} exists`] });
  }
}

/** The name of the transaction's tenant, or undefined where there is no such tenant. */
export async function findTenantName(tx: Tx): Promise<string | undefined> {
  const [row] = await tx.query<{ name: string }>("select name from tenant where tenant_id = ?", [tx.tenantId]);
  return row?.name;
}
