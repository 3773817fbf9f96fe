/**
 * Checkpoints: files of weights opened, read, written, looked into, compared and
 * made.
 *
 * `openCheckpoint` takes the path of a file or folder. `decode…`, `encode…` and
 * `open…` are its formats by themselves: bytes in memory, or anything that has a
 * size and a `read(offset, length)`. `inspect`, `compare` and `summary` take weights
 * from wherever they are; `materialize` writes those of a whole model.
 *
 * Loading this touches no file; only what is given a path does.
 *
 * @module
 */

import "../numerics/kernels/offer.ts";

export {
  type Checkpoint,
  type Quantization,
  quantizationOf,
  type Source,
  type TensorInfo,
  type Weights,
} from "../core/source.ts";
export { compare, type CompareOptions, type Comparison } from "./compare.ts";
export { type ByteSource, bytesSource } from "./formats/bytes.ts";
export { decodeNpy, encodeNpy, openNpy } from "./formats/npy.ts";
export { decodeNpz, encodeNpz, openNpz } from "./formats/npz.ts";
export {
  decodeSafetensors,
  encodeSafetensors,
  openSafetensors,
  openSafetensorsShards,
} from "./formats/safetensors.ts";
export { openTfjs } from "./formats/tfjs.ts";
export { inspect, type InspectOptions } from "./inspection/inspect.ts";
export type { Finding, Inspection, TensorReport } from "./inspection/result.ts";
export {
  materialize,
  type Materialized,
  type MaterializeOptions,
} from "./materialize/materialize.ts";
export type { Spec } from "./materialize/spec.ts";
export { type FileCheckpoint, openCheckpoint, openFile } from "./open.ts";
export { summary } from "./summary/summary.ts";
