/**
 * Transformers: stacks of equal layers, and an encoder with a decoder.
 *
 * @module
 */

import { count, flag, module, orNull } from "./argument_kinds.ts";
import {
  type Argument,
  type LayerArguments,
  readArguments,
} from "./arguments.ts";
import { ModuleList } from "./containers.ts";
import { uniformByXavier } from "./fills.ts";
import { LayerNorm } from "./layer_norm.ts";
import { Module } from "./module.ts";
import {
  type Activation,
  feedforwardArguments,
  placingArguments,
  TransformerDecoderLayer,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from "./transformer_layers.ts";
import type { LayerOptions } from "./arguments.ts";

/** Arguments of {@linkcode TransformerEncoder} by name. */
export interface TransformerEncoderOptions {
  /** The layer that is copied. */
  readonly encoderLayer?: Module;
  /** The number of copies, at least 0. */
  readonly numLayers?: number;
  /** What comes after them; not copied. Default: null. */
  readonly norm?: Module | null;
  /** Taken as PyTorch takes it; without meaning here. Default: true. */
  readonly enableNestedTensor?: boolean;
  /** Taken as PyTorch takes it; without meaning here. Default: true. */
  readonly maskCheck?: boolean;
}

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
