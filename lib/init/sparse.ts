/**
 * Martens' sparse initialiser.
 *
 * @module
 */

import { dtypes } from "../core/dtype.ts";
import { checkFinite, withDefaults } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { checkNormal, fillNormal } from "../distributions/normal.ts";
import { permutation } from "../distributions/permutation.ts";
import type { Generator } from "../random/generator.ts";
import { actionOf } from "./draw.ts";
import { performRecipe } from "./recipe.ts";
import {
  checkFillable,
  checkMatrix,
  generatorOf,
  type RandomOptions,
} from "./target.ts";
import { setTheory } from "./theory.ts";

/** Options of {@linkcode sparse}. */
export interface SparseOptions extends RandomOptions {
  /** The share of each column that is 0, in [0, 1]. No default. */
  readonly sparsity: number;
  /** The standard deviation of the others, at least 0. Default: 0.01. */
  readonly std?: number;
}

/**
 * Fills a matrix with values from N(0, std²), and sets
 * `ceil(sparsity * rows)` of each column to 0.
 *
 * Draws all normals, then one permutation of the rows a column. PyTorch takes
 * the permutations from its default generator even where another is passed
 * (pytorch/pytorch#98200); here all comes from the one that is passed.
 *
 * @param tensor The matrix to fill; of a float dtype.
 * @param options The share of zeros, the standard deviation and the generator.
 * @returns The tensor.
 * @throws {RangeError} If the rank is not 2, `sparsity` not in [0, 1], or `std`
 * negative or not finite.
 * @throws {TypeError} If the tensor cannot be filled, `sparsity` is missing, or
 * an option is unknown.
 * @see Martens, "Deep learning via Hessian-free optimization", 2010;
 * `torch.nn.init.sparse_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const w = init.sparse(empty([10, 4]), { sparsity: 0.25 });
 * const zeros = w.toFloat32().filter((x) => x === 0);
 * assertEquals(zeros.length, 4 * 3);
 * ```
 */
export function sparse<T extends Tensor>(
  tensor: T,
  options: SparseOptions,
): T {
  const action = actionOf("sparse");
  const { sparsity, std, ...rest } = withDefaults(action, options, {
    sparsity: undefined as number | undefined,
    std: 0.01,
    generator: undefined as Generator | undefined,
  });
  checkFillable(action, tensor);
  checkNormal(action, 0, std);
  checkFinite(action, "sparsity", sparsity);
  if (sparsity < 0 || sparsity > 1) {
    throw new RangeError(
      `Cannot ${action} as sparsity must be in [0, 1]: current value is ${sparsity}`,
    );
  }
  checkMatrix(action, tensor);
  const generator = generatorOf(action, rest.generator);
  const [rows, columns] = tensor.shape;
  const zero = Number(dtypes[tensor.dtype].encode(0));
  const zeros = Math.ceil(sparsity * rows);
  performRecipe({ kind: "sparse", std, zeros }, tensor, () => {
    fillNormal(tensor, 0, std, generator);
    const { data } = tensor;
    for (let column = 0; column < columns; column++) {
      const order = permutation(rows, generator);
      for (const row of order.subarray(0, zeros)) {
        data[row * columns + column] = zero;
      }
    }
  });
  setTheory(tensor, undefined);
  return tensor;
}
