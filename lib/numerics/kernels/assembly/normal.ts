/**
 * Box–Muller in single precision, two vectors at a time: that keeps more of the
 * machine's units busy than one, and loads each constant half as often.
 *
 * @see `lib/random/torch/normal.ts`, which says the same number by number
 *
 * @module
 */

import { block } from "./block";
import { fma } from "./fma";
import { vectorBytes, wordBytes } from "./sizes";

/** Bytes of 16 numbers, of which those in one half are paired with the other. */
const pairsBytes: usize = 16 * wordBytes;
const halfBytes: usize = 8 * wordBytes;

/**
 * Turns the block's uniforms into normals.
 *
 * @param first The place of the first one, a multiple of 16.
 * @param count How many, a multiple of 16.
 * @param mean The mean, not −0.
 * @param std The standard deviation.
 */
export function normal(first: i32, count: i32, mean: f32, std: f32): void {
  const means = f32x4.splat(mean);
  const stds = f32x4.splat(std);
  const start = block + wordBytes * first;
  const end = start + wordBytes * count;
  for (let at = start; at < end; at += pairsBytes) makeRadii(at);
  for (let at = start; at < end; at += pairsBytes) makePairs(at, means, stds);
}

const one: usize = memory.data<f32>([1]);
const minusTwo: usize = memory.data<f32>([-2]);
/** The bits of √½, from where on numbers count as near to 1. */
const rootBits: usize = memory.data<i32>([0x3f3504f3]);
const logCoefficients: usize = memory.data<f32>([
  7.0376836292e-2,
  -1.1514610310e-1,
  1.1676998740e-1,
  -1.2420140846e-1,
  1.4249322787e-1,
  -1.6668057665e-1,
  2.0000714765e-1,
  -2.4999993993e-1,
  3.3333331174e-1,
]);
const log2Low: usize = memory.data<f32>([-2.12194440e-4]);
const minusTwoLog2High: usize = memory.data<f32>([-2 * 0.693359375]);

/**
 * Turns the eight uniforms u of a first half into `sqrt(-2 log(1 − u))`.
 *
 * Steps that double or halve are exact, so −2 is multiplied in before the last
 * sums and not after.
 */
function makeRadii(at: usize): void {
  let c = v128.load32_splat(one);
  const x0 = f32x4.sub(c, v128.load(at));
  const x1 = f32x4.sub(c, v128.load(at, vectorBytes));
  c = v128.load32_splat(rootBits);
  const k0 = i32x4.shr_s(i32x4.sub(x0, c), 23);
  const k1 = i32x4.shr_s(i32x4.sub(x1, c), 23);
  c = v128.load32_splat(one);
  const m0 = f32x4.sub(i32x4.sub(x0, i32x4.shl(k0, 23)), c);
  const m1 = f32x4.sub(i32x4.sub(x1, i32x4.shl(k1, 23)), c);
  let y0 = v128.load32_splat(logCoefficients);
  let y1 = y0;
  for (let i: usize = 1; i < 9; i++) {
    c = v128.load32_splat(logCoefficients + wordBytes * i);
    y0 = fma(y0, m0, c);
    y1 = fma(y1, m1, c);
  }
  const square0 = f32x4.mul(m0, m0);
  const square1 = f32x4.mul(m1, m1);
  const e0 = f32x4.convert_i32x4_s(k0);
  const e1 = f32x4.convert_i32x4_s(k1);
  c = v128.load32_splat(log2Low);
  y0 = fma(f32x4.mul(y0, m0), square0, f32x4.mul(e0, c));
  y1 = fma(f32x4.mul(y1, m1), square1, f32x4.mul(e1, c));
  c = v128.load32_splat(minusTwo);
  y0 = fma(m0, c, fma(y0, c, square0));
  y1 = fma(m1, c, fma(y1, c, square1));
  c = v128.load32_splat(minusTwoLog2High);
  v128.store(at, f32x4.sqrt(fma(e0, c, y0)));
  v128.store(at, f32x4.sqrt(fma(e1, c, y1)), vectorBytes);
}

