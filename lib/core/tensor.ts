/**
 * Tensors: a typed array with a shape and a dtype.
 *
 * @module
 */

import type { ConsoleRequest } from "./console.ts";
import { digestOf } from "./digest.ts";
import {
  bytesIn,
  checkDtype,
  type ComplexDtype,
  type DataOf,
  type Dtype,
  type DtypeOf,
  dtypes,
  type OwnArrayOf,
  readerOf,
  storageOver,
  type TypedArray,
  writerOf,
} from "./dtype.ts";
import { elementsFrom, jsonOf, type TensorJson } from "./json.ts";
import { cannot, describe, shownName, withDefaults } from "./options.ts";
import { printDigest, printExactly, printTensor, threshold } from "./print.ts";
import { listedStorage, see, storage, storageOf } from "./recording.ts";
import {
  checkShape,
  elementCount,
  formatShape,
  mostAxes,
  resolveIndex,
  type Shape,
} from "./shape.ts";
import { consoleText, kindOf, Showable, showAs } from "./show.ts";
import { tensorBrand, thisCopy } from "./title.ts";

/** Numbers in arrays nested to any depth, all rows of one length. */
export type Nested<T> = T | readonly Nested<T>[];

/** What nested arrays hold innermost: a number, or a row of them. */
type Leaf = number | bigint | boolean | TypedArray;

/**
 * A complex number in JavaScript: its real part and its imaginary part.
 *
 * @internal
 */
export type Complex = [real: number, imaginary: number];

/** Options of {@linkcode empty} and {@linkcode tensor}. */
export interface TensorOptions<D extends Dtype> {
  /** The element type. Default: float32. */
  readonly dtype?: D;
}

