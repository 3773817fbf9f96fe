/**
 * Recipes of transformers.
 *
 * @module
 */

import { formatNumber } from "../../core/format.ts";
import {
  cannot,
  count,
  describe,
  noMore,
  oneOf,
  type Option,
  real,
} from "../../core/options.ts";
import {
  constant,
  kaimingUniform,
  lecunNormal,
  normal,
  truncNormal,
  xavierNormal,
  xavierUniform,
  zeros,
} from "../../init/initializers.ts";
import { Conv } from "../conv.ts";
import { EmbeddingTable } from "../embedding.ts";
import { Linear } from "../linear.ts";
import type { Module } from "../module.ts";
import {
  classToken,
  cutFar,
  layers,
  linearBias,
  linearOrEmbedding,
  normRules,
  norms,
  paddingOf,
  plainNormal,
  positions,
  read,
  recipe,
} from "./recipe.ts";
import type { InitRule, Met, Recipe } from "./rule.ts";

/**
 * Options with the number of blocks.
 *
 * @internal
 */
export interface LayersOption {
  /** How many blocks the model has. Default: as its names count. */
  readonly layers?: number;
}

/**
 * GPT-2: linear layers and embeddings from N(0, 0.02²), biases 0, LayerNorm 1
 * and 0; `c_proj.weight`, which writes into the residual stream twice a block,
 * from N(0, 0.02² / 2L).
 *
 * The factor does not keep the stream: in GPT-2 small it grows 114-fold with it,
 * and 2900-fold without.
 *
 * @param options The number L of blocks.
 * @see Radford et al., "Language models are unsupervised multitask learners",
 * 2019; `modeling_gpt2.py` of transformers, `model.py` of nanoGPT
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * class Feedforward extends nn.Module {
 *   c_fc = new nn.Linear(8, 32);
 *   c_proj = new nn.Linear(32, 8);
 * }
 * const h = new nn.ModuleList([new Feedforward(), new Feedforward()]);
 * const { rows } = initialize(h, recipes.gpt2());
 * assertEquals(rows.map(({ std }) => std), [0.02, 0, 0.01, 0, 0.02, 0, 0.01, 0]);
 * ```
 */
export function gpt2(options: LayersOption = {}): Recipe {
  const given = read("gpt2", options, { layers });
  return recipe("gpt2", {
    paper: "Radford et al., 2019",
    file: "transformers 5.24, models/gpt2/modeling_gpt2.py; nanoGPT, model.py",
  }, [
    {
      name: "c_proj.weight",
      init: normal,
      options: ({ blocks }) => ({
        std: 0.02 / Math.sqrt(2 * (given.layers ?? blocks)),
      }),
    },
    plainNormal(0.02),
    linearBias,
    ...normRules,
  ]);
}

/**
 * BERT: linear layers and embeddings with std 0.02, biases 0, LayerNorm 1 and 0.
 *
 * "0.02, truncated" is three distributions. Google's code cuts at 2 std, so its
 * values have std 0.01759, which is the default here; a cut at 3 std gives
 * 0.01973; PyTorch's `trunc_normal_(std=0.02)` cuts at ±2, which is 100 std, so
 * nothing is cut. Hugging Face draws plain normals, and sets the padding's row to
 * 0.
 *
 * @param options Whose code: `google` or `huggingFace`. Default: google.
 * @see Devlin et al., "BERT: pre-training of deep bidirectional transformers",
 * 2018; `modeling.py` of google-research/bert, `modeling_utils.py` of
 * transformers
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { rows } = initialize(new nn.Embedding(100, 8), recipes.bert());
 * assertAlmostEquals(rows[0].std!, 0.0175925, 1e-7);
 * ```
 */
export function bert(
  options: { readonly variant?: "google" | "huggingFace" } = {},
): Recipe {
  const { variant } = read("bert", options, {
    variant: oneOf<"google" | "huggingFace">(
      ["google", "huggingFace"],
      "google",
    ),
  });
  const isGoogle = variant === "google";
  return recipe("bert", {
    paper: "Devlin et al., 2018",
    file: isGoogle
      ? "google-research/bert, modeling.py"
      : "transformers 5.24, modeling_utils.py",
  }, [
    isGoogle
      ? {
        layer: linearOrEmbedding,
        name: "weight",
        init: truncNormal,
        options: { std: 0.02, low: -0.04, high: 0.04 },
        label: "Linear, Embedding weight",
      }
      : plainNormal(0.02),
    linearBias,
    // The prediction's bias is a tensor of its own.
    { name: "bias", where: isBare, init: zeros, label: "bias", optional: true },
    ...normRules,
  ]);
}

