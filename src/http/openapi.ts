import { z } from "zod";
import type { ActDeclaration } from "../../models/act.js";
import { jobDocument } from "../../models/job.js";
import { refusals } from "../../models/refusal.js";
import { effectDocument } from "../../models/reversal.js";
import { declarationOf, fieldPlaces, type InputField, inputFields, pathFields, type Route } from "./route.js";
import { uploadTypes } from "./uploads.js";

/**
 * The OpenAPI 3.1 document, assembled from the routes table and the acts' own zod schemas. OpenAPI 3.1 takes JSON
 * Schema 2020-12 as it is, which zod writes itself; so what is documented is what validates.
 */

type JsonSchema = Record<string, unknown>;

export interface OpenapiDocument {
  readonly openapi: "3.1.0";
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly servers: readonly { readonly url: string }[];
  readonly security: readonly Record<string, readonly string[]>[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Record<string, Record<string, JsonSchema>>;
  readonly components: { readonly schemas: Record<string, JsonSchema>; readonly [part: string]: unknown };
}

const description = `Prices portfolios of aged receivables, books purchases, tracks collections against the price paid.

Money is a decimal string in the currency of the enclosing object, a rate is a decimal string as a fraction, a date is
\`YYYY-MM-DD\`. Errors are problem documents (RFC 9457). A POST that changes money needs an \`Idempotency-Key\`; the same
key with the same body gets the first answer again. \`dry_run=true\` shows the effect and changes nothing.`;

const problemSchema: JsonSchema = {
  type: "object",
  required: ["type", "title", "status", "detail", "instance", "code", "errors"],
  properties: {
    type: { type: "string", description: "path of a page about the code" },
    title: { type: "string" },
    status: { type: "integer" },
    detail: { type: "string" },
    instance: { type: "string", description: "id of the request" },
    code: { type: "string", enum: [...Object.keys(refusals), "fault"] },
    errors: {
      type: "array",
      items: {
        type: "object",
        required: ["pointer", "code", "detail"],
        properties: {
          pointer: { type: "string" },
          code: { type: "string" },
          detail: { type: "string" },
          value: { type: ["string", "number", "boolean", "null"] },
        },
      },
    },
  },
};

const idempotencyKey = {
  name: "Idempotency-Key",
  in: "header",
  description: "Any unique text of 1 to 200 printable characters; a retry with it gets the first answer again",
  schema: { type: "string", minLength: 1, maxLength: 200, pattern: "^[!-~]+$" },
};

const dryRun = {
  name: "dry_run",
  in: "query",
  description: "True shows the effect and changes nothing",
  schema: { type: "boolean", default: false },
};

const fileName = {
  name: "file_name",
  in: "query",
  description: "What a file sent as a raw body is called; its ending says how to read it",
  schema: { type: "string", maxLength: 200 },
};

/** @param version of the package, shown in the document */
export function openapiDocument(routes: readonly Route[], version: string): OpenapiDocument {
  const schemas: Record<string, JsonSchema> = { Problem: problemSchema };
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const item = paths[route.path] ?? {};
    item[route.method] = operation(route, schemas);
    paths[route.path] = item;
  }
  return {
    openapi: "3.1.0",
    info: { title: "netback", version, description },
    servers: [{ url: "/" }],
    security: [{ apiKey: [] }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        apiKey: {
          type: "http",
          scheme: "bearer",
          description: "an API key (nbk_...); not asked for on the embedded database, which listens on loopback only",
        },
      },
      responses: {
        Problem: {
          description: "a refusal; its code says which",
          content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
        },
      },
    },
  };
}

function operation(route: Route, schemas: Record<string, JsonSchema>): JsonSchema {
  const declaration = declarationOf(route);
  const fields = inputFields(declaration);
  const places = fieldPlaces(route);
  const status = declaration.long ? 202 : (route.status ?? 200);
  const body = requestBody(route, fields, places);
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: declaration.summary,
    description: `For the roles ${declaration.roles.join(", ")}.`,
    parameters: parameters(route, fields, places),
    ...(body === null ? {} : { requestBody: body }),
    responses: {
      [status]: {
        description: declaration.long ? "the job that does it" : "done",
        headers: { "X-Request-Id": { schema: { type: "string" } } },
        content: answerContent(route, schemas),
      },
      default: { $ref: "#/components/responses/Problem" },
    },
  };
}