const twoPi: usize = memory.data<f32>([6.28318530717958647692]);
const fourOverPi: usize = memory.data<f32>([1.27323954473516]);
const oneBit: usize = memory.data<i32>([1]);
const evenMask: usize = memory.data<i32>([~1]);
/** −π/4 in three parts. */
const reduction: usize = memory.data<f32>([
  -0.78515625,
  -2.4187564849853515625e-4,
  -3.77489497744594108e-8,
]);
const cosCoefficients: usize = memory.data<f32>([
  2.443315711809948e-5,
  -1.388731625493765e-3,
  4.166664568298827e-2,
]);
const sinCoefficients: usize = memory.data<f32>([
  -1.9515295891e-4,
  8.3321608736e-3,
  -1.6666654611e-1,
]);
const minusHalf: usize = memory.data<f32>([-0.5]);

/** Makes 16 normals of the eight radii of a first half and the angles after. */
function makePairs(at: usize, means: v128, stds: v128): void {
  let c = v128.load32_splat(twoPi);
  let r0 = f32x4.mul(c, v128.load(at, halfBytes));
  let r1 = f32x4.mul(c, v128.load(at, halfBytes + vectorBytes));
  const octant0 = evenOctant(r0);
  const octant1 = evenOctant(r1);
  const times0 = f32x4.convert_i32x4_s(octant0);
  const times1 = f32x4.convert_i32x4_s(octant1);
  for (let i: usize = 0; i < 3; i++) {
    c = v128.load32_splat(reduction + wordBytes * i);
    r0 = fma(times0, c, r0);
    r1 = fma(times1, c, r1);
  }
  const square0 = f32x4.mul(r0, r0);
  const square1 = f32x4.mul(r1, r1);
  let cos0 = v128.load32_splat(cosCoefficients);
  let sin0 = v128.load32_splat(sinCoefficients);
  let cos1 = cos0;
  let sin1 = sin0;
  for (let i: usize = 1; i < 3; i++) {
    c = v128.load32_splat(cosCoefficients + wordBytes * i);
    cos0 = fma(cos0, square0, c);
    cos1 = fma(cos1, square1, c);
    c = v128.load32_splat(sinCoefficients + wordBytes * i);
    sin0 = fma(sin0, square0, c);
    sin1 = fma(sin1, square1, c);
  }
  c = v128.load32_splat(minusHalf);
  cos0 = fma(f32x4.mul(cos0, square0), square0, f32x4.mul(c, square0));
  cos1 = fma(f32x4.mul(cos1, square1), square1, f32x4.mul(c, square1));
  c = v128.load32_splat(one);
  cos0 = f32x4.add(cos0, c);
  cos1 = f32x4.add(cos1, c);
  sin0 = fma(f32x4.mul(sin0, square0), r0, r0);
  sin1 = fma(f32x4.mul(sin1, square1), r1, r1);
  turn(at, octant0, cos0, sin0, means, stds);
  turn(at + vectorBytes, octant1, cos1, sin1, means, stds);
}

/** The even octant to which angles are reduced. */
function evenOctant(angle: v128): v128 {
  const scaled = f32x4.mul(angle, v128.load32_splat(fourOverPi));
  const octant = ASC_FEATURE_RELAXED_SIMD
    ? i32x4.relaxed_trunc_f32x4_s(scaled)
    : i32x4.trunc_sat_f32x4_s(scaled);
  return v128.and(
    i32x4.add(octant, v128.load32_splat(oneBit)),
    v128.load32_splat(evenMask),
  );
}

const two: usize = memory.data<i32>([2]);
const four: usize = memory.data<i32>([4]);

/** Turns cosines and sines back by their octants, and writes the normals. */
function turn(
  at: usize,
  octant: v128,
  cosine: v128,
  sine: v128,
  means: v128,
  stds: v128,
): void {
  const swap = i32x4.shr_s(i32x4.shl(octant, 30), 31);
  const signBit = v128.load32_splat(four);
  const beside = i32x4.add(octant, v128.load32_splat(two));
  const cosSign = i32x4.shl(v128.and(beside, signBit), 29);
  const sinSign = i32x4.shl(v128.and(octant, signBit), 29);
  const cos = v128.xor(select(sine, cosine, swap), cosSign);
  const sin = v128.xor(select(cosine, sine, swap), sinSign);
  const radius = v128.load(at);
  v128.store(at, fma(f32x4.mul(radius, cos), stds, means));
  v128.store(at, fma(f32x4.mul(radius, sin), stds, means), halfBytes);
}

/** Takes `a` in lanes where the mask is set, else `b`. */
function select(a: v128, b: v128, mask: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i32x4.relaxed_laneselect(a, b, mask);
  return v128.bitselect(a, b, mask);
}