/**
 * A dense tensor, row-major and contiguous.
 *
 * `data` is the storage itself: writing to it changes the tensor, and libraries
 * that accept a typed array and a shape can use it without a copy. float16,
 * bfloat16 and floats of 8 bits and fewer are stored as bit patterns, those of 4
 * bits two a byte, the lower half first. A complex number is stored as two
 * numbers, and is read as the pair `[real, imaginary]`. `data`, `shape` and
 * `dtype` are read-only.
 *
 * `structuredClone` and `postMessage` copy these three into a plain object, and
 * `new Tensor(copy.data, copy.shape, copy.dtype)` is the tensor again, to the
 * bit. With `[x.data.buffer]` as the list of what is transferred nothing is
 * copied, and `x` is left without its memory.
 *
 * A console or a test library that asks for all elements of arrays, by
 * `iterableLimit: Infinity` in Deno or `maxArrayLength: Infinity` in Node, gets
 * each element of up to 100,000 so exactly that tensors of different bits have
 * different texts. A larger tensor is printed with its SHA-256.
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
  declare readonly data: DataOf<D>;
  /** Sizes along the axes, outermost first. */
  declare readonly shape: Shape;
  /** The element type. */
  declare readonly dtype: D;
  readonly #data: DataOf<D>;

  /**
   * Makes a tensor over existing storage.
   *
   * @param data The storage, taken and not copied.
   * @param shape Sizes along the axes; `data` holds as many elements.
   * @param dtype The element type that `data` holds.
   * @throws {TypeError} If `data` is not the array of that dtype.
   * @throws {RangeError} If the shape does not fit the data.
   */
  constructor(data: DataOf<D>, shape: Shape, dtype: D);
  /**
   * Makes a tensor over existing storage, with the typed array's dtype.
   *
   * @param data The storage, taken and not copied.
   * @param shape Sizes along the axes; their product is the length of `data`.
   */
  constructor(data: OwnArrayOf<D>, shape: Shape);
  constructor(data: DataOf<D>, shape: Shape, dtype?: D) {
    super();
    if (dtype !== undefined) checkDtype("make a tensor", dtype);
    checkShape("make a tensor", shape);
    const stored = dtype !== undefined && dtypes[dtype].stores(data)
      ? { data, dtype }
      : storageOver(data) as { data: DataOf<D>; dtype: D } | undefined;
    if (stored === undefined || (dtype ?? stored.dtype) !== stored.dtype) {
      throw new TypeError(
        cannot(
          "make a tensor",
          `data must be ${
            dtype === undefined
              ? "a typed array"
              : `the typed array of ${dtype}`
          }`,
          describe(data),
        ),
      );
    }
    checkArray("make a tensor", stored.data);
    if (bytesIn(stored.dtype, elementCount(shape)) !== stored.data.byteLength) {
      const count = stored.data.byteLength * 8 / dtypes[stored.dtype].bits;
      checkElementCount("make a tensor", shape, count);
    }
    // An own property, as structuredClone copies no others; by this method,
    // since Object.defineProperty takes three times as long.
    (this as unknown as Legacy).__defineGetter__("data", readData);
    this.#data = stored.data;
    this.shape = Object.freeze([...shape]);
    this.dtype = stored.dtype;
    Object.freeze(this);
  }

  /** Its name, which minifiers leave alone. */
  static readonly title = "Tensor";

  /** The copy of this library that made it. */
  get [tensorBrand](): symbol {
    return thisCopy;
  }

  /** The kind by which its renderer is found. */
  get [kindOf](): string {
    return "tensor";
  }

  /** The storage; reading it here does not count as a read. */
  get [storage](): DataOf<D> {
    return this.#data;
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
   * a view: it shares its elements with this tensor. Only where elements take 4
   * bits and it begins within a byte is it a copy.
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
    checkMemory("index a tensor", this);
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
    const start = block * count;
    return new Tensor(
      elementsOf(this, start, start + count),
      shape,
      this.dtype,
    );
  }

  /**
   * Returns the single element as a number; a complex one as the pair `[real,
   * imaginary]`.
   *
   * @throws {RangeError} If there is not exactly one element.
   * @throws {TypeError} If the dtype is one whose values are not read.
   */
  item(): [D] extends [ComplexDtype] ? Complex : number;
  item(): number | Complex {
    if (this.numel() !== 1) {
      throw new RangeError(
        cannot(
          "take the item of a tensor",
          "it must have 1 element",
          `${this.numel()} in shape ${formatShape(this.shape)}`,
        ),
      );
    }
    checkMemory("take the item of a tensor", this);
    return elementReader(this)(0);
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
    checkMemory("reshape a tensor", this);
    const isShort = Array.isArray(shape) && shape.length <= mostAxes;
    const unknown = isShort ? shape.indexOf(-1) : -1;
    const data = this.#data;
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
   * gives a number. A complex element is the pair `[real, imaginary]`. int64 and
   * uint64 beyond ±2^53 lose their last digits.
   *
   * @throws {TypeError} If the dtype is one whose values are not read.
   */
  toArray(): Nested<number> {
    checkMemory("read the values of a tensor", this);
    const read = elementReader(this);
    const nest = (axis: number, offset: number): Nested<number> => {
      if (axis === this.shape.length) return read(offset);
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
   * the dtype is float32 or complex64, else a copy. The real and the imaginary
   * part of a complex element follow each other.
   *
   * @throws {TypeError} If the dtype is one whose values are not read.
   */
  toFloat32(): Float32Array {
    checkMemory("read the values of a tensor", this);
    if (this.data instanceof Float32Array) return this.data;
    return decodeMany(this);
  }

  /**
   * Returns the values in another dtype, or this tensor itself if it already
   * has that dtype.
   *
   * Floats are rounded to the nearest, ties to even. Beyond the largest number
   * lie infinities; in dtypes without them, PyTorch's rule holds:
   * float8_e4m3fn takes its largest number, float8_e4m3fnuz and float8_e5m2fnuz
   * take NaN. float8_e8m0fnu takes the nearest power of two of the size.
   * Conversion to integers drops the fraction; in bool everything but 0 is true.
   * A real number becomes a complex one without an imaginary part, and a complex
   * one loses that part.
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
    checkDtype("convert a tensor", dtype);
    const action = `convert a tensor to ${dtype}`;
    checkMemory(action, this);
    if (this.dtype as Dtype === dtype) return this as unknown as Tensor<E>;
    const { allocate, encode, kind, parts } = dtypes[dtype];
    const own = dtypes[this.dtype];
    const count = this.numel();
    const data = allocate(count);
    const read = readerOf(this.dtype, this.data);
    const write = writerOf(dtype, data);
    // The first number of each element, and the second where both have one.
    const shared = kind === "bool" ? own.parts : Math.min(parts, own.parts);
    for (let part = 0; part < shared; part++) {
      for (let index = 0; index < count; index++) {
        const element = read(index * own.parts + part);
        // An int64 or uint64 may not fit a number.
        const value = typeof element === "bigint"
          ? element
          : own.decode(element);
        if (kind === "bool") {
          if (value != 0) write(index, 1);
          continue;
        }
        const stored = encode(kind === "integer" ? truncate(value) : value);
        if (stored === undefined) {
          throw new RangeError(
            cannot(action, "each value must fit it", value),
          );
        }
        write(index * parts + part, stored);
      }
    }
    return new Tensor(data, this.shape, dtype);
  }

  /**
   * Whether another tensor has the same dtype, shape and elements. NaN equals
   * nothing and −0 equals 0, as in PyTorch.
   *
   * @param other The tensor to compare with.
   */
  equals(other: Tensor): boolean {
    checkTensor("compare tensors", other, "the other");
    checkMemory("compare tensors", this);
    const isAlike = this.dtype === other.dtype &&
      this.shape.length === other.shape.length &&
      this.shape.every((size, axis) => size === other.shape[axis]);
    if (!isAlike) return false;
    const { decode, parts } = dtypes[this.dtype];
    const [own, theirs] = [this, other].map(({ dtype, data }) =>
      readerOf(dtype, data)
    );
    const count = parts * this.numel();
    for (let place = 0; place < count; place++) {
      const [a, b] = [own(place), theirs(place)];
      const isEqual = typeof a === "bigint" ? a === b : decode(a) === decode(b);
      if (!isEqual) return false;
    }
    return true;
  }

  /**
   * Returns what `JSON.stringify` writes: dtype, shape, and the elements in a
   * flat array. They are numbers, also those of float16 and bfloat16; NaN,
   * Infinity, −Infinity and −0 are texts, and so are int64 and uint64. Of dtypes
   * whose values are not read, they are bytes. {@linkcode Tensor.fromJSON} makes
   * the same bits of it, except that NaN loses its payload.
   *
   * @example
   * ```ts
   * import { Tensor, tensor } from "@fanin/fanin";
   * import { assertEquals } from "@std/assert";
   *
   * const x = tensor([[1.5, -0, Infinity]], { dtype: "bfloat16" });
   * const text = JSON.stringify(x);
   * assertEquals(
   *   text,
   *   `{"dtype":"bfloat16","shape":[1,3],"data":[1.5,"-0","Infinity"]}`,
   * );
   * assertEquals(Tensor.fromJSON(JSON.parse(text)).data, x.data);
   * ```
   */
  toJSON(): TensorJson<D> {
    checkMemory("write a tensor as JSON", this);
    return jsonOf<D>(this);
  }

  /**
   * Returns the tensor that JSON describes: {@linkcode Tensor.toJSON} writes it.
   * Numbers between two of the dtype are rounded, as in `tensor`.
   *
   * @param json The parsed JSON.
   * @throws {TypeError} If it has other members than `dtype`, `shape` and
   * `data`, or one of them is of the wrong kind.
   * @throws {RangeError} If the elements are not as many as the shape says, or
   * one does not fit the dtype.
   *
   * @example
   * ```ts
   * import { Tensor } from "@fanin/fanin";
   * import { assertEquals } from "@std/assert";
   *
   * const json = { dtype: "int64", shape: [1], data: ["9007199254740993"] };
   * assertEquals(Tensor.fromJSON(json).data, new BigInt64Array([2n ** 53n + 1n]));
   * ```
   */
  static fromJSON(json: unknown): Tensor {
    const { data, shape, dtype } = elementsFrom(json);
    return new Tensor(data, shape, dtype);
  }

  /**
   * Returns the text that PyTorch prints. Where the memory was transferred or
   * shrunk, it says so in place of the elements.
   */
  override toString(): string {
    return printTensor(this, hasMemory(this));
  }

  /**
   * Returns the text for a console. One that shows more than 1,000 elements of
   * an array gets each element, exactly; if there are more than 100,000, a
   * digest.
   *
   * @param request How the console wants it.
   */
  override [consoleText]({ most, nested }: ConsoleRequest): string {
    const text = most > threshold && hasMemory(this)
      ? this.#longText(most)
      : this.toString();
    if (!nested || !text.includes("\n")) return text;
    // What stands before it is not known: the rows begin on a line of their own.
    return text.replaceAll("\n       ", "\n  ").replace("(", "(\n  ");
  }

  #longText(most: number): string {
    const isOpaque = dtypes[this.dtype].kind === "opaque";
    const count = this.numel();
    if (!isOpaque && count <= Math.min(most, mostExact)) {
      return printExactly(this);
    }
    return isOpaque || most === Infinity
      ? printDigest(this, digestOf(this))
      : this.toString();
  }
}

/** The most elements that a console prints exactly. */
const mostExact = 100_000;

/**
 * Members that TypeScript omits from structural checks, since every object has
 * them.
 */
interface Legacy {
  __defineGetter__(name: string, get: () => unknown): void;
}

/**
 * Reads a tensor's `data` after running the pending steps that may write it.
 */
function readData(this: Tensor): DataOf<Dtype> {
  const data = this[storage];
  see(data);
  return data;
}

const noOptions: TensorOptions<Dtype> = Object.freeze({ dtype: undefined });

/**
 * Returns a tensor of zeros, ready to be filled.
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
  options: TensorOptions<D> = noOptions as TensorOptions<D>,
): Tensor<D> {
  const dtype = dtypeOption(options) ?? "float32";
  checkShape("make a tensor", shape);
  const { allocate, view } = dtypes[dtype];
  const count = elementCount(shape);
  const listed = listedStorage(bytesIn(dtype, count));
  const data = listed === undefined ? allocate(count) : view(listed, 0, count);
  return new Tensor<D>(data as Tensor<D>["data"], shape, dtype as D);
}

/**
 * Returns a tensor with the values and the nesting of an array, in memory of
 * its own.
 *
 * @param nested Numbers in arrays nested to any depth, of which the innermost may
 * be typed arrays. Booleans give bool, bigints int64, typed arrays of one class
 * their dtype, all else float32.
 * @param options The element type. Default: taken from the values. For a complex
 * one, the innermost arrays are pairs `[real, imaginary]`.
 * @throws {RangeError} If rows differ in length, there are more than 64 axes, or
 * a value does not fit the dtype.
 * @throws {TypeError} If an element is not a number, bigint or boolean, or an
 * option is unknown.
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
 * assertEquals(tensor(new Float64Array([1, 2])).dtype, "float64");
 * ```
 */
export function tensor<D extends Dtype = "float32">(
  nested: Nested<number>,
  options?: TensorOptions<D>,
): Tensor<D>;
/**
 * Returns a tensor of booleans, bool unless the options name another dtype.
 *
 * @param nested Booleans in arrays nested to any depth.
 * @param options The element type.
 */
export function tensor<D extends Dtype = "bool">(
  nested: Nested<boolean>,
  options?: TensorOptions<D>,
): Tensor<D>;
/**
 * Returns a tensor of integers, int64 unless the options name another dtype.
 *
 * @param nested Bigints in arrays nested to any depth.
 * @param options The element type.
 */
export function tensor<D extends Dtype = "int64">(
  nested: Nested<bigint>,
  options?: TensorOptions<D>,
): Tensor<D>;
/**
 * Returns a tensor with a typed array's numbers, in its dtype unless the
 * options name another.
 *
 * @param array The numbers, copied.
 * @param options The element type.
 */
export function tensor<A extends TypedArray, D extends Dtype = DtypeOf<A>>(
  array: A,
  options?: TensorOptions<D>,
): Tensor<D>;
/**
 * Returns a tensor of nested numbers; the innermost rows may be typed arrays.
 *
 * @param nested Numbers and typed arrays in arrays nested to any depth.
 * @param options The element type.
 */
export function tensor<D extends Dtype = Dtype>(
  nested: Nested<number | bigint | boolean | TypedArray>,
  options?: TensorOptions<D>,
): Tensor<D>;
export function tensor(
  nested: unknown,
  options: TensorOptions<Dtype> = noOptions,
) {
  const asked = dtypeOption(options);
  const leaves: Leaf[] = [];
  const shape = shapeOf(nested);
  collect(nested, shape, 0, leaves);
  const dtype = asked ?? inferDtype(leaves);
  const { encode, parts } = dtypes[dtype];
  const result = empty(parts === 2 ? withoutPairs(shape) : shape, { dtype });
  const write = writerOf(dtype, result.data);
  let index = 0;
  const put = (value: number | bigint | boolean) => {
    const stored = encode(typeof value === "boolean" ? Number(value) : value);
    if (stored === undefined) {
      throw new RangeError(
        cannot(
          "make a tensor",
          `each value must fit ${dtype}`,
          describe(value),
        ),
      );
    }
    write(index++, stored);
  };
  for (const leaf of leaves) {
    if (typeof leaf !== "object") {
      put(leaf);
      continue;
    }
    const own = storageOver(leaf)!;
    if (own.dtype === dtype) {
      // Bits, so that each NaN stays as it is.
      (result.data as Uint8Array).set(own.data as Uint8Array, index);
      index += leaf.length;
    } else for (const value of leaf) put(value);
  }
  return result;
}

/**
 * Checks that a value is a tensor that still has all its elements.
 *
 * @param action What is being done, for the error message.
 * @param tensor The value.
 * @param name What it is. Default: the target.
 * @throws {TypeError} If it is no tensor, or its memory was detached or shrunk.
 */
export function checkTensor(
  action: string,
  tensor: unknown,
  name = "the target",
): asserts tensor is Tensor {
  if (!(tensor instanceof Tensor)) {
    throw new TypeError(
      cannot(action, `${name} must be a Tensor`, describe(tensor)),
    );
  }
  checkMemory(action, tensor);
}

/**
 * Checks that a tensor still has all its elements: its buffer may have been
 * sent to a worker, or resized.
 *
 * @param action What is being done, for the error message.
 * @param tensor The tensor.
 * @param name Its name in a model; "" if it has none.
 * @throws {TypeError} If its memory was detached or shrunk.
 */
export function checkMemory(action: string, tensor: Tensor, name = ""): void {
  if (hasMemory(tensor)) return;
  throw new TypeError(
    cannot(
      action,
      `${name === "" ? "the tensor" : shownName(name)} of shape ${
        formatShape(tensor.shape)
      } must have its memory`,
      `${heldBy(tensor)} elements: it was transferred or shrunk`,
    ),
  );
}

/**
 * Returns whether a tensor still has all its elements.
 *
 * @param tensor The tensor.
 */
export function hasMemory(tensor: Tensor): boolean {
  const { dtype, shape } = tensor;
  return storageOf(tensor).byteLength === bytesIn(dtype, elementCount(shape));
}

/**
 * Returns the storage of some of a tensor's elements, in row-major order: a
 * view, or a copy where they begin within a byte.
 *
 * @param tensor The tensor.
 * @param start The first element.
 * @param end One beyond the last.
 */
export function elementsOf<D extends Dtype>(
  tensor: Tensor<D>,
  start: number,
  end: number,
): DataOf<D> {
  const { dtype } = tensor;
  const data: DataOf<Dtype> = tensor[storage];
  const { allocate, bits } = dtypes[dtype];
  const first = start * bits / 8;
  const size = data.BYTES_PER_ELEMENT;
  if (Number.isInteger(first)) {
    const last = first + bytesIn(dtype, end - start);
    return data.subarray(first / size, last / size) as DataOf<D>;
  }
  const copy = allocate(end - start);
  const [read, write] = [readerOf(dtype, data), writerOf(dtype, copy)];
  for (let i = start; i < end; i++) write(i - start, read(i));
  return copy;
}

/**
 * Returns a complex tensor as two of real numbers, its real and its imaginary
 * parts, both copies; any other tensor as it is, alone.
 *
 * @param tensor The tensor.
 */
export function realParts(
  tensor: Tensor,
): [Tensor] | [real: Tensor, imaginary: Tensor] {
  const { data, dtype, shape } = tensor;
  if (dtypes[dtype].parts === 1) return [tensor];
  const [real, imaginary] = [0, 1].map((part) => {
    const every = (data as Float32Array).filter((_, i) => i % 2 === part);
    return new Tensor(every, shape);
  });
  return [real, imaginary];
}

/**
 * Returns the elements as numbers in a flat array: the storage itself if it
 * holds plain numbers, else a copy. int64 and uint64 beyond ±2^53 lose their
 * last digits. Complex elements are two numbers each.
 *
 * @param tensor The tensor. Do not write to the array.
 * @throws {TypeError} If the dtype is one whose values are not read.
 */
export function valuesOf(tensor: Tensor): Readonly<ArrayLike<number>> {
  checkMemory("read the values of a tensor", tensor);
  const { data, dtype } = tensor;
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return Float64Array.from(data, Number);
  }
  return dtypes[dtype].decode === Number ? data : tensor.toFloat32();
}

