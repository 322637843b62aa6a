/**
 * Net present value (npv) of evenly spaced flows. A flow is a Float64Array of estimates in major units: index 0 is
 * today, index m the end of period m.
 */

/** The rate per month that compounds to an effective annual rate: (1 + annual)^(1/12) - 1. @param annualRate above -1 */
export function monthlyRate(annualRate: number): number {
  assertRate(annualRate);
  return Math.expm1(Math.log1p(annualRate) / 12);
}

/**
 * What the flow is worth today.
 * @param periodicRate effective rate per period, as a fraction, above -1
 * @throws RangeError when the rate is not above -1
 */
export function npv(flow: Float64Array, periodicRate: number): number {
  assertRate(periodicRate);
  const discount = 1 / (1 + periodicRate);
  // Horner's scheme from the far end: one multiplication a period and no powers.
  let value = 0;
  for (let m = flow.length - 1; m >= 0; m--) value = value * discount + flow[m]!;
  return value;
}

/** What a monthly flow is worth today at an effective annual rate (as a fraction, above -1). */
export function npvMonthly(flow: Float64Array, annualRate: number): number {
  return npv(flow, monthlyRate(annualRate));
}

/** Running total of the flow, undiscounted. */
export function cumulative(flow: Float64Array): Float64Array {
  const totals = new Float64Array(flow.length);
  let total = 0;
  for (let m = 0; m < flow.length; m++) {
    total += flow[m]!;
    totals[m] = total;
  }
  return totals;
}

/**
 * The first period at whose end what was paid out has come back (running total not below zero), or null when that
 * never happens. Undiscounted, as the trade counts payback. A later cost may take the total below zero again.
 */
export function paybackMonth(flow: Float64Array): number | null {
  let total = 0;
  for (let m = 0; m < flow.length; m++) {
    total += flow[m]!;
    if (total >= 0) return m;
  }
  return null;
}

function assertRate(rate: number): void {
  if (!(rate > -1 && rate < Number.POSITIVE_INFINITY)) throw new RangeError(`a rate must be above -1, not ${rate}`);
}
