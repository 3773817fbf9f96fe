/**
 * Attention with several heads.
 *
 * @module
 */

import type { Tensor } from "../core/tensor.ts";
import { zeros } from "../init/mod.ts";
import { count, flag, orNull, real } from "../core/options.ts";
import {
  actionOf,
  type LayerArguments,
  type LayerOptions,
  readArguments,
} from "./arguments.ts";
import type { ParameterSpec } from "./fields.ts";
import { allZeros, normalByXavier, uniformByXavier } from "./fills.ts";
import { Linear } from "./linear.ts";
import { Module } from "./module.ts";

/** Arguments of {@linkcode MultiheadAttention} by name. */
export interface MultiheadAttentionOptions extends LayerOptions {
  /** Size of queries and outputs; a multiple of `numHeads`. */
  readonly embedDim?: number;
  /** The number of heads, at least 1. */
  readonly numHeads?: number;
  /** The probability that an attention weight is dropped. Default: 0. */
  readonly dropout?: number;
  /** Whether the projections have biases. Default: true. */
  readonly bias?: boolean;
  /** Whether a learned key and value are appended. Default: false. */
  readonly addBiasKv?: boolean;
  /** Whether a key and value of zeros are appended. Default: false. */
  readonly addZeroAttn?: boolean;
  /** Size of keys, at least 0. Default: null, which is `embedDim`. */
  readonly kdim?: number | null;
  /** Size of values, at least 0. Default: null, which is `embedDim`. */
  readonly vdim?: number | null;
  /** Whether the batch is the first axis. Default: false. */
  readonly batchFirst?: boolean;
}

const signature = {
  embedDim: count(1),
  numHeads: count(1),
  dropout: real(0, { low: 0, high: 1 }),
  bias: flag(true),
  addBiasKv: flag(false),
  addZeroAttn: flag(false),
  kdim: orNull(count(0)),
  vdim: orNull(count(0)),
  batchFirst: flag(false),
};

/**
 * Attention with several heads, with the first weights that PyTorch gives it.
 *
 * Draws: `out_proj` as a `Linear`, its bias included; then `in_proj_weight`
 * `[3 * embedDim, embedDim]` by Xavier's uniform rule, or, where `kdim` or
 * `vdim` differ from `embedDim`, `q_proj_weight`, `k_proj_weight` and
 * `v_proj_weight`, each by itself; then `bias_k` and `bias_v` by Xavier's normal
 * rule. The biases of the projections are 0 afterwards.
 *
 * @see `torch.nn.MultiheadAttention`, PyTorch 2.13.0
 * @see Vaswani et al. 2017, "Attention is all you need", section 3.2.2
 *
 * @example
 * ```ts
 * import { nn } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const attention = new nn.MultiheadAttention(8, 2, { kdim: 4 });
 * assertEquals(attention.k_proj_weight?.size(), [8, 4]);
 * assertEquals(attention.in_proj_weight, null);
 * assertEquals(Object.keys(attention.stateDict()), [
 *   "q_proj_weight",
 *   "k_proj_weight",
 *   "v_proj_weight",
 *   "in_proj_bias",
 *   "out_proj.weight",
 *   "out_proj.bias",
 * ]);
 * ```
 */
export class MultiheadAttention extends Module {
  /** Size of queries and outputs. */
  declare readonly embedDim: number;
  /** The number of heads. */
  declare readonly numHeads: number;
  /** The probability that an attention weight is dropped. */
  declare readonly dropout: number;
  /** Whether a key and value of zeros are appended. */
  declare readonly addZeroAttn: boolean;
  /** Size of keys. */
  declare readonly kdim: number;
  /** Size of values. */
  declare readonly vdim: number;
  /** Whether the batch is the first axis. */
  declare readonly batchFirst: boolean;
  /** The query's projection, `[embedDim, embedDim]`; null where all are one. */
  declare q_proj_weight: Tensor | null;
  /** The key's projection, `[embedDim, kdim]`; null where all are one. */
  declare k_proj_weight: Tensor | null;
  /** The value's projection, `[embedDim, vdim]`; null where all are one. */
  declare v_proj_weight: Tensor | null;
  /** All three, `[3 * embedDim, embedDim]`; null where sizes differ. */
  declare in_proj_weight: Tensor | null;
  /** Their biases, `[3 * embedDim]`; null where there are none. */
  declare in_proj_bias: Tensor | null;
  /** The learned key, `[1, 1, embedDim]`; null where there is none. */
  declare bias_k: Tensor | null;
  /** The learned value, `[1, 1, embedDim]`; null where there is none. */
  declare bias_v: Tensor | null;
  /** The projection of the heads' outputs. */
  declare readonly out_proj: Linear;

