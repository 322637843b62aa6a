/** The least value of a function that has no derivative at hand: on a line, and in the plane. */

export interface Least<Point> {
  readonly point: Point;
  readonly cost: number;
}

const golden = (Math.sqrt(5) - 1) / 2;

/** Golden-section search between two bounds, to 1e-9 of the interval. For a function with one valley. */
export function leastOnLine(cost: (at: number) => number, [low, high]: readonly [number, number]): Least<number> {
  let [a, b] = [low, high];
  let [c, d] = [b - golden * (b - a), a + golden * (b - a)];
  let [costC, costD] = [cost(c), cost(d)];
  while (b - a > 1e-9 * (high - low)) {
    if (costC < costD) {
      [b, d, costD] = [d, c, costC];
      c = b - golden * (b - a);
      costC = cost(c);
    } else {
      [a, c, costC] = [c, d, costD];
      d = a + golden * (b - a);
      costD = cost(d);
    }
  }
  const point = (a + b) / 2;
  return { point, cost: cost(point) };
}

type Plane = readonly [number, number];

/**
 * Nelder and Mead's simplex search from a point, begun anew around what it found until that brings nothing more:
 * a simplex that has collapsed early is so found out.
 */
export function leastOf(cost: (at: Plane) => number, start: Plane): Least<Plane> {
  let best = { point: start, cost: cost(start) };
  for (let round = 0; round < 20; round++) {
    const found = descend(cost, best.point, round === 0 ? 0.5 : 0.05);
    const gain = best.cost - found.cost;
    if (found.cost <= best.cost) best = found;
    if (!(gain > 1e-13 * Math.max(1, Math.abs(best.cost)))) break;
  }
  return best;
}

function descend(cost: (at: Plane) => number, [x, y]: Plane, size: number): Least<Plane> {
  const vertex = (point: Plane): Least<Plane> => ({ point, cost: cost(point) });
  let simplex = [vertex([x, y]), vertex([x + size, y]), vertex([x, y + size])];
  for (let i = 0; i < 2000; i++) {
    simplex.sort((a, b) => a.cost - b.cost);
    const [best, second, worst] = simplex as [Least<Plane>, Least<Plane>, Least<Plane>];
    const spread = Math.max(
      ...[0, 1].map((k) => Math.abs(worst.point[k]! - best.point[k]!) + Math.abs(second.point[k]! - best.point[k]!)),
    );
    if (spread < 1e-11) break;
    const towards = (factor: number): Plane => [
      (best.point[0] + second.point[0]) * 0.5 * (1 + factor) - worst.point[0] * factor,
      (best.point[1] + second.point[1]) * 0.5 * (1 + factor) - worst.point[1] * factor,
    ];
    const reflected = vertex(towards(1));
    if (reflected.cost < best.cost) {
      const expanded = vertex(towards(2));
      simplex[2] = expanded.cost < reflected.cost ? expanded : reflected;
    } else if (reflected.cost < second.cost) simplex[2] = reflected;
    else {
      const contracted = vertex(towards(reflected.cost < worst.cost ? 0.5 : -0.5));
      if (contracted.cost < Math.min(reflected.cost, worst.cost)) simplex[2] = contracted;
      else {
        const halved = (one: Least<Plane>) =>
          vertex([(one.point[0] + best.point[0]) / 2, (one.point[1] + best.point[1]) / 2]);
        simplex = [best, halved(second), halved(worst)];
      }
    }
  }
  return simplex.reduce((a, b) => (b.cost < a.cost ? b : a));
}
