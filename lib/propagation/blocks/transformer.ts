/**
 * A block of a transformer: attention, then two dense layers with gelu, with
 * layer norm before or after each of them.
 *
 * @module
 */

import {
  cannot,
  count,
  flag,
  oneOf,
  orNull,
  real,
} from "../../core/options.ts";
import type { Matrix } from "../../numerics/matrix.ts";
import { curveOf } from "../activations.ts";
import { attend, checkHeads } from "./attention.ts";
import {
  blockKind,
  type BlockPass,
  type BlockTheory,
  byDepth,
  type Draw,
} from "./block.ts";
import { activate, add, layerNorm, linear, scaled } from "./operations.ts";
import { attentionKernel, geluKernel } from "./transformer_theory.ts";

/** Where layer norm stands. */
export type NormPlace = "pre" | "post" | "deepNorm";

/** The weights of a block. */
export interface TransformerWeights {
  /** Wq, Wk and Wv below each other, `[3 · d, d]`. */
  readonly qkv: Matrix;
  /** Wo, `[d, d]`. */
  readonly out: Matrix;
  /** W1, `[4 · d, d]`. */
  readonly up: Matrix;
  /** W2, `[d, 4 · d]`. */
  readonly down: Matrix;
}

/** What a block needs to know besides its weights. */
export interface TransformerForm {
  readonly tokens: number;
  readonly heads: number;
  readonly causal: boolean;
  readonly norm: NormPlace;
  /** The factor of the stream before it is added to a branch and normalized. */
  readonly alpha: number;
  readonly activation: "gelu" | "gelu_tanh";
}

/** Times the width: W1's outputs. */
const widening = 4;

/**
 * Draws Wq, Wk, Wv, Wo, W1, W2, in this order.
 *
 * @param draw Draws a matrix.
 * @param width The features.
 * @param stdOf The standard deviation by name and shape.
 */
export function drawTransformer(
  draw: Draw,
  width: number,
  stdOf: (
    name: "q" | "k" | "v" | "o" | "up" | "down",
    rows: number,
    columns: number,
  ) => number,
): TransformerWeights {
  const square = (name: "q" | "k" | "v" | "o") =>
    draw([width, width], stdOf(name, width, width));
  const qkv = {
    data: new Float64Array(3 * width * width),
    rows: 3 * width,
    columns: width,
  };
  (["q", "k", "v"] as const).forEach((name, i) =>
    qkv.data.set(square(name).data, i * width * width)
  );
  const wide = widening * width;
  return {
    qkv,
    out: square("o"),
    up: draw([wide, width], stdOf("up", wide, width)),
    down: draw([width, wide], stdOf("down", width, wide)),
  };
}

/**
 * Passes a stream through a block.
 *
 * @param x The stream, `[batch · tokens, d]`.
 * @param weights The weights.
 * @param form The rest.
 */
export function transformerPass(
  x: Matrix,
  { qkv, out, up, down }: TransformerWeights,
  form: TransformerForm,
): BlockPass {
  const curve = curveOf(form.activation, 0);
  let sumOfSquares = 0;
  const attention = (u: Matrix) => {
    const projected = linear(u, qkv);
    const attended = attend(projected.value, form);
    const mixed = linear(attended.value, out);
    sumOfSquares = attended.sumOfSquares;
    return {
      value: mixed.value,
      back: (g: Matrix) => projected.back(attended.back(mixed.back(g))),
    };
  };
  const mlp = (u: Matrix) => {
    const wide = linear(u, up);
    const active = activate(wide.value, curve);
    const narrow = linear(active.value, down);
    return {
      value: narrow.value,
      back: (g: Matrix) => wide.back(active.back(narrow.back(g))),
    };
  };
  const around = form.norm === "pre" ? normBefore : normAfter;
  const first = around(x, attention, form.alpha);
  const second = around(first.stream, mlp, form.alpha);
  return {
    stream: second.stream,
    branches: { attention: first.branch, mlp: second.branch },
    numbers: {
      tokenCosine: tokenCosine(second.stream, form.tokens),
      attentionSquares: sumOfSquares,
    },
    back: (g) => ({ gradient: first.back(second.back(g)) }),
  };
}

type Branch = (u: Matrix) => { value: Matrix; back(g: Matrix): Matrix };

function normBefore(x: Matrix, branch: Branch) {
  const norm = layerNorm(x);
  const { value, back } = branch(norm.value);
  return {
    stream: add(x, value),
    branch: value,
    back: (g: Matrix) => add(g, norm.back(back(g))),
  };
}

function normAfter(x: Matrix, branch: Branch, alpha: number) {
  const { value, back } = branch(x);
  const norm = layerNorm(add(x, value, 1, alpha));
  return {
    stream: norm.value,
    branch: value,
    back(g: Matrix) {
      const before = norm.back(g);
      return add(before, back(before), 1, alpha);
    },
  };
}

