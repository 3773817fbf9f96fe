/**
 * Layers with weights that somebody has, in a list: what they make of a batch,
 * and how gradients come back through them.
 *
 * @module
 */

import { cannot, checkCount, describe, isPlain } from "../core/options.ts";
import { Tensor } from "../core/tensor.ts";
import { titleOf } from "../core/title.ts";
import type { Matrix } from "../numerics/matrix.ts";
import type { Curve } from "./activations.ts";
import { convolve, type Pictures, sizeAfter } from "./blocks/convolution.ts";
import {
  activate,
  linear,
  type LinearStep,
  type Step,
} from "./blocks/operations.ts";
import { type ActivationLike, activationOf } from "./usual.ts";

/**
 * A layer of a list: a dense or convolutional one with its weight, as
 * `nn.Linear` and `nn.Conv2d` are, or one without.
 *
 * @internal
 */
export type ListedLayer =
  | {
    /** A dense layer. */
    readonly kind?: "dense" | "conv";
    /** `[out, in]`, or `[out, in, height, width]` for a convolution. */
    readonly weight: Tensor;
    /** `[out]`. Default: none. */
    readonly bias?: Tensor | null;
    /** The distance of a convolution's outputs. Default: 1. */
    readonly stride?: number | readonly number[];
    /** Zeros around pictures. Default: half the kernel, which keeps a size. */
    readonly padding?: number | readonly number[] | string;
  }
  | {
    /** Makes a vector of each picture, channel by channel. */
    readonly kind: "flatten";
  }
  | {
    /** An activation of each element. */
    readonly kind: "activation";
    /** Which one. */
    readonly activation: ActivationLike;
  }
  | "flatten"
  | Extract<ActivationLike, string>;

/** A layer with a weight, in double. */
export interface WeightLayer {
  readonly kind: "dense" | "conv";
  /** The caller's weight. */
  readonly tensor: Tensor;
  /** `[out, in · places]`. */
  weight: Matrix;
  readonly bias: Float64Array | null;
  /** The kernel's height and width; null for a dense layer. */
  readonly kernel: readonly [number, number] | null;
  readonly stride: readonly [number, number];
  readonly margin: readonly [number, number];
}

/** A layer that is read. */
export type ReadLayer =
  | WeightLayer
  | { readonly kind: "flatten" }
  | {
    readonly kind: "activation";
    readonly name: string;
    readonly curve: Curve;
  };

/** A batch on its way: a row for each example or place. */
export interface Batch {
  /** The values. */
  readonly matrix: Matrix;
  /** How many examples. */
  readonly count: number;
  /** The height and width of pictures; null for vectors. */
  readonly size: readonly [number, number] | null;
}

/** A layer's output, and the way back. */
export interface LayerStep {
  /** The output. */
  readonly batch: Batch;
  /** The way back. */
  readonly step: Step | LinearStep;
}

/** Layers of `nn` without weights, by their titles. */
const weightless: Readonly<Record<string, string>> = {
  Flatten: "flatten",
  ReLU: "relu",
  ReLU6: "relu6",
  Tanh: "tanh",
  Sigmoid: "sigmoid",
  SiLU: "silu",
  Mish: "mish",
  SELU: "selu",
  Hardswish: "hardswish",
};

/**
 * Reads a list of layers.
 *
 * @param action What is being done, for the error message.
 * @param layers The list.
 * @throws {TypeError} If it is no list of layers, or a weight is not of float32
 * or float64.
 * @throws {RangeError} If a shape does not fit.
 */
export function readLayers(action: string, layers: unknown): ReadLayer[] {
  if (!Array.isArray(layers) || layers.length === 0) {
    throw new TypeError(
      cannot(action, "layers must be a list with a layer", describe(layers)),
    );
  }
  return layers.map((layer) => readLayer(action, layer));
}

function readLayer(action: string, given: unknown): ReadLayer {
  const layer = typeof given === "object" && given !== null
    ? weightless[titleOf(given)] ?? given
    : given;
  if (layer === "flatten") return { kind: "flatten" };
  if (typeof layer === "string" || typeof layer === "function") {
    return readActivation(action, layer);
  }
  if (typeof layer === "object" && layer !== null) {
    const { kind, weight, activation } = layer as Readonly<
      Record<string, unknown>
    >;
    if (weight instanceof Tensor) return readWeight(action, layer, weight);
    if (isPlain(layer) && kind === "flatten") return { kind: "flatten" };
    if (isPlain(layer) && kind === "activation") {
      return readActivation(action, activation);
    }
  }
  throw new TypeError(
    cannot(
      action,
      'each layer must have a weight, be "flatten" or an activation',
      describe(given),
    ),
  );
}

function readActivation(action: string, given: unknown): ReadLayer {
  const { name, curveAt } = activationOf(action, given);
  return { kind: "activation", name, curve: curveAt(0.01) };
}

