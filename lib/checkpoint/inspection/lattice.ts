/**
 * Recognizes by exact equality what values on the lattice of PyTorch's
 * generator were drawn from, with a bound on the chance that unrelated values
 * look the same.
 *
 * @module
 */

import { formatCount, formatShare } from "../../core/format.ts";
import type { Moments, Values } from "../../numerics/moments.ts";
import { normalShare } from "../../numerics/special.ts";
import {
  blockLength,
  transformDouble,
  transformSingle,
} from "../../random/torch/normal.ts";
import { fma32, fma64 } from "../../numerics/float.ts";
import { stdError } from "../../random/distribution.ts";
import type { Candidate } from "./candidates.ts";
import type { Sample } from "./gathered.ts";
import type { Origin } from "./result.ts";

/** Trials that each match or not. */
interface Evidence {
  /** How many were tried. */
  readonly tried: number;
  /** How many match. */
  readonly matched: number;
  /** The mean of the chances that an unrelated value matches, in [0, 1]. */
  readonly byChance: number;
  /** The chance that all would: the product of theirs. Default: unknown. */
  readonly allByChance?: number;
}

/** A precision. */
interface Precision {
  /** Uniforms in [0, 1) are multiples of this. */
  readonly step: number;
  /** How many numbers are between 1 and 2, as a share: 2^−23 for float32. */
  readonly epsilon: number;
  /** The smallest distance of two numbers. */
  readonly tiny: number;
  /** 2π in the precision in which PyTorch multiplies by it. */
  readonly twoPi: number;
  /** Rounds to it. */
  readonly round: (value: number) => number;
  /** Returns a · b + c, rounded once. */
  readonly fma: (a: number, b: number, c: number) => number;
  /** Makes 16 normals about 0 of 16 uniforms, in place. */
  readonly normals: (block: Float32Array | Float64Array, std: number) => void;
  /** Makes room for 16 numbers. */
  readonly block: () => Float32Array | Float64Array;
}

/** What is known of a tensor's values. */
export interface Known {
  /** How many significant bits they have, as {@linkcode heldBits} says. */
  readonly bits: number;
  /** The moments of those that are not 0. */
  readonly found: Moments;
  /** Some of them, or all. */
  readonly sample: Pick<Sample, "values" | "blocks">;
}

/** The precisions in which the lattice is detectable, by significant bits. */
export const precisions: Readonly<Partial<Record<number, Precision>>> = {
  24: {
    step: 2 ** -24,
    epsilon: 2 ** -23,
    tiny: 2 ** -149,
    twoPi: Math.fround(2 * Math.PI),
    round: Math.fround,
    fma: fma32,
    normals: (block, std) =>
      transformSingle(block as Float32Array, 0, 0, Math.fround(std)),
    block: () => new Float32Array(16),
  },
  53: {
    step: 2 ** -53,
    epsilon: 2 ** -52,
    tiny: 2 ** -1074,
    twoPi: 2 * Math.PI,
    round: (value) => value,
    fma: fma64,
    normals: (block, std) => transformDouble(block as Float64Array, 0, 0, std),
    block: () => new Float64Array(16),
  },
};

/**
 * Significant bits of what values were rounded to: 8 bits and fewer, bfloat16,
 * float16, float32, float64. Six bits fewer than the last two have, values were
 * rounded to something else: each is on the lattice by nature.
 */
const roundings = [4, 8, 11, 18, 24, 47, 53] as const;

/** The share of values that must have no more bits. */
const mostOf = 0.9;

/** A float64 and its upper and lower half. */
const scratch = new Float64Array(1);
const scratchWords = new Uint32Array(scratch.buffer);

/** After this many trials it may be clear that the values are unrelated. */
const enough = 64;

/** A prime above all counts: its multiples are all places, far apart. */
const stride = 2654435761;

/** Pairs of a block: each value and the one half a block later. */
const half = blockLength / 2;

/** At most this many pairs are tried. */
const mostPairs = 4096;

/** Neighbors in a and b, the likeliest first; eight are tried at once. */
const offsets: readonly (readonly [number, number])[] = [
  ...[[0, 0], [-1, 0], [1, 0], [0, 1], [-1, -1], [1, -1], [0, -1], [-1, 1]],
  ...[[1, 1], [2, 0], [-2, 0], [2, -1], [-2, -1], [2, 1], [-2, 1], [0, 2]],
  ...[[-1, 2], [1, 2], [0, -2], [3, 0], [-3, 0], [-1, -2], [1, -2], [2, 2]],
] as [number, number][];

