import type { ActName, ActOutput, ActParsed } from "../../models/acts.js";
import type { Call, Context, Desk } from "./desk.js";

/**
 * An act as the desk does it. `prepare` runs before the transaction, for work that needs no database but takes long (a
 * file is read in it); it may be run for nothing, when the key turns out to be used.
 */
export interface Act<Name extends ActName, Prepared = undefined> {
  readonly name: Name;
  prepare?(desk: Desk, input: ActParsed<Name>, call: Call): Promise<Prepared>;
  run(context: Context, input: ActParsed<Name>, prepared: Prepared): Promise<ActOutput<Name>>;
}

/** Names an act and says how it is done: `implement("create-portfolio", async (context, input) => ...)`. */
export function implement<Name extends ActName>(name: Name, run: Act<Name>["run"]): Act<Name> {
  return { name, run };
}

/** The same, with something that is got ready before the transaction. */
export function implementPrepared<Name extends ActName, Prepared>(
  name: Name,
  how: { prepare: NonNullable<Act<Name, Prepared>["prepare"]>; run: Act<Name, Prepared>["run"] },
): Act<Name, Prepared> {
  return { name, ...how };
}
