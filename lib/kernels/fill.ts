/**
 * Fills of arrays by compiled code, block by block: it makes a block in its own
 * memory, in the machine's nearest cache, and copies it out.
 *
 * @module
 */

import { blockLength, type Kernel } from "./kernel.ts";

/** The state of a Mersenne Twister, which goes on from where a fill ends. */
export interface TwisterState {
  /** The 624 words of state. */
  readonly state: Uint32Array;
  /** The place in the state of the next word; 0 and 624 are the same. */
  position: number;
}

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

/** 2^-24, the step between uniforms. */
const singleStep = 2 ** -24;

/**
 * Fills an array with `fma(u, step, from)`, with u the 24 low bits of a word.
 *
 * @param kernel The compiled code.
 * @param target The array.
 * @param step The distance between neighbours, a float32.
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
 * The same, for a kernel that has the state.
 *
 * @param kernel The compiled code.
 * @param target The array, of 16 elements or more.
 * @param mean The mean, a float32 and not −0.
 * @param std The standard deviation, a float32.
 * @param twister Whose place in the state goes on.
 */
export function drawNormals(
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

/** How numbers become half precision. */
export interface HalfFormat {
  /** Whether to bfloat16; else to float16. */
  readonly isBfloat16: boolean;
  /** A pattern that is replaced, and by which; undefined for none. */
  readonly replace?: readonly [from: number, to: number];
}

/**
 * Fills an array of half precision as {@linkcode fillUniform} does, and rounds.
 *
 * @param kernel The compiled code.
 * @param target The array, of bit patterns.
 * @param step The distance between neighbours, a float32.
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
 * Fills an array of half precision with normals in blocks of 16. What is over
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
 * Calls a function while the compiled code has the state, and takes that back.
 *
 * @param kernel The compiled code.
 * @param twister Whose state it is.
 * @param draw What is done.
 */
export function withState(
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
export function forEachBlock(
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
 * @param twister Whose place in the state goes on.
 * @param count How many.
 * @param step The distance between neighbours. Default: as in [0, 1).
 * @param from The lower end. Default: 0.
 */
export function makeUniforms(
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
