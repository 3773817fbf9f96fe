/**
 * Recipes for `initialize`: how the networks that people know are started, each
 * with its paper and the file whose numbers it has.
 *
 * A recipe draws from one generator, each parameter once, in the order of
 * `namedParameters()`.
 *
 * @module
 */

export { ppo, siren } from "./networks.ts";
export { chrono, irnn, lstm } from "./recurrent.ts";
export {
  beit,
  bert,
  deepNorm,
  gpt2,
  layerScale,
  llama,
  lora,
  magneto,
  t5,
  tFixup,
  vitJax,
  vitTimm,
  zeroOutput,
} from "./transformers.ts";
export { convnext, dcgan, efficientnet, fixup, resnet } from "./vision.ts";
export { muP } from "./width.ts";
