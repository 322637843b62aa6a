import pg from "pg";

/**
 * How a column comes back, the same from both engines: int8 as bigint, numeric as string, date as `YYYY-MM-DD`,
 * timestamptz as RFC 3339 in UTC (`2026-10-20T08:00:00.123456Z`, no digit lost to a Date), bytea as Buffer, json parsed.
 * Arrays follow their elements.
 */
const oid = { bytea: 17, int8: 20, text: 25, varchar: 1043, date: 1082, timestamptz: 1184, numeric: 1700 } as const;
const arrayOid = { int8: 1016, date: 1182, timestamptz: 1185, numeric: 1231 } as const;

const asWritten = (text: string): string => text;
const instant = (text: string): string => text.replace(" ", "T").replace(/\+00(:?00)?$/, "Z");
const bytes = (text: string): Buffer => Buffer.from(text.slice(2), "hex");

const scalars: Readonly<Record<number, (text: string) => unknown>> = {
  [oid.int8]: BigInt,
  [oid.date]: asWritten,
  [oid.timestamptz]: instant,
  [oid.numeric]: asWritten,
};

const textArrayOid: number = 1009;
const textArray = pg.types.getTypeParser(textArrayOid, "text") as (text: string) => (string | null)[];

function arrayOf(parse: (text: string) => unknown): (text: string) => unknown[] {
  return (text) => textArray(text).map((item) => (item === null ? null : parse(item)));
}

const arrays: Readonly<Record<number, (text: string) => unknown>> = {
  [arrayOid.int8]: arrayOf(BigInt),
  [arrayOid.date]: arrayOf(asWritten),
  [arrayOid.timestamptz]: arrayOf(instant),
  [arrayOid.numeric]: arrayOf(asWritten),
};

/** The parsers for one connection of `pg`; the module's global table stays as it is for other users of the library. */
export const postgresTypes = {
  getTypeParser(typeOid: number, format?: "text" | "binary"): (text: string) => unknown {
    if (format === "binary") return pg.types.getTypeParser(typeOid, "binary");
    return scalars[typeOid] ?? arrays[typeOid] ?? pg.types.getTypeParser(typeOid, "text");
  },
};

/** PGlite derives the arrays from these by itself. */
export const pgliteParsers = { ...scalars, [oid.bytea]: bytes };

/** PGlite refuses a number for a text parameter where pg writes it out; here both write it out. */
export const pgliteSerializers = { [oid.text]: String, [oid.varchar]: String };
