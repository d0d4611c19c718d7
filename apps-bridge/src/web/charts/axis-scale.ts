/** A linear axis with round steps, in the units of the values. */
export interface AxisScale {
  readonly min: number;
  readonly max: number;
  readonly interval: number;
}

/** The round axis that covers the values and zero with about `lines` steps (steps of 1, 2, 2.5 or 5 times a power of ten; Heckbert, 1990). */
export function axisScale(values: readonly number[], lines: number): AxisScale {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  if (low === high) return { min: 0, max: 1, interval: 1 };
  const rough = (high - low) / lines;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10;
  const interval = step * power;
  return { min: Math.floor(low / interval) * interval, max: Math.ceil(high / interval) * interval, interval };
}