/** In float64 the way back to a multiple of the step is off by a few. */
const mostSteps = 4;

/** The accepted chance of a false flag, per tensor. */
const alpha = 1e-6;

/**
 * Evidence less likely than this for other values is a hint, but no finding.
 */
const hint = 0.01;

/** How many std from the mean the cut normals among the candidates end. */
const cutAt2 = 2;

/** If fewer match, they may be fresh values that were multiplied. */
const leastPart = 2 / 3;

/**
 * Candidates are tried if their std is at most this far from the measured one.
 */
const near = { share: 0.1, errors: 6 } as const;

/** The share of float64 pairs that the machine's log, sin and cos leave equal. */
const equalDoubles = 0.99;

/**
 * Returns what values on a generator's lattice were drawn from; null if they
 * lie on none.
 *
 * @param known The values.
 * @param all The candidates.
 */
export function originByLattice(
  known: Known,
  all: readonly Candidate[],
): Origin | null {
  const precision = precisions[known.bits];
  if (precision === undefined) return null;
  const candidates = all.filter((one) =>
    isNear(one, known.found, near.errors, near.share) &&
    (one.distribution.kind !== "truncatedNormal" ||
      isInside(one, known.found, known.bits))
  );
  const normals = new Map<number, Evidence>();
  const origins = candidates.map((one) => {
    const evidence = tryCandidate(one, known.sample, precision, normals);
    return originOf(one, evidence, candidates.length, precision);
  });
  const order: readonly unknown[] = ["fresh", "partly", "consistent"];
  const found = order.map((state) =>
    origins.find((origin) => origin?.state === state)
  );
  return found.find((origin) => origin !== undefined) ?? null;
}

/**
 * Returns how many significant bits nine in ten of the values need at most: 24 of
 * float32, 11 of float16 and 8 of bfloat16, also where these were widened; 4 of
 * floats of 8 bits; 18 and 47 of what was rounded to anything else. Zeros are
 * left out.
 *
 * @param values The values.
 */
export function heldBits(values: Values): number {
  const counts = new Uint32Array(roundings.length);
  let total = 0;
  for (let index = 0; index < values.length; index++) {
    if (values[index] === 0) continue;
    const bits = significantBits(values[index]);
    counts[roundings.findIndex((held) => held >= bits)]++;
    total++;
  }
  let held = 0;
  return roundings.find((_, index) =>
    (held += counts[index]) >= mostOf * total
  )!;
}

/**
 * Returns a bound on the chance that as many or more unrelated values match: if
 * all do, the product of their chances; else `exp(−m · KL(k/m ‖ p))` of k in m
 * trials of mean chance p, 1 if k/m is not above p. It also holds if the
 * chances differ, as they do.
 *
 * @param evidence How many matched.
 * @see W. Hoeffding (1963), Probability inequalities for sums of bounded random
 * variables, theorem 1
 *
 * @example
 * ```ts
 * import { chanceOf } from "./lattice.ts";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const all = chanceOf({ tried: 8, matched: 8, byChance: 0.1 });
 * assertAlmostEquals(all, 1e-8, 1e-15);
 * assertEquals(chanceOf({ tried: 8, matched: 1, byChance: 0.5 }), 1);
 * ```
 */
export function chanceOf(
  { tried, matched, byChance, allByChance }: Evidence,
): number {
  if (matched === tried && allByChance !== undefined) return allByChance;
  if (tried === 0 || matched <= tried * byChance) return 1;
  const share = matched / tried;
  const rest = matched === tried
    ? 0
    : (1 - share) * Math.log((1 - share) / (1 - byChance));
  return Math.exp(-tried * (share * Math.log(share / byChance) + rest));
}

/**
 * Tries which pairs PyTorch can draw from a normal about 0. Pairs with a 0 are
 * left out: it may have been set later.
 *
 * @param sample The values, and where blocks of 16 begin.
 * @param std The standard deviation.
 * @param precision The precision of the values.
 * @param isBrief Whether to stop when too few can match for an origin. Default:
 * false.
 */
