/**
 * Activations along one axis, as layers.
 *
 * @module
 */

import { integer, orNull } from "../core/options.ts";
import type { LayerArguments, LayerOptions } from "./arguments.ts";
import { Plain } from "./plain.ts";
import { formatPython } from "./python.ts";

/** Arguments of activations along an axis, by name. */
export interface AxisOptions extends LayerOptions {
  /** The axis; null leaves it open. Default: null. */
  readonly dim?: number | null;
}

/** What activations along an axis share. */
export abstract class AxisActivation extends Plain {
  /** The axis; null where it was left open. */
  declare readonly dim: number | null;

  /**
   * Makes the layer.
   *
   * @param given `dim`, or an object of options.
   * @throws {RangeError} If it is fractional.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(...given: LayerArguments<[dim: number | null], AxisOptions>) {
    super(given, { dim: orNull(integer()) });
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    return `dim=${formatPython(this.dim)}`;
  }
}

/**
 * `exp(x)`, divided by its sum along an axis.
 *
 * @see `torch.nn.Softmax`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(String(new nn.Softmax(-1)), "Softmax(dim=-1)");
 * ```
 */
export class Softmax extends AxisActivation {}

/**
 * The logarithm of {@linkcode Softmax}.
 *
 * @see `torch.nn.LogSoftmax`, PyTorch 2.13.0
 */
export class LogSoftmax extends AxisActivation {}
