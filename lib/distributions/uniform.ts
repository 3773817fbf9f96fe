/**
 * The uniform distribution, as `torch.Tensor.uniform_` draws it on a CPU.
 *
 * @module
 */

import type { DataOf } from "../core/dtype.ts";
import { checkFinite } from "../core/options.ts";
import { fma32, fma64 } from "./fma.ts";
import {
  forEachBlock,
  nextDouble,
  singleMask,
  singleStep,
  type WordSource,
} from "./reals.ts";

/** The storage of the dtypes that are filled. */
export type RealData = DataOf<"float32"> | DataOf<"float64">;

/**
 * Checks the ends of a uniform, before anything is filled.
 *
 * @param action What is being done, for the error's sentence.
 * @param low The lower end.
 * @param high The upper end.
 * @param data The storage to be filled: its precision limits the range.
 * @throws {TypeError} If an end is not a number.
 * @throws {RangeError} If an end is not finite, `low > high`, or the range
 * overflows the dtype.
 */
export function checkUniform(
  action: string,
  low: number,
  high: number,
  data: RealData,
): void {
  checkFinite(action, "low", low);
  checkFinite(action, "high", high);
  if (low > high) {
    throw new RangeError(
      `Cannot ${action} as low must be at most high: current value is low ${low} and high ${high}`,
    );
  }
  const round = data instanceof Float32Array ? Math.fround : Number;
  if (
    !Number.isFinite(round(high) - round(low)) ||
    !Number.isFinite(round(round(high) - round(low)))
  ) {
    throw new RangeError(
      `Cannot ${action} as high - low must be finite in the tensor's dtype: current value is low ${low} and high ${high}`,
    );
  }
}

/**
 * Fills an array with uniforms in [low, high): `fma(u, high - low, low)`, and
 * `low` where that rounds to `high`.
 *
 * Draws: float32 one word an element, float64 two.
 *
 * @param data The array, filled from its start to its end.
 * @param low The lower end, checked.
 * @param high The upper end, checked.
 * @param source Where the words come from.
 * @see `uniform_real_distribution`, PyTorch 2.13.0
 */
export function fillUniform(
  data: RealData,
  low: number,
  high: number,
  source: WordSource,
): void {
  if (data instanceof Float32Array) fillSingle(data, low, high, source);
  else fillDouble(data, low, high, source);
}

function fillSingle(
  data: Float32Array,
  low: number,
  high: number,
  source: WordSource,
): void {
  const from = Math.fround(low);
  const to = Math.fround(high);
  const range = Math.fround(to - from);
  forEachBlock(data.length, source, (words, done) => {
    for (let i = 0; i < words.length; i++) {
      const value = fma32((words[i] & singleMask) * singleStep, range, from);
      data[done + i] = value === to ? from : value;
    }
  });
}

function fillDouble(
  data: Float64Array,
  low: number,
  high: number,
  source: WordSource,
): void {
  const range = high - low;
  for (let i = 0; i < data.length; i++) {
    const value = fma64(nextDouble(source), range, low);
    data[i] = value === high ? low : value;
  }
}
