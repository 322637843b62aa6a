import { Refusal } from "../../models/refusal.js";
import type { ExchangeHandler } from "./request-context.js";
import { pathFields } from "./route.js";

export interface Resource {
  /** OpenAPI template, for logs and metrics */
  readonly template: string;
  /** handlers by method: GET, POST */
  readonly handlers: ReadonlyMap<string, ExchangeHandler>;
}

export interface FoundResource {
  readonly resource: Resource;
  /** fields of the path, decoded */
  readonly params: Readonly<Record<string, string>>;
}

interface Pattern {
  readonly resource: Resource;
  readonly path: RegExp;
  readonly names: readonly string[];
}

/**
 * The resources under /v1 by their paths. A path without a field is looked up, and only others are compared with one
 * pattern after the other: there are more than eighty, and express would go through them for every request.
 * Capitals and a slash at the end do not matter, as with express.
 */
export class ResourceTable {
  readonly #literal = new Map<string, Resource>();
  readonly #patterns: Pattern[] = [];

  /** @param entries template, method (GET, POST) and handler of each; a template may come more than once */
  constructor(entries: readonly { template: string; method: string; handler: ExchangeHandler }[]) {
    const handlersOf = new Map<string, Map<string, ExchangeHandler>>();
    for (const { template, method, handler } of entries) {
      const handlers = handlersOf.get(template) ?? new Map<string, ExchangeHandler>();
      handlersOf.set(template, handlers.set(method, handler));
    }
    for (const [template, handlers] of handlersOf) {
      const resource = { template, handlers };
      const names = pathFields(template);
      if (names.length === 0) this.#literal.set(template, resource);
      else this.#patterns.push({ resource, names, path: patternOf(template) });
    }
  }

  /** @throws Refusal `malformed_request` for a field that is not percent-encoded UTF-8 */
  find(path: string): FoundResource | undefined {
    const resource = this.#literal.get(path) ?? this.#literal.get(path.toLowerCase().replace(/\/$/, ""));
    if (resource !== undefined) return { resource, params: {} };
    for (const pattern of this.#patterns) {
      const match = pattern.path.exec(path);
      if (match === null) continue;
      const params = Object.fromEntries(pattern.names.map((name, i) => [name, decoded(match[i + 1]!)]));
      return { resource: pattern.resource, params };
    }
    return undefined;
  }
}

function patternOf(template: string): RegExp {
  return new RegExp(`^${template.replaceAll(/\{[a-z_]+\}/g, "([^/]+)")}/?$`, "i");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal("malformed_request", "the path is not percent-encoded UTF-8");
  }
}

/** The methods that a resource has, for `Allow`. */
export function allowedMethods({ handlers }: Resource): string {
  return [...handlers.keys(), ...(handlers.has("GET") ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");
}
