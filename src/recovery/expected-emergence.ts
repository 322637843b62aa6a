/**
 * Ultimates that lean on an expectation from outside the origin's own cash, as far as that cash is young:
 * Bornhuetter-Ferguson and Benktander.
 */

/** One origin, as far as it has come. */
export interface Emergence {
  /** what came in so far */
  readonly latest: number;
  /** share of the ultimate that a pattern says is in by now, 0 to 1 */
  readonly developedShare: number;
  /** ultimate that was expected without looking at the origin's own cash */
  readonly expectedUltimate: number;
}

/** Bornhuetter-Ferguson: what came in, and of the expectation the share that is not due yet. Own cash does not change what is to come. */
export function bornhuetterFerguson({ latest, developedShare, expectedUltimate }: Emergence): number {
  return latest + (1 - developedShare) * expectedUltimate;
}

/**
 * Benktander: Bornhuetter-Ferguson with its own answer as the expectation. It weighs own cash carried forward by the
 * pattern with 1 - (1 - p)^2 and the expectation with (1 - p)^2, where p is the developed share; Mack 2000 shows that
 * this is nearly always closer than either. With nothing developed it is the expectation alone.
 */
export function benktander(emergence: Emergence): number {
  return bornhuetterFerguson({ ...emergence, expectedUltimate: bornhuetterFerguson(emergence) });
}

/** The weight that Benktander gives to the origin's own cash. */
export function ownWeight(developedShare: number): number {
  return 1 - (1 - developedShare) ** 2;
}

/**
 * Cape Cod: one rate for all origins, what came in over the exposure that was due to have come in.
 *
 * @param exposures of the origins, in any unit (face, price, or 1 for each)
 * @returns expected ultimate per unit of exposure; null when nothing was due yet
 */
export function capeCodRate(
  origins: readonly Pick<Emergence, "latest" | "developedShare">[],
  exposures: readonly number[],
): number | null {
  const due = origins.reduce((sum, { developedShare }, i) => sum + developedShare * exposures[i]!, 0);
  return due > 0 ? origins.reduce((sum, { latest }) => sum + latest, 0) / due : null;
}
