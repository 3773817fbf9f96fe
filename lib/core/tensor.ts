/**
 * Tensors: a typed array with a shape and a dtype.
 *
 * @module
 */

import { cannot, describe } from "./options.ts";
import { checkDtype, type DataOf, type Dtype, dtypes } from "./dtype.ts";
import { printTensor } from "./print.ts";
import { newStorage, storageOf, watch } from "./recording.ts";
import {
  checkShape,
  elementCount,
  formatShape,
  resolveIndex,
  type Shape,
} from "./shape.ts";
import { kindOf, Showable, showAs } from "./show.ts";
import { tensorBrand, thisCopy } from "./title.ts";

/** Patterns of 16 bits; from so many values on a table of them pays. */
const patterns = 2 ** 16;

const tables = new Map<(bits: number) => number, Float32Array>();

/**
 * Returns the numbers that stored elements stand for; of many of 16 bits by a
 * table of all patterns, which is kept.
 *
 * @param data The elements.
 * @param decode The number that an element stands for.
 */
function decodeMany(
  data: ArrayLike<number | bigint>,
  decode: (stored: number | bigint) => number,
): Float32Array {
  const values = new Float32Array(data.length);
  if (data instanceof Uint16Array && data.length >= patterns) {
    const table = tableOf(decode);
    for (let i = 0; i < data.length; i++) values[i] = table[data[i]];
    return values;
  }
  // A loop, since `Float32Array.from` with a function takes five times as long or more.
  for (let i = 0; i < data.length; i++) values[i] = decode(data[i]);
  return values;
}

function tableOf(decode: (bits: number) => number): Float32Array {
  const known = tables.get(decode);
  if (known !== undefined) return known;
  const table = new Float32Array(patterns);
  for (let bits = 0; bits < patterns; bits++) table[bits] = decode(bits);
  tables.set(decode, table);
  return table;
}

/** Numbers in arrays nested to any depth, all rows of one length. */
export type Nested<T> = T | readonly Nested<T>[];

/**
 * A dense tensor, row-major and contiguous.
 *
 * `data` is the storage itself: what is written there is in the tensor, and
 * libraries that take a typed array and a shape take it without a copy.
 * float16 and bfloat16 are stored as bit patterns.
 *
 * @example
 * ```ts
 * import { Tensor } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const x = new Tensor(new Float32Array([1, 2, 3, 4]), [2, 2], "float32");
 * assertEquals(x.at(1, 0).item(), 3);
 * ```
 */
export class Tensor<D extends Dtype = Dtype> extends Showable {
  /** The elements, in row-major order. */
  readonly data: DataOf<D>;
  /** Sizes along the axes, outermost first. */
  readonly shape: Shape;
  /** The element type. */
  readonly dtype: D;

  /**
   * Makes a tensor over existing storage.
   *
   * @param data The storage, taken and not copied.
   * @param shape Sizes along the axes; their product is the length of `data`.
   * @param dtype The element type that `data` holds.
   * @throws {TypeError} If `data` is not the array of that dtype.
   * @throws {RangeError} If the shape does not fit the data.
   */
  constructor(data: DataOf<D>, shape: Shape, dtype: D) {
    super();
    checkDtype("make a tensor", dtype);
    checkShape("make a tensor", shape);
    if (!dtypes[dtype].stores(data)) {
      throw new TypeError(
        cannot(
          "make a tensor",
          `data must be the typed array of ${dtype}`,
          Object.prototype.toString.call(data).slice(8, -1),
        ),
      );
    }
    const count = data.byteLength * 8 / dtypes[dtype].bits;
    checkElementCount("make a tensor", shape, count);
    this.data = data;
    this.shape = Object.freeze([...shape]);
    this.dtype = dtype;
    watch(this);
  }

  /** Its name, which minifiers leave alone. */
  static readonly title = "Tensor";

  /** Which copy of this library made it. */
  get [tensorBrand](): symbol {
    return thisCopy;
  }

  /** The kind by which its renderer is found. */
  get [kindOf](): string {
    return "tensor";
  }

  /** Returns the sizes along all axes, as a new array. */
  size(): number[];
  /**
   * Returns the size along one axis.
   *
   * @param dim The axis, in [−rank, rank).
   * @throws {RangeError} If there is no such axis.
   */
  size(dim: number): number;
  size(dim?: number): number | number[] {
    if (dim === undefined) return showAs([...this.shape], "size", formatShape);
    return this.shape[resolveIndex("read a size", dim, this.shape.length)];
  }

