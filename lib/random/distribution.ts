/**
 * Distributions as plain data, which can be compared, sent to a worker and
 * written to a file; and the moments expected of a tensor drawn from one.
 *
 * @module
 */

import {
  type DataOf,
  type Dtype,
  dtypes,
  type FloatDtype,
  roundingOf,
} from "../core/dtype.ts";
import {
  anyNumber,
  type AnyTable,
  cannot,
  checkCount,
  checkFinite,
  count,
  counts,
  describe,
  integer,
  isPlain,
  oneOf,
  type Option,
  readOptions,
  real,
} from "../core/options.ts";
import {
  checkShape,
  elementCount,
  formatShape,
  type Shape,
} from "../core/shape.ts";
import { storageOf } from "../core/recording.ts";
import { Tensor } from "../core/tensor.ts";
import {
  normalCdf,
  normalShare,
  truncatedKurtosis,
  truncatedMoments,
  truncatedNormalCdf,
  uniformCdf,
} from "../numerics/special.ts";

/**
 * Every element has one value.
 *
 * @internal
 */
export interface Constant {
  /** Names the distribution. */
  readonly kind: "constant";
  /** The value, which may be NaN or infinite. */
  readonly value: number;
}

/**
 * The uniform distribution on [low, high).
 *
 * @internal
 */
export interface Uniform {
  /** Names the distribution. */
  readonly kind: "uniform";
  /** The lower end. */
  readonly low: number;
  /** The upper end. */
  readonly high: number;
}

/**
 * The normal distribution.
 *
 * @internal
 */
export interface Normal {
  /** Names the distribution. */
  readonly kind: "normal";
  /** The mean. */
  readonly mean: number;
  /** The standard deviation. */
  readonly std: number;
}

/**
 * A normal distribution, cut at one or two absolute ends.
 *
 * @internal
 */
export interface TruncatedNormal {
  /** Names the distribution. */
  readonly kind: "truncatedNormal";
  /** The mean before the cut. */
  readonly mean: number;
  /** The standard deviation before the cut, above 0. */
  readonly std: number;
  /** The lower end; absent if there is none. */
  readonly low?: number;
  /** The upper end; absent if there is none. */
  readonly high?: number;
}

/**
 * Orthonormal rows, or columns where there are fewer of them, times a gain.
 *
 * @internal
 */
export interface Orthogonal {
  /** Names the distribution. */
  readonly kind: "orthogonal";
  /** The length of a row or column. */
  readonly gain: number;
}

/**
 * Normals with mean 0, some of which become 0 in each column of a matrix.
 *
 * @internal
 */
export interface Sparse {
  /** Names the distribution. */
  readonly kind: "sparse";
  /** The standard deviation of the normals. */
  readonly std: number;
  /** How many elements of each column become 0. */
  readonly zeros: number;
}

/**
 * Zeros, and ones in some places.
 *
 * @internal
 */
export interface Ones {
  /** Names the distribution. */
  readonly kind: "ones";
  /** The places of the ones in row-major order, ascending. */
  readonly places: readonly number[];
}

/**
 * Zeros, and an orthogonal matrix `[outputs, inputs]` at one place of the
 * kernel: its middle, the first of two where the size is even.
 *
 * @internal
 */
export interface DeltaOrthogonal {
  /** Names the distribution. */
  readonly kind: "deltaOrthogonal";
  /** The length of a row or column. */
  readonly gain: number;
}

/**
 * Zeros, and the same values from each of some places on.
 *
 * @internal
 */
export interface Repeated {
  /** Names the distribution. */
  readonly kind: "repeated";
  /** The values, which follow each other. */
  readonly values: readonly number[];
  /** The places of the first of them in row-major order. */
  readonly places: readonly number[];
}

/**
 * The biases of a recurrent layer whose gates remember for 1 to `longest` steps:
 * `−ln u` for the input gate with u from U[1, longest − 1), `ln u` with the same
 * u for the forget gate. The axis has both gates, each one half.
 *
 * @internal
 */
