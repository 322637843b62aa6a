import { createHash } from "node:crypto";

/**
 * A debtor's id as it stands in a card: a salted digest of 96 bits. It keeps ids out of a file that is passed around;
 * it does not hide an id from somebody who can guess it and has the card.
 */
export function debtorKey(salt: string, label: string): string {
  return createHash("sha256").update(`${salt}\n${label.trim()}`).digest("base64url").slice(0, 16);
}

/** How the labels of a source become the keys of a term. */
export function keyReader(salt: string): (source: string, label: string) => string {
  return (source, label) => (source === "debtor" ? debtorKey(salt, label) : label.trim());
}
