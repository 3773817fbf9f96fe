/**
 * Signals and gradients through a deep stack of dense layers, measured layer by
 * layer and compared with mean-field theory.
 *
 * @module
 */

import {
  cannot,
  checkCount,
  count,
  describe,
  type Option,
  readOptions,
  real,
} from "../core/options.ts";
import { showAs } from "../core/show.ts";
import { empty, type Tensor } from "../core/tensor.ts";
import { normal } from "../init/initializers.ts";
import { type Histogram, histogram } from "../numerics/histogram.ts";
import type { Matrix } from "../numerics/matrix.ts";
import { moments } from "../numerics/moments.ts";
import { streamOf } from "../random/default_generator.ts";
import type { AnyGenerator } from "../random/generator.ts";
import { Generator } from "../random/torch/generator.ts";
import type { Curve } from "./activations.ts";
import {
  type ActivationLike,
  activationOf,
  type NamedCurve,
  usualFilling,
} from "./usual.ts";
import {
  type Filler,
  type Filling,
  fillingOf,
  weightVariance,
} from "./filling.ts";
import { meanField } from "./mean_field.ts";
import {
  backward,
  forward,
  type Layer,
  matrixOf,
  type Passed,
} from "./stack.ts";

/**
 * The progress of a run.
 *
 * @internal
 */
export interface Progress {
  /** The direction. */
  readonly pass: "forward" | "backward";
  /** The layer that is done, from 1. */
  readonly layer: number;
  /** How many layers are done, both ways. */
  readonly done: number;
  /** How many there are, both ways: twice the depth. */
  readonly total: number;
}

/** Options of {@linkcode propagate}. */
export interface PropagateOptions {
  /** How many layers, at least 1. Default: 10. */
  readonly depth?: number;
  /**
   * How many units the inputs and every layer have, at least 1; or a list of
   * depth + 1 widths, the inputs' first. Default: 256.
   */
  readonly width?: number | readonly number[];
  /**
   * What follows each layer, the last one too: a name, a function of one
   * number, or what `criticality` returned. Default: relu.
   */
  readonly activation?: ActivationLike;
  /** The slope of leaky_relu below 0. Default: 0.01. */
  readonly negativeSlope?: number;
  /**
   * How weights are filled: an initializer, its name, `{ name, ...options }`,
   * what is drawn, or a function of a weight and a generator. Default:
   * `kaimingNormal` with the activation's gain in PyTorch's table; where it has
   * none, with the gain of `criticality`'s critical point, or else unit gain.
   */
  readonly init?: Filler;
  /**
   * Biases are drawn from N(0, biasStd²). Default: 0, no bias; but with the
   * default `init` that of the critical point, which gelu, silu, mish and
   * hardswish have only with a bias.
   */
  readonly biasStd?: number;
  /** How many inputs, at least 2. Default: 256. */
  readonly batch?: number;
  /** The seed of all that is random. Default: 0. */
  readonly seed?: number | bigint;
  /** The generator of all random numbers, in place of a seed. */
  readonly generator?: AnyGenerator;
  /** How many bins histograms have; 0 for none. Default: 60. */
  readonly bins?: number;
  /** Called after each layer, forward and backward. */
  readonly onProgress?: (progress: Progress) => void;
}

/**
 * What mean-field theory expects.
 *
 * @internal
 */
export interface SignalExpectation {
  /** The mean. */
  readonly mean: number;
  /** The standard deviation. */
  readonly std: number;
}

/**
 * What was measured at a layer, over all inputs of the batch.
 *
 * @internal
 */
export interface Signal {
  /** How many values are finite; all else here is about these. */
  readonly count: number;
  /** How many values are NaN or infinite. */
  readonly nonFinite: number;
  /** The mean. */
  readonly mean: number;
  /** The standard deviation, with n − 1. */
  readonly std: number;
  /** The smallest value. */
  readonly min: number;
  /** The largest value. */
  readonly max: number;
  /** The share of values that are 0, in [0, 1]. */
  readonly zeroShare: number;
  /** What mean-field theory expects; null if it does not hold. */
  readonly expected: SignalExpectation | null;
  /** How the values are distributed; null if not requested. */
  readonly histogram: Histogram | null;
}

/**
 * One layer of a run.
 *
 * @internal
 */
