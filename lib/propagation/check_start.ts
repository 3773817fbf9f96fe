/**
 * A network before its first step: what is saturated, dead or without gradient,
 * the loss it starts from, and how far a step moves its weights.
 *
 * @module
 */

import { inColumns } from "../core/columns.ts";
import {
  cannot,
  count,
  describe,
  isPlain,
  oneOf,
  readOptions,
  real,
} from "../core/options.ts";
import { showAs } from "../core/show.ts";
import { empty, type Tensor } from "../core/tensor.ts";
import { normal } from "../init/initializers.ts";
import type { Matrix } from "../numerics/matrix.ts";
import { normalBelow } from "../numerics/normal_below.ts";
import { normalMean } from "../numerics/normal_mean.ts";
import { rootBetween } from "../numerics/root.ts";
import { erf } from "../numerics/special.ts";
import type { AnyGenerator } from "../random/generator.ts";
import {
  type ArchitectureOptions,
  architecturePlan,
  weighBlocks,
} from "./architecture.ts";
import type { Curve } from "./activations.ts";
import { linear, type LinearStep } from "./blocks/operations.ts";
import { weightVariance } from "./filling.ts";
import {
  type Batch,
  batchOf,
  type LayerStep,
  type ListedLayer,
  passLayer,
  type ReadLayer,
  readLayers,
  type WeightLayer,
} from "./layers.ts";
import { type LayerExpectation, meanField } from "./mean_field.ts";
import { denseLayers, type PropagateOptions } from "./propagate.ts";

/**
 * Options of {@linkcode checkStart}.
 *
 * @internal
 */
export interface CheckStartOptions {
  /**
   * A batch, `[count, features]` or `[count, channels, height, width]`; needed
   * with a list of layers. Default: N(0, 1), as `propagate` draws it.
   */
  readonly inputs?: Tensor;
  /** The class of each example. Default: its place modulo the classes. */
  readonly labels?: readonly number[];
  /** Classes of the readout that is added to a described stack. Default: 10. */
  readonly classes?: number;
  /** The learning rule of the first step. Default: sgd. */
  readonly optimizer?: "sgd" | "adam";
  /** The learning rate of the first step. Default: 0.01. */
  readonly learningRate?: number;
}

/**
 * A number with what is expected of it.
 *
 * @internal
 */
export interface Checked {
  /** The number; null where it says nothing. */
  readonly value: number | null;
  /** What the theory expects; null where it expects nothing. */
  readonly expected: number | null;
  /** The verdict. */
  readonly ok: boolean;
}

/**
 * What was found at a layer with a weight, or at a block.
 *
 * @internal
 */
export interface StartLayer {
  /** Which one, from 1. */
  readonly layer: number;
  /** What it is: dense, conv, or a block's name. */
  readonly kind: string;
  /** The activation after it; null for none. */
  readonly activation: string | null;
  /** The share of values beyond 97 % of a bounded activation's range. */
  readonly saturated: Checked;
  /** The share of relu's units that are 0 for the whole batch. */
  readonly dead: Checked;
  /** The share of zeros in the gradient by the pre-activations. */
  readonly zeroGradient: Checked;
  /** The root mean square of the first update over that of the weight. */
  readonly updateToWeight: Checked;
  /** How many rows of the weight repeat another one. */
  readonly equalRows: Checked;
}

/**
 * What `checkStart` returns.
 *
 * @internal
 */
export interface StartCheck {
  /** The layers with weights, from the inputs to the output. */
  readonly layers: readonly StartLayer[];
  /** The cross-entropy before the first step; ln C is expected. */
  readonly loss: Checked;
  /** The classes. */
  readonly classes: number;
  /** The learning rule of the first step. */
  readonly optimizer: "sgd" | "adam";
  /** The learning rate of the first step. */
  readonly learningRate: number;
  /** Whether all is well. */
  readonly ok: boolean;
}

