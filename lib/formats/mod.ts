/**
 * Checkpoints: safetensors, NumPy's npy and npz, and the weights of
 * TensorFlow.js, to tensors and back.
 *
 * `decode…` and `encode…` work on bytes in memory. `open…` reads by range from
 * anything that has a size and a `read(offset, length)`: the header first, then
 * one tensor at a time. Nothing here touches files or networks.
 *
 * @module
 */

export type { Checkpoint, ElementRange, TensorInfo } from "./checkpoint.ts";
export { decodeNpy } from "./npy/decode.ts";
export { encodeNpy } from "./npy/encode.ts";
export { openNpy } from "./npy/open.ts";
export { encodeNpz, type EncodeNpzOptions } from "./npz/encode.ts";
export { decodeNpz, type NpzOptions, openNpz } from "./npz/open.ts";
export { type Quantization, quantizationOf } from "../core/quantization.ts";
export { type Decoded, decodeSafetensors } from "./safetensors/decode.ts";
export {
  encodeSafetensors,
  type SafetensorsOptions,
} from "./safetensors/encode.ts";
export { openSafetensors } from "./safetensors/open.ts";
export {
  openSafetensorsShards,
  type ShardsOptions,
} from "./safetensors/shards.ts";
export { type ByteSource, bytesSource, type SourceOpener } from "./source.ts";
export { openTfjs, type TfjsOptions } from "./tfjs/open.ts";
