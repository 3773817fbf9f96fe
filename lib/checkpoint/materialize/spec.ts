/**
 * Specs: the tensors of a model in the order in which they are drawn, each with
 * its initializer.
 *
 * @module
 */

import { checkDtype, type FloatDtype } from "../../core/dtype.ts";
import {
  cannot,
  describe,
  quoted,
  readOptions,
  withDefaults,
} from "../../core/options.ts";
import { checkShape } from "../../core/shape.ts";
import { initializerOf } from "../../init/initializer.ts";
import { initializers } from "../../init/initializers.ts";
import type { Distribution } from "../../random/distribution.ts";
import { fault } from "../formats/bytes.ts";
import { arrayOf, type Json, parseJson } from "../formats/json.ts";
import { layoutOf, type TensorSpec } from "../formats/safetensors.ts";

/** A tensor that is to be made. */
export interface SpecTensor extends TensorSpec {
  /** The element type. */
  readonly dtype: FloatDtype;
  /** The initializer's name in `init`. */
  readonly init: string;
  /** What is done to it. */
  readonly distribution: Distribution;
}

/** Options of {@linkcode parseSpec}. */
export interface SpecOptions {
  /** The dtype of tensors that name none. Default: float32. */
  readonly dtype?: string;
}

const action = "read a spec";

/**
 * Returns the tensors of a spec. All of it is checked: what is returned can be
 * drawn.
 *
 * A spec is a JSON array with an object for each tensor: `name`, `shape`,
 * `init` (an initializer of `init`, or its name in `torch.nn.init`), and, where
 * they are not the defaults, `options` (those of the initializer, or PyTorch's
 * names of them) and `dtype`.
 *
 * @param bytes The JSON, in UTF-8.
 * @param options The default dtype.
 * @throws {SyntaxError} If it is no such JSON.
 * @throws {TypeError} If a member is unknown, missing or of the wrong kind.
 * @throws {RangeError} If a name comes twice, an initializer is unknown, or
 * refuses the shape or an option. The message names the tensor.
 *
 * @example
 * ```ts
 * import { parseSpec } from "./spec.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const json = `[
 *   {"name": "w", "shape": [3, 2], "init": "xavierNormal"},
 *   {"name": "b", "shape": [3], "init": "constant_", "options": {"val": 1}}
 * ]`;
 * const [w, b] = parseSpec(new TextEncoder().encode(json));
 * assertEquals(w.recipe, { kind: "normal", mean: 0, std: Math.sqrt(2 / 5) });
 * assertEquals(b.recipe, { kind: "constant", value: 1 });
 * ```
 */
export function parseSpec(
  bytes: Uint8Array,
  options: SpecOptions = {},
): SpecTensor[] {
  const { dtype } = withDefaults(action, options, { dtype: "float32" });
  checkDtype(action, dtype);
  const list = arrayOf(action, "a spec", parseJson(action, bytes, "any"));
  const tensors = list.map((entry, index) => tensorOf(entry, index, dtype));
  layoutOf(action, tensors, {});
  return tensors;
}

function tensorOf(entry: Json, index: number, dtype: string): SpecTensor {
  if (!(entry instanceof Map)) {
    throw fault(action, `tensor ${index} must be an object`, entry);
  }
  const name = entry.get("name");
  const what = typeof name === "string" ? quoted(name) : String(index);
  try {
    return checked(membersOf(entry, dtype));
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) {
      throw error;
    }
    const Class = error instanceof TypeError ? TypeError : RangeError;
    throw new Class(`In tensor ${what} of the spec: ${error.message}`, {
      cause: error,
    });
  }
}

/** The members of a tensor's object, as they come. */
interface Members {
  readonly name: unknown;
  readonly shape: unknown;
  readonly dtype: unknown;
  readonly init: unknown;
  readonly options: unknown;
}

function membersOf(entry: ReadonlyMap<string, Json>, dtype: string): Members {
  const plain = Object.fromEntries(
    [...entry].map(([key, value]) => [
      key,
      value instanceof Map ? Object.fromEntries(value) : value,
    ]),
  );
  return withDefaults(
    action,
    plain,
    {
      name: undefined,
      shape: undefined,
      dtype,
      init: undefined,
      options: {},
    } as Members,
    "members",
  );
}

function checked({ name, shape, dtype, init, options }: Members): SpecTensor {
  if (typeof name !== "string") {
    throw new TypeError(
      cannot(action, "name must be a string", describe(name)),
    );
  }
  checkDtype(action, dtype);
  const initializer = initializerOf(action, init, initializers);
  const named = readOptions(action, options, initializer.options, {
    what: `options of ${initializer.title}`,
    otherNames: true,
  });
  // The shape and a dtype that is none of fractions are refused there.
  const spec = { name, shape, dtype } as TensorSpec & { dtype: FloatDtype };
  checkShape(action, spec.shape);
  const distribution = initializer.distribution(spec, named) ?? nothing;
  return { ...spec, init: initializer.title, distribution };
}

/** What is done to a tensor without elements. */
const nothing: Distribution = { kind: "constant", value: 0 };
