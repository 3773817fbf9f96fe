/**
 * LSUV: rescales layers one after the other until their outputs have a standard
 * deviation of 1 on a batch.
 *
 * @module
 */

import { inColumns } from "../core/columns.ts";
import { count, readOptions, real } from "../core/options.ts";
import { showAs } from "../core/show.ts";
import type { Tensor } from "../core/tensor.ts";
import { remember } from "../random/generator.ts";
import { batchOf, type ListedLayer, passLayer, readLayers } from "./layers.ts";

/**
 * Options of {@linkcode lsuv}.
 *
 * @internal
 */
export interface LsuvOptions {
  /** How far from 1 a standard deviation may be. Default: 0.1. */
  readonly tolerance?: number;
  /** How often a layer is rescaled at most. Default: 10. */
  readonly iterations?: number;
}

/**
 * What happened to a layer.
 *
 * @internal
 */
export interface LsuvLayer {
  /** Its place in the list, from 0. */
  readonly index: number;
  /** The standard deviation of its outputs when its turn came. */
  readonly met: number;
  /** How often it was rescaled. */
  readonly rescales: number;
  /** The standard deviation of its outputs after that, with n. */
  readonly std: number;
  /** The mean of its outputs. */
  readonly mean: number;
  /** The root of the mean square of its weight. */
  readonly weightRms: number;
}

/**
 * What `lsuv` returns.
 *
 * @internal
 */
export interface Lsuv {
  /** The layers with weights, in order. */
  readonly layers: readonly LsuvLayer[];
}

const action = "run LSUV";

const table = { tolerance: real(0.1, { low: 0 }), iterations: count(1, 10) };

/**
 * Divides each weight in place by the standard deviation of its layer's outputs
 * while that is not near 1, from the first layer on.
 *
 * The weights are best orthogonal before. One step is exact where a layer has no
 * bias. Outputs are pre-activations: after relu their mean square is less. All is
 * computed in double, and weights are rounded to their dtype at the end.
 *
 * @param layers The layers: `nn.Linear`, `nn.Conv2d`, objects with a `weight`,
 * and between them "flatten" and activations. Convolutions have no dilation and
 * one group.
 * @param batch Inputs `[count, features]` or `[count, channels, height, width]`.
 * @param options How near to 1, and how often.
 * @throws {TypeError} If a layer is none, or a tensor not float32 or float64.
 * @throws {RangeError} If shapes do not fit, or outputs are constant or not
 * finite.
 * @see Mishkin and Matas, "All you need is a good init", 2016
 *
 * @example
 * ```ts
 * import { empty, Generator, init, lsuv, nn } from "@fanin/fanin";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const generator = new Generator(0);
 * const layers = [
 *   new nn.Conv2d(3, 8, 3, { padding: 1, bias: false, generator }),
 *   new nn.ReLU(),
 *   new nn.Flatten(),
 *   new nn.Linear(8 * 6 * 6, 10, { bias: false, generator }),
 * ];
 * const batch = init.normal(empty([16, 3, 6, 6]), { generator });
 * const { layers: [conv, linear] } = lsuv(layers, batch);
 * assertAlmostEquals(conv.std, 1, 1e-12);
 * assertAlmostEquals(linear.std, 1, 1e-12);
 * ```
 */
export function lsuv(
  layers: readonly (ListedLayer | object)[],
  batch: Tensor,
  options: LsuvOptions = {},
): Lsuv {
  const { tolerance, iterations } = readOptions(action, options, table);
  const read = readLayers(action, layers);
  let signal = batchOf(action, batch);
  // All shapes are checked before a weight changes.
  read.reduce(
    (before, layer) => passLayer(action, layer, before).batch,
    signal,
  );
  const found: LsuvLayer[] = [];
  for (const [index, layer] of read.entries()) {
    let passed = passLayer(action, layer, signal).batch;
    if (layer.kind === "dense" || layer.kind === "conv") {
      let [mean, std] = meanAndStd(passed.matrix.data);
      const met = std;
      let rescales = 0;
      while (
        Math.abs(std - 1) > tolerance && rescales < iterations && std > 0 &&
        std < Infinity
      ) {
        const data = layer.weight.data.map((value) => value / std);
        layer.weight = { ...layer.weight, data };
        rescales++;
        passed = passLayer(action, layer, signal).batch;
        [mean, std] = meanAndStd(passed.matrix.data);
      }
      const weightRms = rms(layer.weight.data);
      found.push({ index, met, rescales, std, mean, weightRms });
      if (rescales > 0) {
        (layer.tensor.data as Float32Array).set(layer.weight.data);
        remember(layer.tensor, undefined);
      }
    }
    signal = passed;
  }
  return showAs({ layers: found }, "lsuv", lsuvText);
}

/** The mean, and the standard deviation with n. */
function meanAndStd(values: Float64Array): [number, number] {
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return [mean, Math.sqrt(squares / values.length)];
}

function rms(values: Float64Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares / values.length);
}

function lsuvText({ layers }: Lsuv): string {
  const rows = [
    ["layer", "std before", "rescaled", "std after", "weight rms"],
    ...layers.map(({ index, met, rescales, std, weightRms }) => [
      String(index),
      met.toPrecision(4),
      String(rescales),
      std.toPrecision(4),
      weightRms.toPrecision(4),
    ]),
  ];
  return inColumns(rows).join("\n");
}
