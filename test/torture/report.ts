import type { Audit } from "./audit.js";

/** How long a part goes on: so many rounds at most, and none begun after an instant of performance.now(). */
export interface Extent {
  readonly seed: number;
  readonly rounds: number;
  readonly callers: number;
  readonly until: number;
}

/** What one part of the torture came to: a line of its table. */
export interface PartResult {
  readonly part: string;
  readonly rounds: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  /** what else was counted, in words */
  readonly note: string;
  /** false where there was no time for it: nothing is known */
  readonly ran: boolean;
  /** anything that must not be; none where the part held */
  readonly faults: readonly string[];
}

/** A part's line from its audits and the faults that its callers saw. */
export function resultOf(
  part: string,
  told: { rounds: number; audits: readonly Audit[]; faults?: readonly string[]; note?: string },
): PartResult {
  const sum = (field: "acknowledged" | "lost" | "doubled") => told.audits.reduce((total, one) => total + one[field], 0);
  const [lost, doubled] = [sum("lost"), sum("doubled")];
  const faults = [...told.audits.flatMap((one) => one.faults), ...(told.faults ?? [])];
  if (lost > 0) faults.push(`${lost} acknowledged entries are lost`);
  if (doubled > 0) faults.push(`${doubled} entries are there twice or were refused`);
  return {
    part,
    rounds: told.rounds,
    acknowledged: sum("acknowledged"),
    lost,
    doubled,
    note: told.note ?? "",
    ran: true,
    faults,
  };
}

/** The line of a part for which there was no time. */
export function notRun(part: string, why: string): PartResult {
  return { part, rounds: 0, acknowledged: 0, lost: 0, doubled: 0, note: why, ran: false, faults: [] };
}
