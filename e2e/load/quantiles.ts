/** The values that such parts of all are at most; NaN where there are none. */
export function quantilesOf(values: readonly number[], quantiles: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return quantiles.map((quantile) => sorted[Math.ceil(quantile * sorted.length) - 1] ?? NaN);
}
