/**
 * Rounding of the block to half precision, to the nearest, ties to even.
 *
 * @see `lib/core/dtype.ts`, which says the same number by number
 *
 * @module
 */

import { block, blockLength } from "./block";
import { vectorBytes, wordBytes } from "./sizes";

/** Where the block's numbers lie in half precision. */
export const halves: usize = memory.data(512 * 2, 16);

const oneBit: usize = memory.data<u32>([1]);
const magnitude: usize = memory.data<u32>([0x7fffffff]);

/**
 * Rounds numbers of the block to bfloat16.
 *
 * @param count How many, a multiple of 8; they are finite.
 */
export function toBfloat16(count: i32): void {
  round(count, true);
}

/**
 * Rounds numbers of the block to float16.
 *
 * @param count How many, a multiple of 8; they are finite.
 */
export function toFloat16(count: i32): void {
  round(count, false);
}

function round(count: i32, brain: bool): void {
  let to = halves;
  const end = block + wordBytes * count;
  for (let at = block; at < end; at += 2 * vectorBytes) {
    const first = v128.load(at);
    const second = v128.load(at, vectorBytes);
    const low = brain ? brainBits(first) : binaryBits(first);
    const high = brain ? brainBits(second) : binaryBits(second);
    v128.store(to, i16x8.narrow_i32x4_u(low, high));
    to += vectorBytes;
  }
}

const almostHalf: usize = memory.data<u32>([0x7fff]);

/** The upper 16 bits, after what lies below is rounded into them. */
function brainBits(x: v128): v128 {
  const odd = v128.and(i32x4.shr_u(x, 16), v128.load32_splat(oneBit));
  const up = i32x4.add(odd, v128.load32_splat(almostHalf));
  return i32x4.shr_u(i32x4.add(x, up), 16);
}

/** 2^-14, the smallest normal float16. */
const smallest: usize = memory.data<u32>([0x38800000]);
/** 65520, from where on numbers round to infinity. */
const overflow: usize = memory.data<u32>([0x477ff000]);
const infinity: usize = memory.data<u32>([0x7c00]);
/** 0.5: added to a small number, it leaves that number's float16 at its end. */
const subnormal: usize = memory.data<u32>([0x3f000000]);
const rebias: usize = memory.data<u32>([0xc8000fff]);

function binaryBits(x: v128): v128 {
  const bits = v128.and(x, v128.load32_splat(magnitude));
  const sign = i32x4.shl(i32x4.shr_u(x, 31), 15);
  const odd = v128.and(i32x4.shr_u(bits, 13), v128.load32_splat(oneBit));
  const up = i32x4.add(odd, v128.load32_splat(rebias));
  const normal = i32x4.shr_u(i32x4.add(bits, up), 13);
  const half = v128.load32_splat(subnormal);
  const small = i32x4.sub(f32x4.add(bits, half), half);
  let result = v128.bitselect(
    small,
    normal,
    i32x4.lt_s(bits, v128.load32_splat(smallest)),
  );
  result = v128.bitselect(
    v128.load32_splat(infinity),
    result,
    i32x4.ge_s(bits, v128.load32_splat(overflow)),
  );
  return v128.or(result, sign);
}

/**
 * Puts one pattern for another among the halves.
 *
 * @param count How many are looked at, a multiple of 8.
 * @param from The pattern that is replaced.
 * @param to The pattern that replaces it.
 */
export function replaceHalves(count: i32, from: i32, to: i32): void {
  const wanted = i16x8.splat(<i16> from);
  const other = i16x8.splat(<i16> to);
  const end = halves + 2 * count;
  for (let at = halves; at < end; at += vectorBytes) {
    const found = v128.load(at);
    const isWanted = i16x8.eq(found, wanted);
    v128.store(at, v128.bitselect(other, found, isWanted));
  }
}
