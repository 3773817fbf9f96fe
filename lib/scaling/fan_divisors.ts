/**
 * What divides the axes of a weight in a count: groups, fused matrices, a
 * stride.
 *
 * @module
 */

import { checkCount, describe } from "../core/options.ts";
import { formatShape } from "../core/shape.ts";
import type { FanAxis, FanDivisor, FanRole } from "./derivation.ts";

/** A divisor and the axis whose size it divides. */
export interface Divided {
  /** The axis, from 0. */
  readonly axis: number;
  /** What divides it. */
  readonly divisor: FanDivisor;
}

/**
 * Returns how channels divide: nothing for 1, else one axis with its divisor.
 *
 * @param action What is being done, for the error's sentence.
 * @param axes The axes of the weight.
 * @param role The role of the axis that is divided.
 * @param divisor By what.
 * @throws {RangeError} If there is not one such axis, or it does not divide.
 */
export function divideChannels(
  action: string,
  axes: readonly FanAxis[],
  role: FanRole,
  divisor: FanDivisor,
): Divided[] {
  const { name, value } = divisor;
  if (value === 1) return [];
  const found = axes.filter((axis) => axis.role === role);
  if (found.length !== 1) {
    throw new RangeError(
      `Cannot ${action} as ${name} must come with one ${role} axis: current value is ${value} with ${found.length}`,
    );
  }
  const [{ axis, size }] = found;
  if (size % value !== 0) {
    throw new RangeError(
      `Cannot ${action} as ${name} must divide ${role} axis ${axis} of size ${size}: current value is ${value}`,
    );
  }
  return [{ axis, divisor }];
}

/**
 * Returns how a stride divides the kernel, axis by axis; nothing where it is 1.
 *
 * @param action What is being done, for the error's sentence.
 * @param axes The axes of the weight.
 * @param stride The stride, one for all kernel axes or one for each.
 * @throws {RangeError} If a stride is below 1 or fractional, or there are more
 * or fewer than kernel axes.
 * @throws {TypeError} If a stride is not a number.
 */
export function divideKernel(
  action: string,
  axes: readonly FanAxis[],
  stride: number | readonly number[] | undefined,
): Divided[] {
  if (stride === undefined) return [];
  const kernel = axes.filter(({ role }) => role === "kernel");
  const strides: number[] = Array.isArray(stride)
    ? Array.from(stride)
    : new Array(Math.max(kernel.length, 1)).fill(stride);
  for (const value of strides) checkCount(action, "stride", value, 1);
  if (strides.length !== kernel.length) {
    throw new RangeError(
      `Cannot ${action} as stride must fit ${kernel.length} kernel axes: current value is ${
        describe(stride)
      } for shape ${formatShape(axes.map(({ size }) => size))}`,
    );
  }
  return strides
    .map((value, index) => ({
      axis: kernel[index].axis,
      divisor: { name: "stride" as const, value },
    }))
    .filter(({ divisor }) => divisor.value > 1);
}
