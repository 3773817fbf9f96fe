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
  direction32,
  direction64,
  radius32,
  radius64,
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

/** Two values that were made together, if they are normals. */
interface Pair {
  readonly x: number;
  readonly y: number;
  /** The directions in which they may lie. */
  readonly rays: readonly Ray[];
}

/** A direction that a uniform stands for. */
interface Ray {
  readonly sin: number;
  readonly cos: number;
  /** How many steps the other uniform may be off there. */
  readonly reach: number;
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
  /** How far from 0 the first uniform of a pair of normals puts it. */
  readonly radius: (uniform: number) => number;
  /** The sine and cosine of the direction in which the second puts it. */
  readonly direction: (uniform: number) => Float32Array | Float64Array;
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

const sinCos32 = new Float32Array(2);
const sinCos64 = new Float64Array(2);

/**
 * What may be tried, in a scattered order: looked at when it is first asked for,
 * and kept for the next candidate.
 */
class Trials<T> {
  /** How many there may be. */
  readonly most: number;
  readonly #look: (
    index: number,
    isNew: (key: number) => boolean,
  ) => T | undefined;
  readonly #found: T[] = [];
  readonly #keys = new Set<number>();
  #next = 0;

  /**
   * @param most How many there may be.
   * @param look Returns one by its index, or undefined if it says nothing; asks
   * whether another has its key.
   */
  constructor(
    most: number,
    look: (
      index: number,
      isNew: (key: number) => boolean,
    ) => T | undefined,
  ) {
    this.most = most;
    this.#look = look;
  }

  /**
   * Returns one; undefined if there are no more.
   *
   * @param nth Which, from 0 on.
   */
  at(nth: number): T | undefined {
    while (nth >= this.#found.length && this.#next < this.most) {
      const index = this.#next++ * stride % this.most;
      const one = this.#look(index, (key) => this.#isNew(key));
      if (one !== undefined) this.#found.push(one);
    }
    return this.#found[nth];
  }

