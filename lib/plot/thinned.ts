/**
 * Some of many ranks: enough to draw a curve through them.
 *
 * @module
 */

/**
 * Returns ranks in [0, n), rising: all of them, or at most as many as asked.
 * Half of those lie evenly, half evenly in log-odds, so that both tails are seen
 * to the last value; where the halves meet, they share ranks.
 *
 * @param n How many values there are, above 0.
 * @param points How many ranks are wanted, at least 2.
 */
export function thinnedRanks(n: number, points: number): number[] {
  if (n <= points) return Array.from({ length: n }, (_, rank) => rank);
  const half = Math.floor(points / 2);
  const reach = Math.log(2 * n - 1);
  const ranks = new Set<number>();
  for (let index = 0; index < half; index++) {
    const share = half === 1 ? 0.5 : index / (half - 1);
    ranks.add(Math.round(share * (n - 1)));
    const odds = Math.exp(reach * (2 * share - 1));
    ranks.add(Math.round(n * odds / (1 + odds) - 0.5));
  }
  return [...ranks].sort((a, b) => a - b);
}

/**
 * Returns the share that stands for a rank: `(rank + 1/2) / n`.
 *
 * @param rank From 0.
 * @param n How many values there are.
 * @see A. Hazen (1914), Storage to be provided in impounding reservoirs
 */
export function shareOf(rank: number, n: number): number {
  return (rank + 0.5) / n;
}
