/**
 * The initializers: those of `torch.nn.init`, and variance scaling as JAX and
 * Keras have it. Each is an entry of {@linkcode initializers}.
 *
 * @module
 */

import {
  anyNumber,
  cannot,
  count,
  oneOf,
  type Option,
  real,
  warnOnce,
} from "../core/options.ts";
import { elementCount, formatShape, type Shape } from "../core/shape.ts";
import {
  checkRank,
  type Distribution,
  type Target,
  uniformBound,
} from "../random/distribution.ts";
import {
  type Complete,
  define,
  defineFixed,
  type Initializer,
  type Initializers,
  type RandomOptions,
  type Rule,
} from "./initializer.ts";
import {
  calculateGain,
  countFans,
  type FanLayout,
  kaimingStd,
  nonlinearities,
  type Nonlinearity,
  xavierStd,
} from "./scaling.ts";

/** Options of {@linkcode uniform}. */
export interface UniformOptions extends RandomOptions {
  /** The lower end, included; `a` in PyTorch. Default: 0. */
  readonly low?: number;
  /** The upper end, excluded; `b` in PyTorch. Default: 1. */
  readonly high?: number;
}

/** Options of {@linkcode normal}. */
export interface NormalOptions extends RandomOptions {
  /** The mean. Default: 0. */
  readonly mean?: number;
  /** The standard deviation, at least 0. Default: 1. */
  readonly std?: number;
}

/** Options of {@linkcode truncNormal}. */
export interface TruncNormalOptions extends RandomOptions {
  /** The mean before the cut. Default: 0. */
  readonly mean?: number;
  /** The standard deviation before the cut, above 0. Default: 1. */
  readonly std?: number;
  /** The lower end, absolute; `a` in PyTorch. Default: −2. */
  readonly low?: number;
  /** The upper end, absolute; `b` in PyTorch. Default: 2. */
  readonly high?: number;
}

/** Options of {@linkcode constant}. */
export interface ConstantOptions {
  /** The value of every element, which may be NaN or infinite. No default. */
  readonly value: number;
}

/** Options of {@linkcode dirac}. */
export interface DiracOptions {
  /** Blocks of channels, each a separate identity. Default: 1. */
  readonly groups?: number;
}

/** Options of {@linkcode xavierUniform} and {@linkcode xavierNormal}. */
export interface XavierOptions extends RandomOptions {
  /** The factor on the standard deviation, at least 0. Default: 1. */
  readonly gain?: number;
}

/**
 * Which fan a weight is scaled by.
 *
 * @internal
 */
export type FanMode = "fan_in" | "fan_out";

/** Options of {@linkcode kaimingUniform} and {@linkcode kaimingNormal}. */
export interface KaimingOptions extends RandomOptions {
  /** The slope of leaky_relu below 0; `a` in PyTorch. Default: 0. */
  readonly negativeSlope?: number;
  /**
   * fan_in keeps the size of signals on the way forward, fan_out that of
   * gradients on the way back. Default: fan_in.
   */
  readonly mode?: FanMode;
  /** The nonlinearity after the layer. Default: leaky_relu. */
  readonly nonlinearity?: Nonlinearity;
  /**
   * The factor on the standard deviation, at least 0, replacing the one that
   * follows from the nonlinearity and the slope; omit both then.
   */
  readonly gain?: number;
}

/** Options of {@linkcode orthogonal}. */
export interface OrthogonalOptions extends RandomOptions {
  /**
   * The factor on all elements. It may be negative: the matrix stays
   * orthogonal. Default: 1.
   */
  readonly gain?: number;
}

/**
 * Options of {@linkcode identity}.
 *
 * @internal
 */
export interface IdentityOptions {
  /** The value on the diagonal. Default: 1. */
  readonly gain?: number;
}

/**
 * Options of {@linkcode bilinear}.
 *
 * @internal
 */
export interface BilinearOptions {
  /**
   * Blocks of channels without connections between them, as of the transposed
   * convolution. Default: as many as channels if axis 1 is 1, else 1.
   */
  readonly groups?: number;
}

/** Options of {@linkcode sparse}. */
export interface SparseOptions extends RandomOptions {
  /** The share of each column that is 0, in [0, 1]. No default. */
  readonly sparsity: number;
  /** The standard deviation of the others, at least 0. Default: 0.01. */
  readonly std?: number;
}

