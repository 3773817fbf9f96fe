/**
 * The connections of a convolution, one by one: the oracle for counts that
 * differ from PyTorch's.
 *
 * @module
 */

import { assert } from "@std/assert";

/** A convolution, or a transposed one. */
export interface Convolution {
  /** Input channels. */
  readonly inputs: number;
  /** Output channels. */
  readonly outputs: number;
  /** Sizes of the kernel. */
  readonly kernel: readonly number[];
  /** The stride along each axis. */
  readonly stride: readonly number[];
  /** The dilation along each axis. Default: 1. */
  readonly dilation?: readonly number[];
  /** Groups of channels. */
  readonly groups: number;
  /** Whether it is transposed. */
  readonly transposed: boolean;
}

/** Its connections. */
export interface Connections {
  /** The shape of its weight in PyTorch. */
  readonly shape: number[];
  /** For each input, the outputs it reaches. */
  readonly ofInputs: number[];
  /** For each output, the inputs it reads. */
  readonly ofOutputs: number[];
}

/**
 * Makes every connection of a convolution over a periodic grid, which has no
 * edges, and counts them at each input and each output.
 *
 * A convolution's outputs stand on the coarse grid and read the fine one; a
 * transposed one's inputs stand on the coarse grid and write to the fine one.
 * The weight is `[coarse channels, fine channels / groups, …kernel]` in both.
 *
 * @param convolution What is counted.
 */
export function connect(convolution: Convolution): Connections {
  const { inputs, outputs, kernel, stride, groups, transposed } = convolution;
  const dilation = convolution.dilation ?? kernel.map(() => 1);
  const [coarse, fine] = transposed ? [inputs, outputs] : [outputs, inputs];
  // So large that the kernel nowhere meets itself.
  const coarseGrid = kernel.map((size, d) => size * dilation[d] + 1);
  const fineGrid = coarseGrid.map((size, d) => size * stride[d]);
  const coarseCells = placesOf(coarseGrid);
  const fineCells = placesOf(fineGrid).length;
  const matrix = Array.from(
    { length: coarse * coarseCells.length },
    () => new Uint8Array(fine * fineCells),
  );
  for (let row = 0; row < matrix.length; row++) {
    const channel = Math.floor(row / coarseCells.length);
    const place = coarseCells[row % coarseCells.length];
    const group = Math.floor(channel / (coarse / groups));
    for (let i = 0; i < fine / groups; i++) {
      const other = group * (fine / groups) + i;
      for (const offset of placesOf(kernel)) {
        const met = place.map((at, d) =>
          (at * stride[d] + offset[d] * dilation[d]) % fineGrid[d]
        );
        matrix[row][other * fineCells + indexOf(met, fineGrid)]++;
      }
    }
  }
  assert(matrix.every((row) => row.every((count) => count <= 1)));
  const ofRows = matrix.map(sum);
  const ofColumns = Array.from(
    matrix[0],
    (_, column) => sum(matrix.map((row) => row[column])),
  );
  return {
    shape: [coarse, fine / groups, ...kernel],
    ofInputs: transposed ? ofRows : ofColumns,
    ofOutputs: transposed ? ofColumns : ofRows,
  };
}

/**
 * Returns the mean of counts.
 *
 * @param counts Whole numbers.
 */
export function meanOf(counts: readonly number[]): number {
  return sum(counts) / counts.length;
}

function sum(values: ArrayLike<number>): number {
  return Array.from(values).reduce((a, b) => a + b, 0);
}

/** Returns all places of a grid, the last axis fastest. */
function placesOf(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (places, size) =>
      places.flatMap((place) =>
        Array.from({ length: size }, (_, at) => [...place, at])
      ),
    [[]],
  );
}

function indexOf(place: readonly number[], sizes: readonly number[]): number {
  return place.reduce((index, at, d) => index * sizes[d] + at, 0);
}