export interface Chrono {
  /** Names the distribution. */
  readonly kind: "chrono";
  /** The longest time, in steps; above 2. */
  readonly longest: number;
}

/**
 * Rows of a tensor that are drawn by themselves, as a tensor of so many rows.
 *
 * @internal
 */
export interface DistributionPart {
  /** How many rows: steps along axis 0. */
  readonly rows: number;
  /** What they are drawn from. */
  readonly of: Distribution;
}

/**
 * Parts that follow each other along axis 0, drawn in that order.
 *
 * @internal
 */
export interface Parts {
  /** Names the distribution. */
  readonly kind: "parts";
  /** The parts, which have all rows together. */
  readonly parts: readonly DistributionPart[];
}

/**
 * Another distribution's elements, multiplied by a number and rounded again.
 *
 * @internal
 */
export interface Scaled {
  /** Names the distribution. */
  readonly kind: "scaled";
  /** The other distribution. */
  readonly of: Distribution;
  /** The number. */
  readonly by: number;
}

/** The distribution from which the elements of a tensor are drawn. */
export type Distribution =
  | Constant
  | Uniform
  | Normal
  | TruncatedNormal
  | Orthogonal
  | Sparse
  | Ones
  | DeltaOrthogonal
  | Repeated
  | Chrono
  | Parts
  | Scaled;

/**
 * The target of a fill: all that an initializer may know about a tensor.
 *
 * @internal
 */
export interface Target {
  /** Sizes along the axes. */
  readonly shape: Shape;
  /** The element type. */
  readonly dtype: Dtype;
}

/** The expected properties of a tensor's elements. */
export interface Expectation {
  /** The mean. */
  readonly mean: number;
  /** The standard deviation. */
  readonly std: number;
  /**
   * The mean of `((x − mean) / std)⁴`: the heavier the tails, the more the
   * standard deviation varies between samples. Null if it does not vary: there
   * is no spread, or the sum of squares is fixed, as in an orthogonal matrix.
   */
  readonly kurtosis: number | null;
  /** The smallest possible value; −∞ if there is none. */
  readonly low: number;
  /** The largest possible value; ∞ if there is none. */
  readonly high: number;
  /**
   * Returns the share of the distribution at or below x; null unless the
   * elements are drawn independently from a continuous distribution.
   */
  readonly cdf: ((x: number) => number) | null;
}

/**
 * If at most this share of the normal lies between its ends, PyTorch draws
 * uniforms and accepts some of them, and the ends must be finite. Otherwise it
 * draws normals, and redraws those outside.
 *
 * @see `torch.nn.init.trunc_normal_`, PyTorch 2.13.0
 */
export const enoughInside = 0.3;

/** An end that may be omitted. */
const end: Option<number> = { ...anyNumber(), insteadOf: [] };

/** A standard deviation. */
const size = real(undefined, { low: 0 });

/** The fields of each kind of distribution. */
const tables: Readonly<Record<string, AnyTable>> = {
  constant: { value: anyNumber() },
  uniform: { low: real(), high: real() },
  normal: { mean: real(), std: size },
  truncatedNormal: { mean: real(), std: size, low: end, high: end },
  orthogonal: { gain: real() },
  sparse: { std: size, zeros: integer() },
  ones: { places: counts(0) },
  deltaOrthogonal: { gain: real() },
  repeated: { values: { read: readNumbers }, places: counts(0) },
  chrono: { longest: real() },
  parts: { parts: { read: readParts } },
  scaled: { of: { read: readDistribution }, by: real() },
};

/**
 * Returns whether filling from a distribution draws from a generator.
 *
 * @param distribution The distribution.
 */
export function draws(distribution: Distribution): boolean {
  const { kind } = distribution;
  if (kind === "scaled") return draws(distribution.of);
  if (kind === "parts") return distribution.parts.some(({ of }) => draws(of));
  return kind !== "constant" && kind !== "ones" && kind !== "repeated";
}

