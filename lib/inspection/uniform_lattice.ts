/**
 * Whether PyTorch can draw values from a uniform: they lie on a lattice.
 *
 * A draw is `fma(k · 2^−24, high − low, low)` in float32, with a whole number k;
 * `k · 2^−53` in float64. From the value follows k, and from k the value, to the
 * bit. Between two points of the lattice there are other numbers, the more the
 * nearer 0 is: about one number in three matches by chance, so a few dozen
 * values decide. The values of JAX's initialisers, of 23 bits, lie on the lattice
 * too where the ends are the same float32.
 *
 * @module
 */

import type { Values } from "../statistics/moments.ts";
import { type Evidence, gather } from "./evidence.ts";
import { type Precision, spacing } from "./precision.ts";

/** In float64 the way back to k is off by a few. */
const reach = 4;

/**
 * Tries which values PyTorch can draw from a uniform. Zeros are left out: they
 * may have been set later.
 *
 * @param values The values.
 * @param ends The ends of the uniform.
 * @param precision The precision of the values.
 */
export function tryUniform(
  values: Values,
  [low, high]: readonly [number, number],
  precision: Precision,
): Evidence {
  const { step, round, fma } = precision;
  const from = round(low);
  const range = round(round(high) - from);
  const count = Math.round(1 / step);
  return gather(values.length, (index) => {
    const value = values[index];
    if (value === 0) return undefined;
    const near = Math.round((value - from) / range / step);
    let matches = false;
    for (let off = 0; off <= reach && !matches; off++) {
      matches = [near - off, near + off].some((k) =>
        k >= 0 && k < count && fma(k * step, range, from) === value
      );
    }
    return { matches, chance: spacing(value, precision) / (range * step) };
  });
}