  #isNew(key: number): boolean {
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    return true;
  }
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
    radius: radius32,
    direction(uniform) {
      direction32(uniform, sinCos32);
      return sinCos32;
    },
  },
  53: {
    step: 2 ** -53,
    epsilon: 2 ** -52,
    tiny: 2 ** -1074,
    twoPi: 2 * Math.PI,
    round: (value) => value,
    fma: fma64,
    radius: radius64,
    direction(uniform) {
      direction64(uniform, sinCos64);
      return sinCos64;
    },
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

/** The levels of 8 bits, on one side of 0. */
const mostLevels = 255;

/** How far from a level float32 may round one of 255, and a little more. */
const nearLevel = 2 ** -14;

/** After this many trials it may be clear that the values are unrelated. */
const enough = 64;

/** A prime above all counts: its multiples are all places, far apart. */
const stride = 2654435761;

/** Pairs of a block: each value and the one half a block later. */
const half = blockLength / 2;

/** At most this many pairs are tried. */
const mostPairs = 4096;

/** How many steps a pair's uniforms may be off together, found from its values. */
const reach = 3;

/** The steps of the second uniform, the likeliest first. */
const turns = [0, 1, -1, 2, -2] as const;

/** In float64 the way back to a multiple of the step is off by a few. */
const mostSteps = 4;

/** The accepted chance of a false flag, per tensor. */
const alpha = 1e-6;

/**
 * Evidence less likely than this for other values is a hint, but no finding.
 */
const hint = 0.01;

/**
 * The share of pairs of which neither is drawn again where a normal is cut at 2
 * std, as those among the candidates are.
 */
const keptAt2 = (1 - 2 * normalShare(2, Infinity)) ** 2;

/** If fewer match, they may be fresh values that were multiplied. */
const leastPart = 2 / 3;

/**
 * Candidates are tried if their std is at most this far from the measured one.
 */
const near = { share: 0.1, errors: 6 } as const;

/** The share of float64 pairs that the machine's log, sin and cos leave equal. */
const equalDoubles = 0.99;

/**
 * Returns whether values are multiples of one scale, as those of 8 bits and
 * fewer are: whatever they were drawn from, they tell no more than the scale
 * does.
 *
 * @param values The values, up to 255 times the scale.
 */
export function areLevels(values: Values): boolean {
  let largest = 0;
  for (let index = 0; index < values.length; index++) {
    largest = Math.max(largest, Math.abs(values[index]));
  }
  for (let level = 1; level <= mostLevels; level++) {
    let index = 0;
    while (index < values.length) {
      const times = values[index] / largest * level;
      if (Math.abs(times - Math.round(times)) > nearLevel) break;
      index++;
    }
    if (index === values.length) return true;
  }
  return false;
}

/**
 * Returns whether values of so many bits may lie on a generator's lattice.
 *
 * @param known The values.
 */
export function hasLattice({ bits }: Known): boolean {
  return precisions[bits] !== undefined;
}

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
  const trials = {
    pairs: pairsOf(known.sample, precision),
    values: sizesOf(known.sample.values),
    normals: new Map<number, Evidence>(),
  };
  const origins = candidates.map((one) => {
    const evidence = tryCandidate(one, trials, precision);
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
 * Returns the pairs that PyTorch would have made together, as trials. Those with
 * a 0 are left out: it may have been set later. Of pairs of the same sizes, one
 * is tried: the others would tell the same.
 *
 * @param sample The values, and where blocks of 16 begin.
 * @param precision The precision of the values.
 */
export function pairsOf(
  { values, blocks }: Pick<Sample, "values" | "blocks">,
  precision: Precision,
): Trials<Pair> {
  const tried = Math.min(mostPairs / half, blocks.length);
  return new Trials(tried * half, (index, isNew) => {
    // Blocks evenly spread, then the pairs of each.
    const nth = Math.floor(Math.floor(index / half) * blocks.length / tried);
    const place = blocks[nth] + index % half;
    const [x, y] = [values[place], values[place + half]];
    if (x === 0 || y === 0 || !isNew(Math.abs(x * y))) return undefined;
    return { x, y, rays: raysOf(x, y, precision) };
  });
}

/**
 * Returns values as trials. Zeros are left out: they may have been set later. Of
 * values of one size, one is tried.
 *
 * @param values The values.
 */
export function sizesOf(values: Values): Trials<number> {
  return new Trials(values.length, (index, isNew) => {
    const value = values[index];
    return value !== 0 && isNew(Math.abs(value)) ? value : undefined;
  });
}

/**
 * Tries which pairs PyTorch can draw from a normal about 0.
 *
 * @param pairs The pairs.
 * @param std The standard deviation.
 * @param precision The precision of the values.
 * @param isBrief Whether to stop when too few can match for an origin. Default:
 * false.
 */
export function tryNormal(
  pairs: Trials<Pair>,
  std: number,
  precision: Precision,
  isBrief = false,
): Evidence {
  const { step } = precision;
  const scale = precision.round(std);
  const least = isBrief ? keptAt2 * leastEqual(precision) : 0;
  return gather(pairs, least, (pair) => {
    const { x, y } = pair;
    const square = (x / scale) ** 2 + (y / scale) ** 2;
    return {
      matches: isDrawn(pair, scale, square, precision),
      chance: Math.exp(-square / 2) / (2 * Math.PI) *
        (spacing(x, precision) / scale / step) *
        (spacing(y, precision) / scale / step),
    };
  });
}

/**
 * Tries which values PyTorch can draw from a uniform.
 *
 * @param values The values.
 * @param ends The ends of the uniform.
 * @param precision The precision of the values.
 * @param isBrief Whether to stop when too few can match for an origin. Default:
 * false.
 */
export function tryUniform(
  values: Trials<number>,
  [low, high]: readonly [number, number],
  precision: Precision,
  isBrief = false,
): Evidence {
  const { step, round, fma } = precision;
  const from = round(low);
  const range = round(round(high) - from);
  const count = Math.round(1 / step);
  return gather(values, isBrief ? 1 : 0, (value) => {
    const near = Math.round((value - from) / range / step);
    let matches = false;
    for (let off = -mostSteps; off <= mostSteps && !matches; off++) {
      const k = near + off;
      matches = k >= 0 && k < count && fma(k * step, range, from) === value;
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

function tryCandidate(
  { distribution }: Candidate,
  { pairs, values, normals }: {
    readonly pairs: Trials<Pair>;
    readonly values: Trials<number>;
    /** By std: cut or not, normals of one std are the same trial. */
    readonly normals: Map<number, Evidence>;
  },
  precision: Precision,
): Evidence {
  if (distribution.kind !== "uniform") {
    const { std } = distribution;
    const evidence = normals.get(std) ??
      tryNormal(pairs, std, precision, true);
    normals.set(std, evidence);
    return evidence;
  }
  const { low, high } = distribution;
  return tryUniform(values, [low, high], precision, true);
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
  { distribution: { kind } }: Candidate,
  tried: number,
  precision: Precision,
): number {
  if (kind === "uniform") return tried;
  const share = (kind === "normal" ? 1 : keptAt2) * leastEqual(precision);
  return tried * share - 4 * Math.sqrt(tried * share * (1 - share));
}

/** The share of pairs of a normal that the machine leaves equal. */
function leastEqual({ step }: Precision): number {
  return step === 2 ** -53 ? equalDoubles : 1;
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
 * Tries until all were tried, or the values are clearly unrelated: too many do
 * not match, or among the first 64 fewer than half do. `tryOne` returns whether
 * one matches, and the chance that an unrelated one would.
 */
function gather<T>(
  trials: Trials<T>,
  least: number,
  tryOne: (trial: T) => { matches: boolean; chance: number },
): Evidence {
  const most = mostMisses(trials.most, least);
  let [tried, matched, chances, product] = [0, 0, 0, 1];
  for (
    let trial = trials.at(0);
    trial !== undefined;
    trial = trials.at(tried)
  ) {
    const { matches, chance } = tryOne(trial);
    tried++;
    chances += Math.min(1, chance);
    product *= Math.min(1, chance);
    if (matches) matched++;
    if (tried - matched > most) break;
    if (tried === enough && matched < enough / 2) break;
  }
  const byChance = tried === 0 ? 1 : chances / tried;
  return { tried, matched, byChance, allByChance: product };
}

/** The distance of a number from the next one away from 0. */
function spacing(value: number, { epsilon, tiny }: Precision): number {
  scratch[0] = value;
  // What is left without the significand is a power of two.
  scratchWords[0] = 0;
  scratchWords[1] &= 0x7ff00000;
  return Math.max(tiny, scratch[0] * epsilon);
}

/** The rays on which a pair may lie: on most pairs' there is none. */
function raysOf(
  x: number,
  y: number,
  { step, tiny, twoPi, direction }: Precision,
): Ray[] {
  const angle = Math.atan2(y, x);
  const count = Math.round(1 / step);
  const b = Math.round(
    (angle < 0 ? angle + 2 * Math.PI : angle) / twoPi / step,
  );
  const rays: Ray[] = [];
  for (const turn of turns) {
    const sinCos = direction(within(b + turn, count) * step);
    const [sin, cos] = [sinCos[0], sinCos[1]];
    // Rounded twice, x and y differ by 4 steps of their size from those in this
    // direction; here, where they are multiplied, by 6.
    const off = Math.abs(x * sin - y * cos);
    if (off <= 8 * step * Math.abs(x * sin) + 2 * tiny) {
      rays.push({ sin, cos, reach: reach - Math.abs(turn) });
    }
  }
  return rays;
}

function isDrawn(
  { x, y, rays }: Pair,
  std: number,
  square: number,
  { step, round, radius }: Precision,
): boolean {
  if (rays.length === 0) return false;
  const last = Math.round(1 / step) - 1;
  const a = Math.round(-Math.expm1(-square / 2) / step);
  return rays.some(({ sin, cos, reach }) => {
    for (let off = -reach; off <= reach; off++) {
      const far = radius(Math.min(Math.max(0, a + off), last) * step);
      if (round(round(far * cos) * std) !== x) continue;
      if (round(round(far * sin) * std) === y) return true;
    }
    return false;
  });
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