/**
 * T5: attention does not divide by √d_kv, so `q` starts with std (d · d_kv)^−½;
 * `k`, `v`, `wi` with d^−½, `o` and `wo` with the −½ power of what they read;
 * the table of relative places with d^−½, embeddings with 1, norms 1.
 *
 * @param options `headSize`: d_kv. Default: 64.
 * @see Raffel et al., "Exploring the limits of transfer learning with a unified
 * text-to-text transformer", 2019; `modeling_t5.py` of transformers
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * class SelfAttention extends nn.Module {
 *   q = new nn.Linear(16, 8, { bias: false });
 *   o = new nn.Linear(8, 16, { bias: false });
 * }
 * const { rows } = initialize(new SelfAttention(), recipes.t5({ headSize: 4 }));
 * assertEquals(rows.map(({ std }) => std), [1 / 8, 8 ** -0.5]);
 * ```
 */
export function t5(options: { readonly headSize?: number } = {}): Recipe {
  const { headSize } = read("t5", options, { headSize: count(1, 64) });
  return recipe("t5", {
    paper: "Raffel et al., 2019",
    file: "transformers 5.24, models/t5/modeling_t5.py",
    note:
      "attention without 1/√d_kv; the head's input × d^−½ if scale_decoder_outputs",
  }, [
    {
      name: /(^|\.)q\.weight$/,
      init: normal,
      options: ({ shape }) => ({ std: (shape[1] * headSize) ** -0.5 }),
      label: "q",
    },
    {
      name: /(^|\.)relative_attention_bias\.weight$/,
      init: normal,
      options: (met) => ({ std: widthBeside(met) ** -0.5 }),
      label: "relative_attention_bias",
      optional: true,
    },
    { name: "lm_head.weight", init: normal, optional: true },
    {
      layer: Linear,
      name: /(^|\.)(k|v|o|wi(_[01])?|wo)\.weight$/,
      init: normal,
      options: ({ shape }) => ({ std: shape[1] ** -0.5 }),
      label: "k, v, o, wi, wo",
    },
    { layer: EmbeddingTable, name: "weight", init: normal, label: "Embedding" },
    linearBias,
    ...normRules,
  ]);
}

/** The width that the query beside a table of relative places reads. */
function widthBeside({ holder, name }: Met): number {
  const query = (holder as { q?: Module } | undefined)?.q;
  if (query instanceof Linear) return query.weight.shape[1];
  throw new RangeError(
    cannot(`initialize ${name}`, "there must be a query named q beside it"),
  );
}

/**
 * LLaMA: by Hugging Face's code all linear layers and embeddings from N(0,
 * 0.02²), with no factor of depth. By torchtitan's, cut at ±2: std 0.02, but
 * `wo`, `w2` and `w3` of block l, from 0, with 0.02 / √(2(l + 1)), embeddings
 * from N(0, 1), and the output with d^−½, cut at 3 std. Norms are 1.
 *
 * @param options Whose code: `huggingFace` or `torchtitan`. Default:
 * huggingFace.
 * @see Touvron et al., "LLaMA: open and efficient foundation language models",
 * 2023; `modeling_utils.py` of transformers, `models/llama3` of torchtitan
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const { rows } = initialize(new nn.Linear(8, 8), recipes.llama());
 * assertEquals(rows.map(({ std }) => std), [0.02, 0]);
 * ```
 */
