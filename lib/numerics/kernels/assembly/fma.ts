/**
 * Fused multiply-add in single precision.
 *
 * @module
 */

/**
 * Returns a · b + c for four numbers, rounded once.
 *
 * Relaxed SIMD has an instruction, which rounds once where the machine can; the
 * loader of the kernel checks that. Otherwise it is computed in double, as in
 * `lib/random/torch/reals.ts`.
 */
export function fma(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  const low = lowerInDouble(a, b, c);
  const high = lowerInDouble(upper(a), upper(b), upper(c));
  return v128.shuffle<i64>(low, high, 0, 2);
}

/** The same of the two lower lanes. */
function lowerInDouble(a: v128, b: v128, c: v128): v128 {
  const product = f64x2.mul(
    f64x2.promote_low_f32x4(a),
    f64x2.promote_low_f32x4(b),
  );
  const sum = f64x2.add(product, f64x2.promote_low_f32x4(c));
  return f32x4.demote_f64x2_zero(sum);
}

/** The two upper lanes, in place of the two lower ones. */
function upper(x: v128): v128 {
  return v128.shuffle<i64>(x, x, 1, 1);
}
