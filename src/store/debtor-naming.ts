import { arrayText, plainArray, textArray } from "./array-text.js";
import { mapDatabaseError } from "./database-error.js";
import { isMeant } from "./name-search.js";
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
  const sealed = sorted.map((naming) => {
    return naming.name === undefined ? null : names.seal(naming.name, placeOf(naming));
  });
  const bits = sorted.map(({ name }) => (name === undefined ? null : names.bits(name)));
  try {
    await tx.execute(
      `insert into debtor_naming (tenant_id, debtor_id, seller_key, customer_number, sealed_name, name_bits, actor, saved_at)
       select ?, d, s, c, n, b, ?, ?
         from unnest(?::text[], ?::text[], ?::text[], ?::bytea[], ?::bigint[]) as r(d, s, c, n, b)
       on conflict (tenant_id, debtor_id, seller_key) do update set
         customer_number = coalesce(excluded.customer_number, debtor_naming.customer_number),
         sealed_name = coalesce(excluded.sealed_name, debtor_naming.sealed_name),
         name_bits = case when excluded.sealed_name is null then debtor_naming.name_bits else excluded.name_bits end,
         actor = excluded.actor, saved_at = excluded.saved_at`,
      [
        tx.tenantId,
        tx.actor ?? "unknown",
        of.at,
        textArray(sorted.map(({ debtorId }) => debtorId)),
        textArray(sorted.map(({ sellerKey }) => sellerKey)),
        textArray(sorted.map(({ customerNumber }) => customerNumber)),
        arrayText(sealed),
        plainArray(bits),
      ],
    );
    await fillBits(tx, names);
  } catch (error) {
    const taken = "a customer number belongs to another debtor of this seller";
    throw mapDatabaseError(error, { debtor_naming_number_once: ["already_exists", taken] });
  }
}

/** So many names of an older schema get their bits each time that names are saved. */
const filledAtOnce = 500;

/** Names that were kept before they had bits get them; those that another transaction is at are left to it. */
async function fillBits(tx: Tx, names: Names): Promise<void> {
  const rows = await tx.query<{ debtor_id: string; seller_key: string; sealed_name: Buffer }>(
    `select debtor_id, seller_key, sealed_name from debtor_naming
      where tenant_id = ? and name_bits is null and sealed_name is not null limit ? for update skip locked`,
    [tx.tenantId, filledAtOnce],
  );
  if (rows.length === 0) return;
  const bits = rows.map((row) => {
    return names.bits(names.open(row.sealed_name, [row.debtor_id, row.seller_key]));
  });
  await tx.execute(
    `update debtor_naming n set name_bits = r.b from unnest(?::text[], ?::text[], ?::bigint[]) as r(d, s, b)
      where n.tenant_id = ? and n.debtor_id = r.d and n.seller_key = r.s`,
    [
      textArray(rows.map((row) => row.debtor_id)),
      textArray(rows.map((row) => row.seller_key)),
      plainArray(bits),
      tx.tenantId,
    ],
  );
}

/** Forgets every name of a debtor, whoever gave it; numbers stay. */
export async function forgetNames(tx: Tx, debtorId: string): Promise<void> {
  await tx.execute(
    "update debtor_naming set sealed_name = null, name_bits = null where tenant_id = ? and debtor_id = ?",
    [tx.tenantId, debtorId],
  );
}

/** Debtors that the factor, or this seller (any, where left out), calls by a name that has all of these words or begins them. */
export async function debtorsNamed(
  tx: Tx,
  names: Names | undefined,
  of: { name: string; sellerKey?: string | undefined },
): Promise<string[]> {
  const bits = names?.bits(of.name) ?? 0n;
  // a name without a word is nobody's
  if (names === undefined || bits === 0n) return [];
  const sellers = of.sellerKey === undefined ? null : textArray([factorsOwn, of.sellerKey]);
  const rows = await tx.query<{ debtor_id: string; seller_key: string; sealed_name: Buffer }>(
    `select debtor_id, seller_key, sealed_name from debtor_naming
      where tenant_id = :tenant and sealed_name is not null
        and (name_bits is null or name_bits & cast(:bits as bigint) = cast(:bits as bigint))
        and (cast(:sellers as text[]) is null or seller_key = any(cast(:sellers as text[])))`,
    { tenant: tx.tenantId, bits, sellers },
  );
  const meant = rows.filter((row) => isMeant(names.open(row.sealed_name, [row.debtor_id, row.seller_key]), of.name));
  return [...new Set(meant.map((row) => row.debtor_id))];
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
