/**
 * The product of two matrices, taken from a third, in strips.
 *
 * @module
 */

import { vectorBytes } from "./sizes";
import { numberBytes, rowBytes, tileBytes } from "./strip_sizes";

/**
 * Takes the product of two matrices from another one.
 *
 * @param from The place of the matrix that is changed.
 * @param fromColumns Its number of columns.
 * @param left The place of the matrix on the left.
 * @param leftColumns Its number of columns.
 * @param right The place of the matrix on the right, of four rows for each.
 * @param rows How many rows the others have, a multiple of 4.
 * @param stride The distance of the others from a strip to the next.
 */
export function subtract(
  from: usize,
  fromColumns: usize,
  left: usize,
  leftColumns: usize,
  right: usize,
  rows: usize,
  stride: usize,
): void {
  let start = from * numberBytes;
  let factor = right * numberBytes;
  for (let j: usize = 0; j < fromColumns; j += 4) {
    const end = start + rows * rowBytes;
    const factorEnd = factor + leftColumns * rowBytes;
    let other = left * numberBytes;
    for (let tile = start; tile < end; tile += tileBytes) {
      subtractTile(tile, other, stride * numberBytes, factor, factorEnd);
      other += tileBytes;
    }
    start += stride * numberBytes;
    factor = factorEnd;
  }
}

/** Takes the products of four rows with one strip from a tile. */
function subtractTile(
  tile: usize,
  left: usize,
  stride: usize,
  right: usize,
  end: usize,
): void {
  let s00 = v128.load(tile);
  let s01 = v128.load(tile, 16);
  let s10 = v128.load(tile, 32);
  let s11 = v128.load(tile, 48);
  let s20 = v128.load(tile, 64);
  let s21 = v128.load(tile, 80);
  let s30 = v128.load(tile, 96);
  let s31 = v128.load(tile, 112);
  for (; right < end; right += tileBytes) {
    // Two columns on the left at once: more do not fit into registers.
    for (let half: usize = 0; half < 2; half++) {
      const factor = left + half * vectorBytes;
      const row = right + half * 2 * rowBytes;
      const y0 = v128.load(row);
      const y1 = v128.load(row, 16);
      const z0 = v128.load(row, 32);
      const z1 = v128.load(row, 48);
      let pair = v128.load(factor, 0);
      let x = v128.shuffle<f64>(pair, pair, 0, 0);
      s00 = f64x2.sub(s00, f64x2.mul(x, y0));
      s01 = f64x2.sub(s01, f64x2.mul(x, y1));
      x = v128.shuffle<f64>(pair, pair, 1, 1);
      s00 = f64x2.sub(s00, f64x2.mul(x, z0));
      s01 = f64x2.sub(s01, f64x2.mul(x, z1));
      pair = v128.load(factor, 32);
      x = v128.shuffle<f64>(pair, pair, 0, 0);
      s10 = f64x2.sub(s10, f64x2.mul(x, y0));
      s11 = f64x2.sub(s11, f64x2.mul(x, y1));
      x = v128.shuffle<f64>(pair, pair, 1, 1);
      s10 = f64x2.sub(s10, f64x2.mul(x, z0));
      s11 = f64x2.sub(s11, f64x2.mul(x, z1));
      pair = v128.load(factor, 64);
      x = v128.shuffle<f64>(pair, pair, 0, 0);
      s20 = f64x2.sub(s20, f64x2.mul(x, y0));
      s21 = f64x2.sub(s21, f64x2.mul(x, y1));
      x = v128.shuffle<f64>(pair, pair, 1, 1);
      s20 = f64x2.sub(s20, f64x2.mul(x, z0));
      s21 = f64x2.sub(s21, f64x2.mul(x, z1));
      pair = v128.load(factor, 96);
      x = v128.shuffle<f64>(pair, pair, 0, 0);
      s30 = f64x2.sub(s30, f64x2.mul(x, y0));
      s31 = f64x2.sub(s31, f64x2.mul(x, y1));
      x = v128.shuffle<f64>(pair, pair, 1, 1);
      s30 = f64x2.sub(s30, f64x2.mul(x, z0));
      s31 = f64x2.sub(s31, f64x2.mul(x, z1));
    }
    left += stride;
  }
  v128.store(tile, s00);
  v128.store(tile, s01, 16);
  v128.store(tile, s10, 32);
  v128.store(tile, s11, 48);
  v128.store(tile, s20, 64);
  v128.store(tile, s21, 80);
  v128.store(tile, s30, 96);
  v128.store(tile, s31, 112);
}
