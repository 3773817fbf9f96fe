/**
 * The dtypes of safetensors: their names, and the order in which files have
 * them.
 *
 * @module
 */

import { type Dtype, dtypes } from "../../core/dtype.ts";

/**
 * From the last in a file to the first: wide elements stand before narrow ones,
 * so that each begins at a multiple of its size.
 *
 * @see the `Dtype` enumeration of safetensors 0.8.0, whose files have this order
 */
const narrowFirst: readonly Dtype[] = [
  "bool",
  "F4",
  "F6_E2M3",
  "F6_E3M2",
  "uint8",
  "int8",
  "F8_E5M2",
  "F8_E4M3",
  "F8_E8M0",
  "F8_E4M3FNUZ",
  "F8_E5M2FNUZ",
  "int16",
  "uint16",
  "float16",
  "bfloat16",
  "int32",
  "uint32",
  "float32",
  "C64",
  "float64",
  "int64",
  "uint64",
];

/** Each dtype's place in a file: a larger number stands earlier. */
export const width: ReadonlyMap<Dtype, number> = new Map(
  narrowFirst.map((dtype, index) => [dtype, index]),
);

/** Each dtype by its name in headers. */
export const byName: ReadonlyMap<string, Dtype> = new Map(
  narrowFirst.map((dtype) => [dtypes[dtype].safetensors, dtype]),
);
