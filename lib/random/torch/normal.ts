/**
 * The normal distribution, as `torch.Tensor.normal_` draws it on a CPU.
 *
 * From 16 elements on, uniforms fill the tensor, and blocks of 16 of them
 * become normals. For fewer, each pair of normals is computed in double, and
 * the generator keeps the second one.
 *
 * @see Box and Muller, 1958; `DistributionTemplates.h`, PyTorch 2.13.0
 *
 * @module
 */

import { dtypes, type FloatDtype } from "../../core/dtype.ts";
import {
  fillHalfNormal,
  fillNormal as fillCompiled,
} from "../../numerics/kernels/fill.ts";
import { type Kernel, kernelFor } from "../../numerics/kernels/kernel.ts";
import { fma32 } from "../../numerics/float.ts";
import {
  type Elements,
  fillDoubles,
  fillSingles,
  nextDouble,
  type WordSource,
} from "./reals.ts";

/** A source of words that keeps the spare normal. */
export interface NormalSource extends WordSource {
  /** The second of the last two normals, until it is used. */
  spareNormal: number | undefined;
}

const { fround } = Math;

const logCoefficients = [
  7.0376836292e-2,
  -1.1514610310e-1,
  1.1676998740e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
].map(fround);
const squareRootOfHalf = fround(0.707106781186547524);
/** log 2 in two parts, the first exact in few bits. */
const log2High = fround(0.693359375);
const log2Low = fround(-2.12194440e-4);

const scratch = new Float32Array(1);
const scratchBits = new Int32Array(scratch.buffer);
const fourOverPi = fround(1.27323954473516);
/** −π/4 in three parts. */
const reduction = [
  -0.78515625,
  -2.4187564849853515625e-4,
  -3.77489497744594108e-8,
].map(fround);
const cosCoefficients = [
  2.443315711809948e-5,
  -1.388731625493765e-3,
  4.166664568298827e-2,
].map(fround);
const sinCoefficients = [
  -1.9515295891e-4,
  8.3321608736e-3,
  -1.6666654611e-1,
].map(fround);

/** Normals that are made together; fewer are made differently. */
export const blockLength = 16;
const half = blockLength / 2;
const twoPi32 = fround(2 * Math.PI);

/**
 * Fills elements with normals.
 *
 * Draws, from 16 elements on: one uniform per element, then 16 more for the
 * last 16 places if the length is no multiple of 16. Below 16: two double
 * uniforms for two normals, of which the second is kept.
 *
 * Float32, float16 and bfloat16 equal PyTorch to the bit. Float64 is within
 * 1e-12 of it: log, sin and cos are the machine's. Half precision is computed
 * in float32 and rounded once; its last, incomplete block draws only the 16 new
 * uniforms.
 *
 * @param elements The elements, filled from the first to the last.
 * @param mean The mean, checked.
 * @param std The standard deviation, checked.
 * @param source Where the words come from.
 */
export function fillNormal(
  elements: Elements,
  mean: number,
  std: number,
  source: NormalSource,
): void {
  const { data, dtype } = elements;
  if (data.length < blockLength) fillOneByOne(elements, mean, std, source);
  else if (data instanceof Float32Array) fillSingle(data, mean, std, source);
  else if (data instanceof Float64Array) fillDouble(data, mean, std, source);
  else fillHalf(data, dtype, mean, std, source);
}

function fillOneByOne(
  { data, dtype }: Elements,
  mean: number,
  std: number,
  source: NormalSource,
): void {
  const { encode } = dtypes[dtype];
  for (let i = 0; i < data.length; i++) {
    data[i] = Number(encode(nextNormal(source) * std + mean));
  }
}

/**
 * Returns how many words fewer than 16 normals draw, and whether they leave a
 * spare one.
 *
 * @param count How many normals, in [1, 16).
 * @param hasSpare Whether there is a spare one before.
 */
export function wordsForFew(
  count: number,
  hasSpare: boolean,
): { readonly words: number; readonly hasSpare: boolean } {
  const made = count - (hasSpare ? 1 : 0);
  return {
    words: Math.ceil(made / 2) * wordsOfPair,
    hasSpare: made % 2 === 1,
  };
}

