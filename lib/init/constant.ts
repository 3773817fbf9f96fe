/**
 * The constant initialisers: one value everywhere.
 *
 * @module
 */

import { type Dtype, dtypes } from "../core/dtype.ts";
import { describe, withDefaults } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { actionOf } from "./draw.ts";
import { performRecipe } from "./recipe.ts";
import { checkFillable } from "./target.ts";
import { setTheory } from "./theory.ts";

/** Options of {@linkcode constant}. */
export interface ConstantOptions {
  /** The value of every element; NaN and the infinities too. No default. */
  readonly value: number;
}

/**
 * Fills a tensor with one value.
 *
 * @param tensor The tensor to fill, of any shape; of a float dtype.
 * @param options The value.
 * @returns The tensor.
 * @throws {RangeError} If the value is finite, but not in the dtype.
 * @throws {TypeError} If the value is missing or not a number, the tensor
 * cannot be filled, or an option is unknown.
 * @see `torch.nn.init.constant_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const w = init.constant(empty([2, 2]), { value: 0.5 });
 * assertEquals(w.toArray(), [[0.5, 0.5], [0.5, 0.5]]);
 * ```
 */
export function constant<T extends Tensor>(
  tensor: T,
  options: ConstantOptions,
): T {
  const action = actionOf("constant");
  const { value } = withDefaults(action, options, {
    value: undefined as number | undefined,
  });
  if (typeof value !== "number") {
    throw new TypeError(
      `Cannot ${action} as value must be a number: current value is ${
        describe(value)
      }`,
    );
  }
  checkFillable(action, tensor);
  const { largest } = dtypes[tensor.dtype as Dtype];
  if (Math.abs(value) > largest && Math.abs(value) !== Infinity) {
    throw new RangeError(
      `Cannot ${action} as value must be at most ${largest} in size in ${tensor.dtype}, or infinite: current value is ${value}`,
    );
  }
  return fillConstant(tensor, value, "constant", { value });
}

/**
 * Fills a tensor with ones.
 *
 * @param tensor The tensor to fill, of any shape; of a float dtype.
 * @returns The tensor.
 * @throws {TypeError} If the tensor cannot be filled.
 * @see `torch.nn.init.ones_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { empty, init } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(init.ones(empty([2])).toArray(), [1, 1]);
 * ```
 */
export function ones<T extends Tensor>(tensor: T): T {
  return fillConstant(tensor, 1, "ones", {});
}

/**
 * Fills a tensor with zeros.
 *
 * @param tensor The tensor to fill, of any shape; of a float dtype.
 * @returns The tensor.
 * @throws {TypeError} If the tensor cannot be filled.
 * @see `torch.nn.init.zeros_`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { init, tensor } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(init.zeros(tensor([3, 4])).toArray(), [0, 0]);
 * ```
 */
export function zeros<T extends Tensor>(tensor: T): T {
  return fillConstant(tensor, 0, "zeros", {});
}

function fillConstant<T extends Tensor>(
  tensor: T,
  value: number,
  name: string,
  options: Readonly<Record<string, number>>,
): T {
  checkFillable(actionOf(name), tensor);
  const stored = Number(dtypes[tensor.dtype].encode(value));
  performRecipe({ kind: "constant", value }, tensor, () => {
    tensor.data.fill(stored);
  });
  setTheory(tensor, {
    name,
    options,
    distribution: "constant",
    mean: value,
    std: 0,
    bound: null,
  });
  return tensor;
}
