/**
 * Signals and gradients through a deep stack of dense layers, measured layer by
 * layer and compared with mean-field theory.
 *
 * @module
 */

import { inColumns } from "../core/columns.ts";
import {
  cannot,
  checkCount,
  count,
  describe,
  isPlain,
  oneOf,
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
import { type AnyGenerator, filledBy } from "../random/generator.ts";
import { Generator } from "../random/torch/generator.ts";
import type { Curve } from "./activations.ts";
import type { ReadLayer } from "./layers.ts";
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
import {
  type Architecture,
  architectureHead,
  type ArchitectureOptions,
  architecturePlan,
  type BlockOptions,
  runArchitecture,
} from "./architecture.ts";
import {
  type Bands,
  bandTable,
  overSeeds,
  type SeedsOptions,
} from "./bands.ts";
import { meanField } from "./mean_field.ts";
import { type Progress, progressOption, randomOptions } from "./run_options.ts";
import {
  backward,
  forward,
  type Layer,
  matrixOf,
  type Passed,
} from "./stack.ts";

/** Options of {@linkcode propagate}. */
export interface PropagateOptions {
  /** Dense layers. The other blocks have options of their own. */
  readonly block?: "dense";
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
  /**
   * The inputs are N(0, 1) times this, to start at a fixed point. Default: 1.
   */
  readonly inputStd?: number;
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
  /** The mean of the squares. */
  readonly meanSquare: number;
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
  /**
   * How widely seeds are spread: the standard deviation of the logarithm of one
   * input's mean square of activations, by theory; null if it does not hold, or
   * weights are orthogonal.
   */
  readonly logStd: number | null;
  /**
   * What the layers up to here multiply a deviation of the mean square by, by
   * theory, both relative to it: far above 1, the theory is no guide.
   */
  readonly amplification: number | null;
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
  /** The standard deviation of the inputs. */
  readonly inputStd: number;
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
type SignalName =
  | "preactivations"
  | "activations"
  | "gradients"
  | "weightGradients";

/** What the theory says of a layer. */
type Quantities =
  & Readonly<Record<SignalName, SignalExpectation>>
  & { readonly logStd: number | null; readonly amplification: number };

const action = "propagate signals";

const usualDepth = 10;

const table = {
  block: oneOf<"dense">(["dense"], "dense"),
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
  inputStd: real(1, { low: 0 }),
  batch: count(2, 256),
  ...randomOptions,
  bins: count(0, 60),
  onProgress: progressOption,
};

/** Bins end here, in standard deviations from the mean, or at the last value. */
const reach = 5;

/** A spread of the logarithm that is worth a word. */
const smallSpread = 0.5;

/** Deviations that grow to more than this make the theory no guide. */
const largeAmplification = 1.5;

/** Significant digits of the standard deviations in a printed run. */
const digits = 3;

/**
 * Returns the statistics of each layer of a real stack of dense layers or of
 * blocks, after a batch of random inputs has gone forward and a random gradient
 * has come back.
 *
 * Dense layer l computes `h = a · weightᵀ + bias` and passes `φ(h)` on. `block`
 * chooses another one, which has options and defaults of its own: residual
 * (`branchScale`), fixup, preNorm, postNorm, transformer (`norm`, `heads`,
 * `tokens`, `residualScale`, `std`), gpt2, conv (`size`, `padding`, `batchNorm`) and
 * resnet (`version`, `size`, `padding`, `gamma`, `batchNorm`).
 *
 * Inputs and the gradient by the output are N(0, 1). Weights are float32, as the
 * initializers draw them; the rest is computed in double. The same options
 * give the same bytes.
 *
 * Draws, all from `new Generator(seed)` or the generator that was given: inputs,
 * the output's gradient, then layer by layer or block by block the weights; of a
 * dense layer weight `[fanOut, fanIn]` and, where `biasStd` is above 0, bias
 * `[fanOut]`. Two initializers therefore get the same inputs.
 *
 * Expected values are those of wide layers with independent weights of mean 0.
 * Where layers pass deviations on, as relu's do, the mean over seeds is kept by
 * few large runs, and a single deep run lies below it: `logStd` says how widely
 * seeds are spread, and `seeds` shows it. Where the map is unstable, as with gelu
 * and the gain √2, deviations grow and the theory is no guide.
 *
 * @param options The stack and the seed. With `seeds` it runs from so many seeds
 * and returns a promise of bands.
 * @throws {TypeError} If an option is unknown or of a wrong kind, a seed is
 * given together with a generator, or the generator gives the same numbers at
 * each fill.
 * @throws {RangeError} If a number is out of its interval, a name unknown, or
 * the initializer refuses its options.
 * @see Glorot and Bengio, 2010; He, Zhang, Ren and Sun, 2015; Hanin and Nica,
 * "Products of many large random matrices and gradients in deep neural
 * networks", 2020, on single runs
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
 *
 * // Pre-norm blocks add the same to the stream, one after the other.
 * const { layers } = await propagate({ block: "preNorm", depth: 8, seeds: 8 });
 * assertAlmostEquals(layers[7].stream.meanSquare.mean, 9, 0.7);
 * ```
 */
export function propagate(
  options: BlockOptions & SeedsOptions,
): Promise<Bands<Architecture>>;
/**
 * Returns the statistics of each block of a stack, from one seed.
 *
 * @param options The block, its options and the seed.
 */
export function propagate(
  options: ArchitectureOptions & { readonly seeds?: undefined },
): Architecture;
/**
 * Returns the bands of each dense layer, over seeds.
 *
 * @param options The stack, its initializer and the seeds.
 */
export function propagate(
  options:
    & Omit<PropagateOptions, "onProgress" | "generator" | "bins">
    & SeedsOptions,
): Promise<Bands<Propagation>>;
/**
 * Returns the statistics of each dense layer, from one seed.
 *
 * @param options The stack, its initializer and the seed.
 */
export function propagate(
  options?: PropagateOptions & { readonly seeds?: undefined },
): Propagation;
export function propagate(
  options: object = {},
):
  | Propagation
  | Architecture
  | Promise<Bands<Propagation> | Bands<Architecture>> {
  const given = options as Readonly<Record<string, unknown>>;
  if (isPlain(given)) {
    if (given.seeds !== undefined) return propagateSeeds(given);
    if ((given.block ?? "dense") !== "dense") {
      return runArchitecture(architecturePlan(action, withoutSeeds(given)));
    }
  }
  return runDense(planOf(isPlain(given) ? withoutSeeds(given) : options));
}

async function propagateSeeds(
  { seeds, signal, onProgress, ...rest }: Readonly<Record<string, unknown>>,
): Promise<Bands<Propagation> | Bands<Architecture>> {
  const given = { ...rest, seeds, signal, onProgress } as unknown as
    & SeedsOptions
    & { readonly seed?: number | bigint };
  if ((rest.block ?? "dense") !== "dense") {
    const plan = architecturePlan(action, rest);
    const { first, ...bands } = await overSeeds(
      action,
      given,
      (seed) =>
        runArchitecture({ ...plan, seed, generator: new Generator(seed) }),
    );
    const { layers: _, seed: __, inputs: ___, ...head } = first;
    const run = { ...head, ...bands };
    return showAs(run, "propagation bands", () =>
      [
        architectureHead({ ...first, seed: null }) + seedsText(bands.seeds),
        bandTable(bands.layers, "block", [
          ...["stream", "branch", "attention", "mlp", "gradient"],
        ]),
      ].join("\n"));
  }
  const plan = { ...planOf(rest), bins: 0 };
  const { first, ...bands } = await overSeeds(
    action,
    given,
    (seed) => runDense({ ...plan, seed, generator: new Generator(seed) }),
  );
  const { layers: _, seed: __, ...head } = first;
  const run = { ...head, ...bands };
  return showAs(run, "propagation bands", () =>
    [
      headOf({ ...first, seed: null }) + seedsText(bands.seeds),
      bandTable(bands.layers, "layer", ["activations", "gradients"]),
      ...spreadText(first),
    ].join("\n"));
}

function seedsText([first, last]: readonly (number | bigint)[]): string {
  return ` · seeds ${first} to ${last}`;
}

/** A signal aborts only what lasts; one run is over when it returns. */
function withoutSeeds(
  { seeds: _, ...options }: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (options.signal === undefined) return options;
  throw new TypeError(cannot(action, "signal must come with seeds"));
}

function runDense(plan: Plan): Propagation {
  const { widths, batch, activation, filling, generator } = plan;
  const inputs = drawInputs(plan);
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
 * Returns a dense stack as a list of layers, drawn as a run draws it, up to the
 * last weight: the output's gradient is drawn, too, and left out.
 *
 * @param action What is being done, for the error message.
 * @param options The stack, as `propagate` takes it.
 */
export function denseLayers(
  action: string,
  options: object,
): {
  readonly layers: readonly ReadLayer[];
  readonly inputs: { readonly matrix: Matrix };
  readonly inputStd: number;
  readonly biasStd: number;
  readonly generator: AnyGenerator;
} {
  const plan = planOf(options, action);
  const { activation: name, curve, inputStd, biasStd, generator } = plan;
  const matrix = drawInputs(plan);
  drawMatrix([plan.batch, plan.widths.at(-1)!], generator);
  const layers = drawStack(plan, generator).flatMap(
    ({ weight, bias }): ReadLayer[] => [
      {
        kind: "dense",
        tensor: weight,
        weight: matrixOf(weight),
        bias: bias && Float64Array.from(bias.data),
        kernel: null,
        stride: [1, 1],
        margin: [0, 0],
      },
      { kind: "activation", name, curve },
    ],
  );
  return { layers, inputs: { matrix }, inputStd, biasStd, generator };
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
function planOf(options: object, doing = action): Plan {
  const {
    block: _,
    depth,
    width,
    activation: named,
    negativeSlope,
    init,
    biasStd,
    seed,
    generator = new Generator(seed),
    ...given
  } = readOptions(doing, options, table);
  const widths = widthsOf(depth, width);
  const usual = init === undefined
    ? usualFilling(named, negativeSlope)
    : { init, biasStd: 0 };
  const filling = fillingOf(doing, usual.init);
  for (const shape of weightShapes(widths)) filling.check(shape);
  return {
    ...given,
    widths,
    activation: named.name,
    curve: named.curveAt(negativeSlope),
    filling,
    biasStd: biasStd ?? usual.biasStd,
    seed: (options as PropagateOptions).generator === undefined ? seed : null,
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

/** In double after the draw, so that another size has the same digits. */
function drawInputs({ widths, batch, generator, inputStd }: Plan): Matrix {
  const drawn = drawMatrix([batch, widths[0]], generator);
  return inputStd === 1
    ? drawn
    : { ...drawn, data: drawn.data.map((value) => value * inputStd) };
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
    const measure = (name: SignalName) =>
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
      logStd: expected[index]?.logStd ?? null,
      amplification: expected[index]?.amplification ?? null,
    });
    if (returned.inputGradients !== null) gradients = returned.inputGradients;
    const done = total - index;
    onProgress({ pass: "backward", layer: index + 1, done, total });
  }
  return layers;
}

function expectationsOf(
  { curve, batch, biasStd, inputStd, filling }: Plan,
  stack: readonly Layer[],
): (Quantities | null)[] {
  const scales = stack.map(({ weight }) => ({
    fanIn: weight.shape[1],
    fanOut: weight.shape[0],
    weightVariance: weightVariance(weight, filling.distribution),
  }));
  const ends = {
    input: inputStd ** 2,
    gradient: 1,
    bias: biasStd ** 2,
    batch,
  };
  // Their rows have one length, so that seeds are spread less.
  const isOrthogonal = stack.some(({ weight }) =>
    (filling.distribution ?? filledBy(weight)?.distribution)?.kind ===
      "orthogonal"
  );
  return meanField(curve, scales, ends).map((found) =>
    found && {
      preactivations: spread(0, found.variance),
      activations: spread(found.mean, found.square),
      gradients: spread(0, found.gradient),
      weightGradients: spread(0, found.weightGradient),
      logStd: isOrthogonal ? null : Math.sqrt(found.logVariance),
      amplification: found.amplification,
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
    ...{ count, nonFinite, mean, std },
    meanSquare: mean ** 2 + std ** 2 * (1 - 1 / count),
    ...{ min, max, zeroShare, expected },
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
  return [
    headOf(run),
    ...inColumns(rows),
    ...spreadText(run),
  ].join("\n");
}

/** Says how far a single run may lie from the theory, where that is far. */
function spreadText({ layers }: Propagation): string[] {
  const { logStd, amplification } = layers.at(-1)!;
  if (logStd === null || logStd < smallSpread) return [];
  const [factor, median, grown] = [
    Math.exp(logStd),
    Math.exp(-(logStd ** 2) / 2),
    amplification!,
  ].map((value) => Number(value.toPrecision(2)));
  if (amplification! > largeAmplification) {
    return [
      `The theory is no guide: the map is unstable, and the layers multiply a deviation of the mean square by ${grown}.`,
    ];
  }
  return [
    `The mean over seeds is kept by few large runs: one input's mean square is spread by a factor of ${factor} about a median of ${median} times the expected one.`,
  ];
}

function stdText({ std, expected }: Signal): string {
  const measured = std.toPrecision(digits);
  return expected === null
    ? measured
    : `${measured} (${expected.std.toPrecision(digits)})`;
}
