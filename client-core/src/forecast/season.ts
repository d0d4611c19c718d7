/** Classical decomposition: seasonal effects by phase, as starting states and for methods that work on adjusted values. */

/** Seasons need at least this many full periods of history to be told from chance. */
const testedPeriodsMin = 3;
/** One-sided 95% of the normal: the test of Makridakis & Hibon (2000) for the benchmark methods of the M3 competition. */
const significant = 1.645;

/**
 * Effects by phase from the whole stretch: ratios to, or differences from, a centred moving average, averaged by phase; they sum to 0
 * (additive) or average 1 (multiplicative).
 */
export function seasonEffects(values: readonly number[], period: number, kind: "A" | "M"): number[] {
  const sums = Array.from({ length: period }, () => 0);
  const counts = Array.from({ length: period }, () => 0);
  centredAverages(values, period).forEach((average, offset) => {
    const index = offset + Math.floor(period / 2);
    const value = values[index] ?? 0;
    if (kind === "M" && !(average > 0)) return;
    const phase = index % period;
    sums[phase] = (sums[phase] ?? 0) + (kind === "M" ? value / average : value - average);
    counts[phase] = (counts[phase] ?? 0) + 1;
  });
  const neutral = kind === "M" ? 1 : 0;
  const raw = sums.map((sum, phase) => ((counts[phase] ?? 0) === 0 ? neutral : sum / (counts[phase] ?? 1)));
  const centre = raw.reduce((sum, value) => sum + value, 0) / Math.max(1, raw.length);
  if (kind === "A") return raw.map((effect) => effect - centre);
  return centre > 0 ? raw.map((effect) => effect / centre) : raw;
}

/** True when the autocorrelation at one period stands out of what the shorter lags explain. */
export function isSeasonal(values: readonly number[], period: number): boolean {
  const count = values.length;
  if (period < 2 || count < testedPeriodsMin * period) return false;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const total = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  if (!(total > 0)) return false;
  const correlationAt = (lag: number) => {
    let sum = 0;
    for (let index = lag; index < count; index += 1) sum += ((values[index] ?? 0) - mean) * ((values[index - lag] ?? 0) - mean);
    return sum / total;
  };
  let shorter = 0;
  for (let lag = 1; lag < period; lag += 1) shorter += correlationAt(lag) ** 2;
  return Math.abs(correlationAt(period)) > significant * Math.sqrt((1 + 2 * shorter) / count);
}

/** Moving averages over one whole period around each inner observation (2×m for an even period). */
function centredAverages(values: readonly number[], period: number): number[] {
  const half = Math.floor(period / 2);
  const averages: number[] = [];
  for (let centre = half; centre + half < values.length; centre += 1) {
    let sum = 0;
    for (let offset = -half; offset <= half; offset += 1) {
      const outer = period % 2 === 0 && Math.abs(offset) === half;
      sum += (values[centre + offset] ?? 0) * (outer ? 0.5 : 1);
    }
    averages.push(sum / period);
  }
  return averages;
}