/** Options of {@linkcode lecunUniform} and {@linkcode lecunNormal}. */
export interface LecunOptions extends RandomOptions {
  /** The axes by what they count, as for `fan`. Default: PyTorch's. */
  readonly axes?: FanLayout;
}

/** Options of {@linkcode varianceScaling}. */
export interface VarianceScalingOptions extends LecunOptions {
  /** The factor on the variance, above 0. Default: 1. */
  readonly scale?: number;
  /**
   * What the variance is divided by: a fan, the mean of both, or their geometric
   * mean. Default: fan_in.
   */
  readonly mode?: FanMode | "fan_avg" | "fan_geo_avg";
  /** The shape of the distribution. Default: truncatedNormal. */
  readonly distribution?: "truncatedNormal" | "normal" | "uniform";
}

/**
 * No options.
 *
 * @internal
 */
export type NoOptions = Readonly<Record<string, never>>;

const ends = { low: { also: ["a"] }, high: { also: ["b"] } };

/**
 * Fills a tensor with values from the uniform distribution on [low, high).
 *
 * Draws one number per element, in order. In every dtype the values equal
 * PyTorch's to the bit.
 *
 * @param tensor The tensor to fill, of any shape; of a float dtype.
 * @param options The interval and the generator.
 * @returns The tensor.
 * @throws {RangeError} If an end is not finite, `low > high`, or an end or
 * `high - low` overflows the dtype.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see `torch.nn.init.uniform_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, Generator, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const generator = new Generator(0);
 * const w = init.uniform(empty([3]), { low: -1, high: 1, generator });
 * assertEquals(w.toString(), "tensor([-0.0075,  0.5364, -0.8230])");
 * ```
 */
export const uniform: Initializer<UniformOptions> = define(
  "uniform",
  { low: real(0, ends.low), high: real(1, ends.high) },
  ({ low, high }) => ({ kind: "uniform", low, high }),
);

/**
 * Fills a tensor with values from the normal distribution N(mean, std²).
 *
 * Float32, float16 and bfloat16 equal PyTorch to the bit. Float64 is within
 * 1e-12: the logarithm, sine and cosine are the machine's. The draws are those of PyTorch: they depend on
 * whether there are at least 16 elements, and on the remainder modulo 16.
 *
 * @param tensor The tensor to fill, of any shape; of a float dtype.
 * @param options The mean, the standard deviation and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the mean or `std` is not finite, or `std` negative.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see `torch.nn.init.normal_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, Generator, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const generator = new Generator(0);
 * const w = init.normal(empty([3]), { generator });
 * assertEquals(w.toString(), "tensor([ 1.5410, -0.2934, -2.1788])");
 * ```
 */
export const normal: Initializer<NormalOptions> = define(
  "normal",
  { mean: real(0), std: real(1) },
  ({ mean, std }) => ({ kind: "normal", mean, std }),
);

/**
 * Fills a tensor with values from N(mean, std²) cut to [low, high].
 *
 * The ends are absolute, and `std` is that before the cut: with ±2 std the
 * values' own is 0.88 std. Float32, float16 and bfloat16 equal PyTorch to the
 * bit. Float64 is within 1e-12 where normals are drawn.
 *
 * Draws: rounds of normals for the whole tensor while any value is outside;
 * rounds of uniforms if at most 0.3 of the normal lies inside. Warns, as
 * PyTorch does, if the mean is more than 2 std outside: once for a mean and its
 * ends.
 *
 * @param tensor The tensor to fill, of any shape; of a float dtype.
 * @param options The distribution, its ends and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the mean or `std` is not finite, `std` not above 0, an
 * end NaN, or `low > high`. Where at most 0.3 of the normal lies inside, also if
 * an end is infinite, overflows the dtype, or is so far from the mean that the
 * density is 0.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see `torch.nn.init.trunc_normal_`, PyTorch 2.13.0; older versions draw by
 * the inverse of the error function, and give other numbers
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assert } from "@std/assert";
 *
 * const w = init.truncNormal(empty([64, 64]), { std: 0.02, low: -0.04, high: 0.04 });
 * assert(w.toFloat32().every((x) => Math.abs(x) <= Math.fround(0.04)));
 * ```
 */
