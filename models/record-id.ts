/**
 * Ids: a prefix and 26 characters of base 32 (Crockford's alphabet in small letters: no i, l, o, u). The first ten are the
 * milliseconds since 1970, so that ids sort by the time they were made; the rest is chance.
 *
 * What belongs to a portfolio is numbered in it, and its id is the portfolio's with the number behind it
 * (`qt_01jd...-3`): the portfolio can be read off it, and no second index is needed to find it.
 */
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

/** 26 characters from the clock and ten random bytes. */
export function recordId(prefix: string, clockMs: number, random: Uint8Array): string {
  if (random.length !== 10) throw new RangeError(`${random.length} random bytes; an id takes 10`);
  let value = BigInt(clockMs);
  for (const byte of random) value = (value << 8n) | BigInt(byte);
  let body = "";
  for (let i = 0; i < 26; i++) {
    body = alphabet[Number(value & 31n)]! + body;
    value >>= 5n;
  }
  return `${prefix}_${body}`;
}

/** The id of what has this number in the portfolio. */
export function childId(prefix: string, portfolioId: string, number: number | bigint): string {
  return `${prefix}_${portfolioId.slice(portfolioId.indexOf("_") + 1)}-${number.toString(36)}`;
}

/** The largest number that a column of type integer takes: no portfolio has a child beyond it. */
const maxChildNumber = 2_147_483_647;

export interface ChildOf {
  readonly portfolioId: string;
  readonly number: number;
}

/** The portfolio and the number of an id made by `childId`, or undefined when it is not one with this prefix. */
export function parseChildId(prefix: string, id: string): ChildOf | undefined {
  const match = /^([a-z]+)_([0-9a-z]+)-([0-9a-z]{1,6})$/.exec(id);
  if (match === null || match[1] !== prefix) return undefined;
  const number = Number.parseInt(match[3]!, 36);
  return number > maxChildNumber ? undefined : { portfolioId: `pf_${match[2]}`, number };
}
