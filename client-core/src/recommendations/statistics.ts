/** Half the width of a central 80% interval of a normal distribution, in standard deviations. */
export const normal80 = 1.2816;
/** Makes the median absolute deviation estimate a standard deviation (Rousseeuw & Croux 1993). */
const madToDeviation = 1.4826;

/** Arithmetic mean; 0 of nothing. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle value, the mean of the two middle ones where there are two; 0 of nothing. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** A quantile by linear interpolation (type 7 of Hyndman & Fan 1996); 0 of nothing. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  return below + ((sorted[Math.ceil(place)] ?? below) - below) * (place - Math.floor(place));
}

/** How far values lie from their middle: the larger of the standard deviation and its robust estimate, so that neither outliers nor ties make a series look calm. */
export function deviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const center = mean(values);
  const middle = median(values);
  const standard = Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
  return Math.max(standard, madToDeviation * median(values.map((value) => Math.abs(value - middle))));
}

/** Median slope between all pairs (Theil 1950, Sen 1968): the change from one value to the next, unmoved by outliers. */
export function medianSlope(values: readonly number[]): number {
  const slopes: number[] = [];
  for (let later = 1; later < values.length; later++) {
    for (let earlier = 0; earlier < later; earlier++) slopes.push(((values[later] ?? 0) - (values[earlier] ?? 0)) / (later - earlier));
  }
  return median(slopes);
}
