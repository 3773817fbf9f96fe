/**
 * Makes the elements of a tensor part by part: together they have the bytes
 * that its initializer gives, with only one part in memory at a time.
 *
 * @module
 */

import { type DataOf, dtypes, type FloatDtype } from "../../core/dtype.ts";
import { elementCount, type Shape } from "../../core/shape.ts";
import { empty, Tensor } from "../../core/tensor.ts";
import type { Turns } from "../../core/turns.ts";
import { fillShared } from "../../parallel/execute.ts";
import { cutBelow } from "../../parallel/pieces.ts";
import type { Thread } from "../../parallel/thread.ts";
import type {
  Normal,
  Ones,
  Sparse,
  TruncatedNormal,
  Uniform,
} from "../../random/distribution.ts";
import { permutation, wordsOf } from "../../random/torch/draw.ts";
import { type Generator, sourceOf } from "../../random/torch/generator.ts";
import { blockLength, type NormalSource } from "../../random/torch/normal.ts";
import {
  fillTruncatedPart,
  lawsOf,
} from "../../random/torch/truncated_normal.ts";
import { isFewNormals, wordsOfOne } from "./plan.ts";
import type { SpecTensor } from "./spec.ts";

/** The source of random numbers, and the memory of the parts. */
export interface Drawing {
  /** The generator; it moves on as with the initializer. */
  readonly generator: Generator;
  /** The memory. A part is valid until the next but one is requested. */
  readonly buffers: Buffers;
  /** Threads that fill besides the calling one. */
  readonly threads: readonly Thread[];
  /** Turns of the event loop, in which a signal may abort. Default: none. */
  readonly turns?: Turns;
}

/** Elements that follow each other in a tensor. */
interface Range {
  /** The first. */
  readonly start: number;
  /** How many; a multiple of 16 unless the tensor ends with them. */
  readonly count: number;
}

/** A generator, and its distance in words from the tensor's first. */
interface Placed {
  readonly source: Generator;
  words: number;
}

/** From this many bytes on, several threads fill a part. */
const worthSharing = 2 ** 20;

/**
 * Returns a tensor's parts, in order. Each is drawn on request.
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
    case "deltaOrthogonal":
    case "repeated":
    case "chrono":
    case "parts":
    case "scaled":
      return wholeOf(tensor, generator);
    case "uniform":
    case "normal":
      return count < blockLength
        ? wholeOf(tensor, generator, buffers)
        : filledParts(distribution, dtype, count, drawing);
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

/**
 * Moves the generator past tensors: in one jump if their number of words is
 * known. It must draw and discard truncated normals, which takes as long as
 * making them, and fewer than 16 normals, of which the generator may keep a
 * spare one.
 *
 * @param tensors The tensors, in order.
 * @param drawing The generator and the memory.
 */
export async function skip(
  tensors: readonly SpecTensor[],
  drawing: Drawing,
): Promise<void> {
  let pending = 0;
  for (const tensor of tensors) {
    const words = isFewNormals(tensor) ? undefined : wordsOfOne(tensor);
    if (words !== undefined) {
      pending += words;
      continue;
    }
    drawing.generator.advance(pending);
    pending = 0;
    for await (const _ of partsOf(tensor, drawing)) {
      await drawing.turns?.pause();
    }
  }
  drawing.generator.advance(pending);
}

/** Two buffers, used in turn. */
export class Buffers {
  /** The size of each, in bytes. */
  readonly size: number;
  readonly #buffers: readonly ArrayBufferLike[];
  #taken = 0;

  /**
   * Makes them.
   *
   * @param size The size of each, in bytes; room for 32 elements at least.
   * @param isShared Whether workers write to them.
   */
  constructor(size: number, isShared: boolean) {
    const Buffer = isShared ? SharedArrayBuffer : ArrayBuffer;
    this.size = size;
    this.#buffers = [new Buffer(size), new Buffer(size)];
  }

  /**
   * Returns a tensor of rank 1 with arbitrary contents; it reuses the memory of
   * the last but one.
   *
   * @param dtype The element type.
   * @param count How many elements; at most those that a buffer holds.
   */
  next(dtype: FloatDtype, count: number): Tensor<FloatDtype> {
    const buffer = this.#buffers[this.#taken++ % 2];
    const data = dtypes[dtype].view(buffer, 0, count) as DataOf<FloatDtype>;
    return new Tensor(data, [count], dtype);
  }

