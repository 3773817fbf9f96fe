/**
 * Attention with several heads.
 *
 * @module
 */

import { count, flag, orNull, real } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { xavierNormal, xavierUniform, zeros } from "../init/initializers.ts";
import type { AnyGenerator } from "../random/generator.ts";
import { actionOf, checkMultiple, type Given, read } from "./layer.ts";
import { Linear } from "./linear.ts";
import { Module, own } from "./module.ts";

const table = {
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
 * Attention with several heads, with PyTorch's default weights.
 *
 * Draws: `out_proj` as a `Linear`, its bias included; then `in_proj_weight` `[3
 * * embedDim, embedDim]` by Xavier's uniform rule, or, if `kdim` or `vdim`
 * differs from `embedDim`, `q_proj_weight`, `k_proj_weight` and
 * `v_proj_weight`, each separately; then `bias_k` and `bias_v` by Xavier's
 * normal rule. The biases of the projections start at 0.
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
  /** The name of the class in texts and errors. */
  static override readonly title: string = "MultiheadAttention";
  /** Size of queries and outputs. */
  readonly embedDim: number;
  /** The number of heads. */
  readonly numHeads: number;
  /** The probability that an attention weight is dropped. */
  readonly dropout: number;
  /** Whether a key and value of zeros are appended. */
  readonly addZeroAttn: boolean;
  /** Size of keys. */
  readonly kdim: number;
  /** Size of values. */
  readonly vdim: number;
  /** Whether the batch is the first axis. */
  readonly batchFirst: boolean;
  /**
   * The query's projection, `[embedDim, embedDim]`; null if it is part of the
   * single weight.
   */
  q_proj_weight: Tensor | null;
  /**
   * The key's projection, `[embedDim, kdim]`; null if it is part of the single
   * weight.
   */
  k_proj_weight: Tensor | null;
  /**
   * The value's projection, `[embedDim, vdim]`; null if it is part of the
   * single weight.
   */
  v_proj_weight: Tensor | null;
  /** The single weight of all three; null if their sizes differ. */
  in_proj_weight: Tensor | null;
  /** Their biases, `[3 * embedDim]`; null if there are none. */
  in_proj_bias: Tensor | null;
  /** The learned key, `[1, 1, embedDim]`; null if there is none. */
  bias_k: Tensor | null;
  /** The learned value, `[1, 1, embedDim]`; null if there is none. */
  bias_v: Tensor | null;
  /** The projection of the heads' outputs. */
  readonly out_proj: Linear;

  /**
   * Makes the layer and draws its weights.
   *
   * @param given The arguments, by position or by name.
   */
  constructor(
    ...given: Given<
      [
        embedDim: "embedDim",
        numHeads: "numHeads",
        dropout: "dropout",
        bias: "bias",
        addBiasKv: "addBiasKv",
        addZeroAttn: "addZeroAttn",
        kdim: "kdim",
        vdim: "vdim",
        batchFirst: "batchFirst",
      ],
      {
        /** Size of queries and outputs; a multiple of `numHeads`. */
        readonly embedDim: number;
        /** The number of heads, at least 1. */
        readonly numHeads: number;
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
    >
  ) {
    super();
    const args = read(MultiheadAttention, table, given);
    const { embedDim, numHeads, bias, addBiasKv, dtype, generator } = args;
    const { kdim, vdim } = args;
    checkMultiple(actionOf(MultiheadAttention), { embedDim, numHeads });
    this.embedDim = embedDim;
    this.numHeads = numHeads;
    this.dropout = args.dropout;
    this.addZeroAttn = args.addZeroAttn;
    this.kdim = kdim ?? embedDim;
    this.vdim = vdim ?? embedDim;
    this.batchFirst = args.batchFirst;
    this.out_proj = new NonDynamicallyQuantizableLinear(
      embedDim,
      embedDim,
      bias,
      { dtype, generator },
    );
    const isOne = this.kdim === embedDim && this.vdim === embedDim;
    const projection = (inputs: number) => isOne ? null : [embedDim, inputs];
    const appended = addBiasKv ? [1, 1, embedDim] : null;
    const fill = xavierUniform;
    [
      this.q_proj_weight,
      this.k_proj_weight,
      this.v_proj_weight,
      this.in_proj_weight,
      this.in_proj_bias,
      this.bias_k,
      this.bias_v,
    ] = own(this, [
      { name: "q_proj_weight", shape: projection(embedDim), fill },
      { name: "k_proj_weight", shape: projection(this.kdim), fill },
      { name: "v_proj_weight", shape: projection(this.vdim), fill },
      {
        name: "in_proj_weight",
        shape: isOne ? [3 * embedDim, embedDim] : null,
        fill,
      },
      {
        name: "in_proj_bias",
        shape: bias ? [3 * embedDim] : null,
        fill: (tensor) => zeros(tensor),
      },
      { name: "bias_k", shape: appended, fill: xavierNormal },
      { name: "bias_v", shape: appended, fill: xavierNormal },
    ], args);
    if (this.out_proj.bias !== null) zeros(this.out_proj.bias);
  }

  /**
   * Redraws the layer's own parameters and sets the bias of `out_proj` to 0, as
   * PyTorch does; the weight of `out_proj` stays.
   *
   * @param options The generator. Default: the default generator.
   * @returns This module.
   */
  override resetParameters(
    options: { readonly generator?: AnyGenerator } = {},
  ): this {
    super.resetParameters(options);
    if (this.out_proj.bias !== null) zeros(this.out_proj.bias);
    return this;
  }
}

/** A `Linear` under the name that PyTorch prints. */
class NonDynamicallyQuantizableLinear extends Linear {
  static override readonly title = "NonDynamicallyQuantizableLinear";
}
