/**
 * The one translator of names: camelCase inside, snake_case outside. It renames the keys of plain objects and nothing
 * else; class instances, Maps and typed arrays pass as they are. Where keys are data (the words of a seller), use a
 * Map or a document that is snake_case already (layout, strategy): their keys must not be renamed.
 */

export function snakeName(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}

export function toWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toWire);
  if (value === null || typeof value !== "object") return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  const renamed: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) renamed[snakeName(key)] = toWire(item);
  return renamed;
}
