/**
 * What a tensor's values could have been drawn from, and whether that can be
 * told.
 *
 * Only what could have been told apart from values with 5 % noise is called fresh.
 * Where the generator's lattice shows (float32 and float64 of PyTorch), that is a
 * matter of exact equality. Elsewhere it takes a test of the distribution and as
 * many values as noise would need to show: some 1,800 of a uniform and 10,500 of
 * a normal cut at 2 std, whose ends noise crosses, and 17 million of a normal,
 * whose std it raises by an eighth of a percent.
 *
 * @module
 */

import type { Dtype } from "../core/dtype.ts";
import { normalShare } from "../math/erf.ts";
import { formatCount, formatNumber, formatShare } from "../plot/format.ts";
import { kolmogorovSmirnov } from "../statistics/kolmogorov_smirnov.ts";
import type { Moments } from "../statistics/moments.ts";
import { stdError } from "../summary/expectation.ts";
import { chanceOf, type Evidence } from "./evidence.ts";
import type { Law } from "./law.ts";
import { tryNormal } from "./normal_lattice.ts";
import { type Precision, precisions } from "./precision.ts";
import type { Origin } from "./result.ts";
import type { Sample } from "./sample.ts";
import { tryUniform } from "./uniform_lattice.ts";

/** What is known of a tensor's values. */
export interface Known {
  /** Their dtype. */
  readonly dtype: Dtype;
  /** The moments of those that are not 0. */
  readonly found: Moments;
  /** Some of them, or all. */
  readonly sample: Pick<Sample, "values" | "blocks">;
}

/** The chance of a false flag that is borne, a tensor. */
const alpha = 1e-6;

/** What is less likely of other values is a hint, and no finding. */
const hint = 0.01;

/** Where fewer match, they may be fresh values that were multiplied. */
const leastPart = 2 / 3;

/** Laws are tried whose std is so far from the measured one, at most. */
const reach = { share: 0.1, errors: 6 } as const;

/** A law is rejected beyond so many standard errors, or below this p-value. */
const rejection = { errors: 3.5, pValue: 1e-3 } as const;

/** From this p-value on a law is as good as any. */
const agreement = 0.05;

/** Of laws that cannot be told from noise only the most usual are tried. */
const mostWeak = 4;

/** The noise that must have been seen, in std. */
const noise = 0.05;

/** How much of it goes one way: the mean of max(0, N(0, 1)). */
const oneWay = 1 / Math.sqrt(2 * Math.PI);

/** Fewer values tell nothing. */
const fewest = 30;

/** The share of float64 pairs that the machine's log, sin and cos leave equal. */
const equalDoubles = 0.99;

/**
 * Returns what values on a generator's lattice were drawn from; null where they
 * lie on none.
 *
 * @param known The values.
 * @param laws What they may have been drawn from.
 */
export function originByLattice(
  known: Known,
  laws: readonly Law[],
): Origin | null {
  const precision = precisions[known.dtype];
  if (precision === undefined) return null;
  const near = laws.filter((law) =>
    isNear(law, known.found, reach.errors, reach.share) &&
    (law.family !== "truncatedNormal" ||
      isInside(law, known.found, known.dtype))
  );
  const origins = near.map((law) => {
    const evidence = tryLaw(law, known.sample, precision);
    return originOf(law, evidence, near.length, precision);
  });
  const order: readonly unknown[] = ["fresh", "partly", "consistent"];
  const found = order.map((state) =>
    origins.find((origin) => origin?.state === state)
  );
  return found.find((origin) => origin !== undefined) ?? null;
}

/**
 * Returns the distribution that the values agree with best; null where they
 * disagree with all.
 *
 * @param known The values.
 * @param laws What they may have been drawn from.
 */
