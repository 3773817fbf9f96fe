/**
 * What each axis of a weight counts, as the options of a fan say.
 *
 * @module
 */

import {
  checkCount,
  checkFinite,
  describe,
  withDefaults,
} from "../core/options.ts";
import { formatShape, type Shape } from "../core/shape.ts";
import type { CountedAxes, FanRole } from "./derivation.ts";
import { divideChannels, divideKernel } from "./fan_divisors.ts";

/**
 * The axes of a weight by what they count. Each is an axis or a list of them;
 * a negative one counts from the end. The axes that are not named are the
 * kernel.
 */
export interface FanLayout {
  /** Inputs. Default: 1; 0 where transposed. */
  readonly in?: number | readonly number[];
  /** Outputs. Default: 0; 1 where transposed. */
  readonly out?: number | readonly number[];
  /** Weights that stand beside each other and share nothing. Default: none. */
  readonly batch?: number | readonly number[];
}

/** Options of `fan`. Without them it counts as PyTorch does. */
export interface FanOptions {
  /**
   * Whether the weight is of a transposed convolution: axis 0 is the inputs,
   * axis 1 the outputs of one group, unless `axes` names others. Default: false.
   */
  readonly transposed?: boolean;
  /**
   * Groups of channels without connections between them. They divide the axis
   * on which the channels of all groups stand: the outputs, or the inputs where
   * transposed. Default: 1.
   */
  readonly groups?: number;
  /**
   * The stride, one for all kernel axes or one for each. It divides the fan-out,
   * or the fan-in where transposed, which is then a mean. Default: 1.
   */
  readonly stride?: number | readonly number[];
  /**
   * Matrices that are stacked along the output axis, as query, key and value,
   * or the four gates of an LSTM: each is counted alone. Default: 1.
   */
  readonly fused?: number;
  /** The axes by what they count, for other layouts than PyTorch's. */
  readonly axes?: FanLayout;
}

const defaults = {
  transposed: false,
  groups: 1,
  stride: undefined as FanOptions["stride"],
  fused: 1,
  axes: undefined as FanOptions["axes"],
};

/**
 * Returns the axes of a weight, with what each counts and what divides it.
 *
 * @param action What is being done, for the error's sentence.
 * @param shape The weight's shape.
 * @param options The options of `fan`.
 * @throws {RangeError} If the rank is below 2 and no axes are given, or an
 * option does not fit the shape or another option.
 * @throws {TypeError} If an option is unknown or of another kind.
 */
export function readAxes(
  action: string,
  shape: Shape,
  options: FanOptions,
): CountedAxes {
  const settings = withDefaults(action, options, defaults);
  checkSettings(action, settings);
  const { transposed, groups, fused, stride } = settings;
  const roles = readRoles(action, shape, settings);
  const axes = shape.map((size, axis) => ({ axis, size, role: roles[axis] }));
  const whole = transposed ? "input" : "output";
  const divisors = [
    ...divideChannels(action, axes, whole, { name: "groups", value: groups }),
    ...divideChannels(action, axes, "output", { name: "fused", value: fused }),
    ...divideKernel(action, axes, stride),
  ];
  return {
    axes: axes.map((axis) => {
      const found = divisors.find((divided) => divided.axis === axis.axis);
      return found === undefined ? axis : { ...axis, divisor: found.divisor };
    }),
    strided: transposed ? "fanIn" : "fanOut",
  };
}

function checkSettings(
  action: string,
  { transposed, groups, fused }: typeof defaults,
) {
  if (typeof transposed !== "boolean") {
    throw new TypeError(
      `Cannot ${action} as transposed must be true or false: current value is ${
        describe(transposed)
      }`,
    );
  }
  checkCount(action, "groups", groups, 1);
  checkCount(action, "fused", fused, 1);
  if (groups > 1 && fused > 1) {
    throw new RangeError(
      `Cannot ${action} as groups must be 1 where fused is ${fused}: current value is ${groups}`,
    );
  }
}

function readRoles(
  action: string,
  shape: Shape,
  { transposed, axes }: typeof defaults,
): FanRole[] {
  if (axes === undefined && shape.length < 2) {
    throw new RangeError(
      `Cannot ${action} as the rank must be at least 2: current value is ${shape.length} in shape ${
        formatShape(shape)
      }`,
    );
  }
  const named = withDefaults(action, axes === undefined ? {} : axes, {
    in: transposed ? 0 : 1,
    out: transposed ? 1 : 0,
    batch: [],
  } as Required<FanLayout>, "axes");
  const roles: FanRole[] = new Array(shape.length).fill("kernel");
  const words = { in: "input", out: "output", batch: "batch" } as const;
  for (const key of ["in", "out", "batch"] as const) {
    const given = named[key];
    for (const value of Array.isArray(given) ? Array.from(given) : [given]) {
      const axis = readAxis(action, `axes.${key}`, value, shape);
      if (roles[axis] !== "kernel") {
        throw new RangeError(
          `Cannot ${action} as axes must name each axis once: current value is ${value} in axes.${key}, and it is ${
            roles[axis]
          } already`,
        );
      }
      roles[axis] = words[key];
    }
  }
  return roles;
}

function readAxis(
  action: string,
  name: string,
  axis: number,
  shape: Shape,
): number {
  checkFinite(action, name, axis);
  const rank = shape.length;
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new RangeError(
      `Cannot ${action} as ${name} must be an integer in [${-rank}, ${rank}): current value is ${axis} for shape ${
        formatShape(shape)
      }`,
    );
  }
  return axis < 0 ? axis + rank : axis;
}
