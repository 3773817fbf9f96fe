/**
 * Whether PyTorch can draw values from a normal: they come in pairs, each from
 * two uniforms of a lattice.
 *
 * In a block of 16, elements j and j + 8 are `r · cos θ · std` and
 * `r · sin θ · std`, with `r = sqrt(−2 · log(1 − a))`, `θ = 2π · b` and a and b
 * multiples of 2^−24 (2^−53 in float64). From the pair follow a and b, up to
 * rounding: of 900,000 fresh pairs none was further than 2 steps off in a and 1
 * in b (2 in float64). From each of these neighbours the pair is computed as
 * PyTorch does, and compared to the bit.
 *
 * A stranger, a pair of numbers that PyTorch did not draw, matches by chance as
 * often as there are points of the lattice for a pair of numbers there:
 * `exp(−r²/2) / 2π · spacing(x) · spacing(y) / (std · step)²`, which is 0.16 at
 * most and some 0.05 on average. So a few pairs decide, and noise of any size is
 * seen. (In float64 log, sin and cos are the machine's, and a share of PyTorch's
 * pairs, 2 in 1,000, differs from ours in a last bit.)
 *
 * Fresh values that were then multiplied are strangers of a closer kind: their
 * angle is still on the lattice, and 3 in 10 match with a wrong std.
 *
 * @module
 */

import { blockLength } from "../random/torch/normal.ts";
import { type Evidence, gather } from "./evidence.ts";
import { type Precision, spacing } from "./precision.ts";
import type { Sample } from "./sample.ts";

const half = blockLength / 2;

/** So many pairs are tried at most. */
const most = 4096;

/** Neighbours in a and b, the likeliest first; eight are tried at once. */
const offsets: readonly (readonly [number, number])[] = [
  ...[[0, 0], [-1, 0], [1, 0], [0, 1], [-1, -1], [1, -1], [0, -1], [-1, 1]],
  ...[[1, 1], [2, 0], [-2, 0], [2, -1], [-2, -1], [2, 1], [-2, 1], [0, 2]],
  ...[[-1, 2], [1, 2], [0, -2], [3, 0], [-3, 0], [-1, -2], [1, -2], [2, 2]],
] as [number, number][];

/**
 * Tries which pairs PyTorch can draw from a normal about 0. Pairs with a 0 are
 * left out: it may have been set later.
 *
 * @param sample The values, and where blocks of 16 begin.
 * @param std The standard deviation.
 * @param precision The precision of the values.
 */
export function tryNormal(
  { values, blocks }: Pick<Sample, "values" | "blocks">,
  std: number,
  precision: Precision,
): Evidence {
  const scale = precision.round(std);
  const tried = Math.min(most / half, blocks.length);
  const block = precision.block();
  return gather(tried * half, (index) => {
    // Blocks evenly spread, then the pairs of each.
    const nth = Math.floor(Math.floor(index / half) * blocks.length / tried);
    const place = blocks[nth] + index % half;
    const [x, y] = [values[place], values[place + half]];
    if (x === 0 || y === 0) return undefined;
    const square = (x / scale) ** 2 + (y / scale) ** 2;
    return {
      matches: isDrawn(x, y, scale, square, block, precision),
      chance: Math.exp(-square / 2) / (2 * Math.PI) *
        (spacing(x, precision) / scale / precision.step) *
        (spacing(y, precision) / scale / precision.step),
    };
  });
}

/** Beyond a full turn comes its beginning. */
function within(index: number, turn: number): number {
  if (index < 0) return index + turn;
  return index < turn ? index : index - turn;
}

function isDrawn(
  x: number,
  y: number,
  std: number,
  square: number,
  block: Float32Array | Float64Array,
  { step, twoPi, normals }: Precision,
): boolean {
  const angle = Math.atan2(y, x);
  const a = Math.round(-Math.expm1(-square / 2) / step);
  const b = Math.round(
    (angle < 0 ? angle + 2 * Math.PI : angle) / twoPi / step,
  );
  const turn = Math.round(1 / step);
  for (let first = 0; first < offsets.length; first += half) {
    for (let j = 0; j < half; j++) {
      const [da, db] = offsets[first + j];
      block[j] = Math.min(Math.max(0, a + da), turn - 1) * step;
      block[j + half] = within(b + db, turn) * step;
    }
    normals(block, std);
    for (let j = 0; j < half; j++) {
      if (block[j] === x && block[j + half] === y) return true;
    }
  }
  return false;
}