/** A network that is ready to be checked. */
interface Network {
  readonly layers: readonly ReadLayer[];
  readonly inputs: Batch;
  /** The mean square that inputs should have. */
  readonly inputSquare: number;
  readonly biasVariance: number;
}

const action = "check a start";

const table = {
  inputs: { read: (_action: string, _name: string, value: unknown) => value },
  labels: { read: (_action: string, _name: string, value: unknown) => value },
  classes: count(2, 10),
  optimizer: oneOf<"sgd" | "adam">(["sgd", "adam"], "sgd"),
  learningRate: real(0.01, { low: 0 }),
};

/** Values beyond this share of the range are saturated. */
const far = 0.97;

/** More than so many times what is expected is too much. */
const excess = 2;

/** And so is a saturated share above this. */
const mostSaturated = 0.25;

/** A loss of more than so many times ln C. */
const lossExcess = 1.5;

/** Updates relative to weights. */
const [smallestUpdate, largestUpdate] = [1e-4, 1e-2];

/** Pre-activations from which on an activation is saturated; to both sides. */
const saturation: Readonly<Record<string, number>> = {
  tanh: Math.atanh(far),
  sigmoid: Math.log(far / (1 - far)),
  erf: rootBetween((x) => erf(x) - far, 0, 4),
  hardtanh: far,
};

/** Activations that have units which can die. */
const dying: readonly string[] = ["relu", "relu6", "relu_squared"];

/**
 * Returns what is wrong with a network before its first step: at each layer the
 * saturated share, dead units, zeros in the gradient, the first update relative
 * to the weight, and equal rows; and the initial loss.
 *
 * Each number stands beside what the theory of wide networks expects of the
 * weights and normalized inputs. Not well are: saturated or dead more than twice
 * what is expected, by more than one unit, or saturated above a quarter; a loss
 * above 1.5 · ln C; an update outside [1e-4, 1e-2] of the weight; any equal rows.
 *
 * A described stack is drawn as `propagate` draws it, and gets a readout
 * `[classes, width]` from N(0, 1 / width), drawn last; blocks with several rows an
 * example are averaged before it. In a list of layers the last weight gives the
 * logits, without softmax or sigmoid after it; one output means two classes.
 *
 * @param stack Options of `propagate`, or a list of layers as `lsuv` takes it.
 * @param options The batch, and the first step's rule.
 * @throws {TypeError} If an option is unknown or of a wrong kind, or a list comes
 * without inputs.
 * @throws {RangeError} If shapes or labels do not fit.
 *
 * @example
 * ```ts
 * import { checkStart } from "@fanin/fanin";
 * import { assert, assertAlmostEquals } from "@std/assert";
 *
 * const tanh = { depth: 4, width: 128, batch: 16, activation: "tanh" } as const;
 * const wild = checkStart({ ...tanh, init: { name: "xavierNormal", gain: 3 } });
 * const { value, expected, ok } = wild.layers[0].saturated;
 * assertAlmostEquals(expected!, 0.4855, 1e-4);
 * assert(value! > 0.4 && !ok);
 * ```
 */
export function checkStart(
  stack:
    | PropagateOptions
    | ArchitectureOptions
    | readonly (ListedLayer | object)[],
  options: CheckStartOptions = {},
): StartCheck {
  const { inputs, labels, ...given } = readOptions(action, options, table);
  const block: unknown = isPlain(stack) ? stack.block : undefined;
  const isBlock = block !== undefined && block !== "dense";
  const found = isBlock
    ? checkBlocks(stack as ArchitectureOptions, labels, given)
    : checkLayers(networkOf(stack, inputs, given.classes), labels, given);
  const { optimizer, learningRate } = given;
  const checks = found.layers.flatMap((layer) =>
    Object.values(layer).filter((value) => isPlain(value))
  ) as unknown as Checked[];
  const ok = [found.loss, ...checks].every((check) => check.ok);
  return showAs(
    { ...found, optimizer, learningRate, ok },
    "start check",
    startText,
  );
}

