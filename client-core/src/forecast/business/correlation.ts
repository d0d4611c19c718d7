/**
 * Correlations of errors by Schäfer & Strimmer (2005): sample correlations about zero, shrunk towards none by the amount that minimises their
 * expected error; a series without errors goes with nothing. Symmetric, positive definite, ones on the diagonal.
 */
export function shrunkCorrelation(errors: readonly (readonly number[])[]): number[][] {
  const standard = errors.map(standardised);
  const count = Math.min(...standard.map((row) => row.length));
  const sample = standard.map((a) => standard.map((b) => meanProduct(a, b, count)));
  const intensity = shrinkage(standard, sample, count);
  return sample.map((row, i) => row.map((value, j) => (i === j ? 1 : (1 - intensity) * value)));
}

/** Divided by the root of the mean square; all zero stays so. */
function standardised(row: readonly number[]): number[] {
  const scale = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0) / Math.max(1, row.length));
  return scale > 0 ? row.map((value) => value / scale) : row.map(() => 0);
}

function meanProduct(a: readonly number[], b: readonly number[], count: number): number {
  let sum = 0;
  for (let at = 0; at < count; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return count === 0 ? 0 : sum / count;
}

/** Variance of the sample correlations over their squares, cut to 0–1. */
function shrinkage(standard: readonly (readonly number[])[], sample: readonly (readonly number[])[], count: number): number {
  let variance = 0;
  let squares = 0;
  standard.forEach((a, i) => {
    for (let j = 0; j < i; j += 1) {
      const mean = sample[i]?.[j] ?? 0;
      let spread = 0;
      for (let at = 0; at < count; at += 1) spread += ((a[at] ?? 0) * (standard[j]?.[at] ?? 0) - mean) ** 2;
      variance += spread / Math.max(1, count * (count - 1));
      squares += mean * mean;
    }
  });
  return squares === 0 ? 1 : Math.min(1, variance / squares);
}

/** Lower triangle L with L·Lᵀ = the matrix (Cholesky); rounding that made it a little less than positive definite is forgiven. */
export function lowerRoot(matrix: readonly (readonly number[])[]): number[][] {
  const root: number[][] = [];
  matrix.forEach((row, i) => {
    const line: number[] = [];
    for (let j = 0; j <= i; j += 1) {
      let sum = row[j] ?? 0;
      for (let k = 0; k < j; k += 1) sum -= (line[k] ?? 0) * ((j === i ? line : root[j])?.[k] ?? 0);
      const diagonal = root[j]?.[j] ?? 0;
      line.push(j === i ? Math.sqrt(Math.max(0, sum)) : diagonal > 0 ? sum / diagonal : 0);
    }
    root.push(line);
  });
  return root;
}