export const truncNormal: Initializer<TruncNormalOptions> = define(
  "truncNormal",
  {
    mean: real(0),
    std: real(1),
    low: anyNumber(-2, ["a"]),
    high: anyNumber(2, ["b"]),
  },
  ({ mean, std, low, high }) => {
    if (mean < low - 2 * std || mean > high + 2 * std) {
      warnOnce(
        `init.truncNormal: the mean ${mean} is more than 2 std outside [${low}, ${high}]; the distribution may be off`,
      );
    }
    return {
      kind: "truncatedNormal",
      mean,
      std,
      ...low === -Infinity ? {} : { low },
      ...high === Infinity ? {} : { high },
    };
  },
);

/**
 * Fills a tensor with one value.
 *
 * @param tensor The tensor to fill, of any shape; of a float dtype.
 * @param options The value.
 * @returns The tensor.
 * @throws {RangeError} If the value is finite, but not representable in the
 * dtype.
 * @throws {TypeError} If the value is missing or not a number, the tensor
 * cannot be filled, or an option is unknown.
 * @see `torch.nn.init.constant_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const w = init.constant(empty([2, 2]), { value: 0.5 });
 * assertEquals(w.toArray(), [[0.5, 0.5], [0.5, 0.5]]);
 * ```
 */
export const constant: Initializer<ConstantOptions> = defineFixed(
  "constant",
  { value: anyNumber(undefined, ["val"]) },
  ({ value }) => ({ kind: "constant", value }),
);

/**
 * Fills a tensor with ones.
 *
 * @param tensor The tensor to fill, of any shape; of a float dtype.
 * @returns The tensor.
 * @throws {TypeError} If the tensor cannot be filled.
 * @see `torch.nn.init.ones_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(init.ones(empty([2])).toArray(), [1, 1]);
 * ```
 */
export const ones: Initializer<NoOptions> = defineFixed(
  "ones",
  {},
  () => ({ kind: "constant", value: 1 }),
);

/**
 * Fills a tensor with zeros.
 *
 * @param tensor The tensor to fill, of any shape; of a float dtype.
 * @returns The tensor.
 * @throws {TypeError} If the tensor cannot be filled.
 * @see `torch.nn.init.zeros_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { init, tensor } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(init.zeros(tensor([3, 4])).toArray(), [0, 0]);
 * ```
 */
export const zeros: Initializer<NoOptions> = defineFixed(
  "zeros",
  {},
  () => ({ kind: "constant", value: 0 }),
);

/**
 * Fills a matrix with 1 on its diagonal and 0 elsewhere.
 *
 * @param tensor The matrix to fill; of a float dtype.
 * @returns The tensor.
 * @throws {RangeError} If the rank is not 2.
 * @throws {TypeError} If the tensor cannot be filled.
 * @see `torch.nn.init.eye_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(init.eye(empty([2, 3])).toArray(), [[1, 0, 0], [0, 1, 0]]);
 * ```
 */
export const eye: Initializer<NoOptions> = defineFixed(
  "eye",
  {},
  (_, { shape }, action) => {
    checkRank(action, shape, 2, 2);
    return { kind: "ones", places: diagonalOf(shape) };
  },
);

/**
 * Fills a matrix with a number on its diagonal and 0 elsewhere; it need not be
 * square.
 *
 * @param tensor The matrix to fill; of a float dtype.
 * @param options The number on the diagonal.
 * @returns The tensor.
 * @throws {RangeError} If the rank is not 2, or the gain does not fit the dtype.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see Le, Jaitly and Hinton, "A simple way to initialize recurrent networks of
 * rectified linear units", 2015; `keras.initializers.Identity`
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const w = init.identity(empty([2, 3]), { gain: 2 });
 * assertEquals(w.toArray(), [[2, 0, 0], [0, 2, 0]]);
 * ```
 */
export const identity: Initializer<IdentityOptions> = defineFixed(
  "identity",
  { gain: real(1) },
  ({ gain }, { shape }, action) => {
    checkRank(action, shape, 2, 2);
    return { kind: "repeated", values: [gain], places: diagonalOf(shape) };
  },
);