/** The first step. */
interface Rule {
  readonly optimizer: "sgd" | "adam";
  readonly learningRate: number;
}

type Found = Pick<StartCheck, "layers" | "loss" | "classes">;

function networkOf(
  stack: unknown,
  inputs: unknown,
  classes: number,
): Network {
  if (Array.isArray(stack)) {
    if (inputs === undefined) {
      throw new TypeError(
        cannot(action, "inputs must be given with a list of layers"),
      );
    }
    return {
      layers: readLayers(action, stack),
      inputs: batchOf(action, inputs as Tensor),
      inputSquare: 1,
      biasVariance: 0,
    };
  }
  if (!isPlain(stack)) {
    throw new TypeError(
      cannot(
        action,
        "the stack must be options of propagate or a list of layers",
        describe(stack),
      ),
    );
  }
  const dense = denseLayers(action, stack);
  const { matrix } = dense.inputs;
  const width = dense.layers.findLast(isWeight)!.weight.rows;
  const readout = readoutOf(classes, width, dense.generator);
  return {
    layers: [...dense.layers, readout],
    inputs: inputs === undefined
      ? { matrix, count: matrix.rows, size: null }
      : batchOf(action, inputs as Tensor),
    inputSquare: dense.inputStd ** 2,
    biasVariance: dense.biasStd ** 2,
  };
}

function readoutOf(
  classes: number,
  width: number,
  generator: AnyGenerator,
): WeightLayer {
  const std = 1 / Math.sqrt(width);
  const tensor = normal(empty([classes, width]), { std, generator });
  return {
    kind: "dense",
    tensor,
    weight: {
      data: Float64Array.from(tensor.data),
      rows: classes,
      columns: width,
    },
    bias: null,
    kernel: null,
    stride: [1, 1],
    margin: [0, 0],
  };
}

function isWeight(layer: ReadLayer): layer is WeightLayer {
  return layer.kind === "dense" || layer.kind === "conv";
}

function checkLayers(
  network: Network,
  labels: unknown,
  rule: Rule,
): Found {
  const { layers, inputs } = network;
  const steps: LayerStep[] = [];
  for (const layer of layers) {
    steps.push(passLayer(action, layer, steps.at(-1)?.batch ?? inputs));
  }
  const last = layers.findLastIndex(isWeight);
  if (last === -1) {
    throw new TypeError(cannot(action, "layers must have one with a weight"));
  }
  const logits = steps[last].batch.matrix;
  if (logits.rows !== inputs.count) {
    throw new RangeError(
      cannot(action, "the last weight must be that of a dense layer"),
    );
  }
  const start = crossEntropy(logits, labels);
  const theory = theoryOf(network);
  const found: StartLayer[] = [];
  let gradient = start.gradient;
  for (let i = last; i >= 0; i--) {
    const { step } = steps[i];
    const layer = layers[i];
    if (isWeight(layer)) {
      const next = i < last ? layers[i + 1] : undefined;
      const after = next?.kind === "activation" ? next : undefined;
      const weightGradient = (step as LinearStep).backToWeight(gradient);
      const place = layers.slice(0, i + 1).filter(isWeight).length;
      found.unshift({
        layer: place,
        kind: layer.kind,
        activation: after?.name ?? null,
        ...signalsOf(steps[i].batch, gradient, after, theory[place - 1], {
          isFree: network.biasVariance === 0 && layer.bias === null,
          place,
          layers,
        }),
        updateToWeight: updateOf([layer.weight], [weightGradient], rule),
        equalRows: equalRowsOf([layer.weight]),
      });
    }
    if (i > 0) gradient = step.back(gradient);
  }
  return { layers: found, loss: start.loss, classes: start.classes };
}

/** Where the theory stands for a layer and how it got there. */
interface Surroundings {
  /** Whether it has no bias. */
  readonly isFree: boolean;
  readonly place: number;
  readonly layers: readonly ReadLayer[];
}

