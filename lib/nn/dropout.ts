/**
 * Dropout layers. They have no parameters and drop nothing here: they are
 * places in a model.
 *
 * @module
 */

import type { InplaceOptions } from "./activations.ts";
import { flag, real } from "../core/options.ts";
import type { LayerArguments } from "./arguments.ts";
import { Plain } from "./plain.ts";
import { formatFloat, formatPython } from "./python.ts";

/** Arguments of dropout layers by name. */
export interface DropoutOptions extends InplaceOptions {
  /** The probability of a drop, in [0, 1]. Default: 0.5. */
  readonly p?: number;
}

/** What dropout layers share. */
export abstract class DropoutLayer extends Plain {
  /** The probability of a drop. */
  declare readonly p: number;
  /** Whether the input is overwritten. */
  declare readonly inplace: boolean;

  /**
   * Makes the layer.
   *
   * @param given `p, inplace`, and an object of options.
   * @throws {RangeError} If `p` is outside [0, 1].
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<[p: number, inplace: boolean], DropoutOptions>
  ) {
    super(given, { p: real(0.5, { low: 0, high: 1 }), inplace: flag(false) });
  }

  /** Returns the arguments that the layer's text shows. */
  override extraRepr(): string {
    const { p, inplace } = this;
    return `p=${formatFloat(p)}, inplace=${formatPython(inplace)}`;
  }
}

/**
 * Drops single numbers.
 *
 * @see `torch.nn.Dropout`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(String(new nn.Dropout(0.1)), "Dropout(p=0.1, inplace=False)");
 * ```
 */
export class Dropout extends DropoutLayer {}

/**
 * Drops whole channels.
 *
 * @see `torch.nn.Dropout2d`, PyTorch 2.13.0
 */
export class Dropout2d extends DropoutLayer {}
