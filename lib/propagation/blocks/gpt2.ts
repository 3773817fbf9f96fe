/**
 * GPT-2 as it starts: embeddings, then blocks of causal attention and dense
 * layers with gelu's approximation, all from N(0, 0.02²).
 *
 * @module
 */

import { cannot, count, flag } from "../../core/options.ts";
import type { Matrix } from "../../numerics/matrix.ts";
import { checkHeads } from "./attention.ts";
import { blockKind, byDepth } from "./block.ts";
import { drawTransformer, transformerPass } from "./transformer.ts";

const std = 0.02;

/** Places that have an embedding. */
const positions = 1024;

/** Token i is this times i, modulo the vocabulary. */
const stride = 7919;

/**
 * GPT-2 small by default, with a vocabulary of 5000. `residualScale` gives Wo
 * and W2 the std 0.02 / √(2 · depth).
 *
 * Draws: embeddings of tokens and of places, then the blocks' weights, and the
 * output's gradient last.
 *
 * @see Radford et al., "Language models are unsupervised multitask learners",
 * 2019
 */
export const gpt2 = blockKind({
  table: {
    depth: count(1, 12),
    width: count(1, 768),
    batch: count(1, 1),
    tokens: count(2, 64),
    heads: count(1, 12),
    vocabulary: count(1, 5000),
    residualScale: flag(true),
  },
  rows: ({ tokens }) => tokens,
  check(action, { width, heads, tokens }) {
    checkHeads(action, width, heads);
    if (tokens > positions) {
      throw new RangeError(
        cannot(action, `tokens must be at most ${positions}`, tokens),
      );
    }
  },
  inputs(draw, { batch, tokens, width, vocabulary }) {
    const words = draw([vocabulary, width], std);
    const places = draw([positions, width], std);
    const data = new Float64Array(batch * tokens * width);
    for (let row = 0; row < batch * tokens; row++) {
      const word = row * stride % vocabulary * width;
      const place = row % tokens * width;
      for (let i = 0; i < width; i++) {
        data[row * width + i] = words.data[word + i] + places.data[place + i];
      }
    }
    return { data, rows: batch * tokens, columns: width } satisfies Matrix;
  },
  forward(x, draw, { depth, width, tokens, heads, residualScale }) {
    const last = residualScale ? std / Math.sqrt(2 * depth) : std;
    const weights = drawTransformer(
      draw,
      width,
      (name) => name === "o" || name === "down" ? last : std,
    );
    return transformerPass(x, weights, {
      ...{ tokens, heads, causal: true },
      ...{ norm: "pre", alpha: 1, activation: "gelu_tanh" },
    });
  },
  theory: ({ depth }) => byDepth(depth, () => ({})),
});