export function originByDistribution(
  { dtype, found, sample }: Known,
  laws: readonly Law[],
): Origin | null {
  if (found.count < fewest) return null;
  const values = Array.from(sample.values).filter((value) =>
    value !== 0 && Number.isFinite(value)
  );
  const near = laws.filter((law) =>
    isNear(law, found, rejection.errors, 0) && isInside(law, found, dtype) &&
    isReached(law, found, dtype)
  );
  const [strong, weak] = [true, false].map((told) =>
    near.filter((law) => power(law, found.count).told === told)
  );
  const best = agreeing(values, strong) ??
    agreeing(values, weak.slice(0, mostWeak));
  if (best === undefined) return null;
  const { told, chance } = power(best.law, found.count);
  return {
    state: told ? "fresh" : "consistent",
    initialiser: best.law.name,
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
 * Returns the first law that a test does not reject at all, or else the first
 * that it does not reject at the level: a better fit of a later one, less usual,
 * is chance, mostly.
 */
function agreeing(
  values: readonly number[],
  laws: readonly Law[],
): { law: Law; p: number } | undefined {
  let second: { law: Law; p: number } | undefined;
  for (const law of laws) {
    const { pValue: p } = kolmogorovSmirnov(values, law.cdf);
    if (p >= agreement) return { law, p };
    if (p >= rejection.pValue) second ??= { law, p };
  }
  return second;
}

function tryLaw(
  law: Law,
  sample: Known["sample"],
  precision: Precision,
): Evidence {
  return law.family === "uniform"
    ? tryUniform(sample.values, [law.low, law.high], precision)
    : tryNormal(sample, law.scale, precision);
}

/** Null where too few match, or as many would by chance. */
function originOf(
  law: Law,
  evidence: Evidence,
  laws: number,
  precision: Precision,
): Origin | null {
  const { tried, matched, byChance } = evidence;
  const chance = Math.min(1, chanceOf(evidence) * laws);
  const isWhole = matched >= leastOf(law, tried, precision);
  if (!isWhole && (matched < leastPart * tried || chance > alpha)) return null;
  if (chance > hint) return null;
  const [what, place] = law.family === "uniform"
    ? ["values", "on the lattice of PyTorch's generator"]
    : ["pairs of values", "what PyTorch's generator makes of its lattice"];
  const count = matched === tried
    ? `each of ${formatCount(tried)} ${what} is`
    : `${formatCount(matched)} of ${formatCount(tried)} ${what} are`;
  const few = chance > alpha ? "; they are too few to tell" : "";
  return {
    state: !isWhole ? "partly" : chance > alpha ? "consistent" : "fresh",
    initialiser: law.name,
    evidence: `${count} ${place} (${
      formatShare(byChance)
    } of others would be)${few}`,
    share: isWhole ? 1 : (matched / tried - byChance) / (1 - byChance),
    chance,
  };
}

/**
 * How many of fresh values match at least: all; of a cut normal those pairs of
 * which neither was drawn again, or 4 standard errors fewer.
 */
function leastOf(law: Law, tried: number, { step }: Precision): number {
  const { family, scale, high } = law;
  const kept = family === "truncatedNormal"
    ? (1 - 2 * tailOf(high / scale)) ** 2
    : 1;
  const isDouble = family !== "uniform" && step === 2 ** -53;
  const share = isDouble ? kept * equalDoubles : kept;
  return tried * share - 4 * Math.sqrt(tried * share * (1 - share));
}

/** The share of a normal beyond z. */
function tailOf(z: number): number {
  return normalShare(z, Infinity);
}

function isNear(
  law: Law,
  { count, mean, sampleStd }: Moments,
  errors: number,
  share: number,
): boolean {
  const error = stdError(law.std, law.kurtosis, count);
  const off = Math.abs(sampleStd - law.std);
  const shift = Math.abs(mean - law.mean) / law.std;
  return (off <= errors * error || off <= share * law.std) &&
    shift <= errors / Math.sqrt(count) + share;
}

/** Whether no value is beyond the ends, but for rounding. */
function isInside(law: Law, { min, max }: Moments, dtype: Dtype): boolean {
  const allowed = roundingOf(law, dtype);
  return min >= law.low - allowed && max <= law.high + allowed;
}

/**
 * Whether the farthest values of a uniform are as near to its ends as those of n
 * are but once in a million times: within `ln(10⁶) / n` of its width.
 */
function isReached(law: Law, found: Moments, dtype: Dtype): boolean {
  if (law.family !== "uniform") return true;
  const { count, min, max } = found;
  const far = (law.high - law.low) * Math.log(1e6) / count +
    roundingOf(law, dtype);
  return min <= law.low + far && max >= law.high - far;
}

function roundingOf({ high }: Law, dtype: Dtype): number {
  if (high === Infinity) return 0;
  const shares: Partial<Record<Dtype, number>> = {
    float16: 2 ** -10,
    bfloat16: 2 ** -7,
  };
  return high * (shares[dtype] ?? 2 ** -22);
}

/**
 * Whether so many values with noise would have been told apart, and the chance
 * that they would not: each is beyond the ends with the chance q, none with
 * `(1 − q)ⁿ`; where there are no ends, the std is larger by
 * `sqrt(1 + 0.05²) − 1` of itself, and that must be 7.2 standard errors.
 */
function power(law: Law, count: number): { told: boolean; chance: number } {
  if (law.high !== Infinity) {
    const margin = noise * law.std;
    const q = 2 * oneWay * (1 - law.cdf(law.high - margin));
    const chance = Math.exp(-q * count);
    return { told: chance < 1e-9, chance };
  }
  const error = stdError(1, law.kurtosis, count);
  const z = (Math.hypot(1, noise) - 1) / error;
  const chance = tailOf(z - rejection.errors);
  return { told: z >= 2 * rejection.errors + 0.2, chance };
}
