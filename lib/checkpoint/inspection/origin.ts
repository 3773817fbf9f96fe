/**
 * Judges what values could have been drawn from, by their distribution alone.
 *
 * Values are called fresh only if the test could have distinguished them from
 * values with 5 % noise. That takes as many values as noise would need to show:
 * some 1,800 of a uniform and 10,000 of a normal cut at 2 std, whose ends noise
 * crosses, and 17 million of a normal, whose std it raises by an eighth of a
 * percent.
 *
 * @module
 */

import { formatCount, formatNumber } from "../../core/format.ts";
import { kolmogorovSmirnov } from "../../numerics/kolmogorov_smirnov.ts";
import { normalShare } from "../../numerics/special.ts";
import { stdError } from "../../random/distribution.ts";
import type { Candidate } from "./candidates.ts";
import { isInside, isNear, isReached, type Known } from "./lattice.ts";
import type { Origin } from "./result.ts";

/** A candidate is rejected beyond so many standard errors, or below this p-value. */
const rejection = { errors: 3.5, pValue: 1e-3 } as const;

/** From this p-value on, a candidate is accepted at once. */
const agreement = 0.05;

/** Of candidates that noise could imitate, only the most usual are tried. */
const mostWeak = 4;

/** The noise that the test must be able to detect, in std. */
const noise = 0.05;

/** The mean of its positive part: that of max(0, N(0, 1)). */
const oneWay = 1 / Math.sqrt(2 * Math.PI);

/** Fewer values say nothing. */
const fewest = 30;

/** Of floats of 8 bits, the steps are wider than the noise. */
const fewestBits = 8;

/**
 * Returns the distribution that the values agree with best; null if they
 * disagree with all.
 *
 * @param known The values.
 * @param all What they may have been drawn from.
 */
export function originByDistribution(
  { bits, found, sample }: Known,
  all: readonly Candidate[],
): Origin | null {
  if (found.count < fewest || bits < fewestBits) return null;
  const values = Array.from(sample.values).filter((value) =>
    value !== 0 && Number.isFinite(value)
  );
  const near = all.filter((one) =>
    isNear(one, found, rejection.errors) && isInside(one, found, bits) &&
    isReached(one, found, bits)
  );
  const [strong, weak] = [true, false].map((told) =>
    near.filter((one) => power(one, found.count).told === told)
  );
  const best = agreeing(values, strong) ??
    agreeing(values, weak.slice(0, mostWeak));
  if (best === undefined) return null;
  const { told, chance } = power(best.candidate, found.count);
  return {
    state: told ? "fresh" : "consistent",
    initializer: best.candidate.name,
    evidence: `a Kolmogorov–Smirnov test of ${
      formatCount(values.length)
    } values has p = ${formatNumber(best.p, 2)}, and ${
      told
        ? `5 % noise would show among ${formatCount(found.count)}`
        : `${formatCount(found.count)} values are too few for 5 % noise to show`
    }`,
    share: 1,
    chance,
  };
}

/**
 * The first candidate that a test does not reject at all, or else the first
 * that it does not reject at the level: a better fit of a later one, less usual,
 * is chance, mostly.
 */
function agreeing(
  values: readonly number[],
  candidates: readonly Candidate[],
): { candidate: Candidate; p: number } | undefined {
  let second: { candidate: Candidate; p: number } | undefined;
  for (const candidate of candidates) {
    const { pValue: p } = kolmogorovSmirnov(values, candidate.expected.cdf!);
    if (p >= agreement) return { candidate, p };
    if (p >= rejection.pValue) second ??= { candidate, p };
  }
  return second;
}

/**
 * Whether the test would have distinguished as many values with noise, and the
 * chance that it would not: each is beyond the ends with the chance q, none
 * with `(1 − q)ⁿ`; without ends, the std is larger by `sqrt(1 + 0.05²) − 1` of
 * itself, and that must be 7.2 standard errors.
 */
function power(
  { expected: { std, kurtosis, high, cdf } }: Candidate,
  count: number,
): { told: boolean; chance: number } {
  if (high !== Infinity) {
    const margin = noise * std;
    const q = 2 * oneWay * (1 - cdf!(high - margin));
    const chance = Math.exp(-q * count);
    return { told: chance < 1e-9, chance };
  }
  const error = stdError(1, kurtosis!, count);
  const z = (Math.hypot(1, noise) - 1) / error;
  const chance = normalShare(z - rejection.errors, Infinity);
  return { told: z >= 2 * rejection.errors + 0.2, chance };
}
