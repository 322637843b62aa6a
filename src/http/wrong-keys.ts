const windowMs = 60_000;
const mostWrong = 60;
/** addresses that are remembered; whoever has more of them to send from is not slowed down by any count */
const mostAddresses = 100_000;

/**
 * Slows down who tries keys: an address that has sent many wrong ones within a minute is not listened to until the
 * minute is over. Only keys that were refused count, so that however many good callers of one address are at work at
 * once do not stand in each other's way.
 */
export class WrongKeys {
  readonly #clock: () => number;
  readonly #wrong = new Map<string, number>();
  #windowEndsAt = 0;

  /** @param clock milliseconds since 1970-01-01 UTC */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  isTooMany(address: string): boolean {
    const now = this.#clock();
    if (now >= this.#windowEndsAt) {
      this.#wrong.clear();
      this.#windowEndsAt = now + windowMs;
    }
    return (this.#wrong.get(address) ?? 0) >= mostWrong;
  }

  count(address: string): void {
    if (this.#wrong.size < mostAddresses || this.#wrong.has(address)) {
      this.#wrong.set(address, (this.#wrong.get(address) ?? 0) + 1);
    }
  }
}
