import type { Request } from "express";
import { z } from "zod";
import type { AnyAct } from "../../models/act.js";
import { Refusal } from "../../models/refusal.js";
import { decodeParameter, decodePercent, type ParameterKind, parseJsonBody, parseQuery, quoteName } from "./wire.js";

/**
 * One line of the routes table: which act answers, and where each field of its input comes from. Unless the line says
 * otherwise, fields named in the path come from the path, and the others from the query on a GET and from the body on
 * everything else. Who may call is the act's own list of roles.
 */
export interface Route {
  readonly method: "get" | "post" | "put" | "delete";
  /** OpenAPI template; each name in braces is a field of the act's input */
  readonly path: string;
  readonly act: AnyAct;
  readonly tag: string;
  readonly summary: string;
  /** status of a success; 200 when left out */
  readonly status?: 200 | 201 | 202;
  /** true where money changes: a call without Idempotency-Key is refused; elsewhere the key may be given */
  readonly needsKey?: boolean;
  /** fields of a POST that come from the query */
  readonly query?: readonly string[];
  /** fields that this route sets itself, so that two routes can share one act */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** the body is a file, and the act is run by a job: the answer is 202 with the job */
  readonly upload?: UploadRoute;
}

export interface UploadRoute {
  /** field of the act's input that takes the file */
  readonly field: string;
  /** kinds of file, for the reader of the documentation */
  readonly kinds: string;
}

const pathName = /\{([a-z_]+)\}/g;

/** The names in braces of a path template, in order. */
export function pathFields(path: string): string[] {
  return [...path.matchAll(pathName)].map((match) => match[1]!);
}

/** The template in express's own notation. */
export function expressPath(path: string): string {
  return path.replaceAll(pathName, ":$1");
}

/** A field of an act's input as JSON Schema, with what says where it may come from. */
export interface InputField {
  readonly schema: Record<string, unknown>;
  readonly required: boolean;
}

/** The fields of an act's input by name, from the schema that validates it. */
export function inputFields(act: AnyAct): ReadonlyMap<string, InputField> {
  const schema = z.toJSONSchema(act.input, { io: "input", unrepresentable: "any" }) as {
    properties?: Record<string, Record<string, unknown>>;
    required?: string[];
  };
  const required = new Set(schema.required ?? []);
  return new Map(
    Object.entries(schema.properties ?? {}).map(([name, field]) => [
      name,
      { schema: field, required: required.has(name) },
    ]),
  );
}

/** Where a route takes each field of its act's input from. */
export function fieldPlaces(route: Route): ReadonlyMap<string, "path" | "query" | "body" | "file" | "fixed"> {
  const inPath = new Set(pathFields(route.path));
  const inQuery = new Set(route.query ?? []);
  const places = new Map<string, "path" | "query" | "body" | "file" | "fixed">();
  for (const name of inputFields(route.act).keys()) {
    if (inPath.has(name)) places.set(name, "path");
    else if (name in (route.fixed ?? {})) places.set(name, "fixed");
    else if (name === route.upload?.field) places.set(name, "file");
    else if (route.upload !== undefined || route.method === "get" || inQuery.has(name)) places.set(name, "query");
    else places.set(name, "body");
  }
  return places;
}

function parameterKind(schema: Record<string, unknown>): ParameterKind {
  const types = new Set<unknown>();
  const collect = (part: Record<string, unknown>): void => {
    types.add(part.type);
    for (const branch of (part.anyOf ?? []) as Record<string, unknown>[]) collect(branch);
  };
  collect(schema);
  if (types.has("string")) return "text";
  if (types.has("array")) return "list";
  if (types.has("boolean")) return "boolean";
  return types.has("number") || types.has("integer") ? "number" : "text";
}

export interface Gathered {
  readonly input: Record<string, unknown>;
  readonly dryRun: boolean;
}

/**
 * Builds the function that turns a request of this route into the act's input. It moves and decodes; whether a value
 * may be is for the act's schema alone.
 */
export function inputGatherer(route: Route): (request: Request) => Gathered {
  const fields = inputFields(route.act);
  const places = fieldPlaces(route);
  const kinds = new Map([...fields].map(([name, { schema }]) => [name, parameterKind(schema)]));
  const writes = route.act.effect === "writes";

  return (request) => {
    // A record without a prototype: the schema reads names that a stranger chose.
    const input: Record<string, unknown> = Object.assign(Object.create(null), route.fixed);
    let dryRun = false;
    for (const [name, text] of parseQuery(request.originalUrl)) {
      if (writes && name === "dry_run") dryRun = parseFlag(text);
      else if (places.get(name) === "query") input[name] = decodeParameter(text, kinds.get(name)!);
      else throw new Refusal("malformed_request", `this resource has no query parameter by the name of ${quoteName(name)}`);
    }
    for (const name of pathFields(route.path)) input[name] = pathText(request, name);
    for (const [name, value] of Object.entries(bodyOf(request, route))) {
      if (places.has(name) && places.get(name) !== "body") {
        throw new Refusal("invalid_request", `${quoteName(name)} does not belong in the body`, [
          { pointer: `/${name}`, code: "field_misplaced", detail: `comes from the ${places.get(name)}` },
        ]);
      }
      input[name] = value;
    }
    return { input, dryRun };
  };
}

function parseFlag(text: string): boolean {
  if (text !== "true" && text !== "false") throw new Refusal("malformed_request", "dry_run is true or false");
  return text === "true";
}

function pathText(request: Request, name: string): string {
  const text = request.params[name];
  if (typeof text !== "string") throw new Error(`the path has no ${name}`);
  return decodePercent(encodeURIComponent(text), "the path");
}

function bodyOf(request: Request, route: Route): Record<string, unknown> {
  if (route.method === "get" || route.upload !== undefined) return {};
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body) || body.length === 0) return {};
  if (!/^application\/(json|[a-z0-9.-]+\+json)\s*(;\s*charset="?utf-8"?\s*)?$/i.test(request.headers["content-type"] ?? "")) {
    throw new Refusal("unsupported_media_type", "the body must be application/json in UTF-8");
  }
  return parseJsonBody(body);
}