export function llama(
  options: { readonly variant?: "huggingFace" | "torchtitan" } = {},
): Recipe {
  const { variant } = read("llama", options, {
    variant: oneOf<"huggingFace" | "torchtitan">(
      ["huggingFace", "torchtitan"],
      "huggingFace",
    ),
  });
  const source = { paper: "Touvron et al., 2023" };
  if (variant === "huggingFace") {
    const file = "transformers 5.24, modeling_utils.py";
    return recipe("llama", { ...source, file }, [
      plainNormal(0.02),
      linearBias,
      ...normRules,
    ]);
  }
  const file =
    "torchtitan 0.3, models/llama3/__init__.py, models/common/param_init.py";
  return recipe("llama", { ...source, file }, [
    {
      name: /(^|\.)(wo|w2|w3)\.weight$/,
      init: truncNormal,
      options: ({ block }) => ({ std: 0.02 / Math.sqrt(2 * (block + 1)) }),
      label: "wo, w2, w3",
    },
    {
      name: /(^|\.)(output|lm_head)\.weight$/,
      init: truncNormal,
      options({ shape }) {
        const std = shape[1] ** -0.5;
        return { std, low: -3 * std, high: 3 * std };
      },
      label: "output",
    },
    { layer: EmbeddingTable, name: "weight", init: normal, label: "Embedding" },
    { layer: Linear, name: "weight", ...cutFar },
    linearBias,
    ...normRules,
  ]);
}

/** What timm's ways to start a ViT share. */
const visionTokens: readonly InitRule[] = [
  { name: positions, ...cutFar, label: "places", optional: true },
  {
    name: classToken,
    init: normal,
    options: { std: 1e-6 },
    label: "class token",
    optional: true,
  },
];

/**
 * ViT as timm starts it: linear layers and places from N(0, 0.02²), cut at ±2,
 * which is 100 std and cuts nothing; biases 0, norms 1 and 0, the class token
 * from N(0, 1e-6²). The convolution of patches stays as PyTorch makes it.
 *
 * @see Dosovitskiy et al., "An image is worth 16x16 words", 2020;
 * `vision_transformer.py` of timm
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const { rows } = initialize(new nn.Linear(8, 8), recipes.vitTimm());
 * assertEquals(rows.map(({ std }) => std), [0.02, 0]);
 * ```
 */
export function vitTimm(): Recipe {
  noMore("make recipes.vitTimm", arguments, 0);
  return recipe("vitTimm", {
    paper: "Dosovitskiy et al., 2020",
    file: "timm, models/vision_transformer.py: init_weights_vit_timm",
  }, [
    ...visionTokens,
    { layer: Linear, name: "weight", ...cutFar },
    linearBias,
    { layer: Conv, stays: true, label: "Conv" },
    ...normRules,
  ]);
}

/**
 * ViT as its authors' JAX code starts it: linear layers by Xavier's uniform, the
 * biases of `mlp` from N(0, 1e-6²) and others 0, the convolution of patches by
 * LeCun's cut normal, the head 0 with the bias that is asked for.
 *
 * @param options `headBias`: the head's bias; −ln C for C classes makes a head
 * of sigmoids start at the classes' share. Default: 0.
 * @see Dosovitskiy et al., "An image is worth 16x16 words", 2020;
 * `vision_transformer.py` of timm
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * class Net extends nn.Module {
 *   head = new nn.Linear(8, 1000);
 * }
 * const net = new Net();
 * initialize(net, recipes.vitJax({ headBias: -Math.log(1000) }));
 * assertEquals(net.head.bias!.at(0).item(), Math.fround(-Math.log(1000)));
 * ```
 */
export function vitJax(
  options: { readonly headBias?: number } = {},
): Recipe {
  const { headBias } = read("vitJax", options, { headBias: real(0) });
  return recipe("vitJax", {
    paper: "Dosovitskiy et al., 2020",
    file: "timm, models/vision_transformer.py: init_weights_vit_jax",
  }, [
    ...visionTokens,
    { name: /(^|\.)head(_dist)?\.weight$/, init: zeros, label: "head weight" },
    {
      name: /(^|\.)head(_dist)?\.bias$/,
      init: constant,
      options: { value: headBias },
      label: "head bias",
    },
    { layer: Linear, name: "weight", init: xavierUniform },
    {
      layer: Linear,
      name: /mlp.*\.bias$/,
      init: normal,
      options: { std: 1e-6 },
      label: "mlp bias",
    },
    linearBias,
    { layer: Conv, name: "weight", init: lecunNormal, label: "Conv weight" },
    { layer: Conv, name: "bias", init: zeros, label: "Conv bias" },
    ...normRules,
  ]);
}

/**
 * BEiT: as {@linkcode vitTimm}, and the weights that write into the residual
 * stream, `attn.proj` and `mlp.fc2`, divided by √(2(l + 1)) in block l, from 0.
 *
 * @see Bao et al., "BEiT: BERT pre-training of image transformers", 2021;
 * `beit.py` of timm
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * class Mlp extends nn.Module {
 *   fc2 = new nn.Linear(8, 8);
 * }
 * class Block extends nn.Module {
 *   mlp = new Mlp();
 * }
 * const blocks = new nn.ModuleList([new Block(), new Block()]);
 * const { rows } = initialize(blocks, recipes.beit());
 * assertAlmostEquals(rows[2].std!, 0.01, 1e-9);
 * ```
 */
