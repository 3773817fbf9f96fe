/**
 * What the recipes share: how one is made, and rules that come up in several.
 *
 * @module
 */

import {
  type AnyTable,
  count,
  type Option,
  type ReadBy,
  readOptions,
} from "../../core/options.ts";
import { normal, ones, truncNormal, zeros } from "../../init/initializers.ts";
import { EmbeddingTable } from "../embedding.ts";
import { Conv } from "../conv.ts";
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from "../conv.ts";
import { Linear } from "../linear.ts";
import {
  BatchNorm1d,
  BatchNorm2d,
  BatchNorm3d,
  GroupNorm,
  LayerNorm,
  RMSNorm,
} from "../norm.ts";
import type { InitRule, Met, Recipe } from "./rule.ts";

/** Normalizations over a batch. */
export const batchNorms = [BatchNorm1d, BatchNorm2d, BatchNorm3d];

/** Normalizations that have weights. */
export const norms = [...batchNorms, GroupNorm, LayerNorm, RMSNorm];

/** Transposed convolutions. */
const transposed = [ConvTranspose1d, ConvTranspose2d, ConvTranspose3d];

/** Convolutions of both directions. */
export const convs = [Conv, ...transposed];

/** Normalizations: 1, and 0. */
export const normRules: readonly InitRule[] = [
  { layer: norms, name: "weight", init: ones, label: "norm weight" },
  { layer: norms, name: "bias", init: zeros, label: "norm bias" },
];

/** Biases of linear layers: 0. */
export const linearBias: InitRule = {
  layer: Linear,
  name: "bias",
  init: zeros,
};

/** Linear layers and tables of vectors. */
export const linearOrEmbedding = [Linear, EmbeddingTable];

/**
 * Linear weights and tables of vectors from N(0, std²), the padding's row 0.
 *
 * @param std The standard deviation.
 */
export function plainNormal(std: number): InitRule {
  return {
    layer: linearOrEmbedding,
    name: "weight",
    init: normal,
    options: { std },
    zeroRow: paddingOf,
    label: "Linear, Embedding weight",
  };
}

/**
 * The tensors that hold one vector a token or place, by their usual names.
 */
export const positions = /(^|\.)(pos(ition)?_embed(ding)?s?|pos_emb)$/;

/** The learned first token, by its usual names. */
export const classToken = /(^|\.)(cls|class|dist|mask|reg)_tokens?$/;

/**
 * A normal that is cut at absolute ±2 as PyTorch's `trunc_normal_` cuts: at 100
 * std where std is 0.02, which no draw reaches.
 */
export const cutFar = { init: truncNormal, options: { std: 0.02 } };

/** The row of an embedding that stays 0; null for none. */
export function paddingOf({ module }: Met): number | null {
  return module instanceof EmbeddingTable ? module.paddingIdx : null;
}

/**
 * Returns an option that may be left out.
 *
 * @param option How it is read.
 */
export function optional<T>(option: Option<T>): Option<T | undefined> {
  return { ...option, insteadOf: [] } as Option<T | undefined>;
}

/** How many blocks there are. Default: as the names count. */
export const layers: Option<number | undefined> = optional(count(1));

/**
 * Returns options of a recipe, checked.
 *
 * @param title The recipe's name.
 * @param given What was given.
 * @param table The options.
 */
export function read<S extends AnyTable>(
  title: string,
  given: unknown,
  table: S,
): ReadBy<S> {
  return readOptions(`make recipes.${title}`, given, table);
}

/**
 * Returns a recipe, frozen.
 *
 * @param title Its name in `recipes`.
 * @param source The paper, the file, and what it asks besides weights.
 * @param rules Its rules.
 */
export function recipe(
  title: string,
  { paper, file, note = "", partial = false }: {
    readonly paper: string;
    readonly file: string;
    readonly note?: string;
    readonly partial?: boolean;
  },
  rules: readonly InitRule[],
): Recipe {
  return Object.freeze({
    title,
    paper,
    file,
    note,
    partial,
    rules: Object.freeze(rules.map((rule) => Object.freeze(rule))),
  });
}
