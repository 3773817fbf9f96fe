/**
 * Tensors of other libraries: onnxruntime's and those of transformers.js have
 * `dims` and `data`, those of TensorFlow.js `shape` and `dataSync()`, and many
 * others `shape` and `data`.
 *
 * @module
 */

import { type Dtype, dtypes, storageOver, type TypedArray } from "./dtype.ts";
import { cannot, describe } from "./options.ts";
import { elementCount, type Shape } from "./shape.ts";
import { Tensor } from "./tensor.ts";
import { tensorBrand } from "./title.ts";

/**
 * A tensor of another library, or a typed array.
 *
 * @internal
 */
export type ForeignTensor =
  | TypedArray
  | { readonly dims: Shape; readonly data: unknown }
  | { readonly shape: Shape; readonly data: unknown }
  | { readonly shape: Shape; dataSync(): unknown };

/** What such a tensor may have. */
interface Parts {
  readonly dims?: Shape;
  readonly shape?: Shape;
  readonly data?: unknown;
  readonly type?: unknown;
  readonly dtype?: unknown;
  /** Of TensorFlow.js; others give away their memory by `dataSync()`. */
  readonly dataId?: unknown;
  dataSync?(): unknown;
}

/**
 * Returns whether a value is a typed array or a tensor of another library. It
 * does not ask for the values.
 *
 * @param value Any value.
 */
export function isForeign(value: unknown): value is ForeignTensor {
  if (storageOver(value) !== undefined) return true;
  if (typeof value !== "object" || value === null) return false;
  if (value instanceof Tensor || tensorBrand in value) return false;
  // A model may have anything as its members.
  if ("namedParameters" in value || "stateDict" in value) return false;
  if (!Array.isArray(shapeIn(value))) return false;
  return isOfTfjs(value) || "data" in value;
}

/**
 * Returns a tensor over the values of another library's, in memory that is theirs
 * where they show it.
 *
 * @param action What is being done, for the error message.
 * @param value The tensor.
 * @param name Its name, for the error message; "" for none.
 * @throws {TypeError} If its values are no numbers.
 * @throws {RangeError} If it has not as many as its shape says.
 */
export function fromForeign(
  action: string,
  value: ForeignTensor,
  name: string,
): Tensor {
  const array = storageOver(value);
  if (array !== undefined) {
    return new Tensor(array.data, [array.data.length], array.dtype);
  }
  const parts = value as Parts;
  const shape = shapeIn(parts)!;
  const values = isOfTfjs(parts) ? parts.dataSync!() : parts.data;
  const storage = storageOver(values);
  const what = name === "" ? "another library" : `another library, ${name},`;
  if (storage === undefined) {
    throw new TypeError(
      cannot(
        action,
        `the values of a tensor of ${what} must be a typed array`,
        describe(values),
      ),
    );
  }
  const { data } = storage;
  const dtype = dtypeIn(parts, values) ?? storage.dtype;
  const count = elementCount(shape) * dtypes[dtype].parts;
  if (data.length !== count) {
    throw new RangeError(
      cannot(
        action,
        `a tensor of ${what} must have the ${count} values of its shape`,
        data.length,
      ),
    );
  }
  return new Tensor(data, [...shape], dtype);
}

function isOfTfjs(value: object): boolean {
  return "dataId" in value &&
    typeof (value as Parts).dataSync === "function";
}

function shapeIn(value: object): Shape | undefined {
  const { dims, shape } = value as Parts;
  return Array.isArray(dims) ? dims : shape;
}

/** What the tensor calls its dtype, where its storage is that of it. */
function dtypeIn({ type, dtype }: Parts, values: unknown): Dtype | undefined {
  return [type, dtype].find((name): name is Dtype =>
    typeof name === "string" && Object.hasOwn(dtypes, name) &&
    dtypes[name as Dtype].stores(values as TypedArray)
  );
}