  /** Returns the number of axes. */
  dim(): number {
    return this.shape.length;
  }

  /** Returns the number of elements. */
  numel(): number {
    return elementCount(this.shape);
  }

  /**
   * Returns the sub-tensor at the given indices along the leading axes. It is
   * a view: it shares its elements with this tensor.
   *
   * @param indices One index for each leading axis, in [−size, size); with as
   * many as there are axes, the result has rank 0.
   * @throws {RangeError} If an index is outside its axis, or there are more
   * indices than axes.
   * @throws {TypeError} If the dtype is one whose values are not read.
   */
  at(...indices: number[]): Tensor<D> {
    if (indices.length > this.shape.length) {
      throw new RangeError(
        cannot(
          `index a tensor of shape ${formatShape(this.shape)}`,
          `there must be at most ${this.shape.length} indices`,
          formatShape(indices),
        ),
      );
    }
    const { decode, kind } = dtypes[this.dtype];
    if (kind === "opaque") decode(0);
    const shape = this.shape.slice(indices.length);
    const count = elementCount(shape);
    let block = 0;
    indices.forEach((index, axis) => {
      const size = this.shape[axis];
      block = block * size +
        resolveIndex(`index axis ${axis}`, index, size);
    });
    const view = storageOf(this).subarray(block * count, (block + 1) * count);
    return new Tensor(view as DataOf<D>, shape, this.dtype);
  }

  /**
   * Returns the only element as a number.
   *
   * @throws {RangeError} If there is not exactly one element.
   * @throws {TypeError} If the dtype is one whose values are not read.
   */
  item(): number {
    if (this.numel() !== 1) {
      throw new RangeError(
        cannot(
          "take the item of a tensor",
          "it must have 1 element",
          `${this.numel()} in shape ${formatShape(this.shape)}`,
        ),
      );
    }
    return dtypes[this.dtype].decode(this.data[0]);
  }

  /**
   * Returns a view of the same elements in another shape.
   *
   * @param shape The new sizes, with the same product; one may be −1 and is
   * then computed.
   * @throws {RangeError} If the number of elements differs.
   */
  reshape(shape: Shape): Tensor<D> {
    const action = `reshape a tensor of shape ${formatShape(this.shape)}`;
    const unknown = Array.isArray(shape) ? shape.indexOf(-1) : -1;
    const data = storageOf<Tensor<D>>(this);
    if (unknown === -1) {
      checkShape(action, shape);
      checkElementCount(action, shape, this.numel());
      return new Tensor(data, shape, this.dtype);
    }
    const rest = shape.toSpliced(unknown, 1);
    checkShape(action, rest);
    const count = this.numel() / elementCount(rest);
    if (!Number.isInteger(count)) {
      throw new RangeError(
        cannot(
          action,
          "the size for −1 must be a whole number",
          formatShape(shape),
        ),
      );
    }
    return new Tensor(data, shape.with(unknown, count), this.dtype);
  }

  /**
   * Returns the elements as numbers in arrays nested as the axes are; rank 0
   * gives a number. int64 and uint64 beyond ±2^53 lose their last digits.
   *
   * @throws {TypeError} If the dtype is one whose values are not read.
   */
  toArray(): Nested<number> {
    const { decode } = dtypes[this.dtype];
    const nest = (axis: number, offset: number): Nested<number> => {
      if (axis === this.shape.length) return decode(this.data[offset]);
      const stride = elementCount(this.shape.slice(axis + 1));
      return Array.from(
        { length: this.shape[axis] },
        (_, index) => nest(axis + 1, offset + index * stride),
      );
    };
    return nest(0, 0);
  }

  /**
   * Returns the elements as float32 in a flat array: the storage itself where
   * the dtype is float32, else a copy.
   *
   * @throws {TypeError} If the dtype is one whose values are not read.
   */
  toFloat32(): Float32Array {
    if (this.data instanceof Float32Array) return this.data;
    const { data } = this as Tensor;
    const { decode } = dtypes[this.dtype];
    return decodeMany(data, decode);
  }

