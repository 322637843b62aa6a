import { basename } from "node:path";
import type { RecoveryCard } from "../../models/recovery-card.js";
import { Refusal } from "../../models/refusal.js";
import type { ShownFindings } from "../../models/shown-findings.js";
import { parseDay } from "../calendar/day.js";
import { resolveAssumptions } from "../pricing/assumptions.js";
import { fitRecovery } from "../recovery/score-card.js";
import { readTape } from "../tape/tape.js";
import { findingsPart } from "./findings-part.js";
import { readLayout, type TapeOrder } from "./price-tape.js";
import { versionOf } from "./recovery-model.js";

export interface FitRecoveryOrder
  extends Pick<TapeOrder, "path" | "asOf" | "currency" | "layout" | "workFolder" | "onProgress"> {
  readonly olderNeverHigher: boolean;
  /** columns whose higher values may only raise, or only lower, the chance of a recovery */
  readonly rises: readonly string[];
  readonly falls: readonly string[];
  readonly maxFindings: number;
}

/** What a fit answers: the card, which is a file of its own, and what was found in the history. */
export interface FittedRecovery {
  readonly card: RecoveryCard;
  readonly document: Omit<RecoveryCard, "probability" | "amount" | "spread" | "development"> & {
    readonly model: string;
    readonly findings: ShownFindings;
  };
}

/**
 * Learns the account score from a history, without a store.
 *
 * @throws Refusal for a file or layout that cannot be read, and `history_unusable` when nothing can be learned from it
 */
export async function fitRecoveryModel(order: FitRecoveryOrder): Promise<FittedRecovery> {
  const { path, currency, workFolder, onProgress } = order;
  const tape = await readTape(path, {
    currency,
    asOf: parseDay(order.asOf),
    workFolder,
    onProgress,
    columns: "features",
    ...(order.layout === undefined ? {} : { layout: readLayout(order.layout) }),
  });
  onProgress({ phase: "fit", done: 0, total: 1 });
  const card = fitRecovery({
    columns: tape.columns,
    file: basename(path),
    sha256: tape.file.sha256,
    rowsInFile: tape.rowsInFile,
    olderNeverHigher: order.olderNeverHigher,
    directions: directionsOf(order, tape.columns.columns),
    priorTiming: resolveAssumptions({ currency }).recovery.timing,
    findings: tape.findings,
  });
  const { probability: _, amount: __, spread: ___, development: ____, ...shown } = card;
  return {
    card,
    document: { model: versionOf(card), ...shown, findings: findingsPart(tape.findings, order.maxFindings) },
  };
}

/** Directions by the name of the tape's column; a header of the seller's own may be named as it stands. */
function directionsOf(
  { rises, falls }: FitRecoveryOrder,
  columns: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, -1 | 1> {
  const named = (name: string) => {
    const found = [name, `extra.${name}`].find((each) => columns.has(each));
    if (found === undefined) throw new Refusal("usage", `no column of the history is "${name.slice(0, 60)}"`);
    return found;
  };
  return new Map([
    ...rises.map((name): [string, 1] => [named(name), 1]),
    ...falls.map((name): [string, -1] => [named(name), -1]),
  ]);
}
