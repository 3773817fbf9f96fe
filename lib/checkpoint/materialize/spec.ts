/**
 * Specs: the tensors of a model in order of drawing, each with its initializer.
 *
 * @module
 */

import { checkDtype, type FloatDtype } from "../../core/dtype.ts";
import {
  cannot,
  describe,
  isPlain,
  quoted,
  readOptions,
  renamed,
  withDefaults,
} from "../../core/options.ts";
import { checkShape, type Shape } from "../../core/shape.ts";
import { initializerOf } from "../../init/initializer.ts";
import { initializers } from "../../init/initializers.ts";
import type { Distribution } from "../../random/distribution.ts";
import { JsonReader } from "../formats/json.ts";
import { layoutOf, type TensorSpec } from "../formats/safetensors.ts";

/**
 * A tensor of a spec.
 *
 * @internal
 */
export interface SpecEntry {
  /** Its name. */
  readonly name: string;
  /** Sizes along the axes. */
  readonly shape: Shape;
  /** The initializer, by its name in `init` or in `torch.nn.init`. */
  readonly init: string;
  /**
   * The initializer's options, or PyTorch's names of them; `"-Infinity"` and
   * `"Infinity"` are numbers, since JSON has none. Default: none.
   */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The element type. Default: the spec's. */
  readonly dtype?: FloatDtype;
}

/** Tensors in order of drawing, or their JSON. */
export type Spec = readonly SpecEntry[] | string | Uint8Array;

/** A tensor to make. */
export interface SpecTensor extends TensorSpec {
  /** The element type. */
  readonly dtype: FloatDtype;
  /** The initializer's name in `init`. */
  readonly init: string;
  /** The distribution it is filled from. */
  readonly distribution: Distribution;
}

/** Options of {@linkcode parseSpec}. */
export interface SpecOptions {
  /** The dtype of tensors that name none. Default: float32. */
  readonly dtype?: string;
}

/** The unchecked members of a tensor's object. */
interface Members {
  readonly name: unknown;
  readonly shape: unknown;
  readonly dtype: unknown;
  readonly init: unknown;
  readonly options: unknown;
}

const action = "read a spec";

/** What fills a tensor without elements. */
const nothing: Distribution = { kind: "constant", value: 0 };

/**
 * Returns the tensors of a spec after checking that all of them can be drawn.
 *
 * @param spec The tensors, or their JSON, as text or in UTF-8.
 * @param options The default dtype.
 * @throws {SyntaxError} If it is not valid JSON.
 * @throws {TypeError} If a member is unknown, missing or of the wrong kind.
 * @throws {RangeError} If a name comes twice, an initializer is unknown, or
 * refuses the shape or an option. The message names the tensor.
 *
 * @example
 * ```ts
 * import { parseSpec } from "./spec.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [w, b] = parseSpec(`[
 *   {"name": "w", "shape": [3, 2], "init": "xavierNormal"},
 *   {"name": "b", "shape": [3], "init": "constant_", "options": {"val": 1}}
 * ]`);
 * const std = Math.sqrt(2 / 5);
 * assertEquals(w.distribution, { kind: "normal", mean: 0, std });
 * assertEquals(b.distribution, { kind: "constant", value: 1 });
 * ```
 */
export function parseSpec(
  spec: Spec,
  options: SpecOptions = {},
): SpecTensor[] {
  const { dtype } = withDefaults(action, options, { dtype: "float32" });
  checkDtype(action, dtype);
  const tensors = entriesOf(spec).map((entry, index) =>
    tensorOf(entry, index, dtype)
  );
  layoutOf(action, tensors, {});
  return tensors;
}

/** The tensors' objects, from JSON or from the caller. */
function entriesOf(spec: unknown): readonly unknown[] {
  if (Array.isArray(spec)) return Array.from(spec);
  const bytes = typeof spec === "string"
    ? new TextEncoder().encode(spec)
    : spec;
  if (!(bytes instanceof Uint8Array)) {
    throw new TypeError(
      cannot(action, "it must be an array or JSON", describe(spec)),
    );
  }
  const json = new JsonReader(action, bytes);
  const entries: unknown[] = [];
  json.list("a spec", (index) => {
    const members = json.object(`tensor ${index}`, () => json.any());
    entries.push(Object.fromEntries(members));
  });
  json.end();
  return entries;
}

function tensorOf(entry: unknown, index: number, dtype: string): SpecTensor {
  const { name } = (entry ?? {}) as { readonly name?: unknown };
  const what = typeof name === "string" ? quoted(name) : String(index);
  const reading = `read tensor ${what} of a spec`;
  try {
    return checked(membersOf(entry, dtype));
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) {
      throw error;
    }
    throw renamed(reading, error);
  }
}

function membersOf(entry: unknown, dtype: string): Members {
  const members: Members = {
    name: undefined,
    shape: undefined,
    dtype,
    init: undefined,
    options: {},
  };
  return withDefaults(action, entry, members, "members");
}

function checked({ name, shape, dtype, init, options }: Members): SpecTensor {
  if (typeof name !== "string") {
    throw new TypeError(
      cannot(action, "name must be a string", describe(name)),
    );
  }
  checkDtype(action, dtype);
  const initializer = initializerOf(action, init, initializers);
  const named = readOptions(
    action,
    withInfinity(options),
    initializer.options,
    {
      what: `options of ${initializer.title}`,
      otherNames: true,
    },
  );
  checkShape(action, shape as Shape);
  // The initializer refuses dtypes that are not floating-point.
  const spec = {
    name,
    shape: Object.freeze([...shape as Shape]),
    dtype: dtype as FloatDtype,
  };
  const distribution = initializer.distribution(spec, named) ?? nothing;
  return { ...spec, init: initializer.title, distribution };
}

/** JSON has no infinite numbers, so they are written as words. */
function withInfinity(options: unknown): unknown {
  if (!isPlain(options)) return options;
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name,
      value === "Infinity" || value === "-Infinity" ? Number(value) : value,
    ]),
  );
}
