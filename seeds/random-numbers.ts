/** Chance that is the same on every machine and every day: for generated data, never for secrets. */
export interface Chance {
  /** from 0 up to, not including, 1 */
  next(): number;
  /** a whole number between two bounds, both included */
  between(low: number, high: number): number;
  pick<T>(of: readonly T[]): T;
  /** one of the entries, by its weight */
  weighted<T>(of: readonly (readonly [T, number])[]): T;
}

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, even enough for made-up accounts. */
export function chance(seed: number): Chance {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    between,
    pick: (of) => of[between(0, of.length - 1)]!,
    weighted(of) {
      let left = next() * of.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of of) {
        left -= weight;
        if (left < 0) return value;
      }
      return of.at(-1)![0];
    },
  };
}