export function beit(): Recipe {
  noMore("make recipes.beit", arguments, 0);
  return recipe("beit", {
    paper: "Bao et al., 2021",
    file: "timm, models/beit.py: fix_init_weight",
  }, [
    {
      name: /(^|\.)(attn\.proj|mlp\.fc2)\.weight$/,
      ...cutFar,
      factor: ({ block }) => 1 / Math.sqrt(2 * (block + 1)),
      label: "attn.proj, mlp.fc2",
    },
    { name: positions, ...cutFar, label: "places", optional: true },
    { name: classToken, ...cutFar, label: "class token", optional: true },
    { layer: Linear, name: "weight", ...cutFar },
    linearBias,
    { layer: Conv, stays: true, label: "Conv" },
    {
      name: /(^|\.)([qv]_bias|relative_position_bias_table)$/,
      init: zeros,
      label: "q_bias, v_bias, relative_position_bias_table",
      optional: true,
    },
    {
      name: /(^|\.)gamma_?[12]?$/,
      stays: true,
      label: "gamma",
      optional: true,
    },
    ...normRules,
  ]);
}

/** What writes into the residual stream, and the layer before it. */
const branches =
  /(^|\.)(fc1|fc2|linear1|linear2|c_fc|out_proj|attn\.proj|c_proj)\.weight$/;

/**
 * Rules for the layers of a branch, queries, keys and values, in one matrix or in
 * three: a third of a fused matrix is drawn as a matrix of its own. The layers
 * of the branch and the values are scaled, queries and keys are not.
 *
 * @param init The initializer.
 * @param scaled Options and factor of what is scaled.
 */
function branchRules(
  init: InitRule["init"],
  { options, factor }: {
    readonly options?: (met: Met) => object;
    readonly factor?: (met: Met) => number;
  },
): InitRule[] {
  return [
    { name: branches, init, options, factor, label: "branch" },
    {
      name: /(^|\.)(in_proj_weight|(in_proj|qkv|c_attn)\.weight)$/,
      parts: [{ init }, { init }, { init, options, factor }],
      label: "fused q, k, v",
      optional: true,
    },
    {
      name: /(^|\.)v_proj(_weight|\.weight)$/,
      init,
      options,
      factor,
      label: "v",
      optional: true,
    },
    {
      name: /(^|\.)[qk]_proj(_weight|\.weight)$/,
      init,
      label: "q, k",
      optional: true,
    },
    { name: "in_proj_bias", init: zeros, optional: true },
  ];
}

/**
 * The depths of a stack, or of an encoder and a decoder.
 *
 * @internal
 */
export interface DepthOptions extends LayersOption {
  /** How many blocks the decoder has, if there is an encoder, too. */
  readonly decoderLayers?: number;
}

const depths = { layers, decoderLayers: layers };

/**
 * DeepNorm, for `x = LN(α x + f(x))`: Xavier's normal with the gain β for the
 * feed-forward layers, values and outputs of attentions, and with 1 for queries
 * and keys; biases 0, norms 1 and 0.
 *
 * With one stack of N blocks α = (2N)^¼ and β = (8N)^−¼. With an encoder of N
 * and a decoder of M blocks, α = 0.81 (N⁴M)^(1/16) and β = 0.87 (N⁴M)^(−1/16) in
 * the encoder, α = (3M)^¼ and β = (12M)^−¼ in the decoder; give `layers` and
 * `decoderLayers` then.
 *
 * In a fused matrix only the last third, the values, has the gain β. The
 * authors' code differs from their paper: uniforms, 1/√2 for queries, keys and
 * values, and for feed-forward layers PyTorch's default, over β.
 *
 * @param options The depths. Default: one stack, as deep as its names count.
 * @see Wang et al., "DeepNet: scaling transformers to 1,000 layers", 2022, figure
 * 2; `encoder.py` and `decoder.py` of torchscale
 *
 * @example
 * ```ts
 * import { filledBy, initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * const layer = new nn.TransformerEncoderLayer(8, 2);
 * initialize(layer, recipes.deepNorm({ layers: 12 }));
 * const { parts } = filledBy(layer.self_attn.in_proj_weight!)!;
 * assertEquals(parts!.map(({ options }) => options.gain), [1, 1, 96 ** -0.25]);
 * ```
 */
