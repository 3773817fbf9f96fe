/**
 * The elements of a tensor, part by part: together the bytes that its
 * initialiser gives, with no more in memory than a part.
 *
 * @module
 */

import { empty } from "../core/create.ts";
import { dtypes, type FloatDtype } from "../core/dtype.ts";
import { elementCount } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Normal, Ones, Uniform } from "../random/distribution.ts";
import { blockLength } from "../random/torch/normal.ts";
import { fillShared } from "../parallel/fill_shared.ts";
import type { Generator } from "../random/torch/generator.ts";
import type { Buffers } from "./buffers.ts";
import type { Drawing } from "./drawing.ts";
import { sparseParts } from "./sparse.ts";
import type { SpecTensor } from "./spec.ts";
import { truncatedParts } from "./truncated.ts";

/** Bytes from which on several threads fill a part. */
const worthSharing = 2 ** 20;

/**
 * Returns a tensor's parts, in order. They are drawn when they are asked for.
 *
 * @param tensor The tensor.
 * @param drawing The generator and the memory.
 */
export function partsOf(
  tensor: SpecTensor,
  drawing: Drawing,
): Iterable<Tensor> | AsyncIterable<Tensor> {
  const { distribution, dtype, shape } = tensor;
  const { generator, buffers } = drawing;
  const count = elementCount(shape);
  const isSmall = count * dtypes[dtype].bits / 8 <= buffers.size;
  switch (distribution.kind) {
    case "constant":
      return constantParts(distribution.value, dtype, count, buffers);
    case "ones":
      return onesParts(distribution, dtype, count, buffers);
    case "orthogonal":
    case "scaled":
      return wholeOf(tensor, generator);
    case "uniform":
    case "normal":
      return count < blockLength
        ? wholeOf(tensor, generator, buffers)
        : lawParts(distribution, dtype, count, drawing);
    case "sparse":
      return isSmall
        ? wholeOf(tensor, generator, buffers)
        : sparseParts(distribution, dtype, shape, drawing);
    case "truncatedNormal":
      return isSmall
        ? wholeOf(tensor, generator, buffers)
        : truncatedParts(distribution, dtype, count, drawing);
  }
}

function* wholeOf(
  tensor: SpecTensor,
  generator: Generator,
  buffers?: Buffers,
): IterableIterator<Tensor> {
  const { distribution, dtype, shape } = tensor;
  const whole = buffers === undefined
    ? empty(shape, { dtype })
    : buffers.next(dtype, elementCount(shape)).reshape(shape);
  generator.fill(whole, distribution);
  yield whole;
}

function* constantParts(
  value: number,
  dtype: FloatDtype,
  count: number,
  buffers: Buffers,
): IterableIterator<Tensor> {
  for (const { count: length } of buffers.ranges(dtype, count)) {
    const part = buffers.next(dtype, length);
    part.data.fill(Number(dtypes[dtype].encode(value)));
    yield part;
  }
}

function* onesParts(
  { places }: Ones,
  dtype: FloatDtype,
  count: number,
  buffers: Buffers,
): IterableIterator<Tensor> {
  const { encode } = dtypes[dtype];
  let next = 0;
  for (const { start, count: length } of buffers.ranges(dtype, count)) {
    const part = buffers.next(dtype, length);
    part.data.fill(Number(encode(0)));
    for (; places[next] < start + length; next++) {
      part.data[places[next] - start] = Number(encode(1));
    }
    yield part;
  }
}

async function* lawParts(
  law: Uniform | Normal,
  dtype: FloatDtype,
  count: number,
  { generator, buffers, threads }: Drawing,
): AsyncIterableIterator<Tensor> {
  for (const { count: length } of buffers.ranges(dtype, count)) {
    const part = buffers.next(dtype, length);
    const isWorth = part.data.byteLength >= worthSharing;
    if (isWorth) await fillShared(law, part, generator, threads);
    else generator.fill(part, law);
    yield part;
  }
}
