/**
 * Steps of the QR decomposition, on matrices in strips of four columns.
 *
 * A vector's lanes are neighbours in a row, never parts of one sum. So each
 * element is computed as in TypeScript, and has the same bytes. Multiplications
 * and additions are rounded one by one for the same reason.
 *
 * The memory is the caller's, all of it: there are no constants. Places are in
 * numbers, not in bytes.
 *
 * @see `lib/math/strip_operations.ts`, which says the same number by number
 *
 * @module
 */

import { vectorBytes } from "./sizes";

/** A number in double precision. */
const numberBytes: usize = 8;
/** A row of a strip. */
const rowBytes: usize = 4 * numberBytes;
/** What four rows of a strip take. */
const tileBytes: usize = 4 * rowBytes;
/** Rows of the right factor that stay in the nearest cache: 8 kB. */
const bandRows: usize = 256;

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

/**
 * Multiplies the transposes of strips by one strip.
 *
 * @param to The place of the product: a strip with four rows for each factor.
 * @param left The place of the first strip on the left.
 * @param stride The distance from one strip on the left to the next.
 * @param strips How many there are.
 * @param right The place of the strip on the right.
 * @param rows How many rows all factors have, a multiple of 4.
 */
export function multiply(
  to: usize,
  left: usize,
  stride: usize,
  strips: usize,
  right: usize,
  rows: usize,
): void {
  const tiles = to * numberBytes;
  memory.fill(tiles, 0, strips * tileBytes);
  for (let row: usize = 0; row < rows; row += bandRows) {
    const bytes = min(bandRows, rows - row) * rowBytes;
    let tile = tiles;
    let from = left * numberBytes + row * rowBytes;
    for (let i: usize = 0; i < strips; i++) {
      addTile(tile, from, right * numberBytes + row * rowBytes, bytes);
      tile += tileBytes;
      from += stride * numberBytes;
    }
  }
}