function dtypeOption(options: TensorOptions<Dtype>): Dtype | undefined {
  const { dtype } = options === noOptions ? noOptions : withDefaults(
    "make a tensor",
    options,
    noOptions,
  );
  if (dtype !== undefined) checkDtype("make a tensor", dtype);
  return dtype;
}

function checkElementCount(action: string, shape: Shape, count: number): void {
  if (elementCount(shape) !== count) {
    throw new RangeError(
      cannot(action, `shape must have ${count} elements`, formatShape(shape)),
    );
  }
}

/** The innermost arrays of complex numbers are pairs, unless they are empty. */
function withoutPairs(shape: Shape): Shape {
  if (shape.at(-1) === 0) return shape;
  if (shape.at(-1) === 2) return shape.slice(0, -1);
  throw new RangeError(
    cannot(
      "make a tensor of complex numbers",
      "the innermost arrays must be pairs [real, imaginary]",
      `shape ${formatShape(shape)}`,
    ),
  );
}

/** Returns the function that reads an element by its place. */
function elementReader(
  { data, dtype }: Tensor,
): (index: number) => number & Complex {
  const { decode, parts } = dtypes[dtype];
  const read = readerOf(dtype, data);
  const one = (place: number) => decode(read(place));
  const element = parts === 1
    ? one
    : (index: number): Complex => [one(2 * index), one(2 * index + 1)];
  return element as (index: number) => number & Complex;
}

