import type { Role } from "../../models/act.js";
import type { Day } from "../calendar/day.js";
import type { Store } from "../store/store.js";
import type { Tx } from "../store/transaction.js";
import type { Vault } from "../store/vault.js";
import type { FileReaders } from "../tape/isolated.js";

/** The fields that may be logged. An allow-list: nothing else of a request or an answer gets into a log. */
export interface LogFields {
  readonly act?: string;
  readonly tenantId?: string;
  readonly actorId?: string;
  readonly portfolioId?: string;
  readonly refusal?: string;
  readonly milliseconds?: number;
  readonly replayed?: boolean;
  readonly dryRun?: boolean;
}

/** What the desk is handed by the composition root. It makes no clock, no chance and no folder of its own. */
export interface Desk {
  readonly store: Store;
  /** milliseconds since 1970-01-01 UTC */
  readonly clock: () => number;
  /** so many random bytes */
  readonly randomBytes: (count: number) => Uint8Array;
  /** folder for files at work; the desk makes one folder a job in it and removes it */
  readonly workFolder: string;
  /** where the persons of a tape go, and nothing else does */
  readonly vault: Vault;
  /** what reads a seller's files */
  readonly readers: FileReaders;
  readonly log: (event: string, fields: LogFields) => void;
}

/** Who asks. The tenant is set on the transaction; the roles are checked against the act. */
export interface Actor {
  readonly tenantId: string;
  /** id of the key or the user, kept on every entry; never a person's name */
  readonly actorId: string;
  readonly roles: readonly Role[];
}

export interface Progress {
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
}

/** How an act is called, apart from its input. */
export interface Call {
  readonly actor: Actor;
  /** the caller's key of this order: a retry with the same key and body gets the first answer again */
  readonly idempotencyKey?: string | undefined;
  /** do it, show what came of it, and roll back */
  readonly dryRun?: boolean | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What an act works with: the transaction, and the moment at which the act is done. */
export interface Context {
  readonly tx: Tx;
  readonly desk: Desk;
  readonly call: Call;
  /** instant of the act, RFC 3339 in UTC */
  readonly now: string;
  /** the day of that instant, in UTC */
  readonly today: Day;
  report(progress: Progress): void;
}
