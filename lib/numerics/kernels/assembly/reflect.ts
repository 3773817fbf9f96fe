/**
 * Householder's reflectors of a strip's columns.
 *
 * The sums run down the columns, one number after the other: that is a hundredth
 * of all work.
 *
 * @see `lib/numerics/qr.ts`
 *
 * @module
 */

import { numberBytes, rowBytes } from "./strip_sizes";

/**
 * Turns the columns of a strip into reflectors, one after the other; above the
 * diagonal it gets zeros.
 *
 * @param strip The place of its first row.
 * @param rows How many rows it has.
 */
export function reflect(strip: usize, rows: usize): void {
  const start = strip * numberBytes;
  const end = start + rows * rowBytes;
  for (let column: usize = 0; column < 4; column++) {
    const first = start + column * (rowBytes + numberBytes);
    makeReflector(first, end);
    for (let other: usize = column + 1; other < 4; other++) {
      reflectColumn(first, end, (other - column) * numberBytes);
    }
  }
  for (let column: usize = 1; column < 4; column++) {
    for (let row: usize = 0; row < column; row++) {
      store<f64>(start + row * rowBytes + column * numberBytes, 0);
    }
  }
}

/** Turns a column into its reflector. */
function makeReflector(first: usize, end: usize): void {
  let largest: f64 = 0;
  for (let at = first; at < end; at += rowBytes) {
    largest = max(largest, abs(load<f64>(at)));
  }
  if (largest == 0) return;
  let squares: f64 = 0;
  for (let at = first; at < end; at += rowBytes) {
    const x = load<f64>(at) / largest;
    store<f64>(at, x);
    squares += x * x;
  }
  const norm = sqrt(squares);
  const top = load<f64>(first) + (load<f64>(first) < 0 ? -norm : norm);
  store<f64>(first, top);
  const scale = 1 / sqrt(norm * abs(top));
  for (let at = first; at < end; at += rowBytes) {
    store<f64>(at, load<f64>(at) * scale);
  }
}

/** Reflects the column that lies so many bytes beside the reflector. */
function reflectColumn(first: usize, end: usize, beside: usize): void {
  let product: f64 = 0;
  for (let at = first; at < end; at += rowBytes) {
    product += load<f64>(at) * load<f64>(at + beside);
  }
  for (let at = first; at < end; at += rowBytes) {
    const x = load<f64>(at + beside) - load<f64>(at) * product;
    store<f64>(at + beside, x);
  }
}
