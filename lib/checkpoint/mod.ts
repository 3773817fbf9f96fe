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

import "../numerics/kernels/offer.ts";

export {
  type Checkpoint,
  type ElementRange,
  type Quantization,
  quantizationOf,
  type Source,
  type TensorInfo,
} from "../core/source.ts";
export { decodeNpy, encodeNpy, openNpy } from "./formats/npy.ts";
export {
  decodeNpz,
  encodeNpz,
  type EncodeNpzOptions,
  type NpzOptions,
  openNpz,
} from "./formats/npz.ts";
export {
  type Decoded,
  decodeSafetensors,
  encodeSafetensors,
  openSafetensors,
  openSafetensorsShards,
  type SafetensorsOptions,
  type ShardsOptions,
} from "./formats/safetensors.ts";
export {
  type ByteSource,
  bytesSource,
  type SourceOpener,
} from "./formats/bytes.ts";
export { openTfjs, type TfjsOptions } from "./formats/tfjs.ts";
export { inspect, type InspectOptions } from "./inspection/inspect.ts";
export type {
  BinCounts,
  Finding,
  FindingKind,
  Inspection,
  Origin,
  TensorReport,
} from "./inspection/result.ts";
