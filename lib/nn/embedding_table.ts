/**
 * What tables of vectors share: their arguments, and how they are drawn.
 *
 * @module
 */

import { resolveIndex } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { zeros } from "../init/mod.ts";
import { filledBy, remember } from "../random/generator.ts";
import {
  count,
  flag,
  integer,
  type Option,
  orNull,
  real,
} from "../core/options.ts";
import { actionOf, type LayerOptions } from "./arguments.ts";
import { standardNormal } from "./fills.ts";
import { Module } from "./module.ts";

/** Arguments of tables of vectors by name. */
export interface EmbeddingOptions extends LayerOptions {
  /** The number of vectors, at least 0. */
  readonly numEmbeddings?: number;
  /** The size of each vector, at least 0. */
  readonly embeddingDim?: number;
  /**
   * The place of the vector that stays zero, in [−numEmbeddings,
   * numEmbeddings). Default: null, none.
   */
  readonly paddingIdx?: number | null;
  /** The largest norm of a vector that is used. Default: null, no limit. */
  readonly maxNorm?: number | null;
  /** The p of that p-norm, at least 0; it may be infinite. Default: 2. */
  readonly normType?: number;
  /** Whether gradients are divided by a word's frequency. Default: false. */
  readonly scaleGradByFreq?: boolean;
  /** Whether the gradient is sparse. Default: false. */
  readonly sparse?: boolean;
}

const finiteNorm = real(2, { low: 0 });

const normType: Option<number> = {
  ...finiteNorm,
  read: (action, name, value) =>
    value === Infinity ? value : finiteNorm.read(action, name, value),
};

/** How the arguments are read, in the order of `Embedding`. */
export const tableArguments = {
  numEmbeddings: count(0),
  embeddingDim: count(0),
  paddingIdx: orNull(integer()),
  maxNorm: orNull(real(undefined, { low: 0 })),
  normType,
  scaleGradByFreq: flag(false),
  sparse: flag(false),
} as const;

/** What tables of vectors share. */
export abstract class EmbeddingTable extends Module {
  /** The number of vectors. */
  declare readonly numEmbeddings: number;
  /** The size of each vector. */
  declare readonly embeddingDim: number;
  /** The place of the vector that stays zero, from 0; null for none. */
  declare readonly paddingIdx: number | null;
  /** The largest norm of a vector that is used; null for no limit. */
  declare readonly maxNorm: number | null;
  /** The p of that p-norm. */
  declare readonly normType: number;
  /** Whether gradients are divided by a word's frequency. */
  declare readonly scaleGradByFreq: boolean;
  /** Whether the gradient is sparse. */
  declare readonly sparse: boolean;
  /** The vectors, `[numEmbeddings, embeddingDim]`. */
  declare weight: Tensor;

  /**
   * Makes the table and draws its vectors.
   *
   * @param name The layer's name.
   * @param args Its arguments.
   * @throws {RangeError} If the padding's place is outside.
   */
  constructor(
    name: string,
    { dtype, generator, ...args }:
      & LayerOptions
      & Required<Omit<EmbeddingOptions, keyof LayerOptions>>,
  ) {
    super();
    const { numEmbeddings: rows, embeddingDim, paddingIdx: given } = args;
    const paddingIdx = given === null
      ? null
      : resolveIndex(actionOf(name), given, rows, "paddingIdx");
    Object.assign(this, { ...args, paddingIdx });
    this.makeParameters([{
      name: "weight",
      shape: [rows, embeddingDim],
      fill(weight, generator) {
        standardNormal(weight, generator);
        if (paddingIdx === null) return;
        zeros(weight.at(paddingIdx));
        remember(weight, { ...filledBy(weight)!, zeroed: embeddingDim });
      },
    }], { dtype, generator });
  }
}
