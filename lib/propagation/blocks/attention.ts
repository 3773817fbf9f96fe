/**
 * Attention of several heads, between the products with the weights.
 *
 * @module
 */

import { cannot } from "../../core/options.ts";
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
 * Throws unless the columns are divided into heads of one width.
 *
 * @param action What is being done, for the error message.
 * @param width The columns.
 * @param heads The heads.
 * @throws {RangeError} If a head would get a part of a column.
 */
export function checkHeads(action: string, width: number, heads: number): void {
  if (width % heads === 0) return;
  const rule = "width must be a multiple of heads";
  throw new RangeError(cannot(action, rule, `${width} and ${heads}`));
}

/**
 * Returns `softmax(q · kᵀ / sqrt(d / heads)) · v`, head by head.
 *
 * @param qkv Queries, keys and values side by side, `[rows, 3 · d]`; its
 * gradient has the same form.
 * @param layout The tokens and heads.
 */
export function attend(qkv: Matrix, layout: Heads): AttentionStep {
  const { tokens, heads } = layout;
  const width = qkv.columns / 3;
  const pairs = qkv.rows / tokens * heads;
  const shares = new Float64Array(pairs * tokens * tokens);
  const value = {
    data: new Float64Array(qkv.rows * width),
    rows: qkv.rows,
    columns: width,
  };
  const headOf = (pair: number): Head => {
    const row = Math.floor(pair / heads) * tokens;
    const column = pair % heads * (width / heads);
    return {
      from: row * qkv.columns + column,
      to: row * width + column,
      at: pair * tokens * tokens,
      size: width / heads,
      width,
    };
  };
  let squares = 0;
  for (let pair = 0; pair < pairs; pair++) {
    squares += mix(qkv.data, value.data, shares, headOf(pair), layout);
  }
  return {
    value,
    back(gradient) {
      const data = new Float64Array(qkv.data.length);
      for (let pair = 0; pair < pairs; pair++) {
        mixBack(qkv.data, gradient.data, data, shares, headOf(pair), layout);
      }
      return { ...qkv, data };
    },
    sumOfSquares: squares / (pairs * tokens),
  };
}

/** One head of one sequence. */
interface Head {
  /** Its first query in the queries, keys and values. */
  readonly from: number;
  /** Its first place in the value. */
  readonly to: number;
  /** Its first share. */
  readonly at: number;
  /** Its columns. */
  readonly size: number;
  /** The columns of all heads. */
  readonly width: number;
}

/** Fills the shares and the value of a head; returns the shares' squares. */
function mix(
  qkv: Float64Array,
  value: Float64Array,
  shares: Float64Array,
  { from, to, at, size, width }: Head,
  { tokens, causal }: Heads,
): number {
  const step = 3 * width;
  const scale = 1 / Math.sqrt(size);
  let squares = 0;
  for (let i = 0; i < tokens; i++) {
    const query = from + i * step;
    const row = at + i * tokens;
    const end = row + (causal ? i + 1 : tokens);
    let largest = -Infinity;
    for (let j = row, key = from + width; j < end; j++, key += step) {
      let dot = 0;
      for (let c = 0; c < size; c++) dot += qkv[query + c] * qkv[key + c];
      const logit = shares[j] = dot * scale;
      if (logit > largest) largest = logit;
    }
    let total = 0;
    for (let j = row; j < end; j++) {
      total += shares[j] = Math.exp(shares[j] - largest);
    }
    const out = to + i * width;
    for (let j = row, own = from + 2 * width; j < end; j++, own += step) {
      const share = shares[j] /= total;
      squares += share * share;
      for (let c = 0; c < size; c++) value[out + c] += share * qkv[own + c];
    }
  }
  return squares;
}

/** Adds the gradient by queries, keys and values of a head. */
function mixBack(
  qkv: Float64Array,
  gradient: Float64Array,
  back: Float64Array,
  shares: Float64Array,
  { from, to, at, size, width }: Head,
  { tokens, causal }: Heads,
): void {
  const step = 3 * width;
  const scale = 1 / Math.sqrt(size);
  const slopes = new Float64Array(tokens);
  for (let i = 0; i < tokens; i++) {
    const query = from + i * step;
    const out = to + i * width;
    const row = at + i * tokens;
    const seen = causal ? i + 1 : tokens;
    let mean = 0;
    for (let j = 0, own = from + 2 * width; j < seen; j++, own += step) {
      const share = shares[row + j];
      let dot = 0;
      for (let c = 0; c < size; c++) {
        dot += gradient[out + c] * qkv[own + c];
        back[own + c] += share * gradient[out + c];
      }
      mean += share * (slopes[j] = dot);
    }
    for (let j = 0, key = from + width; j < seen; j++, key += step) {
      const slope = shares[row + j] * (slopes[j] - mean) * scale;
      for (let c = 0; c < size; c++) {
        back[query + c] += slope * qkv[key + c];
        back[key + c] += slope * qkv[query + c];
      }
    }
  }
}
