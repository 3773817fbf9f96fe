/**
 * A fully connected layer.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import { affineParameters } from "./affine.ts";
import { count, flag } from "../core/options.ts";
import type { LayerOptions } from "./arguments.ts";
import { type Given, read } from "./layer.ts";
import { Module } from "./module.ts";
import { formatPython } from "./python.ts";

/** Arguments of {@linkcode Linear} by name. */
export interface LinearOptions extends LayerOptions {
  /** Inputs. */
  readonly inFeatures: number;
  /** Outputs. */
  readonly outFeatures: number;
  /** Whether there is a bias. Default: true. */
  readonly bias?: boolean;
}

const table = { inFeatures: count(0), outFeatures: count(0), bias: flag(true) };

/**
 * `torch.nn.Linear`: a weight of shape (outFeatures, inFeatures).
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(new nn.Linear(3, 2).weight.shape, [2, 3]);
 * ```
 */
export class Linear extends Module {
  /** The name in texts. */
  static readonly title: string = "Linear";
  /** Inputs. */
  readonly inFeatures: number;
  /** Outputs. */
  readonly outFeatures: number;
  /** Shape (outFeatures, inFeatures). */
  weight: Tensor;
  /** Shape (outFeatures); null without bias. */
  bias: Tensor | null;

  /** Makes the layer and fills its parameters. */
  constructor(
    ...given: Given<
      [inFeatures: number, outFeatures: number],
      [bias: boolean],
      LinearOptions
    >
  ) {
    super();
    const { inFeatures, outFeatures, bias, ...options } = read(
      "Linear",
      table,
      given,
    );
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    [this.weight, this.bias] = this.own(
      affineParameters([outFeatures, inFeatures], bias ? outFeatures : null),
      options,
    ) as [Tensor, Tensor | null];
  }

  /** The arguments, as PyTorch prints them. */
  override extraRepr(): string {
    return [
      `in_features=${this.inFeatures}`,
      `out_features=${this.outFeatures}`,
      `bias=${formatPython(this.bias !== null)}`,
    ].join(", ");
  }
}
