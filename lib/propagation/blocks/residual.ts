/**
 * Blocks of two dense layers with relu between them, added to the stream:
 * without norm, with Fixup, with layer norm before them or after them.
 *
 * @module
 */

import { count, real } from "../../core/options.ts";
import type { Matrix } from "../../numerics/matrix.ts";
import { curveOf } from "../activations.ts";
import { blockKind, type BlockPass, byDepth, type Draw } from "./block.ts";
import { activate, add, layerNorm, linear, scaled } from "./operations.ts";

const relu = curveOf("relu", 0);

const sizes = { depth: count(1, 32), width: count(1, 64), batch: count(1, 16) };

/** `relu(x · W1ᵀ) · W2ᵀ`, with the gradients by both weights. */
function branchOf(x: Matrix, first: Matrix, second: Matrix) {
  const hidden = linear(x, first);
  const active = activate(hidden.value, relu);
  const out = linear(active.value, second);
  return {
    value: out.value,
    back(gradient: Matrix) {
      const before = active.back(out.back(gradient));
      return {
        gradient: hidden.back(before),
        weightGradients: [
          hidden.backToWeight(before),
          out.backToWeight(gradient),
        ],
      };
    },
  };
}

/** W1 `[n, n]` of std √(2/n), then W2 `[n, n]` of std √(1/n). */
function drawPair(draw: Draw, width: number): [Matrix, Matrix] {
  return [
    draw([width, width], Math.sqrt(2 / width)),
    draw([width, width], Math.sqrt(1 / width)),
  ];
}

function addBranch(
  x: Matrix,
  [first, second]: [Matrix, Matrix],
  scale: number,
): BlockPass {
  const branch = branchOf(x, first, second);
  return {
    stream: add(x, branch.value, scale),
    branches: { branch: branch.value },
    back(gradient) {
      const { weightGradients, ...inner } = branch.back(
        scaled(gradient, scale),
      );
      return { gradient: add(gradient, inner.gradient), weightGradients };
    },
  };
}

/**
 * `x + branchScale · relu(x · W1ᵀ) · W2ᵀ`; SkipInit with a scale of 0.
 *
 * In expectation at any width the branch has the stream's mean square.
 *
 * @see De and Smith, "Batch normalization biases residual blocks towards the
 * identity function in deep networks", 2020, on SkipInit
 */
export const residual = blockKind({
  table: { ...sizes, branchScale: real(1) },
  forward: (x, draw, { width, branchScale }) =>
    addBranch(x, drawPair(draw, width), branchScale),
  theory({ depth, branchScale }) {
    const factor = 1 + branchScale ** 2;
    return byDepth(depth, (layer) => ({
      stream: factor ** layer,
      gradient: factor ** (depth - layer + 1),
      others: { branch: factor ** (layer - 1) },
    }));
  },
});

/**
 * Fixup: the first layer times depth^(−1/2) after its draw, the last one 0.
 *
 * @see Zhang, Dauphin and Ma, "Fixup initialization", 2019: L^(−1/(2m − 2)) for
 * m layers in a branch
 */
export const fixup = blockKind({
  table: sizes,
  forward(x, draw, { depth, width }) {
    const [first, second] = drawPair(draw, width);
    return addBranch(x, [scaled(first, depth ** -0.5), scaled(second, 0)], 1);
  },
  theory: ({ depth, batch }) =>
    byDepth(depth, () => ({
      stream: 1,
      gradient: 1,
      others: { branch: 0 },
      weightGradients: [0, batch / depth],
    })),
});

/** `x + f(LN x)`. */
export const preNorm = blockKind({
  table: sizes,
  forward(x, draw, { width }) {
    const norm = layerNorm(x);
    const branch = branchOf(norm.value, ...drawPair(draw, width));
    return {
      stream: add(x, branch.value),
      branches: { branch: branch.value },
      back(gradient) {
        const { weightGradients, ...inner } = branch.back(gradient);
        return {
          gradient: add(gradient, norm.back(inner.gradient)),
          weightGradients,
        };
      },
    };
  },
  theory: ({ depth }) =>
    byDepth(depth, (layer) => ({
      stream: 1 + layer,
      gradient: (depth + 1) / layer,
      others: { branch: 1 },
    })),
});

/** `LN(x + f(x))`. */
export const postNorm = blockKind({
  table: sizes,
  forward(x, draw, { width }) {
    const branch = branchOf(x, ...drawPair(draw, width));
    const norm = layerNorm(add(x, branch.value));
    return {
      stream: norm.value,
      branches: { branch: branch.value },
      back(gradient) {
        const before = norm.back(gradient);
        const { weightGradients, ...inner } = branch.back(before);
        return { gradient: add(before, inner.gradient), weightGradients };
      },
    };
  },
  theory: ({ depth }) =>
    byDepth(depth, () => ({
      stream: 1,
      gradient: 1,
      others: { branch: 1 },
    })),
});