export function deepNorm(options: DepthOptions = {}): Recipe {
  const { layers: n, decoderLayers: m } = read("deepNorm", options, depths);
  const beta = (met: Met) => {
    if (m === undefined) return (8 * (n ?? met.blocks)) ** -0.25;
    return isDecoder(met)
      ? (12 * m) ** -0.25
      : 0.87 * ((n ?? met.blocks) ** 4 * m) ** (-1 / 16);
  };
  const gain = (met: Met) => ({ gain: beta(met) });
  const alpha = n === undefined
    ? "(2N)^¼"
    : m === undefined
    ? formatNumber((2 * n) ** 0.25, 6)
    : `${formatNumber(0.81 * (n ** 4 * m) ** (1 / 16), 6)} in the encoder, ${
      formatNumber((3 * m) ** 0.25, 6)
    } in the decoder`;
  return recipe("deepNorm", {
    paper: "Wang et al., 2022",
    file: "torchscale, architecture/encoder.py, decoder.py",
    note: `x = LN(α x + f(x)), α = ${alpha}`,
  }, [
    ...branchRules(xavierNormal, { options: gain }),
    { layer: Linear, name: "weight", init: xavierNormal },
    { layer: EmbeddingTable, stays: true, label: "Embedding" },
    linearBias,
    ...normRules,
  ]);
}

/**
 * Magneto: as DeepNorm's tensors, but with an extra LayerNorm in each sublayer
 * and a gain above 1: γ = √(ln 2N) in one stack of N blocks; in a decoder of M
 * blocks beside an encoder √(ln 3M), but 1 in its attention to the encoder, and in
 * that encoder √(ln 3M · ln 2N / 3).
 *
 * @param options The depths. Default: one stack, as deep as its names count.
 * @see Wang et al., "Foundation transformers", 2022; `encoder.py` and
 * `decoder.py` of torchscale
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * class Mlp extends nn.Module {
 *   fc1 = new nn.Linear(8, 8);
 * }
 * const { rows } = initialize(new Mlp(), recipes.magneto({ layers: 12 }));
 * assertAlmostEquals(rows[0].std! / Math.sqrt(1 / 8), 1.78271, 1e-5);
 * ```
 */
export function magneto(options: DepthOptions = {}): Recipe {
  const { layers: n, decoderLayers: m } = read("magneto", options, depths);
  const gamma = (met: Met) => {
    if (crossed.test(met.name)) return 1;
    const own = Math.log(2 * (n ?? met.blocks));
    if (m === undefined) return Math.sqrt(own);
    const other = Math.log(3 * m);
    return Math.sqrt(isDecoder(met) ? other : other * own / 3);
  };
  const gain = (met: Met) => ({ gain: gamma(met) });
  return recipe("magneto", {
    paper: "Wang et al., Foundation transformers, 2022",
    file: "torchscale, architecture/encoder.py, decoder.py",
    note: "a LayerNorm more in each sublayer: Sub-LN",
  }, [
    ...branchRules(xavierNormal, { options: gain }),
    { layer: Linear, name: "weight", init: xavierNormal },
    { layer: EmbeddingTable, stays: true, label: "Embedding" },
    linearBias,
    ...normRules,
  ]);
}

/**
 * T-Fixup, for transformers without LayerNorm and without warm-up: Xavier's
 * uniform everywhere, and feed-forward layers, values and outputs of attentions
 * times 0.67 N^−¼ in an encoder of N blocks, (9M)^−¼ in a decoder of M; embeddings
 * from N(0, 1/d), times the same.
 *
 * @param options The depths. Default: an encoder, as deep as its names count.
 * @see Huang et al., "Improving transformer optimization through better
 * initialization", 2020; `transformer_layer.py` of layer6ai-labs/T-Fixup
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * class Mlp extends nn.Module {
 *   fc1 = new nn.Linear(8, 8);
 * }
 * const { rows } = initialize(new Mlp(), recipes.tFixup({ layers: 12 }));
 * assertAlmostEquals(rows[0].std! / Math.sqrt(1 / 8), 0.359981, 1e-6);
 * ```
 */
