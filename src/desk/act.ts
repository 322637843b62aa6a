import type { ActName, ActOutput, ActParsed } from "../../models/acts.js";
import type { Refusal } from "../../models/refusal.js";
import type { Call, Context, Desk } from "./desk.js";

/**
 * An act as the desk does it. `prepare` runs before the transaction, for work that needs no database but takes long (a
 * file is read in it); it may be run for nothing, when the key turns out to be used.
 */
export interface Act<Name extends ActName, Prepared = undefined> {
  readonly name: Name;
  prepare?(desk: Desk, input: ActParsed<Name>, call: Call): Promise<Prepared>;
  /** what is done in transactions of its own before `run`, see implementInSteps */
  advance?(step: Step, input: ActParsed<Name>, prepared: Prepared): Promise<Prepared>;
  run(context: Context, input: ActParsed<Name>, prepared: Prepared): Promise<ActOutput<Name>>;
  /** how its answer is kept for a retry where most of it is stored already, see implementRecalled */
  readonly recalled?: Recalled<ActOutput<Name>>;
  /** how orders that come at once are done in one transaction, see implementTogether */
  readonly together?: Together<Name>;
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

export interface Recalled<Output> {
  /** what is kept for a retry */
  keep(output: Output): unknown;
  /** the whole answer again; what was kept before the act was recalled is whole already */
  recall(context: Context, kept: unknown): Promise<Output>;
}

/** An act whose answer is large, and stored by the act itself: it is not written a second time for its retries. */
export function implementRecalled<Name extends ActName>(
  name: Name,
  how: Recalled<ActOutput<Name>> & { run: Act<Name>["run"] },
): Act<Name> {
  return { name, run: how.run, recalled: how };
}

/** Runs one transaction of an act that has several. */
export type Step = <T>(work: (context: Context) => Promise<T>) => Promise<T>;

/**
 * An act that is too long for one transaction. `advance` does the bulk of it in steps, each of which keeps how far it
 * came, and says so in what it hands on; `run` then finishes it in the transaction that keeps the answer. After a crash
 * the same order is begun again: `advance` goes on after the last step that was committed, or finds nothing left to do.
 * A dry run has no steps: `run` must also be able to do all of it alone.
 */
export function implementInSteps<Name extends ActName, Prepared>(
  name: Name,
  how: Required<Pick<Act<Name, Prepared>, "prepare" | "advance" | "run">>,
): Act<Name, Prepared> {
  return { name, ...how };
}

/** What came of one order among several. */
export type Outcome<Output> = { readonly output: Output } | { readonly refusal: Refusal };

export interface Order<Input> {
  readonly input: Input;
  readonly idempotencyKey: string | undefined;
}

export interface Together<Name extends ActName, Opened = unknown> {
  /**
   * Gets hold of the portfolio, with its first statement: from there to the end of the transaction nobody else does such
   * orders in it. It is told what is to be done, so that it can read for it at the same time; some may turn out to be done already.
   */
  open(context: Context, portfolioId: string, orders: readonly Order<ActParsed<Name>>[]): Promise<Opened>;
  /** Does the orders one after the other, in their order; one that is refused leaves the others alone. */
  runAll(
    context: Context,
    opened: Opened,
    orders: readonly Order<ActParsed<Name>>[],
  ): Promise<DoneTogether<ActOutput<Name>>>;
}

export interface DoneTogether<Output> {
  /** one for each order */
  readonly outcomes: readonly Outcome<Output>[];
  /** what comes of them stands in the database when this is fulfilled */
  readonly written: Promise<unknown>;
}

type OfPortfolio = { readonly portfolio_id: string };

/**
 * An act on one portfolio whose orders share a transaction when they come at once (coalesce.ts): a transaction costs
 * the same for one as for a hundred.
 */
export function implementTogether<Name extends ActName, Opened>(name: Name, how: Together<Name, Opened>): Act<Name> {
  return {
    name,
    together: how as Together<Name>,
    async run(context, input) {
      const orders = [{ input, idempotencyKey: context.call.idempotencyKey }];
      const opened = await how.open(context, (input as OfPortfolio).portfolio_id, orders);
      const { outcomes, written } = await how.runAll(context, opened, orders);
      await written;
      const [outcome] = outcomes;
      if ("refusal" in outcome!) throw outcome.refusal;
      return outcome!.output;
    },
  };
}
