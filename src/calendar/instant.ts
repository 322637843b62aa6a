import { type Day, formatDay } from "./day.js";

const dayMs = 86_400_000;

/**
 * An instant as RFC 3339 in UTC with milliseconds: `2026-10-20T12:00:00.000Z`.
 *
 * @param epochMs milliseconds since 1970-01-01 UTC, as a clock gives them
 */
export function formatInstant(epochMs: number): string {
  const day = Math.floor(epochMs / dayMs);
  const rest = Math.floor(epochMs - day * dayMs);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const time = `${two(rest / 3_600_000)}:${two((rest / 60_000) % 60)}:${two((rest / 1000) % 60)}`;
  return `${formatDay(day as Day)}T${time}.${String(rest % 1000).padStart(3, "0")}Z`;
}
