/**
 * A stack of 3×3 convolutions with relu, with or without batch norm.
 *
 * @module
 */

import { count, flag, oneOf } from "../../core/options.ts";
import { curveOf } from "../activations.ts";
import { blockKind, type BlockTheory, byDepth } from "./block.ts";
import { convolve } from "./convolution.ts";
import { activate, batchNorm } from "./operations.ts";

const relu = curveOf("relu", 0);

/** Sizes of convolutional stacks. */
export const pictureSizes = {
  depth: count(1, 16),
  width: count(1, 32),
  batch: count(1, 4),
  size: count(2, 16),
  padding: oneOf<"zeros" | "circular">(["zeros", "circular"], "zeros"),
};

/**
 * The factor of a layer with batch norm on gradients: it divides by the variance
 * of relu's output, from which the mean's share 1/π is taken.
 */
export const normGrowth = Math.PI / (Math.PI - 1);

/**
 * `relu(conv x)` or `relu(BN(conv x))`; weights have the std √(2 / (9 · width)).
 * The branch is what enters relu.
 *
 * @see Xiao et al., "Dynamical isometry and a mean field theory of CNNs", 2018;
 * Yang et al., "A mean field theory of batch normalization", 2019
 */
export const conv = blockKind({
  table: { ...pictureSizes, batchNorm: flag(false) },
  isPicture: true,
  rows: ({ size }) => size * size,
  forward(x, draw, { width, ...given }) {
    const weight = draw([width, 9 * width], Math.sqrt(2 / (9 * width)));
    const { batch, padding, size } = given;
    const pictures = { batch, padding, size: [size, size] } as const;
    const sum = convolve(x, weight, pictures);
    const norm = given.batchNorm ? batchNorm(sum.value) : undefined;
    const before = (norm ?? sum).value;
    const active = activate(before, relu);
    return {
      stream: active.value,
      branches: { branch: before },
      back(gradient) {
        const own = active.back(gradient);
        return { gradient: sum.back(norm ? norm.back(own) : own) };
      },
    };
  },
  theory: ({ batchNorm, depth, size, padding }) =>
    batchNorm ? withNorm(depth, padding) : withoutNorm(depth, size, padding),
});

/**
 * Exact in expectation: a place's mean square is the mean over its window, in
 * which a zero outside counts. The square is the product of two lines.
 */
function withoutNorm(
  depth: number,
  size: number,
  padding: "zeros" | "circular",
): BlockTheory[] {
  let line = new Array(size).fill(1);
  const kept = [1];
  for (let layer = 1; layer <= depth; layer++) {
    const at = (i: number) =>
      padding === "circular" ? line[(i + size) % size] : line[i] ?? 0;
    line = line.map((own, i) => (at(i - 1) + own + at(i + 1)) / 3);
    kept.push((line.reduce((sum, each) => sum + each) / size) ** 2);
  }
  return byDepth(depth, (layer) => ({
    stream: kept[layer],
    gradient: kept[depth - layer + 1],
    others: { branch: 2 * kept[layer] },
  }));
}

/** The first norm sees inputs of mean 0; zeros at the border have no theory. */
function withNorm(
  depth: number,
  padding: "zeros" | "circular",
): BlockTheory[] {
  return byDepth(depth, (layer) => ({
    stream: 0.5,
    ...padding === "circular" && {
      gradient: layer === 1
        ? 0.5 * normGrowth ** (depth - 1)
        : normGrowth ** (depth - layer + 1),
    },
    others: { branch: 1 },
  }));
}
