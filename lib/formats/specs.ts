/**
 * What the tensors of a file are that is to be written.
 *
 * @module
 */

import type { Dtype } from "../core/dtype.ts";
import { describe } from "../core/options.ts";
import type { Shape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";

/** A tensor that is to be written. */
export interface TensorSpec {
  /** Its name. */
  readonly name: string;
  /** The element type. */
  readonly dtype: Dtype;
  /** Sizes along the axes, outermost first. */
  readonly shape: Shape;
}

/**
 * Returns what tensors by name are.
 *
 * @param action What is being done, for the error's sentence.
 * @param tensors The tensors.
 * @throws {TypeError} If it is no object of tensors.
 */
export function specsOf(
  action: string,
  tensors: Readonly<Record<string, Tensor>>,
): TensorSpec[] {
  if (typeof tensors !== "object" || tensors === null) {
    throw new TypeError(
      `Cannot ${action} as it must be made of an object of tensors: current value is ${
        describe(tensors)
      }`,
    );
  }
  return Object.entries(tensors).map(([name, tensor]) => {
    checkTensor(action, name, tensor);
    const { dtype, shape } = tensor;
    return { name, dtype, shape };
  });
}

/**
 * Checks that a value is a tensor.
 *
 * @param action What is being done, for the error's sentence.
 * @param what What the value is.
 * @param value The value.
 * @throws {TypeError} If it is none.
 */
export function checkTensor(
  action: string,
  what: string,
  value: unknown,
): asserts value is Tensor {
  if (!(value instanceof Tensor)) {
    throw new TypeError(
      `Cannot ${action} as ${what} must be a Tensor: current value is ${
        describe(value)
      }`,
    );
  }
}
