import { expect } from "chai";
import fc from "fast-check";
import { isolatedReaders } from "../../src/tape/isolated.js";
import { eachDatabase } from "../harness/database.js";
import { openServer, type TestServer } from "./open-server.js";
import { type SeededBook, seedBook } from "./seed-book.js";

type Schema = Record<string, unknown>;
interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly schema?: Schema;
}
interface Operation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema?: Schema }>> };
}

/** What breaks parsers, databases and dates. */
const nasty = fc.constantFrom<unknown>(
  "",
  "\0",
  "\ud800",
  "a".repeat(5000),
  "9".repeat(40),
  "-0",
  "1e400",
  "0000-01-01",
  "9999-12-31",
  "2026-02-30",
  "0.1",
  "-1",
  "92233720368547758.07",
  "9223372036854775808",
  "NaN",
  "'; drop table job; --",
  "%00",
  "../../etc/passwd",
  "١٢",
  "😀",
  0,
  -1,
  1.5,
  2 ** 53,
  1e308,
  true,
  null,
  [],
  {},
  [[]],
  { a: { b: {} } },
);

/** A value that a schema describes, more or less: patterns are met where they can be drawn from. */
function arbitraryOf(schema: Schema): fc.Arbitrary<unknown> {
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
  if (schema.const !== undefined) return fc.constant(schema.const);
  const branches = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (branches !== undefined) return fc.oneof(...branches.map(arbitraryOf));
  switch (schema.type) {
    case "string":
      return textOf(schema);
    case "integer":
      return fc.integer({
        min: Number(schema.minimum ?? -1000),
        max: Math.min(Number(schema.maximum ?? 1e6), 2 ** 31),
      });
    case "number":
      return fc.double({ noNaN: true });
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(arbitraryOf((schema.items ?? {}) as Schema), {
        minLength: Number(schema.minItems ?? 0),
        maxLength: 4,
      });
    case "object":
      return objectOf(schema);
    default:
      return nasty;
  }
}

function textOf(schema: Schema): fc.Arbitrary<string> {
  if (schema.format === "date") {
    const day = fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
    return day.map((date) => date.toISOString().slice(0, 10));
  }
  if (schema.format === "date-time")
    return fc.constantFrom("2026-02-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z");
  if (typeof schema.pattern === "string") return fc.stringMatching(new RegExp(schema.pattern));
  return fc.string({
    unit: "binary",
    minLength: Number(schema.minLength ?? 0),
    maxLength: Math.min(Number(schema.maxLength ?? 40), 300),
  });
}

function objectOf(schema: Schema): fc.Arbitrary<unknown> {
  const properties = (schema.properties ?? {}) as Record<string, Schema>;
  const required = (schema.required ?? []) as string[];
  const model = Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, arbitraryOf(part)]));
  if (Object.keys(model).length === 0) return fc.dictionary(fc.string({ maxLength: 10 }), nasty, { maxKeys: 3 });
  return fc.record(model, { requiredKeys: required.filter((name) => name in model) });
}

/** Cursors that no list gave, of the form that one would have. */
const cursor = fc
  .array(
    fc.oneof(
      fc.integer(),
      fc.double(),
      fc.constantFrom(
        "x",
        "\0",
        "99999999999999999999",
        "2026-02-30",
        "2026-01-01",
        "2026-01-01T00:00:00Z",
        "2026-02-30T00:00:00Z",
      ),
    ),
    { maxLength: 3 },
  )
  .map((key) => Buffer.from(JSON.stringify(key)).toString("base64url"));

/** Mostly what the schema asks for, with a real id where the book has one; now and then something nasty. */
function fieldOf(name: string, schema: Schema, book: Readonly<Record<string, unknown>>): fc.Arbitrary<unknown> {
  if (name === "cursor") return cursor;
  const real = name in book ? [{ weight: 6, arbitrary: fc.constant(book[name]) }] : [];
  return fc.oneof(...real, { weight: 5, arbitrary: arbitraryOf(schema) }, { weight: 1, arbitrary: nasty });
}

