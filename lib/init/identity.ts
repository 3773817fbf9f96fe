/**
 * Initialisers that pass the input on: the identity matrix, and its like for
 * convolutions.
 *
 * @module
 */

import { type Dtype, dtypes, type FloatDtype } from "../core/dtype.ts";
import { checkCount, withDefaults } from "../core/options.ts";
import { elementCount, formatShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { actionOf } from "./draw.ts";
import { performRecipe } from "./recipe.ts";
import { checkFillable, checkMatrix } from "./target.ts";
import { setTheory } from "./theory.ts";

/** Options of {@linkcode dirac}. */
export interface DiracOptions {
  /** Blocks of channels, each an identity of its own. Default: 1. */
  readonly groups?: number;
}

/**
 * Fills a matrix with 1 on its diagonal and 0 elsewhere.
 *
 * @param tensor The matrix to fill; of a float dtype.
 * @returns The tensor.
 * @throws {RangeError} If the rank is not 2.
 * @throws {TypeError} If the tensor cannot be filled.
 * @see `torch.nn.init.eye_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(init.eye(empty([2, 3])).toArray(), [[1, 0, 0], [0, 1, 0]]);
 * ```
 */
export function eye<T extends Tensor>(tensor: T): T {
  const action = actionOf("eye");
  checkFillable(action, tensor);
  checkMatrix(action, tensor);
  const [rows, columns] = tensor.shape;
  const places = Array.from(
    { length: Math.min(rows, columns) },
    (_, i) => i * columns + i,
  );
  return fillOnes(tensor, places);
}

/**
 * Fills a convolution's weight so that it passes its input on: 1 at the centre
 * of the kernel from channel i to channel i, 0 elsewhere.
 *
 * The centre is at `floor(size / 2)` of each spatial axis. With groups, each
 * block of output channels begins again at input channel 0 of its block.
 *
 * @param tensor The weight to fill, of rank 3 to 5; of a float dtype.
 * @param options The number of groups.
 * @returns The tensor.
 * @throws {RangeError} If the rank is not in [3, 5], axis 0 is no multiple of
 * the groups, or the kernel has a size of 0.
 * @throws {TypeError} If the tensor cannot be filled, or an option is unknown.
 * @see `torch.nn.init.dirac_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const w = init.dirac(empty([2, 2, 3]));
 * assertEquals(w.at(1).toArray(), [[0, 0, 0], [0, 1, 0]]);
 * ```
 */
export function dirac<T extends Tensor>(
  tensor: T,
  options: DiracOptions = {},
): T {
  const action = actionOf("dirac");
  const { groups } = withDefaults(action, options, { groups: 1 });
  checkFillable(action, tensor);
  checkCount(action, "groups", groups, 1);
  const { shape } = tensor;
  if (shape.length < 3 || shape.length > 5) {
    throw new RangeError(
      `Cannot ${action} as the rank must be 3, 4 or 5: current value is ${shape.length} in shape ${
        formatShape(shape)
      }`,
    );
  }
  const [outputs, inputs, ...kernel] = shape;
  if (outputs % groups !== 0) {
    throw new RangeError(
      `Cannot ${action} as axis 0 must be a multiple of groups ${groups}: current value is ${outputs}`,
    );
  }
  const field = elementCount(kernel);
  if (field === 0 && outputs > 0 && inputs > 0) {
    throw new RangeError(
      `Cannot ${action} as the kernel must have a centre: current value is shape ${
        formatShape(shape)
      }`,
    );
  }
  const centre = kernel.reduce(
    (place, size) => place * size + Math.floor(size / 2),
    0,
  );
  const block = outputs / groups;
  const places = Array.from({ length: outputs }, (_, output) => output)
    .filter((output) => output % block < inputs)
    .map((output) => (output * inputs + output % block) * field + centre);
  return fillOnes(tensor, places);
}

/** Sets some places to 1 and all others to 0. */
function fillOnes<T extends Tensor>(
  tensor: T & Tensor<FloatDtype>,
  places: readonly number[],
): T {
  const { encode } = dtypes[tensor.dtype as Dtype];
  const [zero, one] = [Number(encode(0)), Number(encode(1))];
  performRecipe({ kind: "ones", places }, tensor, () => {
    const { data } = tensor;
    data.fill(zero);
    for (const place of places) data[place] = one;
  });
  setTheory(tensor, undefined);
  return tensor;
}
