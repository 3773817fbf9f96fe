/**
 * The uniform distribution, as `torch.Tensor.uniform_` draws it on a CPU.
 *
 * @module
 */

import { dtypes, type FloatDtype, roundingOf } from "../../core/dtype.ts";
import {
  fillHalfUniform,
  fillUniform as fillCompiled,
} from "../../numerics/kernels/fill.ts";
import { type Kernel, kernelFor } from "../../numerics/kernels/kernel.ts";
import { fma32, fma64 } from "../../numerics/float.ts";
import {
  type Elements,
  fillDoubles,
  forEachBlock,
  singleMask,
  singleStep,
  type WordSource,
} from "./reals.ts";

/**
 * Fills elements with uniforms in [low, high): `fma(u, high - low, low)`, or
 * `low` if that rounds to `high` in the tensor's dtype.
 *
 * Draws: two words per element in float64, else one. Half precision is computed
 * in float32 and rounded once.
 *
 * @param elements The elements, filled from the first to the last.
 * @param low The lower end, checked.
 * @param high The upper end, checked.
 * @param source Where the words come from.
 * @see `uniform_real_distribution`, PyTorch 2.13.0
 */
export function fillUniform(
  { data, dtype }: Elements,
  low: number,
  high: number,
  source: WordSource,
): void {
  if (data instanceof Float32Array) fillSingle(data, low, high, source);
  else if (data instanceof Float64Array) fillDouble(data, low, high, source);
  else fillHalf(data, dtype, low, high, source);
}

function fillSingle(
  data: Float32Array,
  low: number,
  high: number,
  source: WordSource,
): void {
  const from = Math.fround(low);
  const to = Math.fround(high);
  const range = Math.fround(to - from);
  const kernel = compiledFor(data, range, source);
  if (kernel !== undefined) {
    fillCompiled(kernel, data, range * singleStep, from, source.twister!);
    if (largestOf(range, from) === to) replace(data, to, from);
    return;
  }
  forEachBlock(data.length, source, (words, done) => {
    for (let i = 0; i < words.length; i++) {
      const value = fma32((words[i] & singleMask) * singleStep, range, from);
      data[done + i] = value === to ? from : value;
    }
  });
}

/**
 * The compiled code for an array. It multiplies the range by the step first and
 * then by the word, which gives the same result unless the product is too small
 * for a float32.
 */
function compiledFor(
  { length }: ArrayLike<number>,
  range: number,
  { twister }: WordSource,
): Kernel | undefined {
  const step = range * singleStep;
  if (twister === undefined || Math.fround(step) !== step) return undefined;
  return kernelFor(length);
}

/** The uniform of the largest word; no other is nearer to the upper end. */
function largestOf(range: number, from: number): number {
  return fma32(singleMask * singleStep, range, from);
}

function replace(data: Float32Array, value: number, other: number): void {
  for (let i = 0; i < data.length; i++) {
    if (data[i] === value) data[i] = other;
  }
}

function fillDouble(
  data: Float64Array,
  low: number,
  high: number,
  source: WordSource,
): void {
  const range = high - low;
  fillDoubles(data, 0, data.length, source);
  for (let i = 0; i < data.length; i++) {
    const value = fma64(data[i], range, low);
    data[i] = value === high ? low : value;
  }
}

function fillHalf(
  data: Uint16Array,
  dtype: FloatDtype,
  low: number,
  high: number,
  source: WordSource,
): void {
  const { decode, encode } = dtypes[dtype];
  const from = Math.fround(low);
  const range = Math.fround(Math.fround(high) - from);
  const first = Number(encode(from));
  const last = roundingOf(dtype)(high);
  // 0 has two patterns.
  const kernel = last === 0 ? undefined : compiledFor(data, range, source);
  if (kernel !== undefined) {
    fillHalfUniform(kernel, data, range * singleStep, from, {
      isBfloat16: dtype === "bfloat16",
      replace: [Number(encode(last)), first],
    }, source.twister!);
    return;
  }
  forEachBlock(data.length, source, (words, done) => {
    for (let i = 0; i < words.length; i++) {
      const uniform = (words[i] & singleMask) * singleStep;
      const bits = Number(encode(fma32(uniform, range, from)));
      data[done + i] = decode(bits) === last ? first : bits;
    }
  });
}
