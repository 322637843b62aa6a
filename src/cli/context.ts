import type { Argv } from "yargs";
import type { ActInput, ActName, ActOutput } from "../../models/acts.js";
import type { EffectDocument } from "../../models/reversal.js";

/** What a command writes to. Standard output carries the answer and nothing else; what is said beside it goes to standard error. */
export interface Streams {
  readonly out: NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };
  readonly err: NodeJS.WritableStream & { readonly isTTY?: boolean };
}

export const formats = ["table", "csv", "xlsx", "json"] as const;
export type Format = (typeof formats)[number];

/** Told how far long work has come; `total` is null where it is not known. */
export type Progress = (progress: { phase: string; done: number; total: number | null }) => void;

export interface ActCall {
  readonly idempotencyKey?: string;
  readonly dryRun?: boolean;
  readonly onProgress?: Progress;
}

/** The desk with its store open, as the operator of this machine: every role, one tenant. */
export interface OpenDesk {
  perform<Name extends ActName>(
    act: Name,
    input: ActInput<Name>,
    call?: ActCall,
  ): Promise<{ readonly output: ActOutput<Name>; readonly replayed: boolean; readonly effect?: EffectDocument }>;
}

/** What the composition root hands to the command line. Everything heavy is behind a function and loaded when called. */
export interface CommandContext {
  readonly streams: Streams;
  /** today, YYYY-MM-DD, where this machine is */
  readonly today: () => string;
  readonly randomId: () => string;
  /** seconds since some moment, for saying how long something took */
  readonly seconds: () => number;
  /** folder in which a command makes a folder of its own for files at work, and removes it */
  readonly workFolder: string;
  /** opens the store, migrates it where it is embedded, works, and closes it whatever happens */
  readonly withDesk: <T>(work: (desk: OpenDesk) => Promise<T>) => Promise<T>;
  /** runs the server until it is told to stop */
  readonly serve: (options: ServeOptions) => Promise<void>;
  readonly migrate: () => Promise<{ readonly engine: string; readonly applied: readonly string[] }>;
  readonly keys: () => Promise<KeyRing>;
  readonly examine: () => Promise<readonly Examination[]>;
}

export interface ServeOptions {
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  readonly json?: boolean | undefined;
}

export interface KeyOrder {
  readonly tenant: string;
  /** what the key is for, in the owner's words */
  readonly label: string;
  readonly roles: readonly string[];
  readonly expiresOn?: string | undefined;
}

/** A key as lists show it: the secret is nowhere. */
export interface KeyLine {
  readonly keyId: string;
  readonly label: string;
  readonly roles: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
}

/** The API keys of tenants. */
export interface KeyRing {
  create(order: KeyOrder): Promise<{ readonly key: string; readonly keyId: string }>;
  list(tenant: string): Promise<readonly KeyLine[]>;
  revoke(tenant: string, keyId: string): Promise<void>;
}

/** One thing the doctor looked at. */
export interface Examination {
  readonly what: string;
  readonly state: "well" | "ill" | "unknown";
  readonly finding: string;
}

/** The command line as it is put together: what every command has is `--json`. */
export type Program = Argv<{ json: boolean | undefined }>;