  /**
   * Returns the values in another dtype; this tensor itself where it has it.
   *
   * Floats are rounded to the nearest, ties to even. As integers they lose
   * their fraction, as bool all but 0 is true.
   *
   * @param dtype The new element type.
   * @throws {TypeError} If the dtype is unknown, or values of either are not
   * read.
   * @throws {RangeError} If an integer dtype does not hold a value.
   * @see `torch.Tensor.to`, PyTorch 2.13.0
   *
   * @example
   * ```ts
   * import { tensor } from "@fanin/fanin";
   * import { assertEquals } from "@std/assert";
   *
   * const x = tensor([0.1, -2.5]);
   * assertEquals(x.to("int8").toArray(), [0, -2]);
   * assertEquals(x.to("bfloat16").at(0).item(), 0.10009765625);
   * ```
   */
  to<E extends Dtype>(dtype: E): Tensor<E> {
    const action = `convert a tensor to ${dtype}`;
    checkDtype(action, dtype);
    if (this.dtype as Dtype === dtype) return this as unknown as Tensor<E>;
    const { allocate, encode, kind } = dtypes[dtype];
    const { decode } = dtypes[this.dtype];
    const data = allocate(this.data.length);
    this.data.forEach((element: number | bigint, index: number) => {
      // An int64 or uint64 may not fit a number.
      const value = typeof element === "bigint" ? element : decode(element);
      const stored = kind === "bool"
        ? Number(value != 0)
        : encode(kind === "integer" ? truncate(value) : value);
      if (stored === undefined) {
        throw new RangeError(
          cannot(action, "each value must fit it", value),
        );
      }
      data[index] = stored;
    });
    return new Tensor(data, this.shape, dtype);
  }

  /**
   * Whether another tensor has the same dtype, shape and elements. NaN equals
   * nothing and −0 equals 0, as in PyTorch.
   *
   * @param other The tensor to compare with.
   */
  equals(other: Tensor): boolean {
    const { decode } = dtypes[this.dtype];
    return this.dtype === other.dtype &&
      this.shape.length === other.shape.length &&
      this.shape.every((size, axis) => size === other.shape[axis]) &&
      this.data.every((stored: number | bigint, index: number) =>
        typeof stored === "bigint"
          ? stored === other.data[index]
          : decode(stored) === decode(other.data[index])
      );
  }

  /** Returns the text that PyTorch prints. */
  override toString(): string {
    return printTensor(this);
  }
}

function checkElementCount(action: string, shape: Shape, count: number): void {
  if (elementCount(shape) !== count) {
    throw new RangeError(
      cannot(action, `shape must have ${count} elements`, formatShape(shape)),
    );
  }
}

function truncate(value: number | bigint): number | bigint {
  return typeof value === "bigint" ? value : Math.trunc(value);
}

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
        cannot("make a tensor", `each value must fit ${dtype}`, String(value)),
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
        cannot(
          `make a tensor of shape ${formatShape(shape)}`,
          `the rows of axis ${axis} must have one length`,
          nested.length,
        ),
      );
    }
    for (const inner of nested) collect(inner, shape, axis + 1, values);
    return;
  }
  if (axis !== shape.length) {
    throw new RangeError(
      cannot(
        `make a tensor of shape ${formatShape(shape)}`,
        `axis ${axis} must hold arrays`,
        describe(nested),
      ),
    );
  }
  if (!["number", "bigint", "boolean"].includes(typeof nested)) {
    throw new TypeError(
      cannot(
        "make a tensor",
        "elements must be numbers, bigints or booleans",
        describe(nested),
      ),
    );
  }
  values.push(nested as number | bigint | boolean);
}

/**
 * Returns the elements as numbers in a flat array: the storage itself where it
 * holds them so, else a copy. int64 and uint64 beyond ±2^53 lose their last
 * digits.
 *
 * @param tensor The tensor. The array is for reading only.
 * @throws {TypeError} If the dtype is one whose values are not read.
 */
export function valuesOf(tensor: Tensor): Readonly<ArrayLike<number>> {
  const { data, dtype } = tensor;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return Float64Array.from(data, Number);
  }
  const stored = dtypes[dtype].kind === "opaque" ||
    dtype === "float16" || dtype === "bfloat16";
  return stored ? tensor.toFloat32() : data;
}