export function tFixup(options: DepthOptions = {}): Recipe {
  const { layers: n, decoderLayers: m } = read("tFixup", options, depths);
  const factor = (met: Met) =>
    isDecoder(met)
      ? (9 * (m ?? met.blocks)) ** -0.25
      : 0.67 * (n ?? met.blocks) ** -0.25;
  return recipe("tFixup", {
    paper: "Huang et al., 2020",
    file: "layer6ai-labs/T-Fixup, fairseq/modules/transformer_layer.py",
    note: "no LayerNorm, no warm-up",
  }, [
    ...branchRules(xavierUniform, { factor }),
    {
      layer: EmbeddingTable,
      name: "weight",
      init: normal,
      options: ({ shape }) => ({ std: shape[1] ** -0.5 }),
      factor: (met) =>
        (9 * ((isDecoder(met) ? m : n) ?? depthBeside(met))) ** -0.25,
      zeroRow: paddingOf,
      label: "Embedding",
    },
    { layer: Linear, name: "weight", init: xavierUniform },
    linearBias,
  ]);
}

/**
 * LayerScale: the vectors that multiply each branch of a block start with one
 * small value; all other tensors stay. Put it before the recipe of the rest:
 * `initialize(model, [recipes.layerScale(), recipes.vitTimm()])`.
 *
 * @param options `value`: 1e-5 as in timm and in CaiT of 24 blocks, 1e-6 in
 * deeper ones and DeiT-III, 0 for ReZero and SkipInit. Default: 1e-5. `name`:
 * the vectors' names. Default: `gamma`, `gamma_1`, `ls1.gamma`, `layer_scale`,
 * `lambda_1` and the like.
 * @see Touvron et al., "Going deeper with image transformers", 2021;
 * `layer_scale.py`, `cait.py` and `deit.py` of timm
 *
 * @example
 * ```ts
 * import { empty, initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * class Block extends nn.Module {
 *   mlp = new nn.Linear(3, 3);
 *   gamma = empty([3]);
 * }
 * const block = new Block();
 * initialize(block, recipes.layerScale({ value: 0.5 }));
 * assertEquals(block.gamma.toArray(), [0.5, 0.5, 0.5]);
 * ```
 */
export function layerScale(
  options: { readonly value?: number; readonly name?: string | RegExp } = {},
): Recipe {
  const { value, name } = read("layerScale", options, {
    value: real(1e-5),
    name: pattern(
      /(^|\.)(gamma(_?\d)?|layer_?scale(_?\d)?(\.(gamma|weight|lambda1))?|lambda_?\d|alpha|skip_?gain|res_?weight)$/,
    ),
  });
  return recipe("layerScale", {
    paper: "Touvron et al., 2021; De and Smith, 2020; Bachlechner et al., 2020",
    file: "timm, layers/layer_scale.py, models/cait.py, deit.py, nfnet.py",
    partial: true,
  }, [{ name, init: constant, options: { value }, label: "gamma" }]);
}

/**
 * Zero outputs: the last layer of a branch, of a control or of the whole network
 * starts at 0, weight and bias, so the branch adds nothing at first; all other
 * tensors stay. It is ControlNet's zero convolution, guided diffusion's zero
 * module, and adaLN-Zero of DiT.
 *
 * @param options `name`: the layers' names without `.weight` and `.bias`.
 * Default: `proj_out`, `zero_conv`, `adaLN_modulation.1`, `final_layer.linear` and
 * the like.
 * @see Dhariwal and Nichol, "Diffusion models beat GANs on image synthesis",
 * 2021; Peebles and Xie, "Scalable diffusion models with transformers", 2022;
 * `nn.py` of guided_diffusion, `controlnet.py` of diffusers, `models.py` of DiT
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * class Block extends nn.Module {
 *   proj_in = new nn.Conv2d(2, 2, 1);
 *   proj_out = new nn.Conv2d(2, 2, 1);
 * }
 * const { rows } = initialize(new Block(), recipes.zeroOutput());
 * assertEquals(rows.map(({ initializer }) => initializer), [
 *   null,
 *   null,
 *   "zeros",
 *   "zeros",
 * ]);
 * ```
 */
