/**
 * Fills of arrays by compiled code, block by block: it makes a block in its own
 * memory, in the machine's nearest cache, and copies it out.
 *
 * @module
 */

import { blockLength, type Kernel } from "./kernel.ts";

/** The state of a Mersenne Twister, which continues where a fill ends. */
export interface TwisterState {
  /** The 624 words of state. */
  readonly state: Uint32Array;
  /** The place in the state of the next word; 0 and 624 are the same. */
  position: number;
}

/** How numbers become half precision. */
interface HalfFormat {
  /** Whether to bfloat16; else to float16. */
  readonly isBfloat16: boolean;
  /** A pattern and its replacement; undefined for none. */
  readonly replace?: readonly [from: number, to: number];
}

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

/** 2^-24, the step between uniforms. */
const singleStep = 2 ** -24;

/** Normals that Box–Muller makes together. */
const groupLength = 16;

/**
 * Fills an array with words.
 *
 * @param kernel The compiled code.
 * @param target The array.
 * @param twister Where the words come from.
 */
export function fillWords(
  kernel: Kernel,
  target: Uint32Array,
  twister: TwisterState,
): void {
  withState(kernel, twister, () => {
    forEachBlock(target.length, (start, count) => {
      twister.position = kernel.words(twister.position, count);
      copyOut(kernel.wordBlock, target, start, count);
    });
  });
}

/**
 * Fills an array with `fma(u, step, from)`, with u the 24 low bits of a word.
 *
 * @param kernel The compiled code.
 * @param target The array.
 * @param step The distance between neighbors, a float32.
 * @param from The lower end, a float32.
 * @param twister Where the words come from; one for each element.
 */
export function fillUniform(
  kernel: Kernel,
  target: Float32Array,
  step: number,
  from: number,
  twister: TwisterState,
): void {
  withState(kernel, twister, () => {
    forEachBlock(target.length, (start, count) => {
      makeUniforms(kernel, twister, count, step, from);
      copyOut(kernel.block, target, start, count);
    });
  });
}

/**
 * Fills an array with normals, as PyTorch does from 16 elements on: in blocks of
 * 16, of which the last is made anew of 16 more words where the length is no
 * multiple of 16.
 *
 * @param kernel The compiled code.
 * @param target The array, of 16 elements or more.
 * @param mean The mean, a float32 and not −0.
 * @param std The standard deviation, a float32.
 * @param twister Where the words come from.
 */
export function fillNormal(
  kernel: Kernel,
  target: Float32Array,
  mean: number,
  std: number,
  twister: TwisterState,
): void {
  withState(
    kernel,
    twister,
    () => drawNormals(kernel, target, mean, std, twister),
  );
}

/**
 * Fills an array of half precision as {@linkcode fillUniform} does, and rounds.
 *
 * @param kernel The compiled code.
 * @param target The array, of bit patterns.
 * @param step The distance between neighbors, a float32.
 * @param from The lower end, a float32.
 * @param format The half precision.
 * @param twister Where the words come from; one for each element.
 */
export function fillHalfUniform(
  kernel: Kernel,
  target: Uint16Array,
  step: number,
  from: number,
  format: HalfFormat,
  twister: TwisterState,
): void {
  withState(kernel, twister, () => {
    forEachBlock(target.length, (start, count) => {
      makeUniforms(kernel, twister, count, step, from);
      roundToHalf(kernel, count, format);
      copyOut(kernel.halves, target, start, count);
    });
  });
}

/**
 * Fills an array of half precision with normals in blocks of 16. A remainder
 * draws no words; 16 new ones fill the last 16 places.
 *
 * @param kernel The compiled code.
 * @param target The array, of bit patterns, of 16 elements or more.
 * @param mean The mean, a float32 and not −0.
 * @param std The standard deviation, a float32.
 * @param format The half precision.
 * @param twister Where the words come from.
 */
export function fillHalfNormal(
  kernel: Kernel,
  target: Uint16Array,
  mean: number,
  std: number,
  format: HalfFormat,
  twister: TwisterState,
): void {
  const { length } = target;
  const makeBlock = (start: number, count: number) => {
    makeUniforms(kernel, twister, count);
    kernel.normal(0, count, mean, std);
    roundToHalf(kernel, count, format);
    copyOut(kernel.halves, target, start, count);
  };
  withState(kernel, twister, () => {
    forEachBlock(length - length % 16, makeBlock);
    if (length % 16 !== 0) makeBlock(length - 16, 16);
  });
}

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

/** Fills an array with normals by a kernel that has the state. */
function drawNormals(
  kernel: Kernel,
  target: Float32Array,
  mean: number,
  std: number,
  twister: TwisterState,
): void {
  forEachBlock(target.length, (start, count) => {
    makeUniforms(kernel, twister, count);
    kernel.normal(0, count - count % 16, mean, std);
    copyOut(kernel.block, target, start, count);
  });
  if (target.length % 16 === 0) return;
  makeUniforms(kernel, twister, 16);
  kernel.normal(0, 16, mean, std);
  copyOut(kernel.block, target, target.length - 16, 16);
}

/**
 * Draws the first round of the whole blocks.
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

/** Draws a further round of the whole blocks. */
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

/**
 * Calls a function while the compiled code has the state, and takes that back.
 *
 * @param kernel The compiled code.
 * @param twister Whose state it is.
 * @param draw What is done.
 */
function withState(
  kernel: Kernel,
  twister: TwisterState,
  draw: () => void,
): void {
  kernel.state.set(twister.state);
  draw();
  twister.state.set(kernel.state);
}

/**
 * Calls a function for each block of an array.
 *
 * @param length The array's length.
 * @param make Takes the block's first place and its length.
 */
function forEachBlock(
  length: number,
  make: (start: number, count: number) => void,
): void {
  for (let start = 0; start < length; start += blockLength) {
    make(start, Math.min(blockLength, length - start));
  }
}

/**
 * Fills the block with uniforms.
 *
 * @param kernel The compiled code, which has the state.
 * @param twister The twister, whose place in the state advances.
 * @param count How many.
 * @param step The distance between neighbors. Default: as in [0, 1).
 * @param from The lower end. Default: 0.
 */
function makeUniforms(
  kernel: Kernel,
  twister: TwisterState,
  count: number,
  step: number = singleStep,
  from: number = 0,
): void {
  twister.position = kernel.uniform(twister.position, count, step, from);
}

function roundToHalf(
  kernel: Kernel,
  count: number,
  { isBfloat16, replace }: HalfFormat,
): void {
  const rounded = Math.ceil(count / 8) * 8;
  if (isBfloat16) kernel.toBfloat16(rounded);
  else kernel.toFloat16(rounded);
  if (replace !== undefined) kernel.replaceHalves(rounded, ...replace);
}

function copyOut<T extends Float32Array | Uint16Array | Uint32Array>(
  block: T,
  target: T,
  start: number,
  count: number,
): void {
  target.set(count === block.length ? block : block.subarray(0, count), start);
}
