/**
 * Samples of a time, and what is said of them.
 *
 * @module
 */

/** The middle of samples, and the half about it. */
export interface Middle {
  /** Half of the samples are below. */
  readonly median: number;
  /** A quarter of the samples is below. */
  readonly low: number;
  /** A quarter of the samples is above. */
  readonly high: number;
}

/**
 * Returns the median and the quartiles, in proportion between two samples.
 *
 * @param samples The samples, at least one.
 * @throws {RangeError} If there is none, or one is not finite.
 */
export function middleOf(samples: readonly number[]): Middle {
  if (samples.length === 0 || !samples.every(Number.isFinite)) {
    throw new RangeError(
      `Cannot take a median: samples must be finite numbers, at least one, got [${
        samples.join(", ")
      }]`,
    );
  }
  const sorted = samples.toSorted((a, b) => a - b);
  const quantile = (share: number) => {
    const rank = share * (sorted.length - 1);
    const below = Math.floor(rank);
    const [lower, upper] = [sorted[below], sorted[Math.ceil(rank)]];
    return lower + (rank - below) * (upper - lower);
  };
  return { median: quantile(0.5), low: quantile(0.25), high: quantile(0.75) };
}

/**
 * Returns how many times as long the others took, round by round: what slows a
 * whole round slows both.
 *
 * @param ours Our times, a round each.
 * @param theirs Their times in the same rounds; they may have stopped earlier.
 */
export function ratiosOf(
  ours: readonly number[],
  theirs: readonly number[],
): number[] {
  return theirs.map((time, round) => time / ours[round]);
}
