/**
 * Signals and gradients through a deep stack of dense layers, measured layer by
 * layer beside what mean-field theory expects.
 *
 * @module
 */

import { empty } from "../core/create.ts";
import { showAs } from "../core/show.ts";
import type { Tensor } from "../core/tensor.ts";
import { normal } from "../init/init.ts";
import type { Matrix } from "../math/matrix.ts";
import type { AnyGenerator } from "../random/generator.ts";
import { weightVariance } from "./filling.ts";
import { meanField } from "./mean_field.ts";
import { type Plan, planOf, type PropagateOptions } from "./options.ts";
import type { Propagation, PropagationLayer } from "./result.ts";
import { type Expectation, signalOf } from "./signal.ts";
import {
  backward,
  forward,
  type Layer,
  matrixOf,
  type Passed,
} from "./stack.ts";
import { propagationText } from "./text.ts";

/**
 * Returns the statistics of each layer of a real stack of dense layers, after a
 * batch of random inputs has gone forward and a random gradient has come back.
 *
 * Layer l computes `h = a · weightᵀ + bias` and passes `φ(h)` on. Inputs and the
 * gradient by the last activations are N(0, 1). Weights are float32, as the
 * initialisers draw them; the rest is computed in double. The same options
 * give the same bytes.
 *
 * Draws, all from `new Generator(seed)` or the generator that was given: inputs `[batch, width]`, the output's
 * gradient `[batch, width]`, then layer by layer weight `[fanOut, fanIn]` and,
 * where `biasStd` is above 0, bias `[fanOut]`. So two initialisers meet the
 * same inputs.
 *
 * Expected values hold for wide layers with independent weights of mean 0; one
 * run of width n differs from them by about `sqrt(depth / n)`, relatively.
 *
 * @param options The stack, its initialiser and the seed.
 * @throws {TypeError} If an option is unknown or of a wrong kind.
 * @throws {RangeError} If a number is out of its interval, a name unknown, or
 * the initialiser refuses its options.
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

function drawMatrix(shape: [number, number], generator: AnyGenerator): Matrix {
  return matrixOf(normal(empty(shape), { generator }));
}

function drawStack(
  { widths, filling, biasStd }: Plan,
  generator: AnyGenerator,
): Layer[] {
  return widths.slice(1).map((fanOut, index) => {
    const weight: Tensor<"float32"> = empty([fanOut, widths[index]]);
    filling.fill(weight, generator);
    const bias = biasStd === 0
      ? null
      : normal(empty([fanOut]), { std: biasStd, generator });
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

/** What is measured at a layer. */
type Quantities = Readonly<
  Record<
    "preactivations" | "activations" | "gradients" | "weightGradients",
    Expectation
  >
>;

function expectationsOf(
  { curve, batch, biasStd }: Plan,
  stack: readonly Layer[],
): (Quantities | null)[] {
  const scales = stack.map(({ weight }) => ({
    fanIn: weight.shape[1],
    fanOut: weight.shape[0],
    weightVariance: weightVariance(weight),
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

function spread(mean: number, square: number): Expectation {
  return { mean, std: Math.sqrt(Math.max(0, square - mean ** 2)) };
}
