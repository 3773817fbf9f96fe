/**
 * Making tensors: empty ones, and ones from nested arrays.
 *
 * @module
 */

import { checkDtype, type Dtype, dtypes } from "./dtype.ts";
import { newStorage } from "./recording.ts";
import { checkShape, elementCount, formatShape, type Shape } from "./shape.ts";
import { type Nested, Tensor } from "./tensor.ts";

/** Options of {@linkcode empty} and {@linkcode tensor}. */
export interface TensorOptions<D extends Dtype> {
  /** The element type. Default: float32. */
  readonly dtype?: D;
}

/**
 * Returns a tensor whose elements are all 0, to be filled.
 *
 * @param shape Sizes along the axes; `[]` for a single number.
 * @param options The element type.
 * @throws {RangeError} If a size is negative or fractional.
 * @throws {TypeError} If the dtype is unknown.
 *
 * @example
 * ```ts
 * import { empty } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const weight = empty([33, 16, 3, 3]);
 * assertEquals(weight.numel(), 4752);
 * assertEquals(weight.dtype, "float32");
 * ```
 */
export function empty<D extends Dtype = "float32">(
  shape: Shape,
  options: TensorOptions<D> = {},
): Tensor<D> {
  const dtype = options.dtype === undefined ? "float32" : options.dtype;
  checkDtype("make a tensor", dtype);
  checkShape("make a tensor", shape);
  const { bits, view } = dtypes[dtype];
  const count = elementCount(shape);
  const data = view(newStorage(bits * count / 8), 0, count);
  return new Tensor<D>(data as Tensor<D>["data"], shape, dtype as D);
}

/**
 * Returns a tensor with the values and the nesting of an array.
 *
 * @param nested Numbers in arrays nested to any depth. Booleans give bool,
 * bigints int64, all else float32.
 * @param options The element type, where it is not to be taken from the values.
 * @throws {RangeError} If rows differ in length, or a value does not fit the
 * dtype.
 * @throws {TypeError} If an element is not a number, bigint or boolean.
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const x = tensor([[1, 2.5], [-3, 4]]);
 * assertEquals(x.size(), [2, 2]);
 * assertEquals(x.toString(), `tensor([[ 1.0000,  2.5000],
 *         [-3.0000,  4.0000]])`);
 * ```
 */
export function tensor<D extends Dtype = "float32">(
  nested: Nested<number>,
  options?: TensorOptions<D>,
): Tensor<D>;
/**
 * Returns a tensor of truth values, bool unless another dtype is asked for.
 *
 * @param nested Booleans in arrays nested to any depth.
 * @param options The element type.
 */
export function tensor<D extends Dtype = "bool">(
  nested: Nested<boolean>,
  options?: TensorOptions<D>,
): Tensor<D>;
/**
 * Returns a tensor of whole numbers, int64 unless another dtype is asked for.
 *
 * @param nested Bigints in arrays nested to any depth.
 * @param options The element type.
 */
export function tensor<D extends Dtype = "int64">(
  nested: Nested<bigint>,
  options?: TensorOptions<D>,
): Tensor<D>;
export function tensor(
  nested: Nested<number | bigint | boolean>,
  options: TensorOptions<Dtype> = {},
): Tensor {
  const shape = shapeOf(nested);
  const values: (number | bigint | boolean)[] = [];
  collect(nested, shape, 0, values);
  const dtype = options.dtype === undefined
    ? inferDtype(values)
    : options.dtype;
  const result = empty(shape, { dtype });
  const { encode } = dtypes[dtype];
  values.forEach((value, index) => {
    const stored = encode(typeof value === "boolean" ? Number(value) : value);
    if (stored === undefined) {
      throw new RangeError(
        `Cannot make a tensor as each value must fit ${dtype}: current value is ${value}`,
      );
    }
    result.data[index] = stored;
  });
  return result;
}

function inferDtype(values: readonly unknown[]): Dtype {
  const all = (type: string) =>
    values.length > 0 && values.every((value) => typeof value === type);
  return all("boolean") ? "bool" : all("bigint") ? "int64" : "float32";
}

function shapeOf(nested: unknown): number[] {
  const shape: number[] = [];
  for (let level = nested; Array.isArray(level); level = level[0]) {
    shape.push(level.length);
  }
  return shape;
}

function collect(
  nested: Nested<number | bigint | boolean>,
  shape: Shape,
  axis: number,
  values: (number | bigint | boolean)[],
): void {
  if (Array.isArray(nested)) {
    if (axis >= shape.length || nested.length !== shape[axis]) {
      throw new RangeError(
        `Cannot make a tensor of shape ${
          formatShape(shape)
        } as the rows of axis ${axis} must have one length: current value is ${nested.length}`,
      );
    }
    for (const inner of nested) collect(inner, shape, axis + 1, values);
    return;
  }
  if (axis !== shape.length) {
    throw new RangeError(
      `Cannot make a tensor of shape ${
        formatShape(shape)
      } as axis ${axis} must hold arrays: current value is ${nested}`,
    );
  }
  if (!["number", "bigint", "boolean"].includes(typeof nested)) {
    throw new TypeError(
      `Cannot make a tensor as elements must be numbers, bigints or booleans: current value is ${nested}`,
    );
  }
  values.push(nested as number | bigint | boolean);
}