/** Adds to a tile the product of two strips' rows. */
function addTile(tile: usize, left: usize, right: usize, bytes: usize): void {
  let s00 = v128.load(tile);
  let s01 = v128.load(tile, 16);
  let s10 = v128.load(tile, 32);
  let s11 = v128.load(tile, 48);
  let s20 = v128.load(tile, 64);
  let s21 = v128.load(tile, 80);
  let s30 = v128.load(tile, 96);
  let s31 = v128.load(tile, 112);
  for (const end = right + bytes; right < end; right += tileBytes) {
    // Four rows: their distances are constants, which cost nothing.
    let y0 = v128.load(right);
    let y1 = v128.load(right, 16);
    let x = v128.load64_splat(left);
    s00 = f64x2.add(s00, f64x2.mul(x, y0));
    s01 = f64x2.add(s01, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 8);
    s10 = f64x2.add(s10, f64x2.mul(x, y0));
    s11 = f64x2.add(s11, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 16);
    s20 = f64x2.add(s20, f64x2.mul(x, y0));
    s21 = f64x2.add(s21, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 24);
    s30 = f64x2.add(s30, f64x2.mul(x, y0));
    s31 = f64x2.add(s31, f64x2.mul(x, y1));

    y0 = v128.load(right, 32);
    y1 = v128.load(right, 48);
    x = v128.load64_splat(left, 32);
    s00 = f64x2.add(s00, f64x2.mul(x, y0));
    s01 = f64x2.add(s01, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 40);
    s10 = f64x2.add(s10, f64x2.mul(x, y0));
    s11 = f64x2.add(s11, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 48);
    s20 = f64x2.add(s20, f64x2.mul(x, y0));
    s21 = f64x2.add(s21, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 56);
    s30 = f64x2.add(s30, f64x2.mul(x, y0));
    s31 = f64x2.add(s31, f64x2.mul(x, y1));

    y0 = v128.load(right, 64);
    y1 = v128.load(right, 80);
    x = v128.load64_splat(left, 64);
    s00 = f64x2.add(s00, f64x2.mul(x, y0));
    s01 = f64x2.add(s01, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 72);
    s10 = f64x2.add(s10, f64x2.mul(x, y0));
    s11 = f64x2.add(s11, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 80);
    s20 = f64x2.add(s20, f64x2.mul(x, y0));
    s21 = f64x2.add(s21, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 88);
    s30 = f64x2.add(s30, f64x2.mul(x, y0));
    s31 = f64x2.add(s31, f64x2.mul(x, y1));

    y0 = v128.load(right, 96);
    y1 = v128.load(right, 112);
    x = v128.load64_splat(left, 96);
    s00 = f64x2.add(s00, f64x2.mul(x, y0));
    s01 = f64x2.add(s01, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 104);
    s10 = f64x2.add(s10, f64x2.mul(x, y0));
    s11 = f64x2.add(s11, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 112);
    s20 = f64x2.add(s20, f64x2.mul(x, y0));
    s21 = f64x2.add(s21, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 120);
    s30 = f64x2.add(s30, f64x2.mul(x, y0));
    s31 = f64x2.add(s31, f64x2.mul(x, y1));
    left += tileBytes;
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

/**
 * Divides a strip from the left by the lower triangle of a matrix, with ones for
 * its diagonal.
 *
 * @param strip The place of the strip.
 * @param gram The place of the matrix, in strips.
 * @param rows How many rows and columns it has, a multiple of 4.
 */
export function solveLower(strip: usize, gram: usize, rows: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    eliminate(strip, gram, rows, row, row + 1, rows);
  }
}

/**
 * The same with the upper triangle.
 *
 * @param strip The place of the strip.
 * @param gram The place of the matrix, in strips.
 * @param rows How many rows and columns it has, a multiple of 4.
 */
export function solveUpper(strip: usize, gram: usize, rows: usize): void {
  for (let row: isize = rows - 1; row > 0; row--) {
    eliminate(strip, gram, rows, row, 0, row);
  }
}

/** Takes a row, times its column of the matrix, from other rows. */
function eliminate(
  strip: usize,
  gram: usize,
  rows: usize,
  row: usize,
  from: usize,
  to: usize,
): void {
  const start = strip * numberBytes;
  const y0 = v128.load(start + row * rowBytes);
  const y1 = v128.load(start + row * rowBytes, 16);
  let factor = gram * numberBytes + (row >> 2) * rows * rowBytes +
    (row & 3) * numberBytes + from * rowBytes;
  const end = start + to * rowBytes;
  for (let at = start + from * rowBytes; at < end; at += rowBytes) {
    const x = v128.load64_splat(factor);
    v128.store(at, f64x2.sub(v128.load(at), f64x2.mul(x, y0)));
    v128.store(at, f64x2.sub(v128.load(at, 16), f64x2.mul(x, y1)), 16);
    factor += rowBytes;
  }
}

/**
 * Takes the product of strips and one strip from another one.
 *
 * @param from The place of the strip that is changed.
 * @param left The place of the first strip on the left.
 * @param stride The distance from one strip on the left to the next.
 * @param strips How many there are.
 * @param right The place of the strip on the right, of four rows for each.
 * @param rows How many rows the others have, a multiple of 4.
 */
export function subtract(
  from: usize,
  left: usize,
  stride: usize,
  strips: usize,
  right: usize,
  rows: usize,
): void {
  const end = (from + 4 * rows) * numberBytes;
  let factors = left * numberBytes;
  for (let at = from * numberBytes; at < end; at += tileBytes) {
    subtractTile(
      at,
      factors,
      stride * numberBytes,
      right * numberBytes,
      right * numberBytes + strips * tileBytes,
    );
    factors += tileBytes;
  }
}

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
    let y0 = v128.load(right);
    let y1 = v128.load(right, 16);
    let x = v128.load64_splat(left);
    s00 = f64x2.sub(s00, f64x2.mul(x, y0));
    s01 = f64x2.sub(s01, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 32);
    s10 = f64x2.sub(s10, f64x2.mul(x, y0));
    s11 = f64x2.sub(s11, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 64);
    s20 = f64x2.sub(s20, f64x2.mul(x, y0));
    s21 = f64x2.sub(s21, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 96);
    s30 = f64x2.sub(s30, f64x2.mul(x, y0));
    s31 = f64x2.sub(s31, f64x2.mul(x, y1));

    y0 = v128.load(right, 32);
    y1 = v128.load(right, 48);
    x = v128.load64_splat(left, 8);
    s00 = f64x2.sub(s00, f64x2.mul(x, y0));
    s01 = f64x2.sub(s01, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 40);
    s10 = f64x2.sub(s10, f64x2.mul(x, y0));
    s11 = f64x2.sub(s11, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 72);
    s20 = f64x2.sub(s20, f64x2.mul(x, y0));
    s21 = f64x2.sub(s21, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 104);
    s30 = f64x2.sub(s30, f64x2.mul(x, y0));
    s31 = f64x2.sub(s31, f64x2.mul(x, y1));

    y0 = v128.load(right, 64);
    y1 = v128.load(right, 80);
    x = v128.load64_splat(left, 16);
    s00 = f64x2.sub(s00, f64x2.mul(x, y0));
    s01 = f64x2.sub(s01, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 48);
    s10 = f64x2.sub(s10, f64x2.mul(x, y0));
    s11 = f64x2.sub(s11, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 80);
    s20 = f64x2.sub(s20, f64x2.mul(x, y0));
    s21 = f64x2.sub(s21, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 112);
    s30 = f64x2.sub(s30, f64x2.mul(x, y0));
    s31 = f64x2.sub(s31, f64x2.mul(x, y1));

    y0 = v128.load(right, 96);
    y1 = v128.load(right, 112);
    x = v128.load64_splat(left, 24);
    s00 = f64x2.sub(s00, f64x2.mul(x, y0));
    s01 = f64x2.sub(s01, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 56);
    s10 = f64x2.sub(s10, f64x2.mul(x, y0));
    s11 = f64x2.sub(s11, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 88);
    s20 = f64x2.sub(s20, f64x2.mul(x, y0));
    s21 = f64x2.sub(s21, f64x2.mul(x, y1));
    x = v128.load64_splat(left, 120);
    s30 = f64x2.sub(s30, f64x2.mul(x, y0));
    s31 = f64x2.sub(s31, f64x2.mul(x, y1));
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
