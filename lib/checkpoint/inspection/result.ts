/**
 * What looking into a checkpoint finds: plain data.
 *
 * @module
 */

import type { Dtype } from "../../core/dtype.ts";
import type { Shape } from "../../core/shape.ts";
import type { Quantization } from "../../core/source.ts";

/**
 * What can be found in a tensor:
 *
 * | kind | what | matters |
 * |---|---|---|
 * | `notFinite` | NaN or infinities | yes |
 * | `fresh` | still at initialization: values that training did not move | yes, but for a vector of zeros or ones |
 * | `constant` | all values are one, which is not how a vector starts | yes |
 * | `dead` | rows along axis 0 of one value each, or columns of zeros | yes, but for one row of zeros |
 * | `partlyFresh` | a part of the values is still as drawn | no |
 * | `outliers` | values beyond k standard deviations from the mean | no |
 * | `duplicate` | the bytes of an earlier tensor | no |
 *
 * @internal
 */
export type FindingKind =
  | "notFinite"
  | "fresh"
  | "constant"
  | "dead"
  | "partlyFresh"
  | "outliers"
  | "duplicate";

/** All kinds of findings. */
export const findingKinds: readonly FindingKind[] = [
  "notFinite",
  "fresh",
  "constant",
  "dead",
  "partlyFresh",
  "outliers",
  "duplicate",
];

/** Something to know of a tensor. */
export interface Finding {
  /** What it is. */
  readonly kind: FindingKind;
  /** The tensor's name. */
  readonly tensor: string;
  /** A sentence that says it, with its evidence. */
  readonly message: string;
  /** Whether it is one that a trained model should not have. */
  readonly matters: boolean;
  /** The numbers of the sentence, by name. */
  readonly numbers: Readonly<Record<string, number | string>>;
}

/**
 * How many values lie in each of some equal bins.
 *
 * @internal
 */
export interface BinCounts {
  /** Where the first bin begins. */
  readonly start: number;
  /** How wide each is: a power of two. */
  readonly width: number;
  /** How many values lie in each: [start + i·width, start + (i + 1)·width). */
  readonly counts: readonly number[];
  /** How many finite values lie below the first bin. */
  readonly below: number;
  /** How many finite values lie above the last bin. */
  readonly above: number;
}

/**
 * What a tensor's values could have been drawn from.
 *
 * @internal
 */
export interface Origin {
  /**
   * `fresh`: they are as drawn, and it can be told. `partly`: a part of them is.
   * `consistent`: nothing speaks against it, and as little against values to which
   * noise was added.
   */
  readonly state: "fresh" | "partly" | "consistent";
  /** The initializer and its numbers: `normal(0, 0.02)`. */
  readonly initializer: string;
  /** What speaks for it, in words. */
  readonly evidence: string;
  /** The share of values that are as drawn, in [0, 1]; 1 but for `partly`. */
  readonly share: number;
  /** A bound on the chance that other values look so; null where not known. */
  readonly chance: number | null;
}

/**
 * What is in a tensor: plain data; null where there is no such number.
 *
 * @internal
 */
export interface TensorReport {
  /** Its name. */
  readonly name: string;
  /** Its shape. */
  readonly shape: Shape;
  /** Its dtype. */
  readonly dtype: Dtype;
  /** How many elements it has. */
  readonly elements: number;
  /** How many bytes the file has for it. */
  readonly bytes: number;
  /** Fan-in as PyTorch counts it; null below rank 2 and for whole numbers. */
  readonly fanIn: number | null;
  /** Fan-out as PyTorch counts it; null below rank 2 and for whole numbers. */
  readonly fanOut: number | null;
  /** The mean of the finite values; null for bool and opaque dtypes. */
  readonly mean: number | null;
  /** Their standard deviation, with n − 1. */
  readonly std: number | null;
  /** The smallest of them. */
  readonly min: number | null;
  /** The largest of them. */
  readonly max: number | null;
  /** The share of values that are 0, in [0, 1]. */
  readonly zeroShare: number | null;
  /** How many values are NaN or infinite. */
  readonly nonFinite: number;
  /** How the file rounds the values; null where it does not. */
  readonly quantization: Quantization | null;
  /** The values by bins, from mean − 5 std to mean + 5 std at most. */
  readonly histogram: BinCounts | null;
  /** The first tensor with the same bytes; null for none and for constants. */
  readonly duplicateOf: string | null;
  /** What the values could have been drawn from; null where nothing is known. */
  readonly origin: Origin | null;
}

/** What `inspect` finds: plain data. */
export interface Inspection {
  /** The tensors, in their order. */
  readonly tensors: readonly TensorReport[];
  /** What is to be known of them, in their order. */
  readonly findings: readonly Finding[];
  /** How many elements they have together. */
  readonly elements: number;
  /** How many bytes the files have for them. */
  readonly bytes: number;
}