export interface PropagationLayer {
  /** Which layer, from 1. */
  readonly layer: number;
  /** Inputs of one output. */
  readonly fanIn: number;
  /** Outputs that one input reaches. */
  readonly fanOut: number;
  /** Before the activation: `h = a · weightᵀ + bias`. */
  readonly preactivations: Signal;
  /** After it: `a = φ(h)`. */
  readonly activations: Signal;
  /** Back-propagated gradients, by the pre-activations. */
  readonly gradients: Signal;
  /** Gradients by the weights, summed over the batch. */
  readonly weightGradients: Signal;
}

/** What `propagate` returns. */
export interface Propagation {
  /** What follows each layer. */
  readonly activation: string;
  /** The initializer of the weights, with the given options. */
  readonly init: string;
  /** The standard deviation of the biases; 0 for none. */
  readonly biasStd: number;
  /** How many layers. */
  readonly depth: number;
  /** The inputs' width, then each layer's. */
  readonly widths: readonly number[];
  /** How many inputs. */
  readonly batch: number;
  /** The seed; null where a generator was given. */
  readonly seed: number | bigint | null;
  /** The layers, from the inputs to the output. */
  readonly layers: readonly PropagationLayer[];
}

/** Options that are complete and checked. */
interface Plan {
  /** The inputs' width, then each layer's. */
  readonly widths: readonly number[];
  /** The activation's name. */
  readonly activation: string;
  /** The activation. */
  readonly curve: Curve;
  /** What fills the weights. */
  readonly filling: Filling;
  /** The standard deviation of the biases. */
  readonly biasStd: number;
  /** How many inputs. */
  readonly batch: number;
  /** How many bins; 0 for no histogram. */
  readonly bins: number;
  /** The seed; null where a generator was given. */
  readonly seed: number | bigint | null;
  /** Where all that is random comes from. */
  readonly generator: AnyGenerator;
  /** Called after each layer. */
  readonly onProgress: (progress: Progress) => void;
}

/** What is measured at a layer. */
type Quantities = Readonly<
  Record<
    "preactivations" | "activations" | "gradients" | "weightGradients",
    SignalExpectation
  >
>;

const action = "propagate signals";

const usualDepth = 10;

const table = {
  depth: {
    read: (action, name, value) =>
      value === undefined ? undefined : count(1).read(action, name, value),
  } as Option<number | undefined>,
  width: {
    fallback: 256,
    read(action, name, value) {
      if (!Array.isArray(value)) return count(1).read(action, name, value);
      value.forEach((one) => checkCount(action, "each width", one, 1));
      return [...value];
    },
  } as Option<number | readonly number[]>,
  activation: {
    read: (action, _name, value = "relu") => activationOf(action, value),
  } as Option<NamedCurve>,
  negativeSlope: real(0.01),
  // Its default depends on the activation.
  init: {
    read: (_action, _name, value) => value,
  } as Option<Filler | undefined>,
  // So does this one.
  biasStd: {
    read: (action, name, value) =>
      value === undefined
        ? undefined
        : real(0, { low: 0 }).read(action, name, value),
  } as Option<number | undefined>,
  batch: count(2, 256),
  seed: { fallback: 0, read: (_action, _name, value) => value } as Option<
    number | bigint
  >,
  generator: {
    insteadOf: ["seed"],
    read: (action, _name, value) => streamOf(action, value),
  } as Option<AnyGenerator | undefined>,
  bins: count(0, 60),
  onProgress: {
    fallback: () => {},
    read(action, name, value) {
      if (typeof value === "function") {
        return value as (progress: Progress) => void;
      }
      throw new TypeError(
        cannot(action, `${name} must be a function`, describe(value)),
      );
    },
  } as Option<(progress: Progress) => void>,
};

/** Bins end here, in standard deviations from the mean, or at the last value. */
const reach = 5;

/** Significant digits of the standard deviations in a printed run. */
const digits = 3;

