/**
 * Recomputes the golden cases, and measures how far they are from PyTorch.
 *
 * @module
 */

import {
  type Dtype,
  empty,
  type Generator,
  init,
  nn,
  type Tensor,
} from "../../mod.ts";
import { valuesOf } from "../../lib/core/tensor.ts";
import { bytesOf, type Digest, digestOf, type StateDigest } from "./golden.ts";
import { makeLayer } from "./layers.js";

/** A fill that is not exact is stored whole, as bytes. */
export type Result = Digest | { readonly bytes: string };

/** A row of `init.json`. */
export interface InitCase {
  /** The initializer. */
  readonly fn: keyof typeof init;
  /** The shape that is filled. */
  readonly shape: number[];
  /** Its element type. */
  readonly dtype: Dtype;
  /** The generator's seed. */
  readonly seed: string;
  /** The initializer's options. */
  readonly options: Readonly<Record<string, number | string>>;
  /** What PyTorch filled, call by call. */
  readonly results: readonly Result[];
  /** The generator's state afterwards. */
  readonly state: StateDigest;
}

/** A row of `layers.json`: a layer, and what PyTorch made of it. */
export interface LayerCase {
  /** The layer. */
  readonly nn: keyof typeof nn;
  /** Its positional arguments; one that is a layer is described as this. */
  readonly args: readonly unknown[];
  /** Its named arguments. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The default generator's seed. */
  readonly seed: string;
  /** The element type of its parameters. */
  readonly dtype: Dtype;
  /** PyTorch's text. */
  readonly repr: string;
  /** The text of the first parameter's first row; null where there is none. */
  readonly first: string | null;
  /** The names of its parameters. */
  readonly parameters: readonly string[];
  /** The tensors of the layers that were made, one after the other. */
  readonly stateDicts: readonly (readonly Entry[])[];
  /** The generator's state afterwards. */
  readonly state: StateDigest;
}

/** A parameter or buffer: its name, shape, dtype and bytes. */
export type Entry = Result & {
  /** The name in PyTorch. */
  readonly name: string;
  /** The shape. */
  readonly shape: readonly number[];
  /** The element type. */
  readonly dtype: Dtype;
};

/**
 * How far float64 normals may be from PyTorch's: the logarithm, sine and
 * cosine are the machine's.
 */
export const normalBound = 1e-12;

/**
 * Returns how far the numbers of a case may be from PyTorch's where they are
 * not exact: its QR is LAPACK's, in the tensor's dtype.
 *
 * @param row The case: an initializer and its options.
 */
export function boundOf(
  { fn, options }: {
    readonly fn: string;
    readonly options: Readonly<Record<string, unknown>>;
  },
): number {
  const { gain = 1 } = options;
  return fn === "orthogonal" ? 1e-5 * Math.abs(Number(gain)) : normalBound;
}

/**
 * Fills one tensor after the other as a case says.
 *
 * @param row The case.
 * @param generator The generator; the fills without random numbers ignore it.
 */
export function* fillsOf(
  { fn, shape, dtype, options, results }: InitCase,
  generator: Generator,
): Iterable<[Tensor, Result]> {
  const fill = init[fn] as (tensor: Tensor, options: unknown) => Tensor;
  const isRandom = !["constant", "ones", "zeros", "eye", "dirac"].includes(
    fn,
  );
  for (const result of results) {
    const given = isRandom ? { ...options, generator } : options;
    const tensor = empty(shape, { dtype });
    // What was there before must not stay.
    tensor.data.fill(7 as never);
    yield [fill(tensor, given), result];
  }
}

/**
 * Makes a case's layer from a generator.
 *
 * @param row The case.
 * @param generator The generator; undefined for the default one.
 */
export function layerOf(row: LayerCase, generator?: Generator): nn.Module {
  return makeLayer(nn, row, { dtype: row.dtype, generator });
}

/**
 * Returns the largest difference of a tensor from PyTorch's; 0 where all bytes
 * are equal, infinity where only their digest says that they are not.
 *
 * @param tensor The tensor.
 * @param expected What PyTorch filled.
 */
export async function differenceOf(
  tensor: Tensor,
  expected: Result,
): Promise<number> {
  if (!("bytes" in expected)) {
    return (await digestOf(tensor)).sha256 === expected.sha256 ? 0 : Infinity;
  }
  const bytes = Uint8Array.fromHex(expected.bytes);
  if (bytesOf(tensor).length !== bytes.length) return Infinity;
  const theirs = empty(tensor.shape, { dtype: tensor.dtype });
  bytesOf(theirs).set(bytes);
  const ours = valuesOf(tensor);
  return Array.from(valuesOf(theirs)).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - ours[i])),
    0,
  );
}