function signalsOf(
  { matrix, count }: Batch,
  gradient: Matrix,
  after: { readonly name: string; readonly curve: Curve } | undefined,
  expected: LayerExpectation | null,
  surroundings: Surroundings,
): Pick<StartLayer, "saturated" | "dead" | "zeroGradient"> {
  const none = { value: null, expected: null, ok: true };
  const zeros = gradient.data.reduce((n, x) => n + (x === 0 ? 1 : 0), 0) /
    gradient.data.length;
  const unit = 1 / matrix.columns;
  const std = expected && Math.sqrt(expected.variance);
  const slopeless = after === undefined ? 0 : std === null ? null : normalMean(
    (x) => after.curve.slope(x) === 0 ? 1 : 0,
    { std, breaks: after.curve.kinks },
  );
  const zeroGradient = checked(zeros, slopeless, unit);
  if (after === undefined) return { saturated: none, dead: none, zeroGradient };
  const edge = saturation[after.name];
  const saturated = edge === undefined ? none : checked(
    shareOf(matrix.data, (h) => Math.abs(h) > edge),
    std === null ? null : 2 * normalBelow(-edge / std),
    unit,
    mostSaturated,
  );
  const dead = dying.includes(after.name)
    ? checked(deadShare(matrix), deadExpected(count, surroundings), unit)
    : none;
  return { saturated, dead, zeroGradient };
}

/** Without an expectation, more than half is too much. */
function checked(
  value: number,
  expected: number | null,
  unit: number,
  most = 1,
): Checked {
  const ok = value <= most &&
    (expected === null ? value <= 0.5 : value <= excess * expected + unit);
  return { value, expected, ok };
}

function shareOf(
  values: Float64Array,
  isMeant: (value: number) => boolean,
): number {
  let found = 0;
  for (const value of values) if (isMeant(value)) found++;
  return found / values.length;
}

function deadShare({ data, rows, columns }: Matrix): number {
  let dead = columns;
  for (let c = 0; c < columns; c++) {
    for (let row = 0; row < rows; row++) {
      if (data[row * columns + c] > 0) {
        dead--;
        break;
      }
    }
  }
  return dead / columns;
}

/**
 * Of relu without bias: pre-activations of a unit are equally correlated normals,
 * by the arc-cosine map from uncorrelated inputs, and all are below 0.
 *
 * @see Cho and Saul, "Kernel methods for deep learning", 2009, on the map
 */
function deadExpected(
  batch: number,
  { isFree, place, layers }: Surroundings,
): number | null {
  const before = layers.filter((layer) => layer.kind === "activation")
    .slice(0, place);
  const isRelu = before.every((layer) =>
    layer.kind === "activation" && layer.name === "relu"
  );
  const isDense = layers.every(({ kind }) => kind !== "conv");
  if (!isFree || !isRelu || !isDense) return null;
  let c = 0;
  for (let layer = 1; layer < place; layer++) {
    c = (Math.sqrt(1 - c * c) + c * (Math.PI - Math.acos(c))) / Math.PI;
  }
  const slope = Math.sqrt(c / (1 - c));
  return normalMean((z) => normalBelow(-slope * z) ** batch);
}

function theoryOf(
  { layers, inputSquare, biasVariance }: Network,
): (LayerExpectation | null)[] {
  const weights = layers.flatMap((layer, i) => {
    if (!isWeight(layer)) return [];
    const next = layers[i + 1];
    return [{ layer, curve: next?.kind === "activation" ? next.curve : null }];
  });
  const found: (LayerExpectation | null)[] = [];
  let square: number | null = inputSquare;
  for (const { layer, curve } of weights) {
    const variance = weightVariance(layer.tensor as Tensor<"float32">);
    const { columns, rows } = layer.weight;
    if (square === null || variance === null) {
      found.push(null), square = null;
      continue;
    }
    const bias = layer.bias && biasVariance === 0
      ? layer.bias.reduce((sum, each) => sum + each * each, 0) / rows
      : biasVariance;
    const own: LayerExpectation = meanField(
      curve ?? { value: (x) => x, slope: () => 1, kinks: [] },
      [{ fanIn: columns, fanOut: rows, weightVariance: variance }],
      { input: square, gradient: 1, bias, batch: 1 },
    )[0]!;
    found.push(own);
    square = own.square;
  }
  return found;
}

