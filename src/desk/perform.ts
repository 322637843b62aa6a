import assert from "node:assert/strict";
import { type ActInput, type ActName, type ActOutput, acts } from "../../models/acts.js";
import { portfolioOfFacility } from "../../models/facility.js";
import { parseChildId } from "../../models/record-id.js";
import { isRefusal, Refusal } from "../../models/refusal.js";
import type { EffectDocument } from "../../models/reversal.js";
import { findAnswer, type KeyedRequest, keepAnswer, takeKey } from "../store/idempotency.js";
import type { Tx } from "../store/transaction.js";
import type { Recalled, Step, Together } from "./act.js";
import { implementations } from "./acts.js";
import { contextOf, scopeOf } from "./call-context.js";
import { doTogether } from "./coalesce.js";
import type { Call, Context, Desk } from "./desk.js";
import { effectOf } from "./effect.js";
import { parseInput, placed } from "./parse-input.js";
import { replay } from "./replay.js";
import { hashFields } from "./request-hash.js";

export interface Answer<Name extends ActName> {
  readonly output: ActOutput<Name>;
  /** true when this is the first answer again */
  readonly replayed: boolean;
  /** of a dry run: the entries it would make, and the accounts before and after them */
  readonly effect?: EffectDocument;
}

/** The same before the act's own form is known. */
interface Done {
  readonly output: unknown;
  readonly replayed: boolean;
  readonly effect?: EffectDocument;
}

interface Runnable {
  prepare?(desk: Desk, input: unknown, call: Call): Promise<unknown>;
  advance?(step: Step, input: unknown, prepared: unknown): Promise<unknown>;
  readonly together?: Together<never>;
  readonly recalled?: Recalled<unknown>;
  run(context: Context, input: unknown, prepared: unknown): Promise<unknown>;
}

/**
 * Does one act of the business; the only way to do one.
 *
 * In this order: the roles (`forbidden`), the form of the input (`invalid_request`, every fault with its JSON pointer),
 * the key (`idempotency_key_missing`, `idempotency_key_reused`), then the act's own guards, in the order its file has
 * them. All reading and writing is one transaction (of its own, or shared with orders that came at once), unless the act is
 * done in steps; a refusal leaves nothing behind, not even the key. An act that only reads sees one moment of the database
 * throughout.
 *
 * @throws Refusal when the act cannot be done; anything else that is thrown is our fault
 */
export async function perform<Name extends ActName>(
  desk: Desk,
  name: Name,
  input: ActInput<Name>,
  call: Call,
): Promise<Answer<Name>> {
  const started = desk.clock();
  const fields = {
    act: name,
    tenantId: call.actor.tenantId,
    actorId: call.actor.actorId,
    dryRun: call.dryRun === true,
  };
  try {
    const answer = await performChecked(desk, name, input, call);
    desk.log("act_done", { ...fields, replayed: answer.replayed, milliseconds: desk.clock() - started });
    return answer as Answer<Name>;
  } catch (error) {
    const refusal = isRefusal(error) ? error.code : "fault";
    desk.log("act_refused", { ...fields, refusal, milliseconds: desk.clock() - started });
    throw placed(error, input);
  }
}

async function performChecked(desk: Desk, name: ActName, input: unknown, call: Call): Promise<Done> {
  const declaration = acts[name];
  const act = implementations.get(name) as Runnable | undefined;
  assert(act !== undefined, `${name} is declared and not implemented`);
  const { roles } = call.actor;
  if (!declaration.roles.some((role) => roles.includes(role))) {
    throw new Refusal("forbidden", `${name} is for ${declaration.roles.join(", ")}; the key has ${roles.join(", ")}`);
  }
  const parsed = parseInput(declaration.input, input);
  if (declaration.effect === "reads") {
    const prepared = await act.prepare?.(desk, parsed, call);
    const work = (tx: Tx) => act.run(contextOf(desk, call, tx), parsed, prepared);
    const output = await desk.store.transaction(scopeOf(call), work, { readOnly: true, isolation: "repeatable read" });
    return { output, replayed: false };
  }
  const key = call.dryRun === true ? undefined : call.idempotencyKey;
  if (declaration.idempotency === "required" && key === undefined && call.dryRun !== true) {
    throw new Refusal("idempotency_key_missing", `${name} changes money: send a key of your own with every order`);
  }
  const request =
    key === undefined
      ? undefined
      : {
          portfolioId: portfolioOf(parsed),
          key: checkedKey(key),
          act: name,
          fields: await hashFields(parsed, desk.vault.fingerprint),
        };
  return performWrite(desk, act, { parsed, call, request });
}

interface Write {
  readonly parsed: unknown;
  readonly call: Call;
  readonly request: KeyedRequest | undefined;
}

async function performWrite(desk: Desk, act: Runnable, { parsed, call, request }: Write): Promise<Done> {
  if (request !== undefined && act.together !== undefined) {
    return doTogether(desk, { together: act.together, parsed, call, request });
  }
  if (request !== undefined && act.prepare !== undefined) {
    // a retry is answered before the file is read again; of other acts the key itself, once it is taken, says so
    const kept = await desk.store.transaction(scopeOf(call), (tx) => findAnswer(tx, request), { readOnly: true });
    if (kept !== undefined) return replay(kept, request);
  }
  let prepared = await act.prepare?.(desk, parsed, call);
  if (act.advance !== undefined && call.dryRun !== true) {
    const step: Step = (work) => desk.store.transaction(scopeOf(call), (tx) => work(contextOf(desk, call, tx)));
    prepared = await act.advance(step, parsed, prepared);
  }
  return desk.store.transaction(
    scopeOf(call),
    async (tx) => {
      const context = contextOf(desk, call, tx);
      if (request !== undefined && !(await takeKey(tx, request, context.now))) {
        const kept = await findAnswer(tx, request);
        if (kept === undefined) throw new Error("a key that is taken has an answer");
        const again = replay(kept, request);
        return act.recalled === undefined
          ? again
          : { ...again, output: await act.recalled.recall(context, again.output) };
      }
      const output = await act.run(context, parsed, prepared);
      if (request !== undefined) tx.follow(keepAnswer(tx, request, act.recalled?.keep(output) ?? output));
      if (call.dryRun === true) return { output, replayed: false, effect: await effectOf(tx) };
      return { output, replayed: false };
    },
    { rollback: call.dryRun === true },
  );
}

function checkedKey(key: string): string {
  if (/^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new Refusal("invalid_request", "an idempotency key is 1 to 200 printable characters without spaces");
}

/** Fields that hold the id of something in a portfolio, with the prefix of such ids. */
const childFields = {
  quote_id: "qt",
  purchase_id: "pu",
  entry_id: "en",
  schedule_id: "sc",
  invoice_id: "iv",
  receipt_id: "dr",
  document_id: "dc",
  notice_id: "na",
  dispute_id: "di",
} as const;

/** The key's portfolio: the one that the input names, or that an id of it carries; `-` for acts outside of any. */
function portfolioOf(input: unknown): string {
  const named = input as { portfolio_id?: string; facility_id?: string } & Record<string, string | undefined>;
  if (named.portfolio_id !== undefined) return named.portfolio_id;
  if (named.facility_id !== undefined) return portfolioOfFacility(named.facility_id);
  for (const [field, prefix] of Object.entries(childFields)) {
    const child = parseChildId(prefix, named[field] ?? "");
    if (child !== undefined) return child.portfolioId;
  }
  return "-";
}
