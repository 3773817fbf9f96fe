/**
 * The product of a matrix's transpose and another matrix, in strips.
 *
 * @module
 */

import { numberBytes, rowBytes, tileBytes } from "./strip_sizes";

/**
 * Multiplies the transpose of a matrix by another one.
 *
 * @param to The place of the product.
 * @param left The place of the matrix on the left.
 * @param leftColumns Its number of columns.
 * @param right The place of the matrix on the right.
 * @param rightColumns Its number of columns.
 * @param rows How many rows both have, a multiple of 4.
 * @param stride The distance of both from a strip to the next.
 */
export function multiply(
  to: usize,
  left: usize,
  leftColumns: usize,
  right: usize,
  rightColumns: usize,
  rows: usize,
  stride: usize,
): void {
  let tile = to * numberBytes;
  let factor = right * numberBytes;
  for (let j: usize = 0; j < rightColumns; j += 4) {
    let other = left * numberBytes;
    for (let i: usize = 0; i < leftColumns; i += 4) {
      multiplyStrips(tile, other, factor, rows);
      tile += tileBytes;
      other += stride * numberBytes;
    }
    factor += stride * numberBytes;
  }
}

/**
 * Makes a tile of the products of two strips' columns.
 *
 * Two neighbors on the left are multiplied by two on the right one by one, and
 * crosswise: s has one diagonal of their square, t the other. That takes a shuffle
 * for each four multiplications; one number in both lanes would take two.
 */
function multiplyStrips(
  tile: usize,
  left: usize,
  right: usize,
  rows: usize,
): void {
  let s00 = f64x2.splat(0);
  let s01 = s00;
  let s10 = s00;
  let s11 = s00;
  let t00 = s00;
  let t01 = s00;
  let t10 = s00;
  let t11 = s00;
  for (const end = right + rows * rowBytes; right < end; right += rowBytes) {
    const x0 = v128.load(left);
    const x1 = v128.load(left, 16);
    let y = v128.load(right);
    s00 = f64x2.add(s00, f64x2.mul(x0, y));
    s10 = f64x2.add(s10, f64x2.mul(x1, y));
    y = v128.shuffle<f64>(y, y, 1, 0);
    t00 = f64x2.add(t00, f64x2.mul(x0, y));
    t10 = f64x2.add(t10, f64x2.mul(x1, y));
    y = v128.load(right, 16);
    s01 = f64x2.add(s01, f64x2.mul(x0, y));
    s11 = f64x2.add(s11, f64x2.mul(x1, y));
    y = v128.shuffle<f64>(y, y, 1, 0);
    t01 = f64x2.add(t01, f64x2.mul(x0, y));
    t11 = f64x2.add(t11, f64x2.mul(x1, y));
    left += rowBytes;
  }
  v128.store(tile, v128.shuffle<f64>(s00, t00, 0, 2));
  v128.store(tile, v128.shuffle<f64>(s01, t01, 0, 2), 16);
  v128.store(tile, v128.shuffle<f64>(t00, s00, 1, 3), 32);
  v128.store(tile, v128.shuffle<f64>(t01, s01, 1, 3), 48);
  v128.store(tile, v128.shuffle<f64>(s10, t10, 0, 2), 64);
  v128.store(tile, v128.shuffle<f64>(s11, t11, 0, 2), 80);
  v128.store(tile, v128.shuffle<f64>(t10, s10, 1, 3), 96);
  v128.store(tile, v128.shuffle<f64>(t11, s11, 1, 3), 112);
}
