/**
 * A distribution from which an initializer draws: a candidate for a tensor.
 *
 * @module
 */

import { uniformStd } from "../../random/distribution.ts";
import {
  normalCdf,
  truncatedKurtosis,
  truncatedMoments,
  truncatedNormalCdf,
  uniformCdf,
} from "../../numerics/special.ts";

/** A distribution and its name. */
export interface Law {
  /** The initializer and its numbers: `normal(0, 0.02)`. */
  readonly name: string;
  /** The shape of the density. */
  readonly family: "uniform" | "normal" | "truncatedNormal";
  /** The std of a normal before its cut; of a uniform its own. */
  readonly scale: number;
  /** The mean. */
  readonly mean: number;
  /** The standard deviation. */
  readonly std: number;
  /** The kurtosis. */
  readonly kurtosis: number;
  /** The end below which there is no value; −∞ where there is none. */
  readonly low: number;
  /** The end above which there is no value; ∞ where there is none. */
  readonly high: number;
  /** The share of the distribution that is at most x. */
  readonly cdf: (x: number) => number;
}

/**
 * Returns a uniform on [low, high).
 *
 * @param name Its name.
 * @param low The lower end.
 * @param high The upper end.
 */
export function uniformLaw(name: string, low: number, high: number): Law {
  const std = uniformStd(low, high);
  return {
    name,
    family: "uniform",
    scale: std,
    mean: (low + high) / 2,
    std,
    kurtosis: 9 / 5,
    low,
    high,
    cdf: uniformCdf(low, high),
  };
}

/**
 * Returns a normal about 0.
 *
 * @param name Its name.
 * @param std Its standard deviation.
 */
export function normalLaw(name: string, std: number): Law {
  return {
    name,
    family: "normal",
    scale: std,
    mean: 0,
    std,
    kurtosis: 3,
    low: -Infinity,
    high: Infinity,
    cdf: normalCdf(0, std),
  };
}

/** How many std from the mean initializers cut normals. */
const cut = 2;

/** The std of what is left, in std before the cut. */
export const cutStd: number = truncatedMoments(-cut, cut).std;

const cutKurtosis = truncatedKurtosis(-cut, cut);

/**
 * Returns a normal about 0, cut at 2 std to each side.
 *
 * @param name Its name.
 * @param std Its standard deviation before the cut.
 */
export function truncatedLaw(name: string, std: number): Law {
  const [low, high] = [-cut * std, cut * std];
  return {
    name,
    family: "truncatedNormal",
    scale: std,
    mean: 0,
    std: std * cutStd,
    kurtosis: cutKurtosis,
    low,
    high,
    cdf: truncatedNormalCdf({ mean: 0, std, low, high }),
  };
}
