/** Least squares through (1, v₁), (2, v₂), …: the intercept is the level one step before the first value. */
export function straightLine(values: readonly number[]): { intercept: number; slope: number } {
  const count = values.length;
  const centreX = (count + 1) / 2;
  const centreY = values.reduce((sum, value) => sum + value, 0) / Math.max(1, count);
  let xy = 0;
  let xx = 0;
  values.forEach((value, index) => {
    const x = index + 1 - centreX;
    xy += x * (value - centreY);
    xx += x * x;
  });
  const slope = xx === 0 ? 0 : xy / xx;
  return { intercept: centreY - slope * centreX, slope };
}