/**
 * Returns the parts of a tensor, each as a view of its rows. The storage does
 * not count as read.
 *
 * @param tensor The tensor.
 * @param parts How many rows each has.
 */
export function rowsOf<P extends { readonly rows: number }>(
  tensor: Tensor<FloatDtype>,
  parts: readonly P[],
): { readonly part: P; readonly tensor: Tensor<FloatDtype> }[] {
  const [, ...rest] = tensor.shape;
  const each = elementCount(rest);
  const { dtype } = tensor;
  let start = 0;
  return parts.map((part) => {
    const end = start + part.rows * each;
    const data = storageOf(tensor).subarray(start, end) as DataOf<FloatDtype>;
    start = end;
    return { part, tensor: new Tensor(data, [part.rows, ...rest], dtype) };
  });
}

/**
 * Returns the first element's place in the middle of a kernel, the first of two
 * where a size is even, and the number of the kernel's elements.
 *
 * @param shape The weight's shape: outputs, inputs, kernel.
 */
export function middleOf(
  [, , ...kernel]: Shape,
): { readonly middle: number; readonly field: number } {
  const middle = kernel.reduce(
    (place, size) => place * size + Math.floor((size - 1) / 2),
    0,
  );
  return { middle, field: elementCount(kernel) };
}

/**
 * Returns the standard deviation of a uniform on (low, high):
 * `(high − low) / sqrt(12)`.
 *
 * @param low The lower end.
 * @param high The upper end.
 */
export function uniformStd(low: number, high: number): number {
  return (high - low) / Math.sqrt(12);
}

/**
 * Returns the bound b of the uniform on (−b, b) with a standard deviation:
 * `b = sqrt(3) * std`.
 *
 * @param std The standard deviation.
 */
export function uniformBound(std: number): number {
  return Math.sqrt(3) * std;
}

/**
 * Returns the standard error of the standard deviation of a sample:
 * `std · sqrt((κ − 1) / (4n))`, with the kurtosis κ. For large n.
 *
 * @param std The standard deviation that the values are drawn with.
 * @param kurtosis Their kurtosis: 9/5 for a uniform, 3 for a normal.
 * @param count How many there are.
 * @see Cramér, "Mathematical Methods of Statistics", 1946, 27.4 and 28.4
 */
export function stdError(std: number, kurtosis: number, count: number): number {
  return std * Math.sqrt((kurtosis - 1) / (4 * count));
}

/**
 * Returns the expected properties of a tensor's elements.
 *
 * If a share p was not set to 0 after the draw, `mean = p · μ` and `std² = p ·
 * σ² + p · (1 − p) · μ²`.
 *
 * @param distribution What they are drawn from.
 * @param shape The tensor's shape: the spread of an orthogonal or a sparse matrix
 * follows from it.
 * @param zeroed How many elements were set to 0 after the draw. Default: 0.
 * @throws {TypeError} If the distribution or the shape is none.
 * @throws {RangeError} If a number is out of range, or the rank of a matrix.
 *
 * @example
 * ```ts
 * import { expectationOf } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const { std } = expectationOf({ kind: "orthogonal", gain: 1 }, [4, 100]);
 * assertEquals(std, 0.1);
 * ```
 */
export function expectationOf(
  distribution: Distribution,
  shape: Shape,
  zeroed = 0,
): Expectation {
  const action = "compute an expectation";
  const read = readDistribution(action, "the distribution", distribution);
  checkShape(action, shape);
  checkCount(action, "zeroed", zeroed, 0);
  const whole = wholeExpectation(action, read, shape);
  if (zeroed === 0) return whole;
  const { mean, std } = whole;
  const share = 1 - zeroed / Math.max(1, elementCount(shape));
  const spread = Math.sqrt(share * std ** 2 + share * (1 - share) * mean ** 2);
  return {
    mean: share * mean,
    std: spread,
    kurtosis: spread > 0 ? whole.kurtosis : null,
    low: Math.min(whole.low, 0),
    high: Math.max(whole.high, 0),
    cdf: null,
  };
}

