/**
 * Stacks of equal layers: a Transformer's encoder and decoder.
 *
 * @module
 */

import { module } from "./layer.ts";
import { count, describe, flag, named, orNull } from "../core/options.ts";
import { type LayerArguments, readArguments } from "./arguments.ts";
import { ModuleList } from "./containers.ts";
import { Module } from "./module.ts";

/** What encoders and decoders share. */
export abstract class TransformerStack extends Module {
  /** The copies of the layer. */
  declare readonly layers: ModuleList;
  /** Their number. */
  declare readonly numLayers: number;
  /** What comes after them; null where nothing does. */
  declare readonly norm: Module | null;

  /**
   * Makes the stack.
   *
   * @param layer The layer that is copied.
   * @param numLayers The number of copies.
   * @param norm What comes after them.
   */
  constructor(layer: Module, numLayers: number, norm: Module | null) {
    super();
    const copies = Array.from({ length: numLayers }, () => layer.clone());
    Object.assign(this, { layers: new ModuleList(copies), numLayers, norm });
  }
}

/** Arguments of {@linkcode TransformerEncoder} by name. */
export interface TransformerEncoderOptions {
  /** The layer that is copied. */
  readonly encoderLayer?: Module;
  /** The number of copies, at least 0. */
  readonly numLayers?: number;
  /** What comes after them; not copied. Default: null. */
  readonly norm?: Module | null;
  /** Taken as in PyTorch, without meaning for weights. Default: true. */
  readonly enableNestedTensor?: boolean;
  /** Taken as in PyTorch, without meaning for weights. Default: true. */
  readonly maskCheck?: boolean;
}

/**
 * Copies of an encoder's layer, all with the same first weights, as in PyTorch.
 * Nothing is drawn.
 *
 * @see `torch.nn.TransformerEncoder`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new nn.TransformerEncoderLayer(16, 4, { dimFeedforward: 32 });
 * const encoder = new nn.TransformerEncoder(layer, 6);
 * const { "layers.0.linear1.bias": one, "layers.5.linear1.bias": other } =
 *   encoder.stateDict();
 * assertEquals(one.toArray(), other.toArray());
 * assertEquals(one === other, false);
 * ```
 */
export class TransformerEncoder extends TransformerStack {
  /**
   * Makes the encoder.
   *
   * @param given `encoderLayer, numLayers, norm, enableNestedTensor,
   * maskCheck`, and an object of options.
   * @throws {RangeError} If the number of layers is negative or fractional.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown; the
   * dtype and the generator are the layer's.
   */
  constructor(
    ...given: LayerArguments<
      [
        encoderLayer: Module,
        numLayers: number,
        norm: Module | null,
        enableNestedTensor: boolean,
        maskCheck: boolean,
      ],
      TransformerEncoderOptions
    >
  ) {
    const { encoderLayer, numLayers, norm } = readArguments(
      "TransformerEncoder",
      given,
      {
        encoderLayer: module(),
        ...stackArguments,
        enableNestedTensor: flag(true),
        maskCheck: flag(true),
      },
    );
    super(encoderLayer, numLayers, norm);
  }
}

/** Arguments of {@linkcode TransformerDecoder} by name. */
export interface TransformerDecoderOptions {
  /** The layer that is copied. */
  readonly decoderLayer?: Module;
  /** The number of copies, at least 0. */
  readonly numLayers?: number;
  /** What comes after them; not copied. Default: null. */
  readonly norm?: Module | null;
}

/**
 * Copies of a decoder's layer, all with the same first weights, as in PyTorch.
 * Nothing is drawn.
 *
 * @see `torch.nn.TransformerDecoder`, PyTorch 2.13.0
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new nn.TransformerDecoderLayer(16, 4, { dimFeedforward: 32 });
 * const decoder = new nn.TransformerDecoder(layer, 2, new nn.LayerNorm(16));
 * assertEquals(decoder.layers.length, 2);
 * assertEquals(decoder.namedParameters().length, 2 * 18 + 2);
 * ```
 */
export class TransformerDecoder extends TransformerStack {
  /**
   * Makes the decoder.
   *
   * @param given `decoderLayer, numLayers, norm`, and an object of options.
   * @throws {RangeError} If the number of layers is negative or fractional.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown; the
   * dtype and the generator are the layer's.
   */
  constructor(
    ...given: LayerArguments<
      [decoderLayer: Module, numLayers: number, norm: Module | null],
      TransformerDecoderOptions
    >
  ) {
    const { decoderLayer, numLayers, norm } = readArguments(
      "TransformerDecoder",
      given,
      { decoderLayer: module(), ...stackArguments },
    );
    super(decoderLayer, numLayers, norm);
  }
}

/** What a stack does not take, as it would change nothing. */
const ofTheLayer = named<undefined>({
  read(action, name, value) {
    if (value === undefined) return undefined;
    throw new TypeError(
      `Cannot ${action} as ${name} must be given to the layer that is copied: current value is ${
        describe(value)
      }`,
    );
  },
});

const stackArguments = {
  numLayers: count(0),
  norm: orNull(module()),
  dtype: ofTheLayer,
  generator: ofTheLayer,
};