/** The first update over the weight, both as roots of mean squares. */
function updateOf(
  weights: readonly Matrix[],
  gradients: readonly Matrix[],
  { optimizer, learningRate }: Rule,
): Checked {
  const squareOf = (all: readonly Matrix[]) => {
    let [sum, n] = [0, 0];
    for (const { data } of all) {
      for (const value of data) sum += value * value;
      n += data.length;
    }
    return sum / n;
  };
  const weight = Math.sqrt(squareOf(weights));
  // Adam's first step is the learning rate, whatever the gradient.
  const step = optimizer === "adam" ? 1 : Math.sqrt(squareOf(gradients));
  const value = weight > 0 ? learningRate * step / weight : null;
  return {
    value,
    expected: Math.sqrt(smallestUpdate * largestUpdate),
    ok: value === null || value >= smallestUpdate && value <= largestUpdate,
  };
}

function equalRowsOf(weights: readonly Matrix[]): Checked {
  let equal = 0;
  for (const { data, rows, columns } of weights) {
    const distinct = new Set<string>();
    for (let row = 0; row < rows; row++) {
      distinct.add(data.subarray(row * columns, (row + 1) * columns).join());
    }
    equal += rows - distinct.size;
  }
  return { value: equal, expected: 0, ok: equal === 0 };
}

/** The mean over examples; of one output by its logistic loss. */
function crossEntropy(
  { data, rows, columns }: Matrix,
  given: unknown,
): { loss: Checked; gradient: Matrix; classes: number } {
  const classes = Math.max(2, columns);
  const labels = given === undefined
    ? Array.from({ length: rows }, (_, i) => i % classes)
    : labelsOf(given, rows, classes);
  const gradient = new Float64Array(data.length);
  let loss = 0;
  for (let row = 0; row < rows; row++) {
    const own = data.subarray(row * columns, (row + 1) * columns);
    // One output is the second of two logits, of which the first is 0.
    const logits = columns === 1 ? [0, own[0]] : [...own];
    const most = Math.max(...logits);
    const total = logits.reduce((sum, z) => sum + Math.exp(z - most), 0);
    const label = labels[row];
    loss += (Math.log(total) + most - logits[label]) / rows;
    logits.forEach((z, c) => {
      const at = row * columns + (columns === 1 ? 0 : c);
      if (columns === 1 && c === 0) return;
      gradient[at] = (Math.exp(z - most) / total - (c === label ? 1 : 0)) /
        rows;
    });
  }
  const expected = Math.log(classes);
  return {
    loss: { value: loss, expected, ok: loss <= lossExcess * expected },
    gradient: { data: gradient, rows, columns },
    classes,
  };
}

function labelsOf(given: unknown, rows: number, classes: number): number[] {
  const labels = Array.isArray(given) || ArrayBuffer.isView(given)
    ? Array.from(given as unknown as ArrayLike<number>)
    : null;
  const isLabel = (label: unknown) =>
    Number.isInteger(label) && (label as number) >= 0 &&
    (label as number) < classes;
  if (labels?.length === rows && labels.every(isLabel)) return labels;
  throw new RangeError(
    cannot(
      action,
      `labels must be a list of ${rows} integers from 0 to ${classes - 1}`,
      describe(given),
    ),
  );
}

