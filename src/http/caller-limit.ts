const windowMs = 60_000;

export interface Count {
  /** requests that the caller may still make in the window; below zero for one too many */
  readonly remaining: number;
  /** seconds to the end of the window, rounded up */
  readonly resetSeconds: number;
}

/** How many requests each caller has made in the minute at hand. */
export class CallerLimit {
  readonly #limit: number;
  readonly #clock: () => number;
  readonly #made = new Map<string, number>();
  #windowEndsAt = 0;

  /**
   * @param limit requests a minute that one caller may make
   * @param clock milliseconds since 1970-01-01 UTC
   */
  constructor(limit: number, clock: () => number) {
    this.#limit = limit;
    this.#clock = clock;
  }

  /** Counts one more request of the caller. */
  count(caller: string): Count {
    const now = this.#clock();
    if (now >= this.#windowEndsAt) {
      this.#made.clear();
      this.#windowEndsAt = now + windowMs;
    }
    const made = (this.#made.get(caller) ?? 0) + 1;
    this.#made.set(caller, made);
    return { remaining: this.#limit - made, resetSeconds: Math.ceil((this.#windowEndsAt - now) / 1000) };
  }
}