  /**
   * Makes the layer and draws its weights.
   *
   * @param given `embedDim, numHeads, dropout, bias, addBiasKv, addZeroAttn,
   * kdim, vdim, batchFirst`, and an object of options.
   * @throws {RangeError} If a size is out of range, or `embedDim` is no
   * multiple of `numHeads`.
   * @throws {TypeError} If an argument is of the wrong kind, or unknown.
   */
  constructor(
    ...given: LayerArguments<
      [
        embedDim: number,
        numHeads: number,
        dropout: number,
        bias: boolean,
        addBiasKv: boolean,
        addZeroAttn: boolean,
        kdim: number | null,
        vdim: number | null,
        batchFirst: boolean,
      ],
      MultiheadAttentionOptions
    >
  ) {
    super();
    const { bias, addBiasKv, dtype, generator, ...args } = readArguments(
      "MultiheadAttention",
      given,
      signature,
    );
    const { embedDim, numHeads } = args;
    checkHeads("MultiheadAttention", { embedDim, numHeads });
    Object.assign(this, {
      ...args,
      kdim: args.kdim ?? embedDim,
      vdim: args.vdim ?? embedDim,
      out_proj: new NonDynamicallyQuantizableLinear(embedDim, embedDim, bias, {
        dtype,
        generator,
      }),
    });
    this.makeParameters(
      attentionParameters(this, bias, addBiasKv),
      { dtype, generator },
    );
  }

  /**
   * Draws the layer's own parameters anew and sets the bias of `out_proj` to 0,
   * as PyTorch does; the weight of `out_proj` stays.
   *
   * @param options The generator. Default: the default generator.
   * @returns This module.
   */
  override resetParameters(
    options: Pick<LayerOptions, "generator"> = {},
  ): this {
    super.resetParameters(options);
    if (this.out_proj.bias !== null) zeros(this.out_proj.bias);
    return this;
  }
}

/** A `Linear` under the name that PyTorch's text shows. */
class NonDynamicallyQuantizableLinear extends Linear {}

/**
 * Checks that the heads share a layer's width equally.
 *
 * @param layer The layer's name, for the error's sentence.
 * @param sizes The width and the number of heads, by the arguments' names.
 * @throws {RangeError} If they do not.
 */
export function checkHeads(
  layer: string,
  sizes: Readonly<Record<string, number>>,
): void {
  const [[name, width], [headsName, heads]] = Object.entries(sizes);
  if (width % heads === 0) return;
  throw new RangeError(
    `Cannot ${
      actionOf(layer)
    } as ${name} must be a multiple of ${headsName} ${heads}: current value is ${width}`,
  );
}

function attentionParameters(
  { embedDim, kdim, vdim }: Pick<
    MultiheadAttention,
    "embedDim" | "kdim" | "vdim"
  >,
  bias: boolean,
  addBiasKv: boolean,
): ParameterSpec[] {
  const one = kdim === embedDim && vdim === embedDim;
  const projection = (name: string, inputs: number): ParameterSpec => ({
    name,
    shape: one ? null : [embedDim, inputs],
    fill: uniformByXavier,
  });
  const learned = (name: string): ParameterSpec => ({
    name,
    shape: addBiasKv ? [1, 1, embedDim] : null,
    fill: normalByXavier,
  });
  return [
    projection("q_proj_weight", embedDim),
    projection("k_proj_weight", kdim),
    projection("v_proj_weight", vdim),
    {
      name: "in_proj_weight",
      shape: one ? [3 * embedDim, embedDim] : null,
      fill: uniformByXavier,
    },
    {
      name: "in_proj_bias",
      shape: bias ? [3 * embedDim] : null,
      fill: allZeros,
    },
    learned("bias_k"),
    learned("bias_v"),
  ];
}