/**
 * Checks a distribution that a caller gave as plain data: its kind, its fields
 * and their types.
 *
 * @param action What is being done, for the error message.
 * @param name The option's name.
 * @param value What the caller gave.
 * @throws {TypeError} If it is not a plain object, or has another name or a
 * number of the wrong kind.
 * @throws {RangeError} If there is no such kind of distribution.
 */
export function readDistribution(
  action: string,
  name: string,
  value: unknown,
): Distribution {
  if (!isPlain(value)) {
    throw new TypeError(
      cannot(
        action,
        `${name} must be a distribution such as { kind: "normal", mean: 0, std: 1 }`,
        describe(value),
      ),
    );
  }
  const { kind, ...numbers } = value;
  const known = oneOf(Object.keys(tables), "normal")
    .read(action, `the kind of ${name}`, kind);
  const read = readOptions(action, numbers, tables[known], { what: name });
  return { kind: known, ...read } as unknown as Distribution;
}

/**
 * Returns the function by which PyTorch accepts uniforms when it draws a
 * truncated normal from them: the logarithm of the density at a number, minus
 * that at its peak, with each step rounded to the dtype.
 *
 * @param distribution The distribution, whose ends are finite.
 * @param dtype The tensor's dtype.
 * @see `torch.nn.init.trunc_normal_`, PyTorch 2.13.0
 */
export function logDensityOf(
  { mean, std, low = -Infinity, high = Infinity }: TruncatedNormal,
  dtype: FloatDtype,
): (x: number) => number {
  const round = roundingOf(dtype);
  const mode = Math.max(low, Math.min(mean, high));
  // The difference has the dtype; half precision is divided in float32.
  const shift = round(mean);
  const peak = round(-0.5 * ((mode - mean) / std) ** 2);
  const scale = dtype === "float64" ? std : Math.fround(std);
  return (x) => {
    const z = round(round(x - shift) / scale);
    return round(round(round(z * z) * -0.5) - peak);
  };
}

/**
 * Checks that a tensor can be filled from a distribution, before anything is
 * drawn: the dtype, the rank and every number.
 *
 * @param action What is being done, for the error message.
 * @param distribution The distribution.
 * @param target The tensor's shape and dtype.
 * @throws {RangeError} If a number does not fit, or the rank, or the kind is
 * unknown.
 * @throws {TypeError} If the dtype cannot be filled so.
 */
export function checkDistribution(
  action: string,
  distribution: Distribution,
  target: Target,
): void {
  const { shape, dtype } = target;
  checkFloat(action, dtype);
  switch (distribution?.kind) {
    case "constant":
      return checkFits(action, distribution.value, dtype);
    case "uniform":
      return checkUniform(action, distribution, dtype);
    case "normal":
      return checkNormal(action, distribution);
    case "truncatedNormal":
      return checkTruncated(action, distribution, dtype);
    case "orthogonal":
      checkFinite(action, "gain", distribution.gain);
      checkRank(action, shape, 2, Infinity);
      return checkWide(action, dtype);
    case "sparse":
      checkNormal(action, { mean: 0, std: distribution.std });
      checkRank(action, shape, 2, 2);
      return checkZeros(action, distribution.zeros, shape[0]);
    case "ones":
      return checkPlaces(action, distribution.places, elementCount(shape));
    case "deltaOrthogonal":
      checkFinite(action, "gain", distribution.gain);
      checkRank(action, shape, 3, 5);
      checkMiddle(action, shape);
      return checkWide(action, dtype);
    case "repeated":
      for (const value of distribution.values) {
        checkFits(action, value, dtype);
      }
      return checkPlaces(
        action,
        distribution.places,
        elementCount(shape) - distribution.values.length + 1,
      );
    case "chrono":
      return checkChrono(action, distribution.longest, shape);
    case "parts":
      return checkParts(action, distribution.parts, target);
    case "scaled":
      checkFinite(action, "the factor", distribution.by);
      return checkDistribution(action, distribution.of, target);
  }
  readDistribution(action, "the distribution", distribution);
}

