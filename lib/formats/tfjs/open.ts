/**
 * Weights of TensorFlow.js: a manifest and binary files, read one tensor at a
 * time, rounding undone.
 *
 * @module
 */

import { withDefaults } from "../../core/options.ts";
import { empty } from "../../core/create.ts";
import { dtypes } from "../../core/dtype.ts";
import type { Tensor } from "../../core/tensor.ts";
import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  partOf,
} from "../checkpoint.ts";
import { fault, quoted } from "../fault.ts";
import { type Quantization, setQuantization } from "../../core/quantization.ts";
import {
  type ByteSource,
  checkSource,
  joinedSource,
  readAll,
  readExactly,
  type SourceOpener,
} from "../source.ts";
import { tensorOf } from "../storage.ts";
import { parseManifest } from "./manifest.ts";

/** Options of {@linkcode openTfjs}. */
export interface TfjsOptions {
  /** The manifest's name. Default: `model.json`. */
  readonly manifest?: string;
}

/** The most bytes that a manifest may have. */
const longestManifest = 100_000_000;

/**
 * Returns the weights of a TensorFlow.js model, of which only the manifest was
 * read: a `model.json`, or a list of groups alone.
 *
 * Rounded weights are undone, `value = q * scale + min`, and marked: their
 * `quantization` is in `tensors`, and `quantizationOf(tensor)` has it.
 *
 * @param open Gives the source of a file by its name: the manifest, then each
 * file that it names, once.
 * @param options The manifest's name.
 * @throws {SyntaxError} If the manifest does not parse, or the files are smaller
 * or larger than it says.
 * @see `io.decodeWeights`, tfjs-core 4.22.0
 *
 * @example
 * ```ts
 * import { bytesSource, openTfjs, quantizationOf } from "@fanin/fanin/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const quantization = { dtype: "uint8", scale: 0.5, min: -1 };
 * const weights = [{ name: "w", shape: [3], dtype: "float32", quantization }];
 * const manifest = JSON.stringify([{ paths: ["w.bin"], weights }]);
 * const files: Record<string, Uint8Array> = {
 *   "weights_manifest.json": new TextEncoder().encode(manifest),
 *   "w.bin": new Uint8Array([0, 2, 255]),
 * };
 * const model = await openTfjs((name) => bytesSource(files[name]), {
 *   manifest: "weights_manifest.json",
 * });
 * const w = await model.read("w");
 * assertEquals(w.toArray(), [-1, 0, 126.5]);
 * assertEquals(quantizationOf(w)?.dtype, "uint8");
 * ```
 */
export async function openTfjs(
  open: SourceOpener,
  options: TfjsOptions = {},
): Promise<Checkpoint> {
  const action = "open TensorFlow.js weights";
  const { manifest } = withDefaults(action, options, {
    manifest: "model.json",
  });
  const bytes = await readAll(
    "read a TensorFlow.js manifest",
    await open(manifest),
    longestManifest,
  );
  const { groups, sizes, tensors } = parseManifest(action, bytes);
  const sources: ByteSource[] = [];
  for (const [index, paths] of groups.entries()) {
    const source = joinedSource(await openAll(action, open, paths));
    if (source.size !== sizes[index]) {
      throw fault(
        action,
        `the files of group ${index} must have ${sizes[index]} bytes`,
        source.size,
      );
    }
    sources.push(source);
  }
  return {
    metadata: {},
    tensors,
    async read(name: string, range?: ElementRange) {
      const info = infoOf("read TensorFlow.js weights", tensors, name);
      const reading = `read weight ${quoted(name)} of TensorFlow.js`;
      const { dtype, quantization, group, offset } = info;
      const stored = quantization?.dtype ?? dtype;
      const part = partOf(reading, { dtype: stored, shape: info.shape }, range);
      const bytes = await readExactly(
        reading,
        sources[group],
        offset + part.offset,
        part.length,
      );
      const tensor = tensorOf(reading, bytes, part.shape, stored);
      return quantization === undefined
        ? tensor
        : restore(tensor, quantization, dtype as "float32" | "int32");
    },
  };
}

async function openAll(
  action: string,
  open: SourceOpener,
  paths: readonly string[],
): Promise<ByteSource[]> {
  const sources: ByteSource[] = [];
  for (const path of paths) {
    const source = await open(path);
    checkSource(action, source);
    sources.push(source);
  }
  return sources;
}

/** Computes in double and rounds once, as tfjs does. */
function restore(
  levels: Tensor,
  quantization: Quantization,
  dtype: "float32" | "int32",
): Tensor {
  const { scale, min } = quantization;
  const { decode } = dtypes[levels.dtype];
  const { data } = levels;
  const tensor = empty(levels.shape, { dtype });
  for (let i = 0; i < data.length; i++) {
    const value = decode(data[i]) * scale + min;
    tensor.data[i] = dtype === "int32" ? Math.round(value) : value;
  }
  setQuantization(tensor, quantization);
  return tensor;
}
