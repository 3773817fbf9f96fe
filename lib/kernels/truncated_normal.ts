/**
 * Fills of arrays with cut normals by compiled code.
 *
 * Each round draws words for the whole array, as PyTorch does. From the second
 * on, normals are made of them only where one is still needed.
 *
 * @module
 */

import {
  drawNormals,
  forEachBlock,
  makeUniforms,
  type TwisterState,
  withState,
} from "./fill.ts";
import { blockLength, type Kernel } from "./kernel.ts";

/** A normal distribution and where it is cut, in float32 numbers. */
export interface CutNormal {
  /** The mean before the cut, not −0. */
  readonly mean: number;
  /** The standard deviation before the cut. */
  readonly std: number;
  /** The lower end, inside. */
  readonly low: number;
  /** The upper end, inside. */
  readonly high: number;
}

const groupLength = 16;

/**
 * Fills an array with normals, and again with those of further rounds wherever
 * one lies outside.
 *
 * @param kernel The compiled code.
 * @param target The array, of 16 elements or more.
 * @param law The distribution.
 * @param twisterOf Gives where the words of a round come from, counted from 0.
 * @returns How many rounds it took.
 */
export function fillTruncatedNormal(
  kernel: Kernel,
  target: Float32Array,
  law: CutNormal,
  twisterOf: (round: number) => TwisterState,
): number {
  // Whole blocks, and an end of 16 or more that PyTorch fills in its own way.
  const split = target.length - groupLength;
  const start = split - split % blockLength;
  const body = target.subarray(0, start);
  const end = target.subarray(start);
  const pending = new Uint32Array(body.length / blockLength);
  const again = new Float32Array(end.length);
  const { mean, std } = law;
  let rounds = 0;
  const draw = (fill: typeof fillBody, drawnEnd: Float32Array) => {
    const twister = twisterOf(rounds++);
    withState(kernel, twister, () => {
      fill(kernel, body, law, twister, pending);
      drawNormals(kernel, drawnEnd, mean, std, twister);
    });
  };
  draw(fillBody, end);
  while (hasOutside(end, law) || pending.some((groups) => groups !== 0)) {
    draw(redrawBody, again);
    replaceOutside(end, again, law);
  }
  return rounds;
}

/**
 * The first round of the whole blocks.
 *
 * @param pending Gets a word for each block, a bit for each group of 16 in it:
 * set where a number lies outside. It is 1/512 of the array's length.
 */
function fillBody(
  kernel: Kernel,
  body: Float32Array,
  { mean, std, low, high }: CutNormal,
  twister: TwisterState,
  pending: Uint32Array,
): void {
  forEachBlock(body.length, (start) => {
    makeUniforms(kernel, twister, blockLength);
    kernel.normal(0, blockLength, mean, std);
    body.set(kernel.block, start);
    pending[start / blockLength] = kernel.outside(blockLength, low, high);
  });
}

/** A further round of the whole blocks. */
function redrawBody(
  kernel: Kernel,
  body: Float32Array,
  { mean, std, low, high }: CutNormal,
  twister: TwisterState,
  pending: Uint32Array,
): void {
  for (let i = 0; i < pending.length; i++) {
    if (pending[i] === 0) {
      twister.position = kernel.skip(twister.position, blockLength);
      continue;
    }
    makeUniforms(kernel, twister, blockLength);
    const target = body.subarray(i * blockLength, (i + 1) * blockLength);
    kernel.kept.set(target);
    pending[i] = kernel.redraw(pending[i], mean, std, low, high);
    target.set(kernel.kept);
  }
}

function replaceOutside(
  kept: Float32Array,
  again: Float32Array,
  { low, high }: CutNormal,
): void {
  for (let i = 0; i < kept.length; i++) {
    if (kept[i] < low || kept[i] > high) kept[i] = again[i];
  }
}

function hasOutside(
  values: Float32Array,
  { low, high }: CutNormal,
): boolean {
  return values.some((value) => value < low || value > high);
}
