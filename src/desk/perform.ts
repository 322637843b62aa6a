import type { Role } from "../../models/act.js";
import type { ActInput, ActName, ActOutput } from "../../models/acts.js";

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
  readonly idempotencyKey?: string;
  /** do it, show what came of it, and roll back */
  readonly dryRun?: boolean;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Answer<Name extends ActName> {
  readonly output: ActOutput<Name>;
  /** true when this is the first answer again */
  readonly replayed: boolean;
}

/** What the desk is handed by the composition root. It makes no clock, no chance and no folder of its own. */
export interface Desk {
  /** milliseconds since 1970-01-01 UTC */
  readonly clock: () => number;
  /** so many random bytes */
  readonly randomBytes: (count: number) => Uint8Array;
  /** folder for files at work; the desk makes one folder a job in it and removes it */
  readonly workFolder: string;
}

export type Perform = <Name extends ActName>(
  desk: Desk,
  act: Name,
  input: ActInput<Name>,
  call: Call,
) => Promise<Answer<Name>>;