/** Returns how many elements a tensor's storage still holds. */
function heldBy(tensor: Tensor): number {
  return storageOf(tensor).byteLength * 8 / dtypes[tensor.dtype].bits;
}

/** A typed array that lost its memory has no length: others need no check. */
function checkArray(action: string, array: TypedArray): void {
  if (array.length > 0) return;
  try {
    // Every method throws without the memory.
    (array as Float32Array).keys();
  } catch {
    throw new TypeError(
      cannot(
        action,
        "the typed array must have its memory",
        `${describe(array)}: it was transferred or shrunk`,
      ),
    );
  }
}

function truncate(value: number | bigint): number | bigint {
  return typeof value === "bigint" ? value : Math.trunc(value);
}

function isTypedArray(value: unknown): value is TypedArray {
  return storageOver(value) !== undefined;
}

function inferDtype(leaves: readonly Leaf[]): Dtype {
  if (leaves.length === 0) return "float32";
  const [first] = leaves;
  if (typeof first === "object") {
    const { dtype } = storageOver(first)!;
    const isSame = leaves.every((leaf) => storageOver(leaf)?.dtype === dtype);
    return isSame ? dtype : "float32";
  }
  if (leaves.every((leaf) => typeof leaf === "boolean")) return "bool";
  return leaves.every((leaf) => typeof leaf === "bigint") ? "int64" : "float32";
}