export function tryNormal(
  { values, blocks }: Pick<Sample, "values" | "blocks">,
  std: number,
  precision: Precision,
  isBrief = false,
): Evidence {
  const scale = precision.round(std);
  const tried = Math.min(mostPairs / half, blocks.length);
  const block = precision.block();
  const least = isBrief ? leastKept(cutAt2, precision) : 0;
  return gather(tried * half, mostMisses(tried * half, least), (index) => {
    // Blocks evenly spread, then the pairs of each.
    const nth = Math.floor(Math.floor(index / half) * blocks.length / tried);
    const place = blocks[nth] + index % half;
    const [x, y] = [values[place], values[place + half]];
    if (x === 0 || y === 0) return undefined;
    const square = (x / scale) ** 2 + (y / scale) ** 2;
    return {
      matches: isDrawn(x, y, scale, square, block, precision),
      chance: Math.exp(-square / 2) / (2 * Math.PI) *
        (spacing(x, precision) / scale / precision.step) *
        (spacing(y, precision) / scale / precision.step),
    };
  });
}

/**
 * Tries which values PyTorch can draw from a uniform. Zeros are left out: they
 * may have been set later.
 *
 * @param values The values.
 * @param ends The ends of the uniform.
 * @param precision The precision of the values.
 * @param isBrief Whether to stop when too few can match for an origin. Default:
 * false.
 */
export function tryUniform(
  values: Values,
  [low, high]: readonly [number, number],
  precision: Precision,
  isBrief = false,
): Evidence {
  const { step, round, fma } = precision;
  const from = round(low);
  const range = round(round(high) - from);
  const count = Math.round(1 / step);
  const least = isBrief ? 1 : 0;
  return gather(values.length, mostMisses(values.length, least), (index) => {
    const value = values[index];
    if (value === 0) return undefined;
    const near = Math.round((value - from) / range / step);
    let matches = false;
    for (let off = 0; off <= mostSteps && !matches; off++) {
      matches = [near - off, near + off].some((k) =>
        k >= 0 && k < count && fma(k * step, range, from) === value
      );
    }
    return { matches, chance: spacing(value, precision) / (range * step) };
  });
}

/**
 * Returns whether mean and std are near those of a candidate.
 *
 * @param candidate The candidate.
 * @param found The moments of the values.
 * @param errors How many standard errors they may be off.
 * @param share Or else, how much of the candidate's std. Default: nothing.
 */
export function isNear(
  { expected }: Candidate,
  { count, mean, sampleStd }: Moments,
  errors: number,
  share = 0,
): boolean {
  const error = stdError(expected.std, expected.kurtosis!, count);
  const off = Math.abs(sampleStd - expected.std);
  const shift = Math.abs(mean - expected.mean) / expected.std;
  return (off <= errors * error || off <= share * expected.std) &&
    shift <= errors / Math.sqrt(count) + share;
}

/**
 * Returns whether no value is beyond the ends of a candidate, except by
 * rounding.
 *
 * @param candidate The candidate.
 * @param found The moments of the values.
 * @param bits How many significant bits they have.
 */
export function isInside(
  { expected }: Candidate,
  { min, max }: Moments,
  bits: number,
): boolean {
  const allowed = roundingOf(expected, bits);
  return min >= expected.low - allowed && max <= expected.high + allowed;
}

/**
 * Returns whether the extreme values of a uniform are near enough to its ends:
 * within `ln(10⁶) / n` of its width, which n values miss once in a million
 * times. For other candidates, returns true.
 *
 * @param candidate The candidate.
 * @param found The moments of the values.
 * @param bits How many significant bits they have.
 */
export function isReached(
  { distribution, expected }: Candidate,
  found: Moments,
  bits: number,
): boolean {
  if (distribution.kind !== "uniform") return true;
  const { count, min, max } = found;
  const far = (expected.high - expected.low) * Math.log(1e6) / count +
    roundingOf(expected, bits);
  return min <= expected.low + far && max >= expected.high - far;
}

/** Cut or not, normals of one std are the same trial. */
function tryCandidate(
  { distribution }: Candidate,
  sample: Known["sample"],
  precision: Precision,
  normals: Map<number, Evidence>,
): Evidence {
  if (distribution.kind !== "uniform") {
    const { std } = distribution;
    const evidence = normals.get(std) ??
      tryNormal(sample, std, precision, true);
    normals.set(std, evidence);
    return evidence;
  }
  const { low, high } = distribution;
  return tryUniform(sample.values, [low, high], precision, true);
}