/**
 * Fills a convolution's weight so that it passes its input on: 1 at the center
 * of the kernel from channel i to channel i, 0 elsewhere.
 *
 * The center is at `floor(size / 2)` of each spatial axis. With groups, each
 * block of output channels starts again at the first input channel of its own
 * block.
 *
 * @param tensor The weight to fill, of rank 3 to 5; of a float dtype.
 * @param options The number of groups.
 * @returns The tensor.
 * @throws {RangeError} If the rank is not in [3, 5], axis 0 is no multiple of
 * the groups, or the kernel has a size of 0.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see `torch.nn.init.dirac_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const w = init.dirac(empty([2, 2, 3]));
 * assertEquals(w.at(1).toArray(), [[0, 0, 0], [0, 1, 0]]);
 * ```
 */
export const dirac: Initializer<DiracOptions> = defineFixed(
  "dirac",
  { groups: count(1, 1) },
  ({ groups }, { shape }, action) => {
    checkRank(action, shape, 3, 5);
    const center = shape.slice(2).reduce(
      (place, size) => place * size + Math.floor(size / 2),
      0,
    );
    const places = channelPlaces(action, shape, groups)
      .map((place) => place + center);
    return { kind: "ones", places };
  },
);

/**
 * Fills a transposed convolution's weight so that it enlarges its input
 * bilinearly, each channel by itself: zeros between different channels.
 *
 * Along an axis of size k the weights are `1 − |x / f − c|` with `f = ceil(k /
 * 2)` and `c = (2f − 1 − f mod 2) / (2f)`; those of a kernel are their products.
 * A stride of f then enlarges f times, for an even k exactly so away from the
 * border.
 *
 * With groups, each block of channels starts again at the first channel of its
 * own block. MXNet's code finds its rows by a division that is no whole number
 * in Python 3, so what it fills is not bilinear; this follows the formula.
 *
 * @param tensor The weight to fill, of rank 3 to 5: `[in, out / groups,
 * ...kernel]`; of a float dtype.
 * @param options The number of groups.
 * @returns The tensor.
 * @throws {RangeError} If the rank is not in [3, 5], axis 0 is no multiple of
 * the groups, or the kernel has a size of 0.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see Long, Shelhamer and Darrell, "Fully convolutional networks for semantic
 * segmentation", 2015; `mxnet.initializer.Bilinear`
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const w = init.bilinear(empty([2, 1, 4]));
 * assertEquals(w.at(1).toArray(), [[0.25, 0.75, 0.75, 0.25]]);
 * ```
 */
export const bilinear: Initializer<BilinearOptions> = defineFixed(
  "bilinear",
  { groups: { ...count(1), insteadOf: [] } },
  ({ groups }, { shape }, action) => {
    checkRank(action, shape, 3, 5);
    const [channels, each, ...kernel] = shape;
    const blocks = groups ?? (each === 1 ? Math.max(1, channels) : 1);
    const places = channelPlaces(action, shape, blocks);
    const values = kernel.map(hat).reduce(
      (all, line) => all.flatMap((value) => line.map((x) => value * x)),
      [1],
    );
    return { kind: "repeated", values, places };
  },
);

/**
 * Fills a weight from U(−bound, bound) with
 * `bound = gain * sqrt(6 / (fanIn + fanOut))`.
 *
 * @param tensor The weight to fill, of rank at least 2; of a float dtype.
 * @param options The gain and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is below 2, both fans are 0, or the gain is
 * negative or not finite.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see Glorot and Bengio, 2010, equation 16; `torch.nn.init.xavier_uniform_`,
 * PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assert } from "@std/assert";
 *
 * const w = init.xavierUniform(empty([33, 16, 3, 3]));
 * const bound = Math.sqrt(6 / (144 + 297));
 * assert(w.toFloat32().every((x) => Math.abs(x) <= bound));
 * ```
 */
export const xavierUniform: Initializer<XavierOptions> = define(
  "xavierUniform",
  { gain: real(1, { low: 0 }) },
  ({ gain }, target, action) => symmetric(xavier(gain, target, action)),
);

/**
 * Fills a weight from N(0, std²) with
 * `std = gain * sqrt(2 / (fanIn + fanOut))`.
 *
 * @param tensor The weight to fill, of rank at least 2; of a float dtype.
 * @param options The gain and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is below 2, both fans are 0, or the gain is
 * negative or not finite.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see Glorot and Bengio, 2010, equation 12; `torch.nn.init.xavier_normal_`,
 * PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, Generator, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const generator = new Generator(0);
 * const w = init.xavierNormal(empty([1, 3]), { generator });
 * assertEquals(w.toString(), "tensor([[ 1.0896, -0.2075, -1.5406]])");
 * ```
 */