export function zeroOutput(
  options: { readonly name?: string | RegExp } = {},
): Recipe {
  const { name } = read("zeroOutput", options, {
    name: pattern(
      /(^|\.)(proj_out|zero_(conv|module|proj)\w*(\.\d+)*|controlnet_\w*blocks?(\.\d+)*|out_layers\.3|adaLN_modulation\.1|final_layer\.linear)$/,
    ),
  });
  return recipe("zeroOutput", {
    paper: "Dhariwal and Nichol, 2021; Peebles and Xie, 2022",
    file:
      "guided_diffusion/nn.py; diffusers 0.42, models/controlnets/controlnet.py; DiT, models.py",
    partial: true,
  }, [{
    where: (place) => {
      const path = place.name.replace(/\.?(weight|bias)$/, "");
      return path !== place.name &&
        (typeof name === "string"
          ? path === name || path.endsWith(`.${name}`)
          : path.search(name) !== -1);
    },
    init: zeros,
    label: "output",
  }]);
}

/**
 * LoRA: A by Kaiming's uniform with slope √5, or from N(0, 1/r²) with the rank r;
 * B 0, so the update starts at 0; of an embedding A 0 and B from N(0, 1). All
 * other tensors stay.
 *
 * @param options `variant`: `kaiming` or `gaussian`. Default: kaiming.
 * @see Hu et al., "LoRA: low-rank adaptation of large language models", 2021;
 * `tuners/lora/layer.py` of peft
 *
 * @example
 * ```ts
 * import { initialize, nn, recipes } from "@fanin/fanin";
 * import { assertEquals } from "@std/assert";
 *
 * class Adapter extends nn.Module {
 *   lora_A = new nn.Linear(8, 2, { bias: false });
 *   lora_B = new nn.Linear(2, 8, { bias: false });
 * }
 * const { rows } = initialize(new Adapter(), recipes.lora({ variant: "gaussian" }));
 * assertEquals(rows.map(({ std }) => std), [1 / 2, 0]);
 * ```
 */
export function lora(
  options: { readonly variant?: "kaiming" | "gaussian" } = {},
): Recipe {
  const { variant } = read("lora", options, {
    variant: oneOf<"kaiming" | "gaussian">(["kaiming", "gaussian"], "kaiming"),
  });
  return recipe("lora", {
    paper: "Hu et al., 2021; Kalajdzievski, 2023",
    file: "peft, tuners/lora/layer.py",
    note: "the update × α/r, with rsLoRA × α/√r",
    partial: true,
  }, [
    {
      name: /(^|\.)lora_embedding_A\b/,
      init: zeros,
      label: "lora_embedding_A",
      optional: true,
    },
    {
      name: /(^|\.)lora_embedding_B\b/,
      init: normal,
      label: "lora_embedding_B",
      optional: true,
    },
    variant === "kaiming"
      ? {
        name: /(^|\.)lora_A\b/,
        init: kaimingUniform,
        options: { negativeSlope: Math.sqrt(5) },
        label: "lora_A",
      }
      : {
        name: /(^|\.)lora_A\b/,
        init: normal,
        options: ({ shape }) => ({ std: 1 / shape[0] }),
        label: "lora_A",
      },
    { name: /(^|\.)lora_B\b/, init: zeros, label: "lora_B" },
  ]);
}

/** An attention of the decoder to the encoder. */
const crossed = /(^|\.)(encoder_attn|multihead_attn)\./;

/** How many blocks the stack has that reads an embedding. */
function depthBeside(met: Met): number {
  const blocks = met.model.namedParameters()
    .filter(([name]) => branches.test(name))
    .filter(([name]) => isDecoder({ name }) === isDecoder(met))
    .map(([name]) => /^.*?\d+(?=\.)/.exec(name)?.[0]);
  return Math.max(1, new Set(blocks).size);
}

function isDecoder({ name }: Pick<Met, "name">): boolean {
  return /(^|\.)decoder\./.test(name);
}

/** Whether a parameter belongs to no layer that has a rule of its own. */
function isBare({ module }: { readonly module: Module }): boolean {
  return ![Linear, EmbeddingTable, ...norms].some((layer) =>
    module instanceof layer
  );
}

function pattern(fallback: RegExp): Option<string | RegExp> {
  return {
    fallback,
    read(action, name, value) {
      if (typeof value === "string" || value instanceof RegExp) return value;
      throw new TypeError(
        cannot(action, `${name} must be a string or a RegExp`, describe(value)),
      );
    },
  };
}