function readWeight(
  action: string,
  layer: object,
  tensor: Tensor,
): WeightLayer {
  const { bias = null, stride = 1, padding, dilation, groups, paddingMode } =
    layer as Readonly<Record<string, unknown>>;
  const { shape } = tensor;
  if (shape.length !== 2 && shape.length !== 4) {
    throw new RangeError(
      cannot(action, "weights must have rank 2 or 4", `[${shape.join(", ")}]`),
    );
  }
  const isPlainConv = (value: unknown) =>
    value === undefined || [value].flat().every((each) => each === 1);
  const isZeros = paddingMode === undefined || paddingMode === "zeros";
  if (!isPlainConv(dilation) || !isPlainConv(groups) || !isZeros) {
    throw new RangeError(
      cannot(action, "convolutions must have no dilation, one group and zeros"),
    );
  }
  const [rows, channels, ...kernel] = shape;
  const places = kernel.reduce((all, side) => all * side, 1);
  const half = kernel.map((side) => Math.floor(side / 2));
  const margin = padding === "valid" ? 0 : padding ?? half;
  return {
    kind: shape.length === 2 ? "dense" : "conv",
    tensor,
    weight: { data: doubles(action, tensor), rows, columns: channels * places },
    bias: bias === null ? null : doubles(action, bias as Tensor),
    kernel: shape.length === 2 ? null : [kernel[0], kernel[1]],
    stride: pair(action, "stride", stride, 1),
    margin: pair(action, "padding", margin === "same" ? half : margin, 0),
  };
}

function pair(
  action: string,
  name: string,
  value: unknown,
  smallest: number,
): [number, number] {
  const sides = Array.isArray(value) ? value : [value, value];
  for (const side of sides) checkCount(action, name, side, smallest);
  return [sides[0], sides[1] ?? sides[0]];
}

/**
 * Returns a tensor's numbers in double.
 *
 * @param action What is being done, for the error message.
 * @param tensor The tensor.
 * @throws {TypeError} If it is of another dtype than float32 and float64.
 */
export function doubles(action: string, tensor: Tensor): Float64Array {
  const { data, dtype } = tensor ?? {};
  if (dtype === "float32" || dtype === "float64") {
    return Float64Array.from(data as Float32Array | Float64Array);
  }
  throw new TypeError(
    cannot(
      action,
      "tensors must be float32 or float64",
      describe(dtype ?? tensor),
    ),
  );
}

/**
 * Returns a batch of vectors `[count, features]` or of pictures `[count,
 * channels, height, width]`.
 *
 * @param action What is being done, for the error message.
 * @param tensor The batch.
 */
export function batchOf(action: string, tensor: Tensor): Batch {
  if (!(tensor instanceof Tensor)) {
    throw new TypeError(
      cannot(action, "the batch must be a tensor", describe(tensor)),
    );
  }
  const data = doubles(action, tensor);
  const { shape } = tensor;
  if (shape.length === 2) {
    const [count, columns] = shape;
    return { matrix: { data, rows: count, columns }, count, size: null };
  }
  if (shape.length !== 4) {
    throw new RangeError(
      cannot(
        action,
        "the batch must have rank 2 or 4",
        `[${shape.join(", ")}]`,
      ),
    );
  }
  const [count, channels, height, width] = shape;
  const places = height * width;
  return {
    matrix: {
      data: channelsLast(data, count, channels, places),
      rows: count * places,
      columns: channels,
    },
    count,
    size: [height, width],
  };
}

/** `[count, channels, places]` becomes `[count, places, channels]`. */
function channelsLast(
  data: Float64Array,
  count: number,
  channels: number,
  places: number,
): Float64Array {
  const turned = new Float64Array(data.length);
  for (let example = 0; example < count; example++) {
    const from = example * channels * places;
    for (let c = 0; c < channels; c++) {
      for (let place = 0; place < places; place++) {
        turned[from + place * channels + c] = data[from + c * places + place];
      }
    }
  }
  return turned;
}

/**
 * Passes a batch through a layer.
 *
 * @param action What is being done, for the error message.
 * @param layer The layer.
 * @param batch The batch.
 * @throws {RangeError} If they do not fit.
 */
export function passLayer(
  action: string,
  layer: ReadLayer,
  batch: Batch,
): LayerStep {
  switch (layer.kind) {
    case "activation": {
      const step = activate(batch.matrix, layer.curve);
      return { batch: { ...batch, matrix: step.value }, step };
    }
    case "flatten":
      return flatten(batch);
    default:
      return passWeight(action, layer, batch);
  }
}

function passWeight(
  action: string,
  { weight, bias, kernel, stride, margin }: WeightLayer,
  { matrix, count, size }: Batch,
): LayerStep {
  const channels = kernel === null
    ? weight.columns
    : weight.columns / (kernel[0] * kernel[1]);
  if (channels !== matrix.columns || (kernel === null) !== (size === null)) {
    throw new RangeError(
      cannot(
        action,
        `a layer of ${channels} ${
          kernel === null ? "features" : "channels"
        } must get as many`,
        size === null
          ? `${matrix.columns} features`
          : `pictures of ${matrix.columns} channels`,
      ),
    );
  }
  const pictures: Pictures | null = kernel && size &&
    { batch: count, size, kernel, stride, margin, padding: "zeros" };
  const step = pictures
    ? convolve(matrix, weight, pictures)
    : linear(matrix, weight);
  const { data, columns } = step.value;
  if (bias !== null) {
    for (let i = 0; i < data.length; i++) data[i] += bias[i % columns];
  }
  const after = pictures ? sizeAfter(pictures) : null;
  return { batch: { matrix: step.value, count, size: after }, step };
}

function flatten({ matrix, count, size }: Batch): LayerStep {
  const places = size === null ? 1 : size[0] * size[1];
  const { columns } = matrix;
  const turn = (data: Float64Array, from: number, to: number) =>
    channelsLast(data, count, from, to);
  const value = {
    data: turn(matrix.data, places, columns),
    rows: count,
    columns: columns * places,
  };
  const back = ({ data }: Matrix) => ({
    ...matrix,
    data: turn(data, columns, places),
  });
  return {
    batch: { matrix: value, count, size: null },
    step: { value, back },
  };
}