/** Blocks: the weights that each one drew, and the gradients where it has them. */
function checkBlocks(
  options: ArchitectureOptions,
  labels: unknown,
  { classes, ...rule }: Rule & { readonly classes: number },
): Found {
  const plan = architecturePlan(
    action,
    options as unknown as Readonly<Record<string, unknown>>,
  );
  const { width, batch } = plan.options;
  let start: ReturnType<typeof crossEntropy> | undefined;
  let readout: StartLayer | undefined;
  const none = { value: null, expected: null, ok: true };
  const blocks = weighBlocks(plan, (stream) => {
    const places = stream.rows / batch;
    const pooled = pool(stream, places);
    const head = readoutOf(classes, width, plan.generator);
    const step = linear(pooled, head.weight);
    start = crossEntropy(step.value, labels);
    const weightGradient = step.backToWeight(start.gradient);
    readout = {
      layer: plan.options.depth + 1,
      kind: "dense",
      activation: null,
      saturated: none,
      dead: none,
      zeroGradient: none,
      updateToWeight: updateOf([head.weight], [weightGradient], rule),
      equalRows: equalRowsOf([head.weight]),
    };
    return unpool(step.back(start.gradient), places);
  });
  const layers = blocks.map(({ weights, gradient, weightGradients }, i) => ({
    layer: i + 1,
    kind: plan.block,
    activation: null,
    saturated: none,
    dead: none,
    zeroGradient: checked(shareOf(gradient.data, (x) => x === 0), 0, 1 / width),
    // Of what was drawn; a weight that starts at 0 has no ratio.
    updateToWeight: weightGradients === undefined && rule.optimizer === "sgd"
      ? none
      : updateOf(weights, weightGradients ?? [], rule),
    equalRows: equalRowsOf(weights),
  }));
  return {
    layers: [...layers, readout!],
    loss: start!.loss,
    classes: start!.classes,
  };
}

/** The mean over the rows of each example. */
function pool({ data, rows, columns }: Matrix, places: number): Matrix {
  const pooled = new Float64Array(rows / places * columns);
  for (let i = 0; i < data.length; i++) {
    const example = Math.floor(i / (places * columns));
    pooled[example * columns + i % columns] += data[i] / places;
  }
  return { data: pooled, rows: rows / places, columns };
}

function unpool({ data, rows, columns }: Matrix, places: number): Matrix {
  const spread = new Float64Array(data.length * places);
  for (let i = 0; i < spread.length; i++) {
    const example = Math.floor(i / (places * columns));
    spread[i] = data[example * columns + i % columns] / places;
  }
  return { data: spread, rows: rows * places, columns };
}

/** Returns a table; what is not well carries an exclamation mark. */
function startText(run: StartCheck): string {
  const columns = [
    ["saturated", "saturated"],
    ["dead", "dead"],
    ["zeroGradient", "zero gradient"],
    ["updateToWeight", "update/weight"],
    ["equalRows", "equal rows"],
  ] as const;
  const cell = ({ value, expected, ok }: Checked, isShare: boolean) => {
    if (value === null) return "–";
    const text = (x: number) => String(Number(x.toPrecision(2)));
    const beside = isShare && expected !== null ? ` (${text(expected)})` : "";
    return `${text(value)}${beside}${ok ? "" : " !"}`;
  };
  const rows = [
    ["layer", "", ...columns.map(([, title]) => title)],
    ...run.layers.map((layer) => [
      String(layer.layer),
      [layer.kind, layer.activation ?? ""].join(" ").trim(),
      ...columns.map(([name], i) => cell(layer[name], i < 3)),
    ]),
  ];
  const { loss, classes, optimizer, learningRate } = run;
  return [
    `initial loss ${loss.value!.toPrecision(4)}, ln ${classes} is ${
      loss.expected!.toPrecision(4)
    }${loss.ok ? "" : " !"} · ${optimizer}, learning rate ${learningRate}`,
    ...inColumns(rows),
    run.ok ? "All is well." : "What has an exclamation mark is not well.",
  ].join("\n");
}
