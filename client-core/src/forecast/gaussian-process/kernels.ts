/**
 * What a business series may be made of, in units of the variance of its noise: noise, a level that wanders, a season that stays nearly the same, and a
 * straight trend of a size to be expected.
 */
export interface Kernel {
  /** Variance of a step of the level. */
  readonly walk: number;
  /** Variance of the season's effects. */
  readonly season: number;
  /** Standard deviation that the trend alone is expected to give the history. */
  readonly trend: number;
}

const walks = [0.01, 0.06, 0.4, 3, 20];
/** The level forgets, so that the process is stationary, but so slowly that over the history of a business it is a random walk. */
const memory = 200;
const seasons = [0, 0.3, 1.5, 8];
const trends = [0.3, 2];
/** Steps after which a season has changed. */
const seasonMemory = 600;

/** From a level that stands still to one that is nearly all there is, from no season to one that rules. */
export function kernelsFor(seasonal: boolean): readonly Kernel[] {
  const kinds = seasonal ? seasons : [0];
  return walks.flatMap((walk) =>
    kinds.flatMap((season) => trends.map((trend) => ({ walk, season: season * (1 + walk), trend: trend * Math.sqrt(1 + walk) }))),
  );
}

/** Covariance of two values 0, 1, … `reach` steps apart, without the trend. */
export function covarianceOf({ walk, season }: Kernel, period: number, reach: number): Float64Array {
  return Float64Array.from({ length: reach + 1 }, (_, lag) => {
    const level = ((walk * memory) / 2) * Math.exp(-lag / memory);
    const same = season > 0 && lag % period === 0 ? season * Math.exp(-lag / seasonMemory) : 0;
    return (lag === 0 ? 1 : 0) + level + same;
  });
}

/** The constant and the trend as columns. */
export function courseColumns(count: number): readonly Float64Array[] {
  return [new Float64Array(count).fill(1), Float64Array.from({ length: count }, (_, at) => trendAt(at, count))];
}

/** Deviations of the coefficients of {@link courseColumns} that a kernel expects. */
export function coursePriors({ trend }: Kernel): readonly number[] {
  return [Infinity, trend];
}

/** A straight line of unit standard deviation over `count` values. */
export function trendAt(at: number, count: number): number {
  return ((at - (count - 1) / 2) / count) * Math.sqrt(12);
}
