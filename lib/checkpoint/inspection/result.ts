/**
 * The results of inspecting a checkpoint: plain data.
 *
 * @module
 */

import type { Dtype } from "../../core/dtype.ts";
import type { Shape } from "../../core/shape.ts";
import type { Layout, Quantization, Unread } from "../../core/source.ts";

/**
 * The kinds of findings about a tensor:
 *
 * | kind | what | matters |
 * |---|---|---|
 * | `notFinite` | NaN or infinities | yes |
 * | `huge` | values beyond 1e30, as in memory that was never written | yes |
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
  | "huge"
  | "fresh"
  | "constant"
  | "dead"
  | "partlyFresh"
  | "outliers"
  | "duplicate";

/** All kinds of findings. */
export const findingKinds: readonly FindingKind[] = [
  "notFinite",
  "huge",
  "fresh",
  "constant",
  "dead",
  "partlyFresh",
  "outliers",
  "duplicate",
];

/** A finding about a tensor. */
export interface Finding {
  /** What it is. */
  readonly kind: FindingKind;
  /** The tensor's name. */
  readonly tensor: string;
  /** A sentence that states it, with its evidence. */
  readonly message: string;
  /** Whether a trained model should not have it. */
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
 * The possible origin of a tensor's values.
 *
 * @internal
 */
export interface Origin {
  /**
   * `fresh`: they are as drawn, and the test can show it. `partly`: a part of
   * them is. `consistent`: nothing speaks against it, and as little against
   * values to which noise was added.
   */
  readonly state: "fresh" | "partly" | "consistent";
  /** The initializer and its numbers: `normal(0, 0.02)`. */
  readonly initializer: string;
  /** The evidence for it, in words. */
  readonly evidence: string;
  /**
   * The share of values that are as drawn, in [0, 1]; 1 except for `partly`.
   */
  readonly share: number;
  /** A bound on the chance that other values look the same; null if unknown. */
  readonly chance: number | null;
}

/**
 * The report on a tensor: plain data, with null for numbers that do not exist.
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
  /** How the file rounds the values; null if it does not. */
  readonly quantization: Quantization | null;
  /** The values by bins, from mean − 5 std to mean + 5 std at most. */
  readonly histogram: BinCounts | null;
  /** The first tensor with the same bytes; null for none and for constants. */
  readonly duplicateOf: string | null;
  /** What the values could have been drawn from; null if nothing is known. */
  readonly origin: Origin | null;
}

/**
 * A tensor that could not be read, and why.
 *
 * @internal
 */
export interface UnreadReport extends Unread {
  /** Its name. */
  readonly name: string;
}

/** The result of `inspect`: plain data. */
export interface Inspection {
  /** What the axes of weights stand for; null if that is not known. */
  readonly layout: Layout | null;
  /** The metadata of the file. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The tensors, in their order. */
  readonly tensors: readonly TensorReport[];
  /** How many tensors there are, those that were not asked for or read, too. */
  readonly of: number;
  /** The findings, in the order of the tensors. */
  readonly findings: readonly Finding[];
  /** The tensors whose values could not be read: nothing is found in them. */
  readonly unread: readonly UnreadReport[];
  /** What else the checkpoint says of itself. */
  readonly notes: readonly string[];
  /** How many elements they have together. */
  readonly elements: number;
  /** How many bytes the files have for them. */
  readonly bytes: number;
}
