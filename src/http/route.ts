import type { IncomingMessage } from "node:http";
import { z } from "zod";
import type { ActDeclaration } from "../../models/act.js";
import { type ActName, acts } from "../../models/acts.js";
import { Refusal } from "../../models/refusal.js";
import { readBody } from "./read-body.js";
import type { RequestContext } from "./request-context.js";
import { decodeParameter, type ParameterKind, parseJsonBody, parseQuery, quoteName, textFault } from "./wire.js";

/**
 * One line of the routes table: which act answers, and where each field of its input comes from. Fields named in the
 * path come from the path, the file from the body, and the others from the query on a GET and from the body on a POST.
 * Who may call, whether it needs an Idempotency-Key and whether a job does it is said by the act.
 */
export interface Route {
  readonly method: "get" | "post";
  /** OpenAPI template; each name in braces is a field of the act's input */
  readonly path: string;
  readonly act: ActName;
  readonly tag: string;
  /** 201 where something is made; a long act answers 202 whatever stands here */
  readonly status?: 201;
  /** the most that a JSON body may have, where a list of thousands is asked for; 1 MiB when left out */
  readonly maxJsonBytes?: number;
  /** fields of the act's input that this resource does not take */
  readonly without?: readonly string[];
  /** the body is a file: a raw body, or a multipart form whose other fields are fields of the input */
  readonly upload?: UploadRoute;
  /** the answer is the file that the act made, of one of these media types */
  readonly download?: { readonly types: readonly string[] };
}

export interface UploadRoute {
  /** kinds of file, for the reader of the documentation */
  readonly kinds: string;
  /** input fields that follow from the file's name */
  readonly fromName?: (fileName: string) => Readonly<Record<string, unknown>>;
}

/** The field of an act's input that takes a file. */
const fileField = "file";

export function declarationOf(route: Route): ActDeclaration {
  return acts[route.act];
}

const pathName = /\{([a-z_]+)\}/g;

/** The names in braces of a path template, in order. */
export function pathFields(path: string): string[] {
  return [...path.matchAll(pathName)].map((match) => match[1]!);
}

/** A field of an act's input as JSON Schema, with what says where it may come from. */
export interface InputField {
  readonly schema: Record<string, unknown>;
  readonly required: boolean;
}

/** The fields of an act's input by name, from the schema that validates it. */
export function inputFields(act: ActDeclaration): ReadonlyMap<string, InputField> {
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

export type FieldPlace = "path" | "query" | "body" | "file";

/** Where a route takes each field of its act's input from; fields that it does not take are not among them. */
export function fieldPlaces(route: Route): ReadonlyMap<string, FieldPlace> {
  const inPath = new Set(pathFields(route.path));
  const places = new Map<string, FieldPlace>();
  for (const name of inputFields(declarationOf(route)).keys()) {
    if (route.without?.includes(name)) continue;
    if (inPath.has(name)) places.set(name, "path");
    else if (route.upload !== undefined) places.set(name, name === fileField ? "file" : "query");
    else places.set(name, route.method === "get" ? "query" : "body");
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
  if (types.has("object")) return "object";
  if (types.has("boolean")) return "boolean";
  return types.has("number") || types.has("integer") ? "number" : "text";
}

const usualJsonBytes = 1024 * 1024;
/** Ten thousand invoices with all their fields. */
export const listJsonBytes = 4 * 1024 * 1024;

export interface Gathered {
  readonly input: Record<string, unknown>;
  readonly dryRun: boolean;
}

/** Turns requests of one route into its act's input. It moves and decodes; what a value may be is for the schema. */
export class InputGatherer {
  readonly #route: Route;
  readonly #writes: boolean;
  readonly #places: ReadonlyMap<string, FieldPlace>;
  readonly #kinds: ReadonlyMap<string, ParameterKind>;
  readonly #inPath: readonly string[];

  constructor(route: Route) {
    const declaration = declarationOf(route);
    this.#route = route;
    this.#writes = declaration.effect === "writes";
    this.#places = fieldPlaces(route);
    this.#inPath = pathFields(route.path);
    this.#kinds = new Map([...inputFields(declaration)].map(([name, { schema }]) => [name, parameterKind(schema)]));
  }

  /** @throws Refusal `malformed_request`, `invalid_request`, `unsupported_media_type` */
  async gather(request: IncomingMessage, { params }: RequestContext): Promise<Gathered> {
    // A record without a prototype: the names in it were chosen by a stranger.
    const input: Record<string, unknown> = Object.create(null);
    let dryRun = false;
    for (const [name, text] of parseQuery(request.url!)) {
      if (this.#writes && name === "dry_run") dryRun = parseFlag(text);
      else if (this.#route.upload !== undefined && name === "file_name") continue;
      else this.#setText(input, name, text);
    }
    for (const name of this.#inPath) input[name] = pathText(params, name);
    if (this.#route.upload === undefined)
      this.#takeBody(request, await readBody(request, this.#route.maxJsonBytes ?? usualJsonBytes), input);
    return { input, dryRun };
  }

  /** Adds the fields of a form that came with a file. */
  addForm(input: Record<string, unknown>, fields: ReadonlyMap<string, string>): void {
    for (const [name, text] of fields) {
      if (name in input)
        throw new Refusal("malformed_request", `${quoteName(name)} is given in the query and in the form`);
      if (text !== "") this.#setText(input, name, text);
    }
  }

  #setText(input: Record<string, unknown>, name: string, text: string): void {
    if (this.#places.get(name) !== "query") {
      throw new Refusal("malformed_request", `this resource takes no parameter by the name of ${quoteName(name)}`);
    }
    input[name] = decodeParameter(text, this.#kinds.get(name)!);
  }

  #takeBody(request: IncomingMessage, body: Buffer, input: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(fieldsOf(request, body))) {
      if (this.#places.get(name) === "path" || this.#route.without?.includes(name)) {
        throw new Refusal("invalid_request", `${quoteName(name)} does not belong in the body`, [
          { pointer: `/${name}`, code: "field_misplaced", detail: "is not taken from the body here" },
        ]);
      }
      input[name] = value;
    }
  }
}

function parseFlag(text: string): boolean {
  if (text !== "true" && text !== "false") throw new Refusal("malformed_request", "dry_run is true or false");
  return text === "true";
}

function pathText(params: RequestContext["params"], name: string): string {
  const text = params[name];
  if (text === undefined) throw new Error(`the path has no ${name}`);
  const fault = textFault(text);
  if (fault !== null) throw new Refusal("malformed_request", `the path ${fault}`);
  return text;
}

const jsonType = /^application\/(json|[a-z0-9.-]+\+json)\s*(;\s*charset="?utf-8"?\s*)?$/i;

function fieldsOf(request: IncomingMessage, body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  if (request.method === "GET" || request.method === "HEAD") {
    throw new Refusal("malformed_request", "a GET has no body");
  }
  if (!jsonType.test(request.headers["content-type"] ?? "")) {
    throw new Refusal("unsupported_media_type", "the body must be application/json in UTF-8");
  }
  return parseJsonBody(body);
}
