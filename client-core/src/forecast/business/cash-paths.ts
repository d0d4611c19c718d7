import type { ForecastRange } from "@saldo/schema";
import { seededRandom } from "../../seeded-random.ts";
import { endOf, studentFromNormal, withinBound } from "../intervals.ts";
import { saturated } from "../money-range.ts";
import { lowerRoot } from "./correlation.ts";
import { profitSign, type OutlookBasis } from "./basis.ts";

/** Pairs of simulated paths; the second of a pair has the errors of the first with the other sign, so that means hold exactly. */
const pathPairs = 1_000;
const seed = 20_260_101;
/** The series that turns normal errors into Student's holds from about here. */
const degreesOfFreedomMin = 3;

/** Cash at the end of each month: its range, and how likely it has been below zero by then. */
export interface SimulatedCash {
  readonly ranges: readonly ForecastRange[];
  readonly outBasisPoints: readonly number[];
}

/**
 * Simulates cash: errors of the components are correlated with each other, and those of one component from month to month by a factor common to all of
 * them; the rest of each month's error is its own. Null when no balance is known. Deterministic.
 */
export function simulatedCash(basis: OutlookBasis): SimulatedCash | null {
  const { cash, horizonMonths } = basis;
  if (cash === null) return null;
  const cashAt = Array.from({ length: horizonMonths }, () => new Float64Array(2 * pathPairs));
  const below = new Array<number>(horizonMonths).fill(0);
  const errors = errorPaths(basis);
  for (let path = 0; path < 2 * pathPairs; path += 1) {
    let held = cash.openingMinor;
    let isOut = false;
    for (let step = 0; step < horizonMonths; step += 1) {
      held += netAt(basis, step, errors, path);
      isOut ||= held < 0;
      if (isOut) below[step] = (below[step] ?? 0) + 1;
      const row = cashAt[step];
      if (row !== undefined) row[path] = held;
    }
  }
  let mean = cash.openingMinor;
  const ranges = cashAt.map((row, step) => {
    mean = saturated(mean + basis.components.reduce((sum, component) => sum + profitSign(component) * (component.months[step]?.meanMinor ?? 0), 0));
    return rangeAround(mean, row.sort());
  });
  return { ranges, outBasisPoints: below.map((count) => Math.round((10_000 * count) / (2 * pathPairs))) };
}

/** Correlated standard normal errors of each path, step and component, flat in that order. */
function errorPaths({ components, correlationPermille, persistencePermille, horizonMonths }: OutlookBasis): Float64Array {
  const count = components.length;
  const root = lowerRoot(correlationPermille.map((row) => row.map((value) => value / 1_000)));
  const normal = normals(seededRandom(seed));
  const lasting = Math.sqrt(persistencePermille / 1_000);
  const fresh = Math.sqrt(1 - persistencePermille / 1_000);
  const errors = new Float64Array(2 * pathPairs * horizonMonths * count);
  const draw = () => {
    const independent = Array.from({ length: count }, normal);
    return root.map((row) => row.reduce((sum, weight, at) => sum + weight * (independent[at] ?? 0), 0));
  };
  for (let pair = 0; pair < pathPairs; pair += 1) {
    const common = draw();
    for (let step = 0; step < horizonMonths; step += 1) {
      const own = draw();
      for (let at = 0; at < count; at += 1) {
        const error = lasting * (common[at] ?? 0) + fresh * (own[at] ?? 0);
        errors[(2 * pair * horizonMonths + step) * count + at] = error;
        errors[((2 * pair + 1) * horizonMonths + step) * count + at] = -error;
      }
    }
  }
  return errors;
}

function netAt({ components, horizonMonths, widthPermille }: OutlookBasis, step: number, errors: Float64Array, path: number): number {
  const width = widthPermille.net / 1_000;
  let net = 0;
  for (let at = 0; at < components.length; at += 1) {
    const component = components[at];
    const month = component?.months[step];
    if (component === undefined || month === undefined) continue;
    const error = errors[(path * horizonMonths + step) * components.length + at] ?? 0;
    const reach = width * month.deviationMinor * studentFromNormal(error, Math.max(degreesOfFreedomMin, component.degreesOfFreedom));
    net += profitSign(component) * withinBound(endOf(component.shape, month.meanMinor, reach), "atLeastZero");
  }
  return net;
}

/** Standard normal numbers by the Box-Muller transform. */
function normals(random: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

function rangeAround(mean: number, sorted: Float64Array): ForecastRange {
  const at = (share: number) => saturated(sorted[Math.round(share * (sorted.length - 1))] ?? mean);
  return { mean, lo80: Math.min(mean, at(0.1)), hi80: Math.max(mean, at(0.9)), lo95: Math.min(mean, at(0.025)), hi95: Math.max(mean, at(0.975)) };
}
