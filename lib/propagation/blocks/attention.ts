/**
 * Attention of several heads, between the products with the weights.
 *
 * @module
 */

import type { Matrix } from "../../numerics/matrix.ts";
import type { Step } from "./operations.ts";

/** How sequences are laid out in rows, and heads in columns. */
export interface Heads {
  /** Tokens of a sequence: so many rows belong together. */
  readonly tokens: number;
  /** How many heads the columns are divided into. */
  readonly heads: number;
  /** Whether tokens see only themselves and what came before. */
  readonly causal: boolean;
}

/** What attention returns. */
export interface AttentionStep extends Step {
  /** The mean over all rows of the sum of squared probabilities. */
  readonly sumOfSquares: number;
}

/**
 * Returns `softmax(q · kᵀ / sqrt(d / heads)) · v`, head by head.
 *
 * @param qkv Queries, keys and values side by side, `[rows, 3 · d]`; its
 * gradient has the same form.
 * @param layout The tokens and heads.
 */
export function attend(qkv: Matrix, layout: Heads): AttentionStep {
  const { tokens, heads, causal } = layout;
  const width = qkv.columns / 3;
  const size = width / heads;
  const sequences = qkv.rows / tokens;
  const shares = new Float64Array(sequences * heads * tokens * tokens);
  const value = {
    data: new Float64Array(qkv.rows * width),
    rows: qkv.rows,
    columns: width,
  };
  const scale = 1 / Math.sqrt(size);
  /** Calls for each head with its places in qkv, in the value and in the shares. */
  const each = (visit: (from: number, to: number, at: number) => void) => {
    for (let pair = 0; pair < sequences * heads; pair++) {
      const [row, head] = [Math.floor(pair / heads) * tokens, pair % heads];
      visit(
        row * qkv.columns + head * size,
        row * width + head * size,
        pair * tokens * tokens,
      );
    }
  };
  let squares = 0;
  each((from, to, at) => {
    const data = qkv.data;
    for (let i = 0; i < tokens; i++) {
      const query = from + i * qkv.columns;
      const row = at + i * tokens;
      const seen = causal ? i + 1 : tokens;
      let largest = -Infinity;
      for (let j = 0; j < seen; j++) {
        const key = from + j * qkv.columns + width;
        let dot = 0;
        for (let c = 0; c < size; c++) dot += data[query + c] * data[key + c];
        largest = Math.max(largest, shares[row + j] = dot * scale);
      }
      let total = 0;
      for (let j = row; j < row + seen; j++) {
        total += shares[j] = Math.exp(shares[j] - largest);
      }
      for (let j = row; j < row + seen; j++) {
        squares += (shares[j] /= total) ** 2;
      }
      const out = to + i * width;
      for (let j = 0; j < seen; j++) {
        const share = shares[row + j];
        const own = from + j * qkv.columns + 2 * width;
        for (let c = 0; c < size; c++) {
          value.data[out + c] += share * data[own + c];
        }
      }
    }
  });
  const back = (gradient: Matrix) => {
    const data = qkv.data;
    const result = new Float64Array(data.length);
    const slopes = new Float64Array(tokens);
    each((from, to, at) => {
      for (let i = 0; i < tokens; i++) {
        const query = from + i * qkv.columns;
        const out = to + i * width;
        const row = at + i * tokens;
        const seen = causal ? i + 1 : tokens;
        let mean = 0;
        for (let j = 0; j < seen; j++) {
          const own = from + j * qkv.columns + 2 * width;
          const share = shares[row + j];
          let dot = 0;
          for (let c = 0; c < size; c++) {
            dot += gradient.data[out + c] * data[own + c];
            result[own + c] += share * gradient.data[out + c];
          }
          mean += share * (slopes[j] = dot);
        }
        for (let j = 0; j < seen; j++) {
          const slope = shares[row + j] * (slopes[j] - mean) * scale;
          const key = from + j * qkv.columns + width;
          for (let c = 0; c < size; c++) {
            result[query + c] += slope * data[key + c];
            result[key + c] += slope * data[query + c];
          }
        }
      }
    });
    return { ...qkv, data: result };
  };
  return {
    value,
    back,
    sumOfSquares: squares / (sequences * heads * tokens),
  };
}
