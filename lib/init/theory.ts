/**
 * What an initialiser meant a tensor's values to be: the distribution, its
 * mean and its standard deviation, remembered so that a plot can draw it.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import type { TruncatedNormal } from "../distributions/truncated_normal.ts";

/** The distribution from which an initialiser filled a tensor. */
export interface Theory {
  /** The initialiser, as it is called in `init`: `kaimingUniform`. */
  readonly name: string;
  /** The options that took effect, defaults included. */
  readonly options: Readonly<Record<string, number | string>>;
  /**
   * The shape of the density; a constant has none, and for an orthogonal matrix
   * no plot draws one.
   */
  readonly distribution:
    | "uniform"
    | "normal"
    | "truncatedNormal"
    | "orthogonal"
    | "constant";
  /** The mean. */
  readonly mean: number;
  /** The standard deviation. */
  readonly std: number;
  /** Half the width of a uniform density about the mean; null for others. */
  readonly bound: number | null;
  /** A truncated normal before its cut, and the ends; absent for others. */
  readonly cut?: TruncatedNormal;
  /** How many elements were set to 0 after the draw; absent for none. */
  readonly zeroed?: number;
}

const theories = new WeakMap<Tensor, Theory>();

/**
 * Remembers from what a tensor was filled; undefined forgets it.
 *
 * @param tensor The tensor that was filled.
 * @param theory The distribution.
 */
export function setTheory(tensor: Tensor, theory: Theory | undefined): void {
  if (theory === undefined) theories.delete(tensor);
  else theories.set(tensor, Object.freeze(theory));
}

/**
 * Returns the distribution from which a tensor was last filled, if an
 * initialiser or a layer filled it.
 *
 * Views and copies do not inherit it. A direct write to `data` cannot be
 * noticed: the answer is then about the values before that.
 *
 * @param tensor The tensor to ask about.
 */
export function theoryOf(tensor: Tensor): Theory | undefined {
  return theories.get(tensor);
}