  /**
   * Returns the ranges of a tensor that fit a buffer each.
   *
   * @param dtype The element type.
   * @param count The tensor's elements.
   */
  *ranges(dtype: FloatDtype, count: number): IterableIterator<Range> {
    const room = Math.floor(8 * this.size / dtypes[dtype].bits);
    for (let start = 0; start < count;) {
      const taken = cutBelow(count - start, room);
      yield { start, count: taken };
      start += taken;
    }
  }
}

async function* filledParts(
  distribution: Uniform | Normal,
  dtype: FloatDtype,
  count: number,
  { generator, buffers, threads }: Drawing,
): AsyncIterableIterator<Tensor> {
  for (const { count: length } of buffers.ranges(dtype, count)) {
    const part = buffers.next(dtype, length);
    const isWorth = part.data.byteLength >= worthSharing;
    if (isWorth) await fillShared(distribution, part, generator, threads);
    else generator.fill(part, distribution);
    yield part;
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

/** Of 16 elements or more. Beside the parts it takes one bit per element. */
function* sparseParts(
  { std, zeros }: Sparse,
  dtype: FloatDtype,
  shape: Shape,
  { generator, buffers }: Drawing,
): IterableIterator<Tensor> {
  const normal: Normal = { kind: "normal", mean: 0, std };
  const zero = Number(dtypes[dtype].encode(0));
  const count = elementCount(shape);
  const end = generator.clone().advance(wordsOf(normal, dtype, count)!);
  const isZero = drawZeros(shape, zeros, sourceOf(end));
  for (const { start, count: length } of buffers.ranges(dtype, count)) {
    const part = buffers.next(dtype, length);
    generator.fill(part, normal);
    for (let i = 0; i < length; i++) {
      const place = start + i;
      if (isZero[Math.floor(place / 8)] >> (place % 8) & 1) part.data[i] = zero;
    }
    yield part;
  }
  generator.setState(end.getState());
}

/** A bit an element, the lowest of a byte first: set where it is 0. */
function drawZeros(
  [rows, columns]: Shape,
  zeros: number,
  source: NormalSource,
): Uint8Array {
  const isZero = new Uint8Array(Math.ceil(rows * columns / 8));
  for (let column = 0; column < columns; column++) {
    for (const row of permutation(rows, source).subarray(0, zeros)) {
      const place = row * columns + column;
      isZero[Math.floor(place / 8)] |= 1 << place % 8;
    }
  }
  return isZero;
}

/**
 * Of 16 elements or more. The generator then stands after the largest number of
 * draws that any part needed.
 */
function* truncatedParts(
  distribution: TruncatedNormal,
  dtype: FloatDtype,
  count: number,
  { generator, buffers }: Drawing,
): IterableIterator<Tensor> {
  const [each] = lawsOf(distribution);
  const draws = new Draws(generator, each, dtype, count);
  let most = 0;
  for (const range of buffers.ranges(dtype, count)) {
    const part = buffers.next(dtype, range.count);
    const needed = fillTruncatedPart(
      part,
      distribution,
      (draw) => draws.sourceOf(draw, range),
    );
    most = Math.max(most, needed);
    yield part;
  }
  generator.advance(most * wordsOf(each, dtype, count)!);
}

/** The generators of the draws. */
class Draws {
  readonly #start: Generator;
  readonly #wordsUpTo: (count: number) => number;
  readonly #count: number;
  readonly #placed: Placed[] = [];

  /** Starts at a generator's place. All draws take the same number of words. */
  constructor(
    start: Generator,
    each: Uniform | Normal,
    dtype: FloatDtype,
    count: number,
  ) {
    this.#start = start;
    this.#wordsUpTo = (end) => wordsOf(each, dtype, end)!;
    this.#count = count;
  }

  /** Returns the generator of a draw, at a range's start; it goes to its end. */
  sourceOf(draw: number, { start, count }: Range): NormalSource {
    const before = draw * this.#wordsUpTo(this.#count);
    const placed = this.#placed[draw] ??= {
      source: this.#start.clone(),
      words: 0,
    };
    placed.source.advance(before + this.#wordsUpTo(start) - placed.words);
    placed.words = before + this.#wordsUpTo(start + count);
    return sourceOf(placed.source);
  }
}
