import { z } from "zod";
import { Refusal } from "../models/refusal.js";

/**
 * What the environment may say. Everything has a default that works on a bare machine: the embedded database in
 * `.netback/`, port 3000 of this machine only.
 */
const environment = z.object({
  NETBACK_HOME: z.string().min(1).default(".netback"),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres:// or postgresql://")
    .optional(),
  /** the owner's connection, for migrations; DATABASE_URL where it is not given */
  DATABASE_OWNER_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres:// or postgresql://")
    .optional(),
  DATABASE_POOL: z.coerce.number().int().min(1).max(200).default(10),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  NETBACK_TENANT: z
    .string()
    .regex(/^[a-z0-9_]{1,40}$/, "must be 1 to 40 of a-z, 0-9 and _")
    .default("local"),
  /** wraps every other key: 32 bytes in base64; a file in NETBACK_HOME where it is not given */
  NETBACK_ROOT_KEY: z.string().min(1).optional(),
  /** what one API key (or, without keys, this machine) may send; more is answered with 429 */
  REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).max(100_000_000).default(600_000),
  LOG_LEVEL: z.enum(["info", "warn", "error", "silent"]).default("info"),
});

export interface Config {
  /** the embedded folder; files at work stand in it too */
  readonly home: string;
  readonly database:
    | { readonly kind: "embedded" }
    | { readonly kind: "postgres"; readonly url: string; readonly ownerUrl?: string; readonly poolSize: number };
  readonly port: number;
  readonly host: string;
  readonly rootKey: string | undefined;
  /** by one API key */
  readonly requestsPerMinute: number;
  readonly logLevel: "info" | "warn" | "error" | "silent";
  /** whose books the command line opens */
  readonly tenantId: string;
}

/**
 * The configuration from environment variables.
 * @throws Refusal `usage` naming every variable that is wrong and its bound; never its value, which may hold a password
 */
export function configOf(variables: Readonly<Record<string, string | undefined>>): Config {
  // An empty variable is one that was not set: that is how most process managers clear one.
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new Refusal("usage", faults.join("; "));
  }
  const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl, DATABASE_POOL: poolSize } = parsed.data;
  return {
    home: parsed.data.NETBACK_HOME,
    database:
      url === undefined
        ? { kind: "embedded" }
        : { kind: "postgres", url, poolSize, ...(ownerUrl === undefined ? {} : { ownerUrl }) },
    port: parsed.data.PORT,
    host: parsed.data.HOST,
    rootKey: parsed.data.NETBACK_ROOT_KEY,
    requestsPerMinute: parsed.data.REQUESTS_PER_MINUTE,
    logLevel: parsed.data.LOG_LEVEL,
    tenantId: parsed.data.NETBACK_TENANT,
  };
}
