/**
 * The distribution that values are expected to be drawn from: what the
 * initialiser remembers, or what a caller says.
 *
 * @module
 */

import { checkFinite } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Theory, theoryOf } from "../init/theory.ts";
import { uniformBound, uniformStd } from "../scaling/spread.ts";
import type { Law } from "./density.ts";

/** A uniform distribution by its ends. */
export interface UniformInterval {
  /** The lower end. */
  readonly low: number;
  /** The upper end, not below `low`. */
  readonly high: number;
}

/** A distribution by its kind and moments. */
export interface NamedDistribution {
  /** The kind. */
  readonly distribution: "uniform" | "normal";
  /** The mean. Default: 0. */
  readonly mean?: number;
  /** The standard deviation, at least 0. */
  readonly std?: number;
  /** For a uniform one, in place of std: half its width, at least 0. */
  readonly bound?: number;
}

/** What values are expected to be drawn from; what `theoryOf` gives is one. */
export type TheoryOption = UniformInterval | NamedDistribution | Theory;

const forms =
  '{ low, high }, { distribution: "normal", mean, std } or { distribution: "uniform", mean, std or bound }';

/**
 * Returns the distribution that values are expected to be drawn from; null
 * where there is none.
 *
 * @param action What is being done, for the error's sentence.
 * @param tensor The tensor, whose initialiser counts where nothing is said.
 * @param option What the caller says; null for nothing to be expected.
 * @throws {TypeError} If the option is not one of the forms.
 * @throws {RangeError} If a number is not as stated.
 */
export function lawOf(
  action: string,
  tensor: Tensor,
  option: TheoryOption | null | undefined,
): Law | null {
  if (option === undefined) return knownOf(tensor);
  if (option === null) return null;
  if (typeof option !== "object") throw formError(action, option);
  if ("cut" in option && option.cut !== undefined) return option;
  const { name, options: _, distribution, zeroed: __, ...rest } =
    option as Partial<Theory>;
  // A remembered theory that is not uniform has bound: null.
  const numbers = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== null),
  );
  for (const [key, value] of Object.entries(numbers)) {
    checkFinite(action, `theory.${key}`, value);
  }
  const { mean = 0, low, high, std, bound } = numbers as Record<string, number>;
  const form = Object.keys(numbers).filter((key) => key !== "mean").sort();
  switch ([distribution, ...form].join(" ")) {
    case " high low":
      if ("mean" in numbers) break;
      return uniform(action, (low + high) / 2, (high - low) / 2, name);
    case "uniform bound":
    case "uniform bound std":
      return uniform(action, mean, bound, name);
    case "uniform std":
      return uniform(action, mean, uniformBound(std), name);
    case "normal std":
    case "constant std":
      checkWidth(action, std);
      return { name, distribution: distribution!, mean, std, bound: null };
  }
  throw formError(action, option);
}

/** What the initialiser says, where it says a density. */
function knownOf(tensor: Tensor): Theory | null {
  const theory = theoryOf(tensor);
  return theory?.distribution === "orthogonal" ? null : theory ?? null;
}

function uniform(
  action: string,
  mean: number,
  bound: number,
  name?: string,
): Law {
  checkWidth(action, bound);
  const std = uniformStd(-bound, bound);
  return { name, distribution: "uniform", mean, std, bound };
}

function checkWidth(action: string, width: number): void {
  if (width < 0) {
    throw new RangeError(
      `Cannot ${action} as the width of theory must be at least 0: current value is ${width}`,
    );
  }
}

function formError(action: string, option: unknown): TypeError {
  return new TypeError(
    `Cannot ${action} as theory must be ${forms}: current value is ${
      JSON.stringify(option)
    }`,
  );
}
