import { expect } from "chai";
import { z } from "zod";
import { actNames, acts } from "../../models/acts.js";

interface JsonSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** The fields below a schema, at any depth, by path. */
function fieldsUnder(schema: JsonSchema, path: string): [path: string, field: JsonSchema][] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, field]): [string, JsonSchema][] => [
    [`${path}/${name}`, field],
    ...fieldsUnder(field, `${path}/${name}`),
  ]);
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.items ? [schema.items] : [])];
  return [...own, ...branches.flatMap((branch) => fieldsUnder(branch, path))];
}

describe("what a caller is told of the fields", () => {
  for (const name of actNames) {
    it(`${name}: of every field of its input, in a sentence`, () => {
      const schema = z.toJSONSchema(acts[name].input, { io: "input", unrepresentable: "any" }) as JsonSchema;
      // the path of a file is the door's own and is shown to nobody
      const fields = fieldsUnder(schema, "").filter(([path]) => !path.startsWith("/file/"));
      const silent = fields.filter(([, { description }]) => !/^[A-Z].{3,}[^.]$/.test(description ?? ""));
      expect(silent.map(([path]) => path)).to.deep.equal([]);
    });
  }
});
