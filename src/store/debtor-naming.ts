import { arrayText, textArray } from "./array-text.js";
import { mapDatabaseError } from "./database-error.js";
import type { Tx } from "./transaction.js";
import type { Names } from "./vault.js";

/** The seller key of what the factor itself calls a debtor. */
export const factorsOwn = "";

/** What somebody calls a debtor: the factor, or a seller by its key. What is undefined stays as it was. */
export interface DebtorNaming {
  readonly debtorId: string;
  readonly sellerKey: string;
  readonly name?: string | undefined;
  /** the seller's own number of the debtor, one debtor's alone with that seller */
  readonly customerNumber?: string | undefined;
}

const placeOf = ({ debtorId, sellerKey }: { debtorId: string; sellerKey: string }) => [debtorId, sellerKey];

/**
 * Keeps what debtors are called, each debtor and seller once in the list. Throws `already_exists` where a number is another
 * debtor's with the same seller.
 */
export async function saveNamings(
  tx: Tx,
  names: Names,
  of: { namings: readonly DebtorNaming[]; at: string },
): Promise<void> {
  // in sorted order, so that no two transactions can wait for each other in a ring
  const sorted = [...of.namings].sort((a, b) => (placeOf(a).join("\0") < placeOf(b).join("\0") ? -1 : 1));
  const given = (make: (name: string, naming: DebtorNaming) => Buffer) =>
    arrayText(sorted.map((naming) => (naming.name === undefined ? null : make(naming.name, naming))));
  try {
    await tx.execute(
      `insert into debtor_naming (tenant_id, debtor_id, seller_key, customer_number, sealed_name, name_digest, actor, saved_at)
       select ?, d, s, c, n, h, ?, ?
         from unnest(?::text[], ?::text[], ?::text[], ?::bytea[], ?::bytea[]) as r(d, s, c, n, h)
       on conflict (tenant_id, debtor_id, seller_key) do update set
         customer_number = coalesce(excluded.customer_number, debtor_naming.customer_number),
         sealed_name = coalesce(excluded.sealed_name, debtor_naming.sealed_name),
         name_digest = coalesce(excluded.name_digest, debtor_naming.name_digest),
         actor = excluded.actor, saved_at = excluded.saved_at`,
      [
        tx.tenantId,
        tx.actor ?? "unknown",
        of.at,
        textArray(sorted.map(({ debtorId }) => debtorId)),
        textArray(sorted.map(({ sellerKey }) => sellerKey)),
        textArray(sorted.map(({ customerNumber }) => customerNumber)),
        given((name, naming) => names.seal(name, placeOf(naming))),
        given((name) => names.digest(name)),
      ],
    );
  } catch (error) {
    const taken = "a customer number belongs to another debtor of this seller";
    throw mapDatabaseError(error, { debtor_naming_number_once: ["already_exists", taken] });
  }
}

/** Forgets every name of a debtor, whoever gave it; numbers stay. */
export async function forgetNames(tx: Tx, debtorId: string): Promise<void> {
  await tx.execute(
    "update debtor_naming set sealed_name = null, name_digest = null where tenant_id = ? and debtor_id = ?",
    [tx.tenantId, debtorId],
  );
}

/** Debtors that the factor, or one of these sellers (all where left out), calls by this name. */
export async function debtorsNamed(
  tx: Tx,
  names: Names | undefined,
  of: { name: string; sellerKey?: string | undefined },
): Promise<string[]> {
  if (names === undefined) return [];
  const sellers = of.sellerKey === undefined ? null : textArray([factorsOwn, of.sellerKey]);
  const rows = await tx.query<{ debtor_id: string }>(
    `select distinct debtor_id from debtor_naming
      where tenant_id = :tenant and name_digest = :digest
        and (cast(:sellers as text[]) is null or seller_key = any(cast(:sellers as text[])))`,
    { tenant: tx.tenantId, digest: names.digest(of.name), sellers },
  );
  return rows.map((row) => row.debtor_id);
}

/** Debtors that the seller (any seller, where left out) has this number of. */
export async function debtorsNumbered(
  tx: Tx,
  of: { customerNumber: string; sellerKey?: string | undefined },
): Promise<string[]> {
  const rows = await tx.query<{ debtor_id: string }>(
    `select distinct debtor_id from debtor_naming
      where tenant_id = :tenant and customer_number = :number
        and seller_key = coalesce(cast(:seller as text), seller_key)`,
    { tenant: tx.tenantId, number: of.customerNumber, seller: of.sellerKey ?? null },
  );
  return rows.map((row) => row.debtor_id);
}

/** Whose each of these numbers is with a seller. */
export async function readNumbers(tx: Tx, sellerKey: string, numbers: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ customer_number: string; debtor_id: string }>(
    `select customer_number, debtor_id from debtor_naming
      where tenant_id = ? and seller_key = ? and customer_number = any(?::text[])`,
    [tx.tenantId, sellerKey, textArray(numbers)],
  );
  return new Map(rows.map((row) => [row.customer_number, row.debtor_id]));
}

export interface KnownNaming {
  readonly debtorId: string;
  readonly sellerKey: string;
  readonly name: string | null;
  readonly customerNumber: string | null;
}

/** What these debtors are called, the factor's own word first. */
export async function readNamings(
  tx: Tx,
  names: Names | undefined,
  debtorIds: readonly string[],
): Promise<KnownNaming[]> {
  const rows = await tx.query<{
    debtor_id: string;
    seller_key: string;
    customer_number: string | null;
    sealed_name: Buffer | null;
  }>(
    `select debtor_id, seller_key, customer_number, sealed_name from debtor_naming
      where tenant_id = ? and debtor_id = any(?::text[]) order by debtor_id, seller_key`,
    [tx.tenantId, textArray(debtorIds)],
  );
  return rows.map((row) => {
    const at = { debtorId: row.debtor_id, sellerKey: row.seller_key };
    const name = row.sealed_name === null ? null : names!.open(row.sealed_name, placeOf(at));
    return { ...at, name, customerNumber: row.customer_number };
  });
}