export const xavierNormal: Initializer<XavierOptions> = define(
  "xavierNormal",
  { gain: real(1, { low: 0 }) },
  ({ gain }, target, action) => centered(xavier(gain, target, action)),
);

/** PyTorch accepts the mode in upper or lower case. */
const mode: Option<FanMode> = {
  ...oneOf<FanMode>(["fan_in", "fan_out"], "fan_in"),
  read(action, name, value) {
    const lower = typeof value === "string" ? value.toLowerCase() : value;
    return oneOf<FanMode>(["fan_in", "fan_out"], "fan_in")
      .read(action, name, lower);
  },
};

const kaimingOptions = {
  negativeSlope: real(0, { also: ["a", "negative_slope"] }),
  mode,
  nonlinearity: oneOf(nonlinearities, "leaky_relu"),
  gain: {
    ...real(undefined, { low: 0 }),
    insteadOf: ["negativeSlope", "nonlinearity"],
  },
};

/**
 * Fills a weight from U(−bound, bound) with
 * `bound = gain * sqrt(3 / fan)`.
 *
 * As in PyTorch, a weight without elements, of any rank, stays unchanged, with
 * one warning for each shape. Its options are checked nevertheless.
 *
 * @param tensor The weight to fill, of rank at least 2; of a float dtype.
 * @param options The nonlinearity, the mode and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is below 2, the mode or nonlinearity is
 * unknown, or the slope is not finite.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see He, Zhang, Ren and Sun, 2015; `torch.nn.init.kaiming_uniform_`,
 * PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assert } from "@std/assert";
 *
 * const w = init.kaimingUniform(empty([33, 16, 3, 3]));
 * const bound = Math.sqrt(6 / 144);
 * assert(w.toFloat32().every((x) => Math.abs(x) <= bound));
 * ```
 */
export const kaimingUniform: Initializer<KaimingOptions> = define(
  "kaimingUniform",
  kaimingOptions,
  (options, target, action) => symmetric(kaiming(options, target, action)),
);

/**
 * Fills a weight from N(0, std²) with `std = gain / sqrt(fan)`.
 *
 * As in PyTorch, a weight without elements, of any rank, stays unchanged, with
 * one warning for each shape. Its options are checked nevertheless.
 *
 * @param tensor The weight to fill, of rank at least 2; of a float dtype.
 * @param options The nonlinearity, the mode and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is below 2, the mode or nonlinearity is
 * unknown, or the slope is not finite.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see He, Zhang, Ren and Sun, 2015, equation 10;
 * `torch.nn.init.kaiming_normal_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, Generator, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const generator = new Generator(0);
 * const w = init.kaimingNormal(empty([3, 2]), { generator, mode: "fan_in" });
 * assertEquals(
 *   w.at(0).toString(),
 *   "tensor([ 1.5410, -0.2934])",
 * );
 * ```
 */
export const kaimingNormal: Initializer<KaimingOptions> = define(
  "kaimingNormal",
  kaimingOptions,
  (options, target, action) => centered(kaiming(options, target, action)),
);

const axes: Option<FanLayout> = {
  asText: false,
  // `countFans` checks it against the shape, and has the default.
  read: (_action, _name, value) => value as FanLayout,
};

/**
 * Fills a weight from a distribution of mean 0 and `variance = scale / n`, with n
 * one of the fans, their mean or their geometric mean.
 *
 * - `uniform`: U(−b, b) with `b = sqrt(3 * variance)`;
 * - `normal`: N(0, variance);
 * - `truncatedNormal`: a normal cut at 2 of its std, whose std before the cut is
 *   `sqrt(variance) / 0.87962566103423978`, so that the variance is right after
 *   it.
 *
 * The generator draws the numbers; by default it is PyTorch's.
 *
 * @param tensor The weight to fill, of rank at least 2 unless `axes` are given;
 * of a float dtype.
 * @param options The scale, the mode, the distribution, the axes and the
 * generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is below 2, the scale not above 0, a word
 * unknown, or n is 0.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see `jax.nn.initializers.variance_scaling`, JAX 0.10.2;
 * `keras.initializers.VarianceScaling`
 *
 * @example
 * ```ts
 * import { empty, filledBy, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const w = init.varianceScaling(empty([200, 300]), {
 *   scale: 2,
 *   mode: "fan_avg",
 *   distribution: "normal",
 * });
 * assertEquals(filledBy(w)?.distribution, {
 *   kind: "normal",
 *   mean: 0,
 *   std: Math.sqrt(2 / 250),
 * });
 * ```
 */