/**
 * Fills a tensor from a distribution that draws nothing; every framework fills
 * it with the same values.
 *
 * @param tensor The tensor.
 * @param distribution A constant, ones, repeated values, parts of these, or one
 * of these, scaled.
 */
export function fillFixed(
  tensor: Tensor<FloatDtype>,
  distribution: Distribution,
): void {
  const { data, dtype } = tensor;
  const encode = (value: number) => Number(dtypes[dtype].encode(value));
  switch (distribution.kind) {
    case "constant":
      data.fill(encode(distribution.value));
      return;
    case "ones":
      data.fill(encode(0));
      for (const place of distribution.places) data[place] = encode(1);
      return;
    case "repeated": {
      data.fill(encode(0));
      const values = distribution.values.map(encode);
      for (const place of distribution.places) data.set(values, place);
      return;
    }
    case "parts":
      for (const { part, tensor: rows } of rowsOf(tensor, distribution.parts)) {
        fillFixed(rows, part.of);
      }
      return;
    case "scaled":
      fillFixed(tensor, distribution.of);
      return scale(tensor, distribution.by);
    default:
      throw new TypeError(
        cannot(
          "fill without a generator",
          "the distribution must be fixed",
          distribution.kind,
        ),
      );
  }
}

/**
 * Multiplies the elements of a tensor, each rounded once more.
 *
 * @param tensor The tensor, changed in place.
 * @param by The factor.
 */
export function scale({ data, dtype }: Tensor<FloatDtype>, by: number): void {
  const { decode, encode } = dtypes[dtype];
  for (let i = 0; i < data.length; i++) {
    data[i] = Number(encode(decode(data[i]) * by));
  }
}

/**
 * Checks the number of axes.
 *
 * @param action What is being done, for the error message.
 * @param shape Sizes along the axes.
 * @param least The fewest.
 * @param most The most.
 * @throws {RangeError} If there are fewer or more.
 */
export function checkRank(
  action: string,
  shape: Shape,
  least: number,
  most: number,
): void {
  if (shape.length >= least && shape.length <= most) return;
  const wanted = least === most
    ? least
    : most === Infinity
    ? `at least ${least}`
    : `in [${least}, ${most}]`;
  throw new RangeError(
    cannot(
      action,
      `the rank must be ${wanted}`,
      `${shape.length} in shape ${formatShape(shape)}`,
    ),
  );
}

/**
 * Checks that a dtype is one that is filled: PyTorch draws none of fewer than 16
 * bits.
 *
 * @param action What is being done, for the error message.
 * @param dtype The dtype.
 * @throws {TypeError} If it is not.
 */
export function checkFloat(action: string, dtype: Dtype): void {
  if (dtypes[dtype].isFilled) return;
  throw new TypeError(
    cannot(
      action,
      "the tensor's dtype must be a float dtype of 16 bits or more",
      dtype,
    ),
  );
}

