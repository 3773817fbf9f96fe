/**
 * Checkpoints: opens, reads, writes, inspects and compares files of weights,
 * and makes new ones.
 *
 * `openCheckpoint` takes the path of a file or folder. `decode…`, `encode…` and
 * `open…` handle single formats: bytes in memory, or anything that has a size
 * and a `read(offset, length)`. `inspect`, `compare` and `summary` take weights
 * from any source; `materialize` writes those of a whole model.
 *
 * Importing this touches no file; only functions that get a path do.
 *
 * @example
 * ```ts
 * import { manualSeed, nn } from "@fanin/fanin";
 * import {
 *   decodeSafetensors,
 *   encodeSafetensors,
 *   inspect,
 * } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * manualSeed(0);
 * const bytes = encodeSafetensors(new nn.Linear(400, 300).stateDict());
 * const { findings } = await inspect(decodeSafetensors(bytes).tensors);
 * assertEquals(findings.map(({ kind }) => kind), ["fresh", "fresh"]);
 * ```
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
} from "./formats/safetensors.ts";
export { openTfjs } from "./formats/tfjs.ts";
export { openShards } from "./formats/shards.ts";
export { openTorch } from "./formats/torch.ts";
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
