/**
 * ResNet's blocks of two 3×3 convolutions, of version 1 and 2.
 *
 * @module
 */

import { count, flag, oneOf, type Option, real } from "../../core/options.ts";
import type { Matrix } from "../../numerics/matrix.ts";
import { curveOf } from "../activations.ts";
import { blockKind, type BlockTheory, byDepth } from "./block.ts";
import { normGrowth, pictureSizes } from "./conv.ts";
import { convolve } from "./convolution.ts";
import { activate, add, batchNorm, type Step } from "./operations.ts";

const relu = curveOf("relu", 0);

/** Which is written as a number. */
const version: Option<1 | 2> = {
  fallback: 2,
  read(action, name, value) {
    const text = typeof value === "number" ? String(value) : value;
    return oneOf<"1" | "2">(["1", "2"], "2").read(action, name, text) === "1"
      ? 1
      : 2;
  },
};

/**
 * Version 1 is `relu(x + gamma · BN conv relu BN conv x)`, version 2
 * `x + conv relu BN conv relu BN x`; without batch norm `x + conv relu conv x`,
 * whose second std is 1/√(9 · width). All others are √(2 / (9 · width)). Only
 * version 1 has gamma.
 *
 * @see He et al., "Deep residual learning", 2016, and "Identity mappings in deep
 * residual networks", 2016
 */
export const resnet = blockKind({
  table: {
    ...pictureSizes,
    version,
    gamma: real(1),
    batchNorm: flag(true),
    depth: count(1, 16),
  },
  isPicture: true,
  rows: ({ size }) => size * size,
  forward(x, draw, options) {
    const { width, gamma, batchNorm: hasNorm } = options;
    const std = Math.sqrt(2 / (9 * width));
    const first = draw([width, 9 * width], std);
    const second = draw([width, 9 * width], hasNorm ? std : std / Math.SQRT2);
    const { batch, padding, size } = options;
    const pictures = { batch, padding, size: [size, size] } as const;
    const conv = (weight: Matrix) => (input: Matrix) =>
      convolve(input, weight, pictures);
    const norm = (input: Matrix) => batchNorm(input);
    const active = (input: Matrix) => activate(input, relu);
    const isFirst = hasNorm && options.version === 1;
    const last = (input: Matrix) => batchNorm(input, gamma);
    const branch = chain(
      x,
      isFirst
        ? [conv(first), norm, active, conv(second), last]
        : hasNorm
        ? [norm, active, conv(first), norm, active, conv(second)]
        : [conv(first), active, conv(second)],
    );
    const sum = add(x, branch.value);
    const end = isFirst ? active(sum) : { value: sum, back: (g: Matrix) => g };
    return {
      stream: end.value,
      branches: { branch: branch.value },
      back(gradient) {
        const before = end.back(gradient);
        return { gradient: add(before, branch.back(before)) };
      },
    };
  },
  theory: theoryOf,
});

/** Version 1 and zeros at the border are measured only. */
function theoryOf(
  { depth, version, gamma, padding, batchNorm }: {
    readonly depth: number;
    readonly gamma: number;
    readonly version: 1 | 2;
    readonly padding: "zeros" | "circular";
    readonly batchNorm: boolean;
  },
): BlockTheory[] {
  if (batchNorm && version === 1) {
    // With gamma 0 only the first relu does something.
    return byDepth(
      depth,
      () => gamma === 0 ? { stream: 0.5, gradient: 0.5 } : {},
    );
  }
  if (padding !== "circular") return byDepth(depth, () => ({}));
  if (!batchNorm) {
    return byDepth(depth, (layer) => ({
      stream: 2 ** layer,
      gradient: 2 ** (depth - layer + 1),
      others: { branch: 2 ** (layer - 1) },
    }));
  }
  const factor = (block: number) =>
    1 + normGrowth / (1 + (block - 1) / normGrowth);
  return byDepth(depth, (layer) => {
    let gradient = 1;
    for (let block = layer; block <= depth; block++) gradient *= factor(block);
    return { stream: 1 + layer, gradient, others: { branch: 1 } };
  });
}

/** Passes a matrix through steps, and a gradient back through all of them. */
function chain(x: Matrix, steps: readonly ((x: Matrix) => Step)[]): Step {
  const passed: Step[] = [];
  for (const step of steps) passed.push(step(passed.at(-1)?.value ?? x));
  return {
    value: passed.at(-1)!.value,
    back: (gradient) =>
      passed.reduceRight((own, step) => step.back(own), gradient),
  };
}
