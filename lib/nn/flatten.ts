/**
 * The layer that makes one axis of several.
 *
 * @module
 */

import { integer } from "../core/options.ts";
import type { LayerArguments, LayerOptions } from "./arguments.ts";
import { Plain } from "./plain.ts";

/** Arguments of {@linkcode Flatten} by name. */
export interface FlattenOptions extends LayerOptions {
  /** The first axis of those that become one. Default: 1. */
  readonly startDim?: number;
  /** The last axis of those that become one. Default: −1. */
  readonly endDim?: number;
}

/**
 * Makes one axis of several.
 *
 * @see `torch.nn.Flatten`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(String(new nn.Flatten()), "Flatten(start_dim=1, end_dim=-1)");
 * ```
 */
export class Flatten extends Plain {
  /** The first axis of those that become one. */
  declare readonly startDim: number;
  /** The last axis of those that become one. */
  declare readonly endDim: number;

  /**
   * Makes the layer.
   *
   * @param given `startDim, endDim`, and an object of options.
   * @throws {RangeError} If an axis is fractional.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<[startDim: number, endDim: number], FlattenOptions>
  ) {
    super(given, { startDim: integer(1), endDim: integer(-1) });
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    return `start_dim=${this.startDim}, end_dim=${this.endDim}`;
  }
}