/** What an act answers; where it writes, a dry run says beside it what would become of the books. */
function answerSchema({ effect, output }: ActDeclaration): z.ZodType {
  if (effect === "reads" || !(output instanceof z.ZodObject)) return output;
  return output.extend({ effect: effectDocument.optional().describe("Of a dry run: what it would do to the books") });
}

function answerContent(route: Route, schemas: Record<string, JsonSchema>): Record<string, JsonSchema> {
  if (route.download !== undefined) return Object.fromEntries(route.download.types.map((type) => [type, {}]));
  const declaration = declarationOf(route);
  const schema = declaration.long
    ? named("Job", jobDocument, schemas)
    : named(`${pascalName(route.act)}Answer`, answerSchema(declaration), schemas);
  return { "application/json": { schema } };
}

/** Two routes may share one act, so the name has the path in it where the act's own name is not enough. */
function operationId(route: Route): string {
  const path = route.path.replace("/v1/", "").replaceAll(/[{}]/g, "").replaceAll("/", "-");
  return `${route.method}-${path}`.replaceAll(/[-_.]([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}

function parameters(
  route: Route,
  fields: ReadonlyMap<string, InputField>,
  places: ReadonlyMap<string, string>,
): JsonSchema[] {
  const found: JsonSchema[] = pathFields(route.path).map((name) => {
    const { description, ...schema } = fields.get(name)!.schema;
    return { name, in: "path", required: true, description, schema };
  });
  for (const [name, place] of places) {
    if (place !== "query") continue;
    const { required } = fields.get(name)!;
    const { description, ...schema } = fields.get(name)!.schema;
    // A form may carry the fields of an upload instead, so that none of them is required in the query.
    const mustBe = required && route.upload === undefined;
    found.push({ name, in: "query", required: mustBe, description, ...queryCoding(schema) });
  }
  const { effect, idempotency } = declarationOf(route);
  if (effect === "writes") found.push(dryRun, { ...idempotencyKey, required: idempotency === "required" });
  if (route.upload !== undefined) found.push(fileName);
  return found;
}

/** An object in the query is JSON text; everything else is written as it is, lists with commas. */
function queryCoding(schema: JsonSchema): JsonSchema {
  if (schema.type === "object") return { content: { "application/json": { schema } } };
  return { style: "form", explode: false, schema };
}

function requestBody(
  route: Route,
  fields: ReadonlyMap<string, InputField>,
  places: ReadonlyMap<string, string>,
): JsonSchema | null {
  if (route.upload !== undefined) return uploadBody(route.upload.kinds);
  const names = [...places].filter(([, place]) => place === "body").map(([name]) => name);
  if (names.length === 0) return null;
  const required = names.filter((name) => fields.get(name)!.required);
  return {
    required: required.length > 0,
    content: {
      "application/json": {
        schema: {
          type: "object",
          properties: Object.fromEntries(names.map((name) => [name, fields.get(name)!.schema])),
          required,
          additionalProperties: false,
        },
      },
    },
  };
}

function uploadBody(kinds: string): JsonSchema {
  const content: Record<string, JsonSchema> = {};
  for (const type of uploadTypes) content[type] = {};
  content["multipart/form-data"] = {
    schema: {
      type: "object",
      properties: { file: { type: "string", contentMediaType: "application/octet-stream" } },
      required: ["file"],
    },
  };
  return { description: kinds, required: true, content };
}

/** Puts a schema of an answer among the components and returns the reference to it. */
function named(name: string, schema: z.ZodType, schemas: Record<string, JsonSchema>): JsonSchema {
  if (schemas[name] === undefined) {
    const json = z.toJSONSchema(schema, { io: "output", unrepresentable: "any" }) as JsonSchema;
    const { $schema: _dialect, $defs, ...body } = json;
    Object.assign(schemas, hoisted(($defs ?? {}) as Record<string, JsonSchema>));
    schemas[name] = hoisted(body);
  }
  return { $ref: `#/components/schemas/${name}` };
}

/** Local definitions become components: only their address changes. */
function hoisted<T>(part: T): T {
  return JSON.parse(JSON.stringify(part).replaceAll('"#/$defs/', '"#/components/schemas/')) as T;
}

function pascalName(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
