/**
 * What initialisers ask of a tensor and of their options, before they fill.
 *
 * @module
 */

import { dtypes } from "../core/dtype.ts";
import { describe } from "../core/options.ts";
import { Tensor } from "../core/tensor.ts";
import type { RealData } from "../distributions/uniform.ts";
import { defaultGenerator } from "../random/default_generator.ts";
import { Generator } from "../random/generator.ts";

/** The option that every random initialiser takes. */
export interface RandomOptions {
  /** Where the random numbers come from. Default: the default generator. */
  readonly generator?: Generator;
}

/**
 * Returns the storage of a tensor that can be filled.
 *
 * @param action What is being done, for the error's sentence.
 * @param tensor The tensor.
 * @throws {TypeError} If it is not a tensor, or its dtype is not filled.
 */
export function fillable(action: string, tensor: Tensor): RealData {
  if (!(tensor instanceof Tensor)) {
    throw new TypeError(
      `Cannot ${action} as the target must be a Tensor: current value is ${
        describe(tensor)
      }`,
    );
  }
  const { data, dtype } = tensor;
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  const reason = dtypes[dtype].kind === "float"
    ? "float32 or float64, the dtypes that are filled so far"
    : "a float dtype";
  throw new TypeError(
    `Cannot ${action} as the tensor's dtype must be ${reason}: current value is ${dtype}`,
  );
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