/**
 * Returns the statistics of each layer of a real stack of dense layers, after a
 * batch of random inputs has gone forward and a random gradient has come back.
 *
 * Layer l computes `h = a · weightᵀ + bias` and passes `φ(h)` on. Inputs and the
 * gradient by the last activations are N(0, 1). Weights are float32, as the
 * initializers draw them; the rest is computed in double. The same options
 * give the same bytes.
 *
 * Draws, all from `new Generator(seed)` or the generator that was given: inputs
 * `[batch, width]`, the output's gradient `[batch, width]`, then layer by layer
 * weight `[fanOut, fanIn]` and, where `biasStd` is above 0, bias `[fanOut]`.
 * Two initializers therefore get the same inputs.
 *
 * Expected values hold for wide layers with independent weights of mean 0; one
 * run of width n differs from them by about `sqrt(depth / n)`, relatively.
 *
 * @param options The stack, its initializer and the seed.
 * @throws {TypeError} If an option is unknown or of a wrong kind, a seed is
 * given together with a generator, or the generator gives the same numbers at
 * each fill.
 * @throws {RangeError} If a number is out of its interval, a name unknown, or
 * the initializer refuses its options.
 * @see Glorot and Bengio, 2010; He, Zhang, Ren and Sun, 2015
 *
 * @example
 * ```ts
 * import { propagate } from "@fanin/fanin";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const options = { depth: 8, width: 128, batch: 64, bins: 0 };
 * const kaiming = propagate(options);
 * const xavier = propagate({ ...options, init: "xavierNormal" });
 *
 * // The same draws, at another scale: 1/√2 a layer.
 * const [a, b] = [kaiming, xavier].map(({ layers }) => layers[7].activations);
 * assertAlmostEquals(b.std / a.std, Math.SQRT1_2 ** 8, 1e-6);
 * assertAlmostEquals(b.expected!.std / a.expected!.std, 1 / 16, 1e-9);
 * ```
 */
export function propagate(options: PropagateOptions = {}): Propagation {
  const plan = planOf(options);
  const { widths, batch, activation, filling, generator } = plan;
  const inputs = drawMatrix([batch, widths[0]], generator);
  const outputGradients = drawMatrix([batch, widths.at(-1)!], generator);
  const stack = drawStack(plan, generator);
  const passed = passForward(plan, stack, inputs);
  const layers = passBackward(plan, stack, passed, inputs, outputGradients);
  return showAs(
    {
      activation,
      init: filling.label,
      biasStd: plan.biasStd,
      depth: stack.length,
      widths,
      batch,
      seed: plan.seed,
      layers,
    },
    "propagation",
    propagationText,
  );
}

/**
 * Describes a run in one line.
 *
 * @param run What `propagate` returned.
 */
export function headOf(run: Propagation): string {
  const { activation, init, biasStd, depth, widths, batch, seed } = run;
  const narrow = Math.min(...widths);
  const wide = Math.max(...widths);
  return [
    `${depth} ${activation} ${depth === 1 ? "layer" : "layers"} of ${
      narrow === wide ? wide : `${narrow} to ${wide}`
    }`,
    init,
    ...biasStd > 0 ? [`bias ${Number(biasStd.toPrecision(4))}`] : [],
    `batch ${batch}`,
    ...seed === null ? [] : [`seed ${seed}`],
  ].join(" · ");
}

/** Reads the options, and checks how every weight would be filled. */
function planOf(options: PropagateOptions): Plan {
  const {
    depth,
    width,
    activation: named,
    negativeSlope,
    init,
    biasStd,
    seed,
    generator = new Generator(seed),
    ...given
  } = readOptions(action, options, table);
  const widths = widthsOf(depth, width);
  const usual = init === undefined
    ? usualFilling(named, negativeSlope)
    : { init, biasStd: 0 };
  const filling = fillingOf(action, usual.init);
  for (const shape of weightShapes(widths)) filling.check(shape);
  return {
    ...given,
    widths,
    activation: named.name,
    curve: named.curveAt(negativeSlope),
    filling,
    biasStd: biasStd ?? usual.biasStd,
    seed: options.generator === undefined ? seed : null,
    generator,
  };
}

function widthsOf(
  depth: number | undefined,
  width: number | readonly number[],
): readonly number[] {
  if (typeof width === "number") {
    return new Array((depth ?? usualDepth) + 1).fill(width);
  }
  const wanted = depth === undefined ? Math.max(2, width.length) : depth + 1;
  if (width.length === wanted) return width;
  throw new RangeError(
    cannot(
      action,
      `width must be one number or a list of ${wanted}, the inputs' first`,
      describe(width),
    ),
  );
}

/** Returns the shapes of the weights, `[fanOut, fanIn]`. */
function weightShapes(widths: readonly number[]): [number, number][] {
  return widths.slice(1).map((fanOut, index) => [fanOut, widths[index]]);
}

function drawMatrix(shape: [number, number], generator: AnyGenerator): Matrix {
  return matrixOf(normal(empty(shape), { generator }));
}

function drawStack(
  { widths, filling, biasStd }: Plan,
  generator: AnyGenerator,
): Layer[] {
  return weightShapes(widths).map((shape) => {
    const weight: Tensor<"float32"> = empty(shape);
    filling.fill(weight, generator);
    const bias = biasStd === 0
      ? null
      : normal(empty([shape[0]]), { std: biasStd, generator });
    return { weight, bias };
  });
}