function wholeExpectation(
  action: string,
  distribution: Distribution,
  shape: Shape,
): Expectation {
  const unbounded = { low: -Infinity, high: Infinity, cdf: null };
  switch (distribution.kind) {
    case "constant":
      return single(distribution.value);
    case "uniform": {
      const { low, high } = distribution;
      if (low === high) return single(low);
      const [mean, std] = [(low + high) / 2, uniformStd(low, high)];
      const cdf = uniformCdf(low, high);
      return { mean, std, kurtosis: 9 / 5, low, high, cdf };
    }
    case "normal": {
      const { mean, std } = distribution;
      if (std === 0) return single(mean);
      return {
        ...unbounded,
        mean,
        std,
        kurtosis: 3,
        cdf: normalCdf(mean, std),
      };
    }
    case "truncatedNormal":
      return truncatedExpectation(distribution);
    case "orthogonal": {
      checkRank(action, shape, 2, Infinity);
      const [rows, ...rest] = shape;
      const longer = Math.max(rows, elementCount(rest), 1);
      const std = Math.abs(distribution.gain) / Math.sqrt(longer);
      return { ...unbounded, mean: 0, std, kurtosis: null };
    }
    case "sparse": {
      checkRank(action, shape, 2, 2);
      const kept = 1 - distribution.zeros / Math.max(1, shape[0]);
      const std = Math.sqrt(kept) * distribution.std;
      if (std === 0) return single(0);
      return { ...unbounded, mean: 0, std, kurtosis: 3 / kept };
    }
    case "ones": {
      const count = elementCount(shape);
      const mean = distribution.places.length / Math.max(1, count);
      const std = Math.sqrt(mean * (1 - mean));
      return { mean, std, kurtosis: null, low: 0, high: 1, cdf: null };
    }
    case "deltaOrthogonal": {
      checkRank(action, shape, 3, 5);
      const [outputs, inputs] = shape;
      const share = Math.min(outputs, inputs) /
        Math.max(1, elementCount(shape));
      const std = Math.abs(distribution.gain) * Math.sqrt(share);
      return { ...unbounded, mean: 0, std, kurtosis: null };
    }
    case "repeated":
      return repeatedExpectation(distribution, elementCount(shape));
    case "chrono":
      return chronoExpectation(distribution.longest);
    case "parts":
      return partsExpectation(action, distribution.parts, shape);
    case "scaled": {
      const { of, by } = distribution;
      const { mean, std, kurtosis, low, high, cdf } = wholeExpectation(
        action,
        of,
        shape,
      );
      if (by === 0) return single(0);
      const ends = [by * low, by * high];
      return {
        mean: by * mean,
        std: Math.abs(by) * std,
        kurtosis,
        low: Math.min(...ends),
        high: Math.max(...ends),
        cdf: cdf === null
          ? null
          : by > 0
          ? (x) => cdf(x / by)
          : (x) => 1 - cdf(x / by),
      };
    }
  }
}

function single(value: number): Expectation {
  return {
    mean: value,
    std: 0,
    kurtosis: null,
    low: value,
    high: value,
    cdf: null,
  };
}

function repeatedExpectation(
  { values, places }: Repeated,
  count: number,
): Expectation {
  const share = places.length / Math.max(1, count);
  const mean = share * values.reduce((sum, x) => sum + x, 0);
  const square = share * values.reduce((sum, x) => sum + x * x, 0);
  const std = Math.sqrt(Math.max(0, square - mean ** 2));
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  return { mean, std, kurtosis: null, low, high, cdf: null };
}

/**
 * `E ln^n u` for u from U[1, b) is `J_n / (b − 1)`, where `J_0 = b − 1` and
 * `J_n = b ln^n b − n J_(n−1)`. Each number comes with its negative, so half as
 * many are independent.
 */
function chronoExpectation(longest: number): Expectation {
  const end = longest - 1;
  const high = Math.log(end);
  const moments = [1, 2, 3, 4].reduce(
    (all, n) => [...all, end * high ** n - n * all[n - 1]],
    [end - 1],
  ).map((integral) => integral / (end - 1));
  const kurtosis = 2 * moments[4] / moments[2] ** 2 - 1;
  const std = Math.sqrt(moments[2]);
  return { mean: 0, std, kurtosis, low: -high, high, cdf: null };
}

/**
 * The moments of all elements. The kurtosis is the number by which the standard
 * error of their std comes out right: each part's share of it is fixed.
 */
function partsExpectation(
  action: string,
  parts: readonly DistributionPart[],
  [rows, ...rest]: Shape,
): Expectation {
  const all = parts.map((part) => ({
    share: part.rows / Math.max(1, rows),
    ...wholeExpectation(action, part.of, [part.rows, ...rest]),
  }));
  const over = (value: (part: (typeof all)[number]) => number) =>
    all.reduce((sum, part) => sum + part.share * value(part), 0);
  const mean = over((part) => part.mean);
  const variance = over((part) => part.std ** 2 + (part.mean - mean) ** 2);
  const vary = over(({ kurtosis, std, mean: own }) =>
    kurtosis === null
      ? 0
      : std ** 4 * (kurtosis - 1) + 4 * std ** 2 * (own - mean) ** 2
  );
  return {
    mean,
    std: Math.sqrt(variance),
    kurtosis: vary > 0 ? 1 + vary / variance ** 2 : null,
    low: Math.min(...all.map(({ low }) => low)),
    high: Math.max(...all.map(({ high }) => high)),
    cdf: null,
  };
}

