/**
 * What is timed, in words that a process of another language understands.
 *
 * @module
 */

import { resnet50Shapes } from "../plot/resnet50.ts";

/** A thing to do. */
export type Task = Fill | Orthogonal | Layers | Statistics;

/** Fills a float32 tensor that is there already, with PyTorch's defaults. */
export interface Fill {
  /** What it is filled with; truncated at ±2 standard deviations. */
  readonly kind: "uniform" | "normal" | "truncNormal";
  /** How many numbers. */
  readonly elements: number;
  /** By how many workers. Default: the calling thread alone. */
  readonly workers?: number;
}

/** Makes a float32 tensor that is there already a random orthogonal matrix. */
export interface Orthogonal {
  readonly kind: "orthogonal";
  /** How many numbers: the square of the rows. */
  readonly elements: number;
  /** How many rows and columns. */
  readonly rows: number;
}

/** Makes layers with their default weights, memory included. */
export interface Layers {
  readonly kind: "layers";
  /** How many numbers are drawn. */
  readonly elements: number;
  /** The layers, in order. */
  readonly layers: readonly Layer[];
  /** By how many workers. Default: the calling thread alone. */
  readonly workers?: number;
}

/** A layer: what both libraries call it and take. */
export interface Layer {
  readonly layer:
    | "BatchNorm2d"
    | "Conv2d"
    | "Embedding"
    | "LayerNorm"
    | "Linear";
  /** Its first arguments. */
  readonly args: readonly number[];
  /** Whether it has a bias; left out where it is not asked. */
  readonly bias?: boolean;
}

/** Computes mean, standard deviation and a histogram of 100 bins. */
export interface Statistics {
  readonly kind: "statistics";
  /** How many numbers. */
  readonly elements: number;
}

/** Returns the task of making a square orthogonal matrix. */
export function orthogonal(rows: number): Orthogonal {
  return { kind: "orthogonal", elements: rows * rows, rows };
}

/** Returns the task of making layers. */
export function making(layers: readonly Layer[], workers?: number): Layers {
  const elements = layers.reduce((sum, layer) => sum + drawn(layer), 0);
  return { kind: "layers", elements, layers, workers };
}

/** How many numbers a layer draws. */
function drawn({ layer, args, bias = true }: Layer): number {
  const [inputs, outputs, kernel = 1] = args;
  if (layer === "BatchNorm2d" || layer === "LayerNorm") return 0;
  const weights = inputs * outputs * kernel ** 2;
  return weights + (bias && layer !== "Embedding" ? outputs : 0);
}

/** Returns the layers of ResNet-50 that have weights. */
export function resnet50(): Layer[] {
  return resnet50Shapes().flatMap(([name, shape]): Layer[] => {
    if (name.endsWith("bias")) return [];
    const [outputs, inputs, kernel] = shape;
    if (shape.length === 1) return [{ layer: "BatchNorm2d", args: shape }];
    return shape.length === 2
      ? [{ layer: "Linear", args: [inputs, outputs] }]
      : [{ layer: "Conv2d", args: [inputs, outputs, kernel], bias: false }];
  });
}

/**
 * Returns the layers of GPT-2 small, in the order in which a model makes them.
 * The head is there too: a model ties it to the embedding after its own
 * weights were drawn.
 *
 * @see Radford et al. (2019), Language models are unsupervised multitask
 * learners, table 2
 */
export function gpt2(): Layer[] {
  const [words, places, width, depth] = [50257, 1024, 768, 12];
  const linear = (inputs: number, outputs: number): Layer => ({
    layer: "Linear",
    args: [inputs, outputs],
  });
  const norm: Layer = { layer: "LayerNorm", args: [width] };
  const block = [
    norm,
    linear(width, 3 * width),
    linear(width, width),
    norm,
    linear(width, 4 * width),
    linear(4 * width, width),
  ];
  return [
    { layer: "Embedding", args: [words, width] },
    { layer: "Embedding", args: [places, width] },
    ...Array.from({ length: depth }, () => block).flat(),
    norm,
    { ...linear(width, words), bias: false },
  ];
}