/** Two doubles. */
const wordsOfPair = 4;

/** Returns the spare normal, or makes two and keeps the second. */
function nextNormal(source: NormalSource): number {
  if (source.spareNormal !== undefined) {
    const spare = source.spareNormal;
    source.spareNormal = undefined;
    return spare;
  }
  const u1 = nextDouble(source);
  const u2 = nextDouble(source);
  const radius = Math.sqrt(-2 * Math.log1p(-u2));
  const theta = 2 * Math.PI * u1;
  source.spareNormal = radius * Math.sin(theta);
  return radius * Math.cos(theta);
}

function fillSingle(
  data: Float32Array,
  mean: number,
  std: number,
  source: WordSource,
): void {
  const mean32 = Math.fround(mean);
  const std32 = Math.fround(std);
  const kernel = compiledFor(data, mean32, source);
  if (kernel !== undefined) {
    fillCompiled(kernel, data, mean32, std32, source.twister!);
    return;
  }
  fillSingles(data, 0, data.length, source);
  transformBlocks(
    data.length,
    (start, end) => fillSingles(data, start, end, source),
    (start) => transformSingle(data, start, mean32, std32),
  );
}

function fillHalf(
  data: Uint16Array,
  dtype: FloatDtype,
  mean: number,
  std: number,
  source: WordSource,
): void {
  const mean32 = Math.fround(mean);
  const std32 = Math.fround(std);
  const kernel = compiledFor(data, mean32, source);
  if (kernel !== undefined) {
    const format = { isBfloat16: dtype === "bfloat16" };
    fillHalfNormal(kernel, data, mean32, std32, format, source.twister!);
    return;
  }
  const { encode } = dtypes[dtype];
  const values = new Float32Array(blockLength);
  const makeBlock = (start: number) => {
    fillSingles(values, 0, blockLength, source);
    transformSingle(values, 0, mean32, std32);
    values.forEach((value, i) => data[start + i] = Number(encode(value)));
  };
  const rest = data.length % blockLength;
  const whole = data.length - rest;
  for (let start = 0; start < whole; start += blockLength) makeBlock(start);
  if (rest !== 0) makeBlock(data.length - blockLength);
}

/**
 * Returns the compiled code for an array, if it pays. Its radius of 0 is +0 and
 * PyTorch's is −0, which shows in the sign of a 0 if the mean is −0.
 *
 * @param data The array.
 * @param mean The mean, a float32.
 * @param source Where the words come from.
 */
export function compiledFor(
  { length }: ArrayLike<number>,
  mean: number,
  { twister }: WordSource,
): Kernel | undefined {
  if (twister === undefined || Object.is(mean, -0)) return undefined;
  return kernelFor(length);
}

function fillDouble(
  data: Float64Array,
  mean: number,
  std: number,
  source: WordSource,
): void {
  fillDoubles(data, 0, data.length, source);
  transformBlocks(
    data.length,
    (start, end) => fillDoubles(data, start, end, source),
    (start) => transformDouble(data, start, mean, std),
  );
}

/**
 * Transforms uniforms in blocks of 16. If some are left over, it redraws and
 * transforms the last 16 places.
 */
function transformBlocks(
  length: number,
  draw: (start: number, end: number) => void,
  transform: (start: number) => void,
): void {
  for (let start = 0; start + blockLength <= length; start += blockLength) {
    transform(start);
  }
  if (length % blockLength !== 0) {
    draw(length - blockLength, length);
    transform(length - blockLength);
  }
}

const sinCos = new Float32Array(2);
const sinCos64 = new Float64Array(2);

/**
 * Box–Muller in float32: elements j and j + 8 of a block of 16 uniforms become
 * normals, to the bit as PyTorch makes them.
 *
 * @param data The uniforms, multiples of 2^−24 in [0, 1).
 * @param start Where the block begins.
 * @param mean The mean, a float32.
 * @param std The standard deviation, a float32.
 */
