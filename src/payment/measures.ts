/** How good forecasts of lateness and of days to pay are. */

/** Area under the ROC curve: the chance that a late one is ranked above one on time; ties count for half. */
export function areaUnderCurve(forecast: Float64Array, isLate: Uint8Array): number | null {
  const order = Uint32Array.from(forecast, (_, at) => at).sort((a, b) => forecast[a]! - forecast[b]!);
  let [late, rankSum] = [0, 0];
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && forecast[order[to]!] === forecast[order[from]!]) to++;
    for (let at = from; at < to; at++) {
      if (isLate[order[at]!] === 0) continue;
      late++;
      rankSum += (from + 1 + to) / 2;
    }
    from = to;
  }
  const onTime = order.length - late;
  return late === 0 || onTime === 0 ? null : (rankSum - (late * (late + 1)) / 2) / (late * onTime);
}

/** Mean squared error of a probability. */
export function brierScore(forecast: Float64Array, isLate: Uint8Array): number {
  return forecast.reduce((sum, p, i) => sum + (p - isLate[i]!) ** 2, 0) / forecast.length;
}

export function meanAbsoluteError(forecast: Float64Array, actual: Float64Array): number {
  return forecast.reduce((sum, value, i) => sum + Math.abs(value - actual[i]!), 0) / forecast.length;
}
