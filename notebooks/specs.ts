/**
 * `deno task specs`: writes the specs of well-known models to
 * `notebooks/specs/`, for `materialize`. Names and shapes are those of their
 * checkpoints, the initializers those of their authors' code; the tensors are
 * drawn in this order.
 *
 * @module
 */

import { join } from "node:path";

/** A tensor of a spec, as its JSON has it. */
export interface Entry {
  /** Its name. */
  readonly name: string;
  /** Sizes along the axes. */
  readonly shape: readonly number[];
  /** The initializer's name in `init`. */
  readonly init: string;
  /** Its options. */
  readonly options?: Readonly<Record<string, number | string>>;
}

/** The folder of the specs. */
export const folder: string = join(import.meta.dirname!, "specs");

/** Each spec by the name of its file. */
export const specs: Readonly<Record<string, () => Entry[]>> = {
  "resnet50.json": resnet50,
  "gpt2.json": () => gpt2(12, 768),
  "gpt2-medium.json": () => gpt2(24, 1024),
  "gpt2-large.json": () => gpt2(36, 1280),
  "gpt2-xl.json": () => gpt2(48, 1600),
  "llama-7b.json": () => llama(32, 4096, 11008, 32000),
};

/**
 * Returns a spec's JSON, a tensor a line.
 *
 * @param entries The tensors.
 */
export function jsonOf(entries: readonly Entry[]): string {
  const lines = entries.map((entry) => JSON.stringify(entry));
  return `[\n${lines.join(",\n")}\n]\n`;
}

/**
 * ResNet-50. A batch norm has its running mean and variance; its count of
 * batches, an integer, is left out: PyTorch then sets it to 0.
 *
 * @see He et al. (2016), table 1; `resnet50` in torchvision
 */
function resnet50(): Entry[] {
  const conv = (name: string, outputs: number, inputs: number, size: number) =>
    entry(`${name}.weight`, [outputs, inputs, size, size], "kaimingNormal", {
      mode: "fan_out",
      nonlinearity: "relu",
    });
  const norm = (name: string, channels: number) => [
    entry(`${name}.weight`, [channels], "ones"),
    entry(`${name}.bias`, [channels], "zeros"),
    entry(`${name}.running_mean`, [channels], "zeros"),
    entry(`${name}.running_var`, [channels], "ones"),
  ];
  const all = [conv("conv1", 64, 3, 7), ...norm("bn1", 64)];
  let inputs = 64;
  [3, 4, 6, 3].forEach((blocks, stage) => {
    const inner = 64 * 2 ** stage;
    for (let block = 0; block < blocks; block++) {
      const at = `layer${stage + 1}.${block}`;
      all.push(conv(`${at}.conv1`, inner, inputs, 1));
      all.push(...norm(`${at}.bn1`, inner));
      all.push(conv(`${at}.conv2`, inner, inner, 3));
      all.push(...norm(`${at}.bn2`, inner));
      all.push(conv(`${at}.conv3`, 4 * inner, inner, 1));
      all.push(...norm(`${at}.bn3`, 4 * inner));
      if (block === 0) {
        all.push(conv(`${at}.downsample.0`, 4 * inner, inputs, 1));
        all.push(...norm(`${at}.downsample.1`, 4 * inner));
      }
      inputs = 4 * inner;
    }
  });
  const bound = 1 / Math.sqrt(inputs);
  return [
    ...all,
    entry("fc.weight", [1000, inputs], "uniform", { low: -bound, high: bound }),
    entry("fc.bias", [1000], "uniform", { low: -bound, high: bound }),
  ];
}

/**
 * GPT-2: N(0, 0.02²), and 0.02 / √(2 · depth) for the weights before each sum
 * with the residual.
 *
 * @param depth Layers.
 * @param width Numbers a token.
 * @see Radford et al. (2019), section 2.3; `GPT2LMHeadModel` in transformers,
 * whose head is the embedding
 */
function gpt2(depth: number, width: number): Entry[] {
  const narrow = { std: 0.02 / Math.sqrt(2 * depth) };
  const linear = (
    name: string,
    [inputs, outputs]: [number, number],
    options = { std: 0.02 },
  ) => [
    entry(`${name}.weight`, [inputs, outputs], "normal", options),
    entry(`${name}.bias`, [outputs], "zeros"),
  ];
  const norm = (name: string) => [
    entry(`${name}.weight`, [width], "ones"),
    entry(`${name}.bias`, [width], "zeros"),
  ];
  const layer = (_: unknown, index: number) => {
    const at = `transformer.h.${index}`;
    return [
      ...norm(`${at}.ln_1`),
      ...linear(`${at}.attn.c_attn`, [width, 3 * width]),
      ...linear(`${at}.attn.c_proj`, [width, width], narrow),
      ...norm(`${at}.ln_2`),
      ...linear(`${at}.mlp.c_fc`, [width, 4 * width]),
      ...linear(`${at}.mlp.c_proj`, [4 * width, width], narrow),
    ];
  };
  return [
    entry("transformer.wte.weight", [50257, width], "normal", { std: 0.02 }),
    entry("transformer.wpe.weight", [1024, width], "normal", { std: 0.02 }),
    ...Array.from({ length: depth }, layer).flat(),
    ...norm("transformer.ln_f"),
  ];
}

/**
 * A model as Llama: N(0, 0.02²), no biases, a head of its own.
 *
 * @param depth Layers.
 * @param width Numbers a token.
 * @param inner Numbers a token within a feedforward layer.
 * @param words Words of the vocabulary.
 * @see Touvron et al. (2023), table 2; `LlamaForCausalLM` in transformers
 */
function llama(
  depth: number,
  width: number,
  inner: number,
  words: number,
): Entry[] {
  const linear = (name: string, outputs: number, inputs: number) =>
    entry(`${name}.weight`, [outputs, inputs], "normal", { std: 0.02 });
  const norm = (name: string) => entry(`${name}.weight`, [width], "ones");
  const layer = (_: unknown, index: number) => {
    const at = `model.layers.${index}`;
    return [
      linear(`${at}.self_attn.q_proj`, width, width),
      linear(`${at}.self_attn.k_proj`, width, width),
      linear(`${at}.self_attn.v_proj`, width, width),
      linear(`${at}.self_attn.o_proj`, width, width),
      linear(`${at}.mlp.gate_proj`, inner, width),
      linear(`${at}.mlp.up_proj`, inner, width),
      linear(`${at}.mlp.down_proj`, width, inner),
      norm(`${at}.input_layernorm`),
      norm(`${at}.post_attention_layernorm`),
    ];
  };
  return [
    linear("model.embed_tokens", words, width),
    ...Array.from({ length: depth }, layer).flat(),
    norm("model.norm"),
    linear("lm_head", words, width),
  ];
}

function entry(
  name: string,
  shape: readonly number[],
  init: string,
  options?: Entry["options"],
): Entry {
  return { name, shape, init, options };
}

if (import.meta.main) {
  for (const [name, entries] of Object.entries(specs)) {
    const text = jsonOf(entries());
    await Deno.writeTextFile(join(folder, name), text);
    console.log(`Wrote ${name}: ${entries().length} tensors`);
  }
}