function passForward(
  { curve, onProgress }: Plan,
  stack: readonly Layer[],
  inputs: Matrix,
): Passed[] {
  const passed: Passed[] = [];
  const total = 2 * stack.length;
  stack.forEach((layer, index) => {
    const before = passed[index - 1]?.activations ?? inputs;
    passed.push(forward(layer, before, curve));
    const done = index + 1;
    onProgress({ pass: "forward", layer: done, done, total });
  });
  return passed;
}

/** Measures each layer as soon as its gradients are there, and drops them. */
function passBackward(
  plan: Plan,
  stack: readonly Layer[],
  passed: readonly Passed[],
  inputs: Matrix,
  outputGradients: Matrix,
): PropagationLayer[] {
  const { curve, bins, onProgress } = plan;
  const expected = expectationsOf(plan, stack);
  const layers: PropagationLayer[] = [];
  const total = 2 * stack.length;
  let gradients = outputGradients;
  for (let index = stack.length - 1; index >= 0; index--) {
    const before = index === 0 ? inputs : passed[index - 1].activations;
    const returned = backward(
      stack[index],
      passed[index],
      before,
      gradients,
      curve,
      index > 0,
    );
    const found = { ...passed[index], ...returned };
    const measure = (name: keyof Quantities) =>
      signalOf(found[name].data, expected[index]?.[name] ?? null, bins);
    const [fanOut, fanIn] = stack[index].weight.shape;
    layers.unshift({
      layer: index + 1,
      fanIn,
      fanOut,
      preactivations: measure("preactivations"),
      activations: measure("activations"),
      gradients: measure("gradients"),
      weightGradients: measure("weightGradients"),
    });
    if (returned.inputGradients !== null) gradients = returned.inputGradients;
    const done = total - index;
    onProgress({ pass: "backward", layer: index + 1, done, total });
  }
  return layers;
}

function expectationsOf(
  { curve, batch, biasStd, filling }: Plan,
  stack: readonly Layer[],
): (Quantities | null)[] {
  const scales = stack.map(({ weight }) => ({
    fanIn: weight.shape[1],
    fanOut: weight.shape[0],
    weightVariance: weightVariance(weight, filling.distribution),
  }));
  const ends = { input: 1, gradient: 1, bias: biasStd ** 2, batch };
  return meanField(curve, scales, ends).map((found) =>
    found && {
      preactivations: spread(0, found.variance),
      activations: spread(found.mean, found.square),
      gradients: spread(0, found.gradient),
      weightGradients: spread(0, found.weightGradient),
    }
  );
}

function spread(mean: number, square: number): SignalExpectation {
  return { mean, std: Math.sqrt(Math.max(0, square - mean ** 2)) };
}

function signalOf(
  values: Float64Array,
  expected: SignalExpectation | null,
  bins: number,
): Signal {
  const { sampleStd: std, ...found } = moments(values);
  const { count, nonFinite, mean, min, max, zeroShare } = found;
  return {
    ...{ count, nonFinite, mean, std, min, max, zeroShare, expected },
    histogram: bins === 0 || !(max > min)
      ? null
      : histogram(values, edgesOf(found, std, bins)),
  };
}

/** Equal bins over the values, without the far tails. */
function edgesOf(
  { mean, min, max }: { mean: number; min: number; max: number },
  std: number,
  bins: number,
): number[] {
  const low = Math.max(min, mean - reach * std);
  const high = Math.min(max, mean + reach * std);
  return Array.from(
    { length: bins + 1 },
    (_, index) => low * ((bins - index) / bins) + high * (index / bins),
  );
}

/** Returns a table of the standard deviations by layer, expected ones in brackets. */
function propagationText(run: Propagation): string {
  const rows = [
    ["layer", "std of activations", "std of gradients"],
    ...run.layers.map(({ layer, activations, gradients }) => [
      String(layer),
      stdText(activations),
      stdText(gradients),
    ]),
  ];
  const wide = rows[0].map((_, column) =>
    Math.max(...rows.map((row) => row[column].length))
  );
  return [
    headOf(run),
    ...rows.map((row) =>
      row.map((cell, column) => cell.padStart(wide[column])).join("  ")
    ),
  ].join("\n");
}

function stdText({ std, expected }: Signal): string {
  const measured = std.toPrecision(digits);
  return expected === null
    ? measured
    : `${measured} (${expected.std.toPrecision(digits)})`;
}