/** The mean over pairs of two tokens of a sequence of their cosine. */
function tokenCosine({ data, rows, columns }: Matrix, tokens: number): number {
  let total = 0;
  const sum = new Float64Array(columns);
  for (let first = 0; first < rows; first += tokens) {
    sum.fill(0);
    for (let row = first; row < first + tokens; row++) {
      let square = 0;
      for (let i = 0; i < columns; i++) square += data[row * columns + i] ** 2;
      const length = Math.max(Math.sqrt(square), 1e-12);
      for (let i = 0; i < columns; i++) {
        sum[i] += data[row * columns + i] / length;
      }
    }
    total += sum.reduce((all, each) => all + each * each, -tokens);
  }
  return total / (rows * (tokens - 1));
}

/**
 * A transformer's block without biases and mask, with the exact gelu and layer
 * norm without parameters.
 *
 * Weights are Xavier's normal, or of one `std`. `deepNorm` multiplies the stream
 * by (2N)^¼ and the std of Wv, Wo, W1 and W2 by (8N)^−¼ for N blocks;
 * `residualScale` divides Wo and W2 by √(2N) after the draw.
 *
 * @see Xiong et al., "On layer normalization in the transformer architecture",
 * 2020; Wang et al., "DeepNet", 2022; Radford et al., 2019, on √(2N)
 */
export const transformer = blockKind({
  table: {
    depth: count(1, 16),
    width: count(1, 64),
    batch: count(1, 4),
    tokens: count(2, 16),
    heads: count(1, 4),
    norm: oneOf<NormPlace>(["pre", "post", "deepNorm"], "pre"),
    residualScale: flag(false),
    std: orNull(real(undefined, { low: 0 })),
  },
  rows: ({ tokens }) => tokens,
  check(action, { width, heads, norm, std }) {
    checkHeads(action, width, heads);
    if (norm === "deepNorm" && std !== null) {
      throw new RangeError(
        cannot(action, "std must be left out with deepNorm, whose it is", std),
      );
    }
  },
  forward(x, draw, { depth, width, tokens, heads, norm, residualScale, std }) {
    const isDeep = norm === "deepNorm";
    const beta = isDeep ? (8 * depth) ** -0.25 : 1;
    const drawn = drawTransformer(
      draw,
      width,
      (name, rows, columns) =>
        std ?? (name === "q" || name === "k" ? 1 : beta) *
            Math.sqrt(2 / (rows + columns)),
    );
    const scale = (2 * depth) ** -0.5;
    const weights = residualScale
      ? {
        ...drawn,
        out: scaled(drawn.out, scale),
        down: scaled(drawn.down, scale),
      }
      : drawn;
    const alpha = isDeep ? (2 * depth) ** 0.25 : 1;
    const activation = "gelu";
    const form = { tokens, heads, causal: false, norm, alpha, activation };
    return transformerPass(x, weights, form as TransformerForm);
  },
  theory: theoryOf,
});

/**
 * In the wide limit a stream is its mean square q and the mean product c of two
 * tokens. No theory is known for gradients.
 */
function theoryOf(
  { depth, width, tokens, norm, residualScale, std }: {
    readonly depth: number;
    readonly width: number;
    readonly tokens: number;
    readonly norm: NormPlace;
    readonly residualScale: boolean;
    readonly std: number | null;
  },
): BlockTheory[] {
  const beta = norm === "deepNorm" ? (8 * depth) ** -0.25 : 1;
  const alphaSquare = norm === "deepNorm" ? Math.sqrt(2 * depth) : 1;
  const scale = residualScale ? 1 / (2 * depth) : 1;
  const one = width * (std ?? 0) ** 2;
  /** Of the logits, of Wo Wv, before gelu and after it. */
  const [logits, values, before, after] = std === null
    ? [1, beta ** 4, 0.4 * beta ** 2, 1.6 * beta ** 2]
    : [one, one ** 2, one, 4 * one];
  const kernel = attentionKernel(tokens, logits);
  let [q, c] = [1, 0];
  const join = (own: number, product: number) => {
    [q, c] = norm === "pre"
      ? [q + own, c + product]
      : [1, (alphaSquare * c / q + product) / (alphaSquare + own)];
  };
  return byDepth(depth, () => {
    let r = c / q;
    const { squares, products } = kernel(r);
    const attention = scale * values * (r + (1 - r) * squares);
    join(attention, scale * values * (r + (1 - r) * products));
    r = c / q;
    const mlp = scale * after * geluKernel(before, 1);
    join(mlp, scale * after * geluKernel(before, r));
    const others = {
      attention,
      mlp,
      tokenCosine: c / q,
      attentionSquares: squares,
    };
    return { stream: q, others };
  });
}