/** The lengths of the first rows; the other rows are checked later. */
function shapeOf(nested: unknown): number[] {
  const shape: number[] = [];
  let level = nested;
  while (Array.isArray(level) || isTypedArray(level)) {
    shape.push(level.length);
    if (shape.length > mostAxes) {
      throw new RangeError(
        cannot("make a tensor", `the rank must be at most ${mostAxes}`),
      );
    }
    level = Array.isArray(level) ? level[0] : undefined;
  }
  return shape;
}

function collect(
  nested: unknown,
  shape: Shape,
  axis: number,
  leaves: Leaf[],
): void {
  const isRow = isTypedArray(nested);
  if (isRow) checkArray("make a tensor", nested);
  if (isRow || Array.isArray(nested)) {
    if (axis >= shape.length || nested.length !== shape[axis]) {
      throw new RangeError(
        cannot(
          `make a tensor of shape ${formatShape(shape)}`,
          `the rows of axis ${axis} must have one length`,
          nested.length,
        ),
      );
    }
    if (!isRow) {
      for (const inner of nested) collect(inner, shape, axis + 1, leaves);
      return;
    }
  }
  if (axis !== shape.length - (isRow ? 1 : 0)) {
    throw new RangeError(
      cannot(
        `make a tensor of shape ${formatShape(shape)}`,
        `axis ${axis} must hold arrays`,
        describe(nested),
      ),
    );
  }
  if (!isRow && !["number", "bigint", "boolean"].includes(typeof nested)) {
    throw new TypeError(
      cannot(
        "make a tensor",
        "elements must be numbers, bigints or booleans",
        describe(nested),
      ),
    );
  }
  leaves.push(nested as Leaf);
}