function truncatedExpectation(
  { mean, std, low = -Infinity, high = Infinity }: TruncatedNormal,
): Expectation {
  if (low === high) return single(low);
  const [lower, upper] = [(low - mean) / std, (high - mean) / std];
  const moments = truncatedMoments(lower, upper);
  return {
    mean: mean + moments.mean * std,
    std: moments.std * std,
    kurtosis: truncatedKurtosis(lower, upper),
    low,
    high,
    cdf: truncatedNormalCdf({ mean, std, low, high }),
  };
}

function checkFits(action: string, value: number, dtype: Dtype): void {
  if (typeof value !== "number") {
    throw new TypeError(
      cannot(action, "value must be a number", describe(value)),
    );
  }
  const size = Math.abs(value);
  const { largest } = dtypes[dtype];
  if (size > largest && size !== Infinity) {
    throw new RangeError(
      cannot(
        action,
        `value must be at most ${largest} in size in ${dtype}, or infinite`,
        value,
      ),
    );
  }
}

function checkNormal(
  action: string,
  { mean, std }: Omit<Normal, "kind">,
): void {
  checkFinite(action, "mean", mean);
  checkFinite(action, "std", std);
  if (std < 0) {
    throw new RangeError(cannot(action, "std must be at least 0", std));
  }
}

function checkUniform(
  action: string,
  { low, high }: Uniform,
  dtype: Dtype,
): void {
  checkFinite(action, "low", low);
  checkFinite(action, "high", high);
  checkOrder(action, low, high);
  const { largest } = dtypes[dtype];
  if (low < -largest || high > largest || high - low > largest) {
    throw new RangeError(
      cannot(
        action,
        `low, high and high - low must be at most ${largest} in size in ${dtype}`,
        `low ${low} and high ${high}`,
      ),
    );
  }
}

function checkOrder(action: string, low: number, high: number): void {
  if (low > high) {
    throw new RangeError(
      cannot(action, "low must be at most high", `low ${low} and high ${high}`),
    );
  }
}

function checkTruncated(
  action: string,
  { mean, std, low = -Infinity, high = Infinity }: TruncatedNormal,
  dtype: Dtype,
): void {
  checkNormal(action, { mean, std });
  if (std === 0) {
    throw new RangeError(cannot(action, "std must be above 0", std));
  }
  for (const [name, end] of Object.entries({ low, high })) {
    if (Number.isNaN(end)) {
      throw new RangeError(cannot(action, `${name} must not be NaN`));
    }
  }
  checkOrder(action, low, high);
  const inside = normalShare((low - mean) / std, (high - mean) / std);
  if (inside > enoughInside) return;
  for (const [name, end] of Object.entries({ low, high })) {
    if (Number.isFinite(end)) continue;
    throw new RangeError(
      cannot(
        action,
        `${name} must be finite where at most ${enoughInside} of the normal lies inside, as in PyTorch`,
        end,
      ),
    );
  }
  checkUniform(action, { kind: "uniform", low, high }, dtype);
  checkAccepted(
    action,
    { kind: "truncatedNormal", mean, std, low, high },
    dtype as FloatDtype,
  );
}

/**
 * Far from the mean the rounded density may be 0 at every number of a dtype.
 * PyTorch's loop would then practically never end: its tests are uniforms in
 * steps of 2^-24 or 2^-53, of which only 0 would accept.
 */