export const varianceScaling: Initializer<VarianceScalingOptions> = define(
  "varianceScaling",
  {
    scale: real(1),
    mode: oneOf(["fan_in", "fan_out", "fan_avg", "fan_geo_avg"], "fan_in"),
    distribution: oneOf(
      ["truncatedNormal", "normal", "uniform"],
      "truncatedNormal",
    ),
    axes,
  },
  scaled,
);

/**
 * Fills a weight from a uniform of mean 0 and `variance = 1 / fanIn`:
 * {@linkcode varianceScaling} with a scale of 1 and the fan-in.
 *
 * @param tensor The weight to fill, of rank at least 2 unless `axes` are given;
 * of a float dtype.
 * @param options The axes and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is below 2, or the fan-in is 0.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998;
 * `jax.nn.initializers.lecun_uniform`
 *
 * @example
 * ```ts
 * import { empty, filledBy, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const w = init.lecunUniform(empty([5, 48]));
 * assertEquals(filledBy(w)?.distribution, {
 *   kind: "uniform",
 *   low: -1 / 4,
 *   high: 1 / 4,
 * });
 * ```
 */
export const lecunUniform: Initializer<LecunOptions> = define(
  "lecunUniform",
  { axes },
  lecun("uniform"),
);

/**
 * Fills a weight from a normal of mean 0, cut at 2 of its std, with
 * `variance = 1 / fanIn` after the cut: {@linkcode varianceScaling} with a scale
 * of 1 and the fan-in.
 *
 * @param tensor The weight to fill, of rank at least 2 unless `axes` are given;
 * of a float dtype.
 * @param options The axes and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is below 2, or the fan-in is 0.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see LeCun, Bottou, Orr and Müller, "Efficient BackProp", 1998;
 * `jax.nn.initializers.lecun_normal`
 *
 * @example
 * ```ts
 * import { empty, expectationOf, filledBy, init } from "@fanin/fanin";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const w = init.lecunNormal(empty([5, 25]));
 * const { std } = expectationOf(filledBy(w)!.distribution, w.shape);
 * assertAlmostEquals(std, 1 / 5, 1e-15);
 * ```
 */
export const lecunNormal: Initializer<LecunOptions> = define(
  "lecunNormal",
  { axes },
  lecun("truncatedNormal"),
);

/**
 * Fills a weight with a random orthogonal matrix, times the gain.
 *
 * The matrix has `shape[0]` rows; all further axes are its columns. Its rows
 * are orthonormal, or its columns where there are more rows than columns. It is
 * the Q of a matrix of normals, with signs such that the diagonal of R is
 * positive, so each orthogonal matrix is equally likely.
 *
 * Draws: the normals, as `init.normal`. It is computed in double and rounded
 * once; meanwhile it needs memory for the matrix in double, and for 32 of its
 * rows and of its columns.
 *
 * PyTorch computes in the tensor's dtype. Its elements are within `1e-5 *
 * |gain|` of these, except for the rare square float32 matrix of normals that
 * is nearly singular, where its own rounding is larger.
 *
 * Each element has the mean 0 and `std = |gain| / sqrt(max(rows, columns))`.
 * Plots draw no density over them: the square of an element has a Beta
 * distribution, and only in large matrices is the element nearly normal. A
 * tensor without elements stays unchanged.
 *
 * @param tensor The weight to fill, of rank at least 2; float32 or float64.
 * @param options The gain and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is below 2, or the gain is not finite.
 * @throws {TypeError} If the tensor is not float32 or float64, or an option is
 * unknown.
 * @see Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics
 * of learning in deep linear neural networks", 2014; Mezzadri, "How to generate
 * random matrices from the classical compact groups", 2007, on the signs;
 * `torch.nn.init.orthogonal_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const [[a, b], [c, d]] = init.orthogonal(empty([2, 2])).toArray() as number[][];
 * assertAlmostEquals(a * a + c * c, 1, 1e-6);
 * assertAlmostEquals(a * b + c * d, 0, 1e-6);
 * ```
 */
