/**
 * Bounded minimisation of a few variables without derivatives: the simplex of Nelder & Mead (1965) with the standard
 * coefficients (reflect 1, expand 2, contract ½, shrink ½), every trial point projected onto the box.
 */

/** A box and a start inside it; all arrays have one entry for each variable. */
export interface BoundedStart {
  readonly start: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** The best point found and its value; `converged` is false when the evaluations ran out first. */
export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
  readonly evaluations: number;
  readonly converged: boolean;
}

/** Most evaluations of the objective in one minimisation, for each variable. */
export const evaluationsPerVariableMax = 120;

interface Vertex {
  readonly point: readonly number[];
  readonly value: number;
}

/** When a simplex counts as collapsed. */
export interface Tolerance {
  /** Spread of its values, relative to 1 + the least. */
  readonly value: number;
  /** Share of the box's side within which all vertices must lie: equal values alone may straddle the minimum. */
  readonly point: number;
}

const fine: Tolerance = { value: 1e-7, point: 2e-3 };
const firstStepShare = 0.12;

/**
 * Minimises an objective within a box. Deterministic; an objective may answer `Infinity` for a point it refuses,
 * and NaN counts as that. With no variables it evaluates the empty point once.
 */
export function minimiseBounded(objective: (point: readonly number[]) => number, box: BoundedStart, tolerance: Tolerance = fine): Minimum {
  const dimension = box.start.length;
  const evaluationsMax = Math.max(1, dimension * evaluationsPerVariableMax);
  let evaluations = 0;
  const evaluate = (raw: readonly number[]): Vertex => {
    evaluations += 1;
    const point = project(raw, box);
    const value = objective(point);
    return { point, value: Number.isNaN(value) ? Infinity : value };
  };
  const simplex = firstSimplex(box).map(evaluate);
  const byValue = (a: Vertex, b: Vertex) => a.value - b.value || 0;
  simplex.sort(byValue);
  let converged = dimension === 0;
  while (!converged && evaluations < evaluationsMax) {
    step(simplex, evaluate);
    simplex.sort(byValue);
    converged = isCollapsed(simplex, box, tolerance);
  }
  const best = simplex[0] ?? evaluate(box.start);
  return { point: best.point, value: best.value, evaluations, converged };
}

/** One move of the simplex, sorted best first: replaces its worst vertex, or shrinks all towards the best. */
function step(simplex: Vertex[], evaluate: (raw: readonly number[]) => Vertex): void {
  const last = simplex.length - 1;
  const best = simplex[0];
  const worst = simplex[last];
  const secondWorst = simplex[last - 1];
  if (best === undefined || worst === undefined || secondWorst === undefined) return;
  const centre = centroid(simplex, last);
  const reflected = evaluate(along(centre, worst.point, -1));
  if (reflected.value < best.value) {
    const expanded = evaluate(along(centre, worst.point, -2));
    simplex[last] = expanded.value < reflected.value ? expanded : reflected;
    return;
  }
  if (reflected.value < secondWorst.value) {
    simplex[last] = reflected;
    return;
  }
  const outside = reflected.value < worst.value;
  const contracted = evaluate(along(centre, worst.point, outside ? -0.5 : 0.5));
  if (contracted.value < Math.min(reflected.value, worst.value)) {
    simplex[last] = contracted;
    return;
  }
  for (let index = 1; index <= last; index += 1) {
    const vertex = simplex[index];
    if (vertex !== undefined) simplex[index] = evaluate(along(best.point, vertex.point, 0.5));
  }
}

function firstSimplex(box: BoundedStart): number[][] {
  const simplex = [[...box.start]];
  for (let axis = 0; axis < box.start.length; axis += 1) {
    const point = [...box.start];
    const low = box.lower[axis] ?? 0;
    const high = box.upper[axis] ?? 0;
    const from = point[axis] ?? low;
    const move = (high - low) * firstStepShare;
    point[axis] = from + move <= high ? from + move : from - move;
    simplex.push(point);
  }
  return simplex;
}

function centroid(simplex: readonly Vertex[], count: number): number[] {
  const centre: number[] = [];
  for (let axis = 0; axis < (simplex[0]?.point.length ?? 0); axis += 1) {
    let sum = 0;
    for (let index = 0; index < count; index += 1) sum += (simplex[index]?.point[axis] ?? 0) / count;
    centre.push(sum);
  }
  return centre;
}

/** The point `from + share · (to − from)`. */
function along(from: readonly number[], to: readonly number[], share: number): number[] {
  return from.map((coordinate, axis) => coordinate + share * ((to[axis] ?? 0) - coordinate));
}

function project(point: readonly number[], box: BoundedStart): number[] {
  return point.map((coordinate, axis) => Math.min(box.upper[axis] ?? coordinate, Math.max(box.lower[axis] ?? coordinate, coordinate)));
}

function isCollapsed(simplex: readonly Vertex[], box: BoundedStart, tolerance: Tolerance): boolean {
  const best = simplex[0];
  const worst = simplex.at(-1);
  if (best === undefined || worst === undefined) return true;
  // Every vertex is refused: nothing to descend.
  if (best.value === Infinity) return true;
  if (worst.value - best.value > tolerance.value * (Math.abs(best.value) + 1)) return false;
  return simplex.every(({ point }) =>
    point.every((coordinate, axis) => {
      const side = (box.upper[axis] ?? 0) - (box.lower[axis] ?? 0);
      return Math.abs(coordinate - (best.point[axis] ?? 0)) <= tolerance.point * side;
    }),
  );
}
