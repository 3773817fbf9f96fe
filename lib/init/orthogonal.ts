/**
 * Saxe, McClelland and Ganguli's orthogonal initialiser.
 *
 * @module
 */

import { checkFinite, withDefaults } from "../core/options.ts";
import { elementCount, formatShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { fillNormal } from "../distributions/normal.ts";
import { orthonormalize } from "../math/qr.ts";
import type { Generator } from "../random/generator.ts";
import { actionOf } from "./draw.ts";
import { performRecipe } from "./recipe.ts";
import { checkFillable, generatorOf, type RandomOptions } from "./target.ts";
import { setTheory } from "./theory.ts";

/** Options of {@linkcode orthogonal}. */
export interface OrthogonalOptions extends RandomOptions {
  /**
   * The factor on all elements. It may be negative: the matrix stays
   * orthogonal. Default: 1.
   */
  readonly gain?: number;
}

/**
 * Fills a weight with a random orthogonal matrix, times the gain.
 *
 * The matrix has `shape[0]` rows; all further axes are its columns. Its rows
 * are orthonormal, or its columns where there are more rows than columns. It is
 * the Q of a matrix of normals, with signs such that the diagonal of R is
 * positive: so each orthogonal matrix is equally likely.
 *
 * Draws: the normals, as `init.normal`. Computed in double and rounded once; for
 * that time it takes memory for the matrix in double, and for 32 of its rows and
 * of its columns.
 *
 * PyTorch computes in the tensor's dtype. Its elements are within
 * `1e-5 * |gain|` of these, but for the rare square float32 matrix of normals
 * that is nearly singular: there its own rounding is larger.
 *
 * Each element has the mean 0 and `std = |gain| / sqrt(max(rows, columns))`. A
 * plot draws no density over them: the square of an element has a Beta
 * distribution, and only in large matrices is the element nearly normal. A tensor
 * without elements stays as it is.
 *
 * @param tensor The weight to fill, of rank at least 2; float32 or float64.
 * @param options The gain and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is below 2, or the gain is not finite.
 * @throws {TypeError} If the tensor is not float32 or float64, or an option is
 * unknown.
 * @see Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics
 * of learning in deep linear neural networks", 2014; Mezzadri, "How to generate
 * random matrices from the classical compact groups", 2007, on the signs;
 * `torch.nn.init.orthogonal_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const [[a, b], [c, d]] = init.orthogonal(empty([2, 2])).toArray() as number[][];
 * assertAlmostEquals(a * a + c * c, 1, 1e-6);
 * assertAlmostEquals(a * b + c * d, 0, 1e-6);
 * ```
 */
export function orthogonal<T extends Tensor>(
  tensor: T,
  options: OrthogonalOptions = {},
): T {
  const action = actionOf("orthogonal");
  const { gain, generator } = withDefaults(action, options, {
    gain: 1,
    generator: undefined as Generator | undefined,
  });
  checkFillable(action, tensor);
  checkFinite(action, "gain", gain);
  const source = generatorOf(action, generator);
  checkRank(action, tensor);
  checkWide(action, tensor);
  const [rows, ...rest] = tensor.shape;
  const columns = elementCount(rest);
  performRecipe({ kind: "orthogonal", gain }, tensor, () => {
    fillNormal(tensor, 0, 1, source);
    orthonormalize(tensor.data, rows, columns, gain);
  });
  setTheory(tensor, {
    name: "orthogonal",
    options: { gain },
    distribution: "orthogonal",
    mean: 0,
    std: Math.abs(gain) / Math.sqrt(Math.max(rows, columns, 1)),
    bound: null,
  });
  return tensor;
}

function checkRank(action: string, { shape }: Tensor): void {
  if (shape.length < 2) {
    throw new RangeError(
      `Cannot ${action} as the rank must be at least 2: current value is ${shape.length} in shape ${
        formatShape(shape)
      }`,
    );
  }
}

/** Checks the dtype: half precision has no QR, in PyTorch either. */
function checkWide(
  action: string,
  tensor: Tensor,
): asserts tensor is Tensor<"float32" | "float64"> {
  const { dtype } = tensor;
  if (dtype === "float32" || dtype === "float64") return;
  throw new TypeError(
    `Cannot ${action} as the tensor's dtype must be float32 or float64: current value is ${dtype}`,
  );
}
