/**
 * Finding a sealed name by a part of it. A name has one of 64 bits for each of its words, by a keyed hash of the word's first
 * three letters. A search has the bits of its own words; the names that have them all are opened, and read for what was asked.
 *
 * So few bits are on purpose. Some fifty beginnings of words share each, so that whoever holds the table without the key does not
 * learn how often a word or a beginning occurs, which is how hashes of them would be read: names have a frequency that is
 * published. One name in twenty is opened for nothing.
 */

const letters = 3;
const bitCount = 64n;

/** Words as they are compared: without accents and capitals, divided by whatever is no letter or digit. */
export function wordsOf(name: string): string[] {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The bits of a name, or of a search, as a signed number of 64 bits. */
export function nameBits(name: string, hash: (text: string) => Buffer): bigint {
  let bits = 0n;
  for (const word of wordsOf(name)) {
    const beginning = [...word].slice(0, letters).join("");
    bits |= 1n << (hash(beginning).readBigUInt64BE() % bitCount);
  }
  return BigInt.asIntN(64, bits);
}

/**
 * Whether a name is meant by a search: every word that is asked for begins one of its words, in any order; one of fewer than
 * three letters has to be one of them. A search without a word means no name.
 */
export function isMeant(name: string, asked: string): boolean {
  const words = wordsOf(name);
  const parts = wordsOf(asked);
  return (
    parts.length > 0 &&
    parts.every((part) =>
      [...part].length < letters ? words.includes(part) : words.some((word) => word.startsWith(part)),
    )
  );
}
