import type { ActParsed } from "../../models/acts.js";
import { type FindingCode, finding } from "../../models/finding.js";
import { type DebtorNaming, debtorsNamed, debtorsNumbered, readNumbers, saveNamings } from "../store/debtor-naming.js";
import type { Facility } from "../store/facility.js";
import type { Context } from "./desk.js";

/** Sellers are told apart by their names, however they are written. */
export const sellerKey = (seller: string) => seller.trim().toLowerCase().replaceAll(/\s+/g, " ");

/** What a row of a schedule calls its debtor. */
export interface NamedRow {
  readonly row: number;
  readonly debtorId: string;
  readonly debtorName: string | null;
  readonly customerNumber: string | null;
}

/**
 * Keeps what a seller calls the debtors of a schedule; the factor's own names are not touched. A number that is another debtor's
 * is a finding, and is not kept.
 */
export async function keepNamings({ tx, desk, now }: Context, seller: string, rows: readonly NamedRow[]) {
  const told = rows.filter(({ debtorName, customerNumber }) => debtorName !== null || customerNumber !== null);
  if (told.length === 0) return [];
  const key = sellerKey(seller);
  const numbers = told.flatMap(({ customerNumber }) => (customerNumber === null ? [] : [customerNumber]));
  const owners = await readNumbers(tx, key, [...new Set(numbers)]);
  const findings: ReturnType<typeof finding>[] = [];
  const namings = new Map<string, DebtorNaming>();
  const code: FindingCode = "customer_number_taken";
  for (const { row, debtorId, debtorName, customerNumber } of told) {
    const owner = customerNumber === null ? undefined : (owners.get(customerNumber) ?? debtorId);
    if (customerNumber !== null && owner === debtorId) owners.set(customerNumber, debtorId);
    else if (customerNumber !== null) {
      findings.push(finding(code, { row, column: "customer_number", value: customerNumber, note: `of ${owner}` }));
    }
    const before = namings.get(debtorId);
    namings.set(debtorId, {
      debtorId,
      sellerKey: key,
      name: debtorName ?? before?.name,
      customerNumber: owner === debtorId ? (customerNumber ?? undefined) : before?.customerNumber,
    });
  }
  await saveNamings(tx, await desk.vault.makeNames(tx), { namings: [...namings.values()], at: now });
  return findings;
}

/**
 * The debtors that a search by name and number means; undefined where it asks for neither. With a facility, those that its
 * seller or the factor calls so.
 */
export async function debtorsMeant(
  { tx, desk }: Context,
  asked: Pick<ActParsed<"list-documents">, "debtor_name" | "customer_number">,
  facility?: Facility,
): Promise<string[] | undefined> {
  const { debtor_name: name, customer_number: customerNumber } = asked;
  const seller = facility === undefined ? undefined : sellerKey(facility.seller);
  const found: string[][] = [];
  if (name !== undefined) {
    found.push(await debtorsNamed(tx, await desk.vault.findNames(tx), { name, sellerKey: seller }));
  }
  if (customerNumber !== undefined) found.push(await debtorsNumbered(tx, { customerNumber, sellerKey: seller }));
  const [first, second] = found;
  return second === undefined ? first : first!.filter((id) => second.includes(id));
}