function checkAccepted(
  action: string,
  distribution: Required<TruncatedNormal>,
  dtype: FloatDtype,
): void {
  const { mean, low, high } = distribution;
  if (mean > low && mean < high) return;
  const round = roundingOf(dtype);
  // The density falls from there on, and the upper end itself is not drawn.
  const nearest = mean <= low ? round(low) : roundedBelow(low, high, round);
  const smallest = Math.log(2 ** (dtype === "float64" ? -53 : -24));
  if (!(logDensityOf(distribution, dtype)(nearest) < smallest)) return;
  throw new RangeError(
    cannot(
      action,
      `low and high must be nearer to the mean: in ${dtype}, the density there is 0`,
      `low ${low}, high ${high}, mean ${mean}`,
    ),
  );
}

/** The largest rounded number of [low, high) below the rounded upper end. */
function roundedBelow(
  low: number,
  high: number,
  round: (value: number) => number,
): number {
  let [below, above] = [low, high];
  for (let step = 0; step < 64; step++) {
    const middle = below + (above - below) / 2;
    if (round(middle) < round(high)) below = middle;
    else above = middle;
  }
  return round(below);
}

function checkZeros(action: string, zeros: number, rows: number): void {
  checkCount(action, "zeros", zeros, 0);
  if (zeros > rows) {
    throw new RangeError(
      cannot(action, `zeros must be in [0, ${rows}]`, zeros),
    );
  }
}

function checkPlaces(
  action: string,
  places: readonly number[],
  count: number,
): void {
  for (const place of places) {
    if (Number.isInteger(place) && place >= 0 && place < count) continue;
    throw new RangeError(
      cannot(action, `places must be in [0, ${count})`, describe(place)),
    );
  }
}

function checkMiddle(action: string, shape: Shape): void {
  const { field } = middleOf(shape);
  const [outputs, inputs] = shape;
  if (field === 0 && outputs > 0 && inputs > 0) {
    throw new RangeError(
      cannot(
        action,
        "the kernel must have a center",
        `shape ${formatShape(shape)}`,
      ),
    );
  }
  if (inputs > outputs) {
    throw new RangeError(
      cannot(
        action,
        "there must be at least as many outputs as inputs",
        `shape ${formatShape(shape)}`,
      ),
    );
  }
}

function checkChrono(action: string, longest: number, shape: Shape): void {
  checkFinite(action, "longest", longest);
  if (longest <= 2) {
    throw new RangeError(cannot(action, "longest must be above 2", longest));
  }
  checkRank(action, shape, 1, 1);
  if (shape[0] % 2 !== 0) {
    throw new RangeError(
      cannot(action, "axis 0 must hold two gates of one size", shape[0]),
    );
  }
}

function checkParts(
  action: string,
  parts: readonly DistributionPart[],
  { shape, dtype }: Target,
): void {
  checkRank(action, shape, 1, Infinity);
  const [rows, ...rest] = shape;
  const sum = parts.reduce((sum, part) => sum + part.rows, 0);
  if (sum !== rows) {
    throw new RangeError(
      cannot(action, `the parts must have ${rows} rows together`, sum),
    );
  }
  for (const { rows, of } of parts) {
    checkDistribution(action, of, { shape: [rows, ...rest], dtype });
  }
}

function readNumbers(
  action: string,
  name: string,
  value: unknown,
): readonly number[] {
  if (!Array.isArray(value)) {
    throw new TypeError(
      cannot(action, `${name} must be an array`, describe(value)),
    );
  }
  return value.map((each) => anyNumber().read(action, name, each));
}

function readParts(
  action: string,
  name: string,
  value: unknown,
): readonly DistributionPart[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new TypeError(
      cannot(action, `${name} must be an array of parts`, describe(value)),
    );
  }
  const table = { rows: count(0), of: { read: readDistribution } };
  return value.map((part) => readOptions(action, part, table, { what: name }));
}

/** PyTorch has no QR in half precision either. */
function checkWide(action: string, dtype: Dtype): void {
  if (dtype === "float32" || dtype === "float64") return;
  throw new TypeError(
    cannot(action, "the tensor's dtype must be float32 or float64", dtype),
  );
}