export function transformSingle(
  data: Float32Array,
  start: number,
  mean: number,
  std: number,
): void {
  const { fround } = Math;
  for (let j = start; j < start + half; j++) {
    const radius = radius32(data[j]);
    direction32(data[j + half], sinCos);
    data[j] = fma32(fround(radius * sinCos[1]), std, mean);
    data[j + half] = fma32(fround(radius * sinCos[0]), std, mean);
  }
}

/**
 * The same in double: within 1e-12 of PyTorch, since log, sin and cos are the
 * machine's.
 *
 * @param data The uniforms, multiples of 2^−53 in [0, 1).
 * @param start Where the block begins.
 * @param mean The mean.
 * @param std The standard deviation.
 */
export function transformDouble(
  data: Float64Array,
  start: number,
  mean: number,
  std: number,
): void {
  for (let j = start; j < start + half; j++) {
    const radius = radius64(data[j]);
    direction64(data[j + half], sinCos64);
    data[j] = radius * sinCos64[1] * std + mean;
    data[j + half] = radius * sinCos64[0] * std + mean;
  }
}

/**
 * Returns how far from 0 a pair of normals is, in float32.
 *
 * @param uniform The first uniform of the pair.
 */
export function radius32(uniform: number): number {
  return fround(Math.sqrt(-2 * log32(1 - uniform)));
}

/**
 * Writes the sine and cosine of the direction of a pair of normals, in float32.
 *
 * @param uniform The second uniform of the pair.
 * @param result Takes the sine at 0 and the cosine at 1.
 */
export function direction32(uniform: number, result: Float32Array): void {
  sinCos32(fround(twoPi32 * uniform), result);
}

/**
 * Returns how far from 0 a pair of normals is.
 *
 * @param uniform The first uniform of the pair.
 */
export function radius64(uniform: number): number {
  return Math.sqrt(-2 * Math.log(1 - uniform));
}

/**
 * Writes the sine and cosine of the direction of a pair of normals.
 *
 * @param uniform The second uniform of the pair.
 * @param result Takes the sine at 0 and the cosine at 1.
 */
export function direction64(uniform: number, result: Float64Array): void {
  const theta = 2 * Math.PI * uniform;
  result[0] = Math.sin(theta);
  result[1] = Math.cos(theta);
}

/**
 * Returns the natural logarithm of a positive, normal float32.
 *
 * @param x The number.
 */
export function log32(x: number): number {
  scratch[0] = x;
  let exponent = (scratchBits[0] >>> 23) - 126;
  scratchBits[0] = (scratchBits[0] & 0x807fffff) | 0x3f000000;
  const mantissa = scratch[0];
  let m = fround(mantissa - 1);
  if (mantissa < squareRootOfHalf) {
    exponent -= 1;
    m = fround(m + mantissa);
  }
  const square = fround(m * m);
  let y = fround(horner(logCoefficients, m) * m);
  y = fma32(y, square, fround(exponent * log2Low));
  y = fround(y - fround(0.5 * square));
  return fma32(exponent, log2High, fround(m + y));
}

/**
 * Writes the sine and cosine of a float32 in [0, 8192].
 *
 * @param x The angle, in radians.
 * @param result Takes the sine at 0 and the cosine at 1.
 */
export function sinCos32(x: number, result: Float32Array): void {
  const octant = (Math.trunc(fround(x * fourOverPi)) + 1) & ~1;
  let r = x;
  for (const part of reduction) r = fma32(octant, part, r);
  const square = fround(r * r);
  let cosine = fround(horner(cosCoefficients, square) * square);
  cosine = fround(fma32(cosine, square, fround(-0.5 * square)) + 1);
  const sine = fma32(fround(horner(sinCoefficients, square) * square), r, r);
  const swap = (octant & 2) !== 0;
  const sinSign = octant & 4 ? -1 : 1;
  const cosSign = (octant - 2) & 4 ? 1 : -1;
  result[0] = sinSign * (swap ? cosine : sine);
  result[1] = cosSign * (swap ? sine : cosine);
}

/** Evaluates a polynomial, the highest coefficient first, fused. */
function horner(coefficients: readonly number[], x: number): number {
  let y = coefficients[0];
  for (let i = 1; i < coefficients.length; i++) {
    y = fma32(y, x, coefficients[i]);
  }
  return y;
}
