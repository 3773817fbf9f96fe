/**
 * Whether a multiply-add rounds once on this machine.
 *
 * @module
 */

import { fma } from "./fma";

/** 1 + 2^-12, and minus what its square rounds to. */
const factor: usize = memory.data<f32>([1.000244140625]);
const rounded: usize = memory.data<f32>([-1.00048828125]);

/** Returns whether it does: the square's last bit, 2^-24, is then left. */
export function isFused(): bool {
  const x = v128.load32_splat(factor);
  const rest = fma(x, x, v128.load32_splat(rounded));
  return f32x4.extract_lane(rest, 0) == 5.9604644775390625e-8;
}
