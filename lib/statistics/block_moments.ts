/**
 * Moments of a few numbers, and of two groups of which they are known.
 *
 * They lie in arrays of six: count, zeros, mean, squares, min and max. An object
 * with numbers in it is made nowhere here: V8 15.0 now and then let objects
 * share them that came from a loop's function while that was being compiled, and
 * a later call then changed an earlier one's result.
 *
 * @see `lib/kernels/assembly/statistics.ts`, which does the same four numbers at
 * a time
 *
 * @module
 */

/** Returns the moments of nothing. */
export function noMoments(): Float64Array {
  return Float64Array.of(0, 0, 0, 0, Infinity, -Infinity);
}

/**
 * Finds the moments of a block: the mean by the first value and what the others
 * differ from it, then the squares of what they differ from the mean. Every
 * fourth value goes to one sum.
 *
 * @param block The values, all finite.
 * @param count How many.
 * @param found What is filled with their moments.
 */
export function measureBlock(
  block: Float64Array,
  count: number,
  found: Float64Array,
): void {
  if (count === 0) return found.set(noMoments());
  const mean = block[0] + sumFrom(block, count, block[0]) / count;
  found[0] = count;
  found[2] = mean;
  found[3] = squaresFrom(block, count, mean);
  findExtremes(block, count, found);
}

function sumFrom(block: Float64Array, count: number, from: number): number {
  const whole = count - count % 4;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a += block[i] - from;
    b += block[i + 1] - from;
    c += block[i + 2] - from;
    d += block[i + 3] - from;
  }
  for (let i = whole; i < count; i++) a += block[i] - from;
  return (a + c) + (b + d);
}

function squaresFrom(block: Float64Array, count: number, from: number): number {
  const whole = count - count % 4;
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let i = 0; i < whole; i += 4) {
    a += (block[i] - from) * (block[i] - from);
    b += (block[i + 1] - from) * (block[i + 1] - from);
    c += (block[i + 2] - from) * (block[i + 2] - from);
    d += (block[i + 3] - from) * (block[i + 3] - from);
  }
  for (let i = whole; i < count; i++) a += (block[i] - from) ** 2;
  return (a + c) + (b + d);
}

function findExtremes(
  block: Float64Array,
  count: number,
  found: Float64Array,
): void {
  let zeros = 0;
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < count; i++) {
    const value = block[i];
    if (value < min) min = value;
    if (value > max) max = value;
    if (value === 0) zeros++;
  }
  found[1] = zeros;
  found[4] = min;
  found[5] = max;
}

/**
 * Adds the moments of a group to those of another.
 *
 * @param total The moments that become those of both.
 * @param part The moments that are added.
 * @see T. F. Chan, G. H. Golub, R. J. LeVeque (1983), Algorithms for computing
 * the sample variance: analysis and recommendations, The American Statistician
 * 37(3), equation 2.1
 */
export function addMoments(total: Float64Array, part: Float64Array): void {
  if (part[0] === 0) return;
  const count = total[0] + part[0];
  const share = part[0] / count;
  const apart = part[2] - total[2];
  total[2] += apart * share;
  total[3] += part[3] + apart * (apart * share * total[0]);
  total[0] = count;
  total[1] += part[1];
  if (part[4] < total[4]) total[4] = part[4];
  if (part[5] > total[5]) total[5] = part[5];
}
