/**
 * What values were drawn from that lie on the lattice of PyTorch's generator.
 *
 * @module
 */

import type { Dtype } from "../../core/dtype.ts";
import { formatCount, formatShare } from "../../core/format.ts";
import type { Moments, Values } from "../../numerics/moments.ts";
import { normalShare } from "../../numerics/special.ts";
import {
  blockLength,
  transformDouble,
  transformSingle,
} from "../../random/torch/normal.ts";
import { fma32, fma64 } from "../../random/torch/reals.ts";
import { stdError } from "../summary/expectation.ts";
import type { Sample } from "./gathered.ts";
import type { Law } from "./law.ts";
import type { Origin } from "./result.ts";

/** Trials that each match or not. */
interface Evidence {
  /** How many were tried. */
  readonly tried: number;
  /** How many match. */
  readonly matched: number;
  /** The mean of the chances that a stranger matches, in [0, 1]. */
  readonly byChance: number;
  /** The chance that all would: the product of theirs. Default: unknown. */
  readonly allByChance?: number;
}

/**
 * Returns a bound on the chance that so many or more strangers match: where all
 * do, the product of their chances; else `exp(−m · KL(k/m ‖ p))` of k in m trials
 * of mean chance p, 1 where k/m is not above p. It holds also where the chances
 * differ, as they do.
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
 * Tries values in a scattered order, and stops where it is plain that they are
 * strangers: among the first 64 fewer than half match.
 *
 * @param count How many there are.
 * @param tryOne Returns whether one matches, and the chance that a stranger
 * would; undefined where it tells nothing.
 */
function gather(
  count: number,
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
    if (tried === first && matched < first / 2) break;
  }
  const byChance = tried === 0 ? 1 : chances / tried;
  return { tried, matched, byChance, allByChance: product };
}

const first = 64;

/** A prime above all counts: its multiples are all places, far apart. */
const stride = 2654435761;

/** A precision. */
interface Precision {
  /** Uniforms in [0, 1) are multiples of this. */
  readonly step: number;
  /** How many numbers are between 1 and 2, as a share: 2^−23 for float32. */
  readonly epsilon: number;
  /** The smallest distance of two numbers. */
  readonly tiny: number;
  /** 2π as it is multiplied with. */
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

/** Those whose values lie on a lattice that can be seen. */
export const precisions: Readonly<Partial<Record<string, Precision>>> = {
  float32: {
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
  float64: {
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
 * Returns the distance of a number from the next one away from 0.
 *
 * @param value The number.
 * @param precision The precision that it has.
 */
function spacing(value: number, { epsilon, tiny }: Precision): number {
  const size = Math.abs(value);
  if (size === 0) return tiny;
  const exponent = Math.floor(Math.log2(size));
  return Math.max(tiny, 2 ** exponent * epsilon);
}

const half = blockLength / 2;

/** So many pairs are tried at most. */
const most = 4096;

/** Neighbors in a and b, the likeliest first; eight are tried at once. */
const offsets: readonly (readonly [number, number])[] = [
  ...[[0, 0], [-1, 0], [1, 0], [0, 1], [-1, -1], [1, -1], [0, -1], [-1, 1]],
  ...[[1, 1], [2, 0], [-2, 0], [2, -1], [-2, -1], [2, 1], [-2, 1], [0, 2]],
  ...[[-1, 2], [1, 2], [0, -2], [3, 0], [-3, 0], [-1, -2], [1, -2], [2, 2]],
] as [number, number][];

/**
 * Tries which pairs PyTorch can draw from a normal about 0. Pairs with a 0 are
 * left out: it may have been set later.
 *
 * @param sample The values, and where blocks of 16 begin.
 * @param std The standard deviation.
 * @param precision The precision of the values.
 */
export function tryNormal(
  { values, blocks }: Pick<Sample, "values" | "blocks">,
  std: number,
  precision: Precision,
): Evidence {
  const scale = precision.round(std);
  const tried = Math.min(most / half, blocks.length);
  const block = precision.block();
  return gather(tried * half, (index) => {
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

/** Beyond a full turn comes its beginning. */
function within(index: number, turn: number): number {
  if (index < 0) return index + turn;
  return index < turn ? index : index - turn;
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

/** In float64 the way back to k is off by a few. */
const reachUniformLattice = 4;

/**
 * Tries which values PyTorch can draw from a uniform. Zeros are left out: they
 * may have been set later.
 *
 * @param values The values.
 * @param ends The ends of the uniform.
 * @param precision The precision of the values.
 */
export function tryUniform(
  values: Values,
  [low, high]: readonly [number, number],
  precision: Precision,
): Evidence {
  const { step, round, fma } = precision;
  const from = round(low);
  const range = round(round(high) - from);
  const count = Math.round(1 / step);
  return gather(values.length, (index) => {
    const value = values[index];
    if (value === 0) return undefined;
    const near = Math.round((value - from) / range / step);
    let matches = false;
    for (let off = 0; off <= reachUniformLattice && !matches; off++) {
      matches = [near - off, near + off].some((k) =>
        k >= 0 && k < count && fma(k * step, range, from) === value
      );
    }
    return { matches, chance: spacing(value, precision) / (range * step) };
  });
}

/** What is known of a tensor's values. */
export interface Known {
  /** Their dtype. */
  readonly dtype: Dtype;
  /** The moments of those that are not 0. */
  readonly found: Moments;
  /** Some of them, or all. */
  readonly sample: Pick<Sample, "values" | "blocks">;
}

/**
 * Returns whether mean and std are near those of a law.
 *
 * @param law The law.
 * @param found The moments of the values.
 * @param errors How many standard errors they may be off.
 * @param share Or else, how much of the law's std. Default: nothing.
 */
export function isNear(
  law: Law,
  { count, mean, sampleStd }: Moments,
  errors: number,
  share = 0,
): boolean {
  const error = stdError(law.std, law.kurtosis, count);
  const off = Math.abs(sampleStd - law.std);
  const shift = Math.abs(mean - law.mean) / law.std;
  return (off <= errors * error || off <= share * law.std) &&
    shift <= errors / Math.sqrt(count) + share;
}

/**
 * Returns whether no value is beyond the ends of a law, but for rounding.
 *
 * @param law The law.
 * @param found The moments of the values.
 * @param dtype Their dtype.
 */
export function isInside(
  law: Law,
  { min, max }: Moments,
  dtype: Dtype,
): boolean {
  const allowed = roundingOf(law, dtype);
  return min >= law.low - allowed && max <= law.high + allowed;
}

/**
 * Returns whether the farthest values of a uniform are as near to its ends as
 * those of n are but once in a million times: within `ln(10⁶) / n` of its width.
 * Of other laws, true.
 *
 * @param law The law.
 * @param found The moments of the values.
 * @param dtype Their dtype.
 */
export function isReached(law: Law, found: Moments, dtype: Dtype): boolean {
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

/** The chance of a false flag that is borne, a tensor. */
const alpha = 1e-6;

/** What is less likely of other values is a hint, and no finding. */
const hint = 0.01;

/** Where fewer match, they may be fresh values that were multiplied. */
const leastPart = 2 / 3;

/** Laws are tried whose std is so far from the measured one, at most. */
const reach = { share: 0.1, errors: 6 } as const;

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
    initializer: law.name,
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
    ? (1 - 2 * normalShare(high / scale, Infinity)) ** 2
    : 1;
  const isDouble = family !== "uniform" && step === 2 ** -53;
  const share = isDouble ? kept * equalDoubles : kept;
  return tried * share - 4 * Math.sqrt(tried * share * (1 - share));
}
