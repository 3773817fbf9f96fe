/**
 * The distribution that a caller names for a figure.
 *
 * @module
 */

import type { Law } from "./density.ts";

/** A uniform distribution by its ends. */
export interface UniformInterval {
  /** The lower end. */
  readonly low: number;
  /** The upper end, above `low`. */
  readonly high: number;
}

/** A distribution by its name and moments. */
export interface NamedDistribution {
  /** The kind. */
  readonly distribution: "uniform" | "normal";
  /** The mean. Default: 0. */
  readonly mean?: number;
  /** The standard deviation, above 0. */
  readonly std?: number;
  /** For a uniform one, in place of std: half its width, above 0. */
  readonly bound?: number;
}

/** What values are expected to be drawn from. */
export type TheoryOption = UniformInterval | NamedDistribution;

const keys = ["distribution", "mean", "std", "bound", "low", "high"];

/**
 * Returns the distribution that an option names.
 *
 * @param action What is being done, for the error's sentence.
 * @param option The option.
 * @throws {TypeError} If it is not one of the forms.
 * @throws {RangeError} If a number is not as stated.
 */
export function lawOf(action: string, option: TheoryOption): Law {
  const given = typeof option === "object" && option !== null
    ? Object.keys(option)
    : [];
  const form = given.filter((key) => key !== "mean").sort().join();
  if (given.length === 0 || given.some((key) => !keys.includes(key))) {
    throw formError(action, option);
  }
  for (const key of given) checkNumber(action, key, option);
  if ("low" in option) {
    const { low, high } = option;
    if (form !== "high,low" || "mean" in option) {
      throw formError(action, option);
    }
    if (!(low < high)) {
      throw new RangeError(
        `Cannot ${action} as theory.low must be below high: current value is [${low}, ${high}]`,
      );
    }
    return uniform((low + high) / 2, (high - low) / 2);
  }
  const { distribution, mean = 0, std, bound } = option as NamedDistribution;
  if (distribution === "uniform" && form === "bound,distribution") {
    return uniform(mean, bound!);
  }
  if (distribution === "uniform" && form === "distribution,std") {
    return uniform(mean, std! * Math.sqrt(3));
  }
  if (distribution === "normal" && form === "distribution,std") {
    return { distribution, mean, std: std!, bound: null };
  }
  throw formError(action, option);
}

/** Half the width of a uniform distribution is √3 of its std. */
function uniform(mean: number, bound: number): Law {
  return { distribution: "uniform", mean, std: bound / Math.sqrt(3), bound };
}

function checkNumber(action: string, key: string, option: TheoryOption): void {
  if (key === "distribution") return;
  const value = (option as unknown as Record<string, unknown>)[key];
  if (typeof value !== "number") {
    throw new TypeError(
      `Cannot ${action} as theory.${key} must be a number: current value is ${value}`,
    );
  }
  const positive = key === "std" || key === "bound";
  if (!Number.isFinite(value) || positive && value <= 0) {
    throw new RangeError(
      `Cannot ${action} as theory.${key} must be finite${
        positive ? " and above 0" : ""
      }: current value is ${value}`,
    );
  }
}

function formError(action: string, option: unknown): TypeError {
  return new TypeError(
    `Cannot ${action} as theory must be { low, high }, { distribution: "normal", mean, std } or { distribution: "uniform", mean, std or bound }: current value is ${
      JSON.stringify(option)
    }`,
  );
}