export const orthogonal: Initializer<OrthogonalOptions> = define(
  "orthogonal",
  { gain: real(1) },
  ({ gain }) => ({ kind: "orthogonal", gain }),
);

/**
 * Fills a convolution's weight with zeros, and a random orthogonal matrix in the
 * middle of its kernel: with circular padding and stride 1, the layer keeps the
 * length of every input.
 *
 * The middle is at `floor((size − 1) / 2)` of each axis. The matrix of all
 * outputs and inputs there has orthonormal columns, times the gain; so there
 * must be at least as many outputs as inputs.
 *
 * Draws: the normals of the matrix, `outputs · inputs`, as {@linkcode
 * orthogonal} does. Each element has the mean 0 and, the zeros included, `std =
 * |gain| / sqrt(outputs · receptiveField)`.
 *
 * @param tensor The weight to fill, of rank 3 to 5: `[outputs, inputs,
 * ...kernel]`; float32 or float64.
 * @param options The gain and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is not in [3, 5], there are more inputs than
 * outputs, the kernel has a size of 0, or the gain is not finite.
 * @throws {TypeError} If the tensor is not float32 or float64, or an option is
 * unknown.
 * @see Xiao et al., "Dynamical isometry and a mean field theory of CNNs", 2018;
 * `jax.nn.initializers.delta_orthogonal`
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 *
 * const w = init.deltaOrthogonal(empty([6, 4, 3, 3]));
 * const squares = w.toFloat32().map((x) => x * x);
 * assertAlmostEquals(squares.reduce((sum, x) => sum + x), 4, 1e-5);
 * assertEquals(squares.filter((x) => x > 0).length, 6 * 4);
 * ```
 */
export const deltaOrthogonal: Initializer<OrthogonalOptions> = define(
  "deltaOrthogonal",
  { gain: real(1) },
  ({ gain }) => ({ kind: "deltaOrthogonal", gain }),
);

/**
 * Fills a matrix with values from N(0, std²), and sets
 * `ceil(sparsity * rows)` of each column to 0.
 *
 * Draws all normals, then one permutation of the rows per column. PyTorch draws
 * the permutations from its default generator even if another is passed
 * (pytorch/pytorch#98200); fanin draws everything from the one that is passed.
 *
 * @param tensor The matrix to fill; of a float dtype.
 * @param options The share of zeros, the standard deviation and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is not 2, `sparsity` not in [0, 1], or `std`
 * negative or not finite.
 * @throws {TypeError} If the tensor cannot be filled, `sparsity` is missing, or
 * an option is unknown.
 * @see Martens, "Deep learning via Hessian-free optimization", 2010;
 * `torch.nn.init.sparse_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const w = init.sparse(empty([10, 4]), { sparsity: 0.25 });
 * const zeros = w.toFloat32().filter((x) => x === 0);
 * assertEquals(zeros.length, 4 * 3);
 * ```
 */
export const sparse: Initializer<SparseOptions> = define(
  "sparse",
  { sparsity: real(undefined, { low: 0, high: 1 }), std: real(0.01) },
  ({ sparsity, std }, { shape }, action) => {
    checkRank(action, shape, 2, 2);
    return { kind: "sparse", std, zeros: Math.ceil(sparsity * shape[0]) };
  },
);

/**
 * All initializers by name. The command line, specs, `propagate` and the
 * explorer look them up here.
 */
export const initializers: Initializers = Object.freeze({
  uniform,
  normal,
  truncNormal,
  constant,
  ones,
  zeros,
  eye,
  identity,
  dirac,
  bilinear,
  xavierUniform,
  xavierNormal,
  kaimingUniform,
  kaimingNormal,
  varianceScaling,
  lecunUniform,
  lecunNormal,
  orthogonal,
  deltaOrthogonal,
  sparse,
});

/** The places of a matrix's diagonal. */
function diagonalOf([rows, columns]: Shape): number[] {
  const length = Math.min(rows, columns);
  return Array.from({ length }, (_, i) => i * columns + i);
}