/** Null if too few match, or as many would by chance. */
function originOf(
  candidate: Candidate,
  evidence: Evidence,
  candidates: number,
  precision: Precision,
): Origin | null {
  const { tried, matched, byChance } = evidence;
  const chance = Math.min(1, chanceOf(evidence) * candidates);
  const isWhole = matched >= leastOf(candidate, tried, precision);
  if (!isWhole && (matched < leastPart * tried || chance > alpha)) return null;
  if (chance > hint) return null;
  const [what, place] = candidate.distribution.kind === "uniform"
    ? ["values", "on the lattice of PyTorch's generator"]
    : ["pairs of values", "what PyTorch's generator makes of its lattice"];
  const count = matched === tried
    ? `each of ${formatCount(tried)} ${what} is`
    : `${formatCount(matched)} of ${formatCount(tried)} ${what} are`;
  const few = chance > alpha ? "; they are too few to tell" : "";
  return {
    state: !isWhole ? "partly" : chance > alpha ? "consistent" : "fresh",
    initializer: candidate.name,
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
function leastOf(
  { distribution }: Candidate,
  tried: number,
  precision: Precision,
): number {
  const share = distribution.kind === "uniform"
    ? 1
    : distribution.kind === "normal"
    ? leastKept(Infinity, precision)
    : leastKept(distribution.high! / distribution.std, precision);
  return tried * share - 4 * Math.sqrt(tried * share * (1 - share));
}

/** The share of pairs of a normal, cut at some std, that match. */
function leastKept(cut: number, { step }: Precision): number {
  const kept = (1 - 2 * normalShare(cut, Infinity)) ** 2;
  return step === 2 ** -53 ? kept * equalDoubles : kept;
}

/**
 * With more misses, neither the part that must match nor the share that fresh
 * values leave can be reached, however few of the trials count.
 */
function mostMisses(trials: number, share: number): number {
  const missing = trials * (1 - share) +
    4 * Math.sqrt(trials * share * (1 - share));
  return Math.max(missing, trials * (1 - leastPart));
}
/**
 * Tries values in a scattered order, and stops early if they are clearly
 * unrelated: too many do not match, or among the first 64 fewer than half do.
 * `tryOne` returns whether one matches, and the chance that an unrelated one
 * would; undefined if the trial says nothing.
 */
function gather(
  count: number,
  mostMisses: number,
  tryOne: (index: number) => { matches: boolean; chance: number } | undefined,
): Evidence {
  let [tried, matched, chances, product] = [0, 0, 0, 1];
  for (let index = 0; index < count; index++) {
    const one = tryOne(index * stride % count);
    if (one === undefined) continue;
    tried++;
    chances += Math.min(1, one.chance);
    product *= Math.min(1, one.chance);
    if (one.matches) matched++;
    if (tried - matched > mostMisses) break;
    if (tried === enough && matched < enough / 2) break;
  }
  const byChance = tried === 0 ? 1 : chances / tried;
  return { tried, matched, byChance, allByChance: product };
}

/** The distance of a number from the next one away from 0. */
function spacing(value: number, { epsilon, tiny }: Precision): number {
  const size = Math.abs(value);
  if (size === 0) return tiny;
  const exponent = Math.floor(Math.log2(size));
  return Math.max(tiny, 2 ** exponent * epsilon);
}

function isDrawn(
  x: number,
  y: number,
  std: number,
  square: number,
  block: Float32Array | Float64Array,
  { step, twoPi, normals }: Precision,
): boolean {
  const angle = Math.atan2(y, x);
  const a = Math.round(-Math.expm1(-square / 2) / step);
  const b = Math.round(
    (angle < 0 ? angle + 2 * Math.PI : angle) / twoPi / step,
  );
  const turn = Math.round(1 / step);
  for (let first = 0; first < offsets.length; first += half) {
    for (let j = 0; j < half; j++) {
      const [da, db] = offsets[first + j];
      block[j] = Math.min(Math.max(0, a + da), turn - 1) * step;
      block[j + half] = within(b + db, turn) * step;
    }
    normals(block, std);
    for (let j = 0; j < half; j++) {
      if (block[j] === x && block[j + half] === y) return true;
    }
  }
  return false;
}

/** Wraps around after a full turn. */
function within(index: number, turn: number): number {
  if (index < 0) return index + turn;
  return index < turn ? index : index - turn;
}

function roundingOf({ high }: Candidate["expected"], bits: number): number {
  return high === Infinity ? 0 : high * Math.max(2 ** (1 - bits), 2 ** -22);
}

/** How many bits of a number are not 0 at its end: 1 for a power of two. */
function significantBits(value: number): number {
  scratch[0] = value;
  const [low, high] = scratchWords;
  const end = (word: number) => 31 - Math.clz32(word & -word);
  if (low !== 0) return 53 - end(low);
  return 21 - end(high & 0xfffff | 1 << 20);
}
