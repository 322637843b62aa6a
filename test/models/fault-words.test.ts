import { expect } from "chai";
import { z } from "zod";
import { shareText, text } from "../../models/document.js";
import { faultWords } from "../../models/fault-words.js";

describe("the words for what is wrong with a value", () => {
  const terms = z.union([z.strictObject({ rate: shareText }), z.strictObject({ schedule: z.string() })]);
  const shape = z.discriminatedUnion("family", [
    z.object({ family: z.literal("level") }),
    z.object({ family: z.literal("gamma") }),
  ]);
  // biome-ignore format: a table
  const cases: { why: string; schema: z.ZodType; value: unknown; says: string }[] = [
    { why: "left out", schema: z.string(), value: undefined, says: "is required" },
    { why: "a choice left out", schema: z.enum(["a", "b"]), value: undefined, says: "is required" },
    { why: "a form left out", schema: terms, value: undefined, says: "is required" },
    { why: "null is not left out", schema: z.string(), value: null, says: "must be a text" },
    { why: "a number for a text", schema: z.string(), value: 1, says: "must be a text" },
    { why: "words for a number", schema: z.coerce.number(), value: "many", says: "must be a number" },
    { why: "half for a whole", schema: z.number().int(), value: 0.5, says: "must be a whole number" },
    { why: "a text for a flag", schema: z.boolean(), value: "yes", says: "must be true or false" },
    { why: "a text for a list", schema: z.array(z.string()), value: "a", says: "must be a list" },
    { why: "a list for an object", schema: z.object({}), value: [], says: "must be an object" },
    { why: "not one of the choices", schema: z.enum(["own", "agency"]), value: "bank", says: "must be one of own, agency" },
    { why: "the only choice", schema: z.literal(true), value: false, says: "must be true" },
    { why: "an empty text", schema: text(10), value: "", says: "must not be empty" },
    { why: "too long", schema: text(3), value: "abcd", says: "must have at most 3 characters" },
    { why: "too short", schema: z.string().min(3), value: "ab", says: "must have at least 3 characters" },
    { why: "an empty list", schema: z.array(z.string()).min(1), value: [], says: "must not be empty" },
    { why: "too small", schema: z.number().min(1), value: 0, says: "must be at least 1" },
    { why: "the bound itself", schema: z.number().gt(0), value: 0, says: "must be above 0" },
    { why: "too large", schema: z.number().max(365), value: 400, says: "must be at most 365" },
    { why: "no such day", schema: z.iso.date(), value: "2026-02-30", says: "must be a day that exists, YYYY-MM-DD" },
    { why: "no instant", schema: z.iso.datetime(), value: "noon", says: "must be an instant in UTC such as 2026-10-20T12:00:00Z" },
    { why: "a form without words of its own", schema: z.string().regex(/^x$/), value: "y", says: "is not written the way it is meant to be" },
    { why: "words of its own", schema: shareText, value: "2", says: 'must be a share from 0 to 1 such as "0.25"' },
    { why: "none of two forms", schema: terms, value: {}, says: "either rate is required, or schedule is required" },
    { why: "no such kind", schema: shape, value: { family: "x" }, says: "must be one of level, gamma" },
    { why: "a name that is not allowed", schema: z.record(z.string().regex(/^[A-Z]$/), z.number()), value: { a: 1 }, says: "has a name that is not allowed here" },
    { why: "an unknown field", schema: z.strictObject({}), value: { colour: 1 }, says: 'there is no such field: "colour"' },
    { why: "an unknown field that may be a person", schema: z.strictObject({}), value: { hue: 1, "Jo Doe": 1 }, says: 'there is no such field: "hue", 1 that cannot be shown' },
  ];
  for (const { why, schema, value, says } of cases) {
    it(`${why}: ${says}`, () => {
      const { error } = schema.safeParse(value, { error: faultWords });
      expect(error?.issues.map(({ message }) => message)).to.deep.equal([says]);
    });
  }
});