/**
 * Returns where the kernels lie that lead from a channel to itself, in groups
 * each of which starts again at the first channel of its own.
 */
function channelPlaces(
  action: string,
  shape: Shape,
  groups: number,
): number[] {
  const [channels, others, ...kernel] = shape;
  if (channels % groups !== 0) {
    throw new RangeError(
      cannot(
        action,
        `axis 0 must be a multiple of groups ${groups}`,
        channels,
      ),
    );
  }
  const field = elementCount(kernel);
  if (field === 0 && channels > 0 && others > 0) {
    throw new RangeError(
      cannot(
        action,
        "the kernel must have a center",
        `shape ${formatShape(shape)}`,
      ),
    );
  }
  const block = channels / groups;
  return Array.from({ length: channels }, (_, channel) => channel)
    .filter((channel) => channel % block < others)
    .map((channel) => (channel * others + channel % block) * field);
}

/** The weights of bilinear enlargement along an axis. */
function hat(size: number): number[] {
  const factor = Math.ceil(size / 2);
  const center = (2 * factor - 1 - factor % 2) / (2 * factor);
  return Array.from(
    { length: size },
    (_, x) => 1 - Math.abs(x / factor - center),
  );
}

function symmetric(std: number | undefined): Distribution | undefined {
  if (std === undefined) return undefined;
  const bound = uniformBound(std);
  return { kind: "uniform", low: -bound, high: bound };
}

function centered(std: number | undefined): Distribution | undefined {
  return std === undefined ? undefined : { kind: "normal", mean: 0, std };
}

function xavier(gain: number, { shape }: Target, action: string): number {
  const { fanIn, fanOut } = countFans(action, shape);
  if (fanIn + fanOut === 0) {
    throw new RangeError(
      cannot(
        action,
        "fan in + fan out must be above 0",
        `0 in shape ${formatShape(shape)}`,
      ),
    );
  }
  return xavierStd(fanIn, fanOut, gain);
}

/** Returns the standard deviation; undefined if there is nothing to fill. */
function kaiming(
  { mode, gain, nonlinearity, negativeSlope }: Complete<KaimingOptions>,
  { shape }: Target,
  action: string,
): number | undefined {
  const factor = gain ?? calculateGain(nonlinearity, negativeSlope);
  if (elementCount(shape) === 0) {
    warnOnce(
      `${action.slice("fill with ".length)}: a tensor of shape ${
        formatShape(shape)
      } has no elements and stays as it is`,
    );
    return undefined;
  }
  const { fanIn, fanOut } = countFans(action, shape);
  return kaimingStd(mode === "fan_in" ? fanIn : fanOut, factor);
}

/** The std of N(0, 1) after a cut at ±2, as JAX and Keras write it. */
const cutStd = 0.87962566103423978;

function scaled(
  { scale, mode, distribution, axes }: Complete<VarianceScalingOptions>,
  { shape }: Target,
  action: string,
): Distribution | undefined {
  if (scale <= 0) {
    throw new RangeError(cannot(action, "scale must be above 0", scale));
  }
  const { fanIn, fanOut } = countFans(action, shape, axes);
  const divisor = {
    fan_in: fanIn,
    fan_out: fanOut,
    fan_avg: (fanIn + fanOut) / 2,
    fan_geo_avg: Math.sqrt(fanIn * fanOut),
  }[mode];
  if (divisor === 0) {
    throw new RangeError(
      cannot(
        action,
        `${mode} must be above 0`,
        `0 in shape ${formatShape(shape)}`,
      ),
    );
  }
  const variance = scale / divisor;
  if (distribution === "uniform") {
    const bound = Math.sqrt(3 * variance);
    return { kind: "uniform", low: -bound, high: bound };
  }
  if (distribution === "normal") return centered(Math.sqrt(variance));
  const whole = Math.sqrt(variance) / cutStd;
  return {
    kind: "truncatedNormal",
    mean: 0,
    std: whole,
    low: -2 * whole,
    high: 2 * whole,
  };
}

function lecun(
  distribution: "uniform" | "truncatedNormal",
): Rule<LecunOptions> {
  return ({ axes }, target, action) =>
    scaled({ scale: 1, mode: "fan_in", distribution, axes }, target, action);
}
