import { latestRecordedAfter } from "../store/ledger.js";
import type { Context } from "./desk.js";

/**
 * The instant that a report is as known at: the one asked for, or that of now. Recorded instants run ahead of the clock by
 * microseconds where entries come faster than it ticks; then it is the last one's, so that the same question with the
 * instant that a report shows finds what the report found.
 */
export async function knownAtOf(
  { tx, now }: Pick<Context, "tx" | "now">,
  input: { known_at?: string | undefined; portfolio_id?: string | undefined },
): Promise<string> {
  return input.known_at ?? (await latestRecordedAfter(tx, { portfolioId: input.portfolio_id, at: now })) ?? now;
}