const tables = new Map<Dtype, Float32Array>();

/**
 * Returns the numbers that a tensor's elements represent. Many elements of 16
 * bits and fewer are read through a table of all patterns, which is kept.
 *
 * @param tensor The tensor.
 */
function decodeMany({ data, dtype, shape }: Tensor): Float32Array {
  const { bits, decode, parts } = dtypes[dtype];
  const values = new Float32Array(parts * elementCount(shape));
  const isPattern = data instanceof Uint8Array && bits <= 8 ||
    data instanceof Uint16Array;
  if (isPattern && data.length >= 2 ** (8 * data.BYTES_PER_ELEMENT)) {
    const table = tableOf(dtype);
    const each = Math.max(1, 8 / bits);
    for (let i = 0; i < values.length; i++) {
      values[i] = each === 1
        ? table[data[i]]
        : table[each * data[Math.floor(i / each)] + i % each];
    }
    return values;
  }
  const read = readerOf(dtype, data);
  // A loop, since `Float32Array.from` with a function takes five times as long or more.
  for (let i = 0; i < values.length; i++) values[i] = decode(read(i));
  return values;
}

/** The numbers of each stored byte, or pair of bytes, in the order of elements. */
function tableOf(dtype: Dtype): Float32Array {
  const known = tables.get(dtype);
  if (known !== undefined) return known;
  const { allocate, bits, decode } = dtypes[dtype];
  const each = Math.max(1, 8 / bits);
  const patterns = allocate(each * 2 ** Math.max(8, bits));
  for (let i = 0; i < patterns.length; i++) patterns[i] = i;
  const read = readerOf(dtype, patterns);
  const table = Float32Array.from(
    { length: each * patterns.length },
    (_, i) => decode(read(i)),
  );
  tables.set(dtype, table);
  return table;
}
