/**
 * The golden models, and tensors held against them.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { empty, type Tensor } from "../../../mod.ts";
import {
  parseSpec,
  type SpecEntry,
  type SpecTensor,
} from "../../../lib/checkpoint/materialize/spec.ts";
import { boundOf, differenceOf, type Result } from "../../golden/exactness.ts";
import { bytesOf, readGolden, type StateDigest } from "../../golden/golden.ts";

/** A row of `materialize.json`: a spec, and what PyTorch made of it. */
export interface Model {
  /** The spec's file. */
  readonly spec: string;
  /** The seed. */
  readonly seed: number;
  /** The tensors in order. */
  readonly tensors: readonly (Result & { readonly name: string })[];
  /** The generator's state afterwards. */
  readonly state: StateDigest;
}

/** All initializers and dtypes, and GPT-2 small. */
export const [mixed, gpt2] = await readGolden<Model>("materialize.json");

/**
 * Returns the tensors of a model's spec, as they stand in it.
 *
 * @param model The model.
 */
export async function entriesOf({ spec }: Model): Promise<SpecEntry[]> {
  const url = new URL(`../../../${spec}`, import.meta.url);
  return JSON.parse(await Deno.readTextFile(url));
}

/**
 * Returns the tensors of a model's spec, read.
 *
 * @param model The model.
 */
export async function specOf(model: Model): Promise<SpecTensor[]> {
  return parseSpec(await entriesOf(model));
}

/**
 * Asserts that a tensor is PyTorch's: to the bit, but for orthogonal matrices
 * and float64 normals, which have their bounds.
 *
 * @param model The model.
 * @param spec The tensor's place in the spec.
 * @param index Its index there.
 * @param tensor The tensor.
 */
export async function assertGolden(
  { tensors }: Model,
  { name, shape, dtype, init, distribution }: SpecTensor,
  index: number,
  tensor: Tensor,
): Promise<void> {
  const expected = tensors[index];
  assertEquals(
    { name, shape: tensor.shape, dtype: tensor.dtype },
    { name: expected.name, shape, dtype },
  );
  const bound = boundOf({ fn: init, options: { ...distribution } });
  const most = "bytes" in expected ? bound : 0;
  const difference = await differenceOf(tensor, expected);
  assert(difference <= most, `${name} differs by ${difference}`);
}

/**
 * Returns a tensor of its parts.
 *
 * @param spec The tensor.
 * @param parts Its parts, in order; each is copied before the next is made.
 */
export async function joined(
  { shape, dtype }: SpecTensor,
  parts: Iterable<Tensor> | AsyncIterable<Tensor>,
): Promise<Tensor> {
  const tensor = empty(shape, { dtype });
  let end = 0;
  for await (const part of parts) {
    const bytes = bytesOf(part);
    bytesOf(tensor).set(bytes, end);
    end += bytes.length;
  }
  assertEquals(end, tensor.data.byteLength);
  return tensor;
}
