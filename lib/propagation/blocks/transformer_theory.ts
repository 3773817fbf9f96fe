/**
 * Means that the theory of transformers needs: of attention's shares and of
 * gelu's products, for two tokens that are correlated.
 *
 * @module
 */

import { normal } from "../../init/initializers.ts";
import { empty } from "../../core/tensor.ts";
import { normalBelow } from "../../numerics/normal_below.ts";
import { normalDensity } from "../../numerics/special.ts";
import { Generator } from "../../random/torch/generator.ts";

/** Logits that are drawn for a mean. */
const drawn = 2 ** 18;

/** The step and the reach of trapezoids, which are exact for smooth functions. */
const [step, reach] = [0.25, 8];

/** Means of attention's shares p. */
interface AttentionMeans {
  /** E Σ_j p_ij². */
  readonly squares: number;
  /** E Σ_j p_ij p_i'j for two tokens i and i'. */
  readonly products: number;
}

/**
 * Returns a function of the tokens' correlation r: the means of the shares whose
 * logits are normal with covariance R ⊗ R, R = (1 − r) I + r.
 *
 * By one fixed sample of 2^18 logits, the same for each r; the mean's own error
 * is below 1 %.
 *
 * @param tokens How many.
 * @param std The standard deviation of logits of uncorrelated tokens.
 */
export function attentionKernel(
  tokens: number,
  std: number,
): (r: number) => AttentionMeans {
  const size = tokens * tokens;
  const count = Math.max(8, Math.round(drawn / size));
  const { data } = normal(empty([count, size]), {
    generator: new Generator(7),
  });
  return (r) => {
    // The root of R is a I + b, so that rows and columns get their sums' share.
    const a = Math.sqrt(1 - r);
    const b = (Math.sqrt(1 + (tokens - 1) * r) - a) / tokens;
    const logits = new Float64Array(size);
    let [squares, products] = [0, 0];
    for (let at = 0; at < data.length; at += size) {
      logits.set(data.subarray(at, at + size));
      spread(logits, tokens, a, b);
      const found = sharesOf(logits, tokens, std);
      squares += found.squares;
      products += found.products;
    }
    return {
      squares: squares / (count * tokens),
      products: products / (count * tokens * (tokens - 1)),
    };
  };
}

/** Multiplies a matrix from both sides by a I + b. */
function spread(matrix: Float64Array, n: number, a: number, b: number): void {
  const columns = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += matrix[i * n + j];
    for (let j = 0; j < n; j++) {
      columns[j] += matrix[i * n + j] = a * matrix[i * n + j] + b * sum;
    }
  }
  for (let i = 0; i < n * n; i++) {
    matrix[i] = a * matrix[i] + b * columns[i % n];
  }
}

/** Sums of squares and of products of different rows, of softmax's shares. */
function sharesOf(
  logits: Float64Array,
  n: number,
  std: number,
): AttentionMeans {
  const columns = new Float64Array(n);
  let squares = 0;
  for (let i = 0; i < n; i++) {
    let total = 0;
    for (let j = i * n; j < i * n + n; j++) {
      total += logits[j] = Math.exp(std * logits[j]);
    }
    for (let j = 0; j < n; j++) {
      const share = logits[i * n + j] / total;
      columns[j] += share;
      squares += share * share;
    }
  }
  return {
    squares,
    products: columns.reduce((sum, each) => sum + each * each, -squares),
  };
}

/**
 * Returns E[gelu(x) gelu(y)] for normal x and y of a variance and a correlation.
 *
 * @param variance Their variance.
 * @param r Their correlation.
 */
export function geluKernel(variance: number, r: number): number {
  const std = Math.sqrt(variance);
  const rest = Math.sqrt(Math.max(0, 1 - r * r));
  let sum = 0;
  for (let z = -reach; z <= reach; z += step) {
    const outer = gelu(std * z) * normalDensity(z);
    let inner = 0;
    for (let w = -reach; w <= reach; w += step) {
      inner += gelu(std * (r * z + rest * w)) * normalDensity(w);
    }
    sum += outer * inner;
  }
  return sum * step * step;
}

function gelu(x: number): number {
  return x * normalBelow(x);
}
