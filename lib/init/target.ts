/**
 * What initialisers ask of a tensor and of their options, before they fill.
 *
 * @module
 */

import { dtypes, type FloatDtype } from "../core/dtype.ts";
import { describe } from "../core/options.ts";
import { formatShape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { defaultGenerator } from "../random/default_generator.ts";
import { Generator } from "../random/generator.ts";

/** The option that every random initialiser takes. */
export interface RandomOptions {
  /** Where the random numbers come from. Default: the default generator. */
  readonly generator?: Generator;
}

/**
 * Checks that a tensor can be filled.
 *
 * @param action What is being done, for the error's sentence.
 * @param tensor The tensor.
 * @throws {TypeError} If it is not a tensor, or not of a float dtype.
 */
export function checkFillable(
  action: string,
  tensor: Tensor,
): asserts tensor is Tensor<FloatDtype> {
  if (!(tensor instanceof Tensor)) {
    throw new TypeError(
      `Cannot ${action} as the target must be a Tensor: current value is ${
        describe(tensor)
      }`,
    );
  }
  if (dtypes[tensor.dtype].kind !== "float") {
    throw new TypeError(
      `Cannot ${action} as the tensor's dtype must be a float dtype: current value is ${tensor.dtype}`,
    );
  }
}

/**
 * Checks that a tensor is a matrix.
 *
 * @param action What is being done, for the error's sentence.
 * @param tensor The tensor.
 * @throws {RangeError} If its rank is not 2.
 */
export function checkMatrix(action: string, { shape }: Tensor): void {
  if (shape.length !== 2) {
    throw new RangeError(
      `Cannot ${action} as the rank must be 2: current value is ${shape.length} in shape ${
        formatShape(shape)
      }`,
    );
  }
}

/**
 * Returns the generator to draw from.
 *
 * @param action What is being done, for the error's sentence.
 * @param generator The option; undefined for the default generator.
 * @throws {TypeError} If it is something else.
 */
export function generatorOf(
  action: string,
  generator: Generator | undefined,
): Generator {
  if (generator === undefined) return defaultGenerator();
  if (generator instanceof Generator) return generator;
  throw new TypeError(
    `Cannot ${action} as generator must be a Generator: current value is ${
      describe(generator)
    }`,
  );
}