interface Call {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly key: string;
}

function callOf(operation: Operation, book: Readonly<Record<string, unknown>>): fc.Arbitrary<Call> {
  const ofPlace = (place: string) => operation.parameters.filter((parameter) => parameter.in === place);
  const fields = (place: string) =>
    Object.fromEntries(
      ofPlace(place).map(({ name, schema }) => [name, fieldOf(name, schema ?? { type: "object" }, book)]),
    );
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const properties = (schema?.properties ?? {}) as Record<string, Schema>;
  const body = Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, fieldOf(name, part, book)]));
  const required = ((schema?.required ?? []) as string[]).filter((name) => name in body);
  return fc.record({
    path: fc.record(fields("path")),
    query: fc.record(fields("query"), { requiredKeys: [] }),
    body: fc.oneof(
      { weight: 9, arbitrary: fc.record(body, { requiredKeys: required }) },
      { weight: 1, arbitrary: nasty },
    ),
    key: fc.uuid(),
  });
}

function written(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  // Half a surrogate pair cannot be percent-encoded at all.
  return encodeURIComponent(Buffer.from(text).toString());
}

eachDatabase("a fuzz over the OpenAPI document", (open) => {
  let server: TestServer;
  let book: SeededBook;

  before(async function () {
    this.timeout(60_000);
    server = await openServer(await open(), { readers: isolatedReaders });
    book = await seedBook(server, "admin", "A");
  });
  after(() => server.close());

  it("finds no request that the server calls its own mistake", async () => {
    const { json: document } = await server.ask("GET", "/openapi.json");
    const runs = Number(process.env.FUZZ_RUNS ?? 25);
    const reached = new Set<string>();
    for (const [template, item] of Object.entries(document.paths as Record<string, Record<string, Operation>>)) {
      for (const [method, operation] of Object.entries(item)) {
        const isUpload =
          operation.requestBody !== undefined && operation.requestBody.content["application/json"] === undefined;
        // three capital letters by chance are hardly ever a currency
        const calls = callOf(operation, { ...book, currency: "USD" });
        await fc.assert(
          fc.asyncProperty(calls, async ({ path, query, body, key }) => {
            const filled = template.replaceAll(/\{([a-z_]+)\}/g, (_match, name: string) => written(path[name]) || "-");
            const pairs = Object.entries(query).map(([name, value]) => `${name}=${written(value)}`);
            const target = `${filled}${pairs.length === 0 ? "" : `?${pairs.join("&")}`}`;
            const type = isUpload ? "text/csv" : "application/json";
            const headers = { "content-type": type, "idempotency-key": key };
            const answer = await server.ask(
              method.toUpperCase(),
              target,
              method === "get" ? {} : { headers, body: JSON.stringify(body) },
            );
            expect(
              answer.status,
              `${method} ${target} ${JSON.stringify(body)?.slice(0, 300)}: ${answer.text.slice(0, 300)}`,
            ).to.be.below(500);
            if (answer.status < 300) reached.add(operation.operationId);
            if (answer.status >= 400)
              expect(answer.headers.get("content-type")).to.match(/^application\/problem\+json/);
          }),
          { numRuns: runs, ...(process.env.FUZZ_SEED === undefined ? {} : { seed: Number(process.env.FUZZ_SEED) }) },
        );
      }
    }
    // A fuzz that no schema lets pass would find nothing.
    expect(reached.size).to.be.greaterThan(Object.keys(document.paths).length / 2);
    const isBusy = () => server.queue.lengths().waiting + server.queue.lengths().running > 0;
    while (isBusy()) await new Promise((resolve) => setTimeout(resolve, 50));
    const faults = server.logLines.filter((line) => line.includes('"event":"fault"') || line.includes("job_fault"));
    expect(faults.slice(0, 3)).to.deep.equal([]);
  }).timeout(180_000);
});
