/**
 * Weights of TensorFlow.js: a manifest of groups of files that hold consecutive
 * tensors, some of them rounded.
 *
 * @module
 * @see `WeightsManifestConfig` in tfjs-core 4.22.0
 */

import { type Dtype, dtypes } from "../../core/dtype.ts";
import { checkCallbacks, quoted, withDefaults } from "../../core/options.ts";
import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  partOf,
  type Quantization,
  recordOf,
  setQuantization,
  type TensorInfo,
} from "../../core/source.ts";
import { empty, type Tensor } from "../../core/tensor.ts";
import {
  byteLength,
  type ByteSource,
  checkSource,
  fault,
  joinedSource,
  readAll,
  readExactly,
  type SourceOpener,
  tensorOf,
} from "./bytes.ts";
import {
  arrayOf,
  countsOf,
  type Json,
  type JsonObject,
  objectOf,
  parseJson,
} from "./json.ts";

/** A tensor in a group of files. */
interface Placed extends TensorInfo {
  /** The group's index. */
  readonly group: number;
  /** Its first byte in the group's files together. */
  readonly offset: number;
}

/** The contents of a manifest. */
interface Manifest {
  /** The files of each group. */
  readonly groups: readonly (readonly string[])[];
  /** How many bytes each group has. */
  readonly sizes: readonly number[];
  /** The tensors by name. */
  readonly tensors: Readonly<Record<string, Placed>>;
}

/** Each dtype by its name in manifests. */
const byName: ReadonlyMap<string, Dtype> = new Map([
  ["float32", "float32"],
  ["int32", "int32"],
  ["bool", "bool"],
  ["complex64", "complex64"],
]);

/** The stored dtype of rounded values. */
const levels: readonly Quantization["dtype"][] = ["uint8", "uint16", "float16"];

/** The most bytes that a manifest may have. */
const longestManifest = 100_000_000;

/**
 * Opens the weights of a TensorFlow.js model, reading only the manifest: a
 * `model.json`, or just a list of groups.
 *
 * Rounded weights are restored, `value = q * scale + min`, and marked: their
 * `quantization` is in `tensors`, and `quantizationOf(tensor)` has it.
 *
 * @param open Returns the source of a file by its name: first the manifest,
 * then each file that it names, once.
 * @param options The manifest's name. Default: `model.json`.
 * @throws {SyntaxError} If the manifest does not parse, or the files are smaller
 * or larger than it says.
 * @see `io.decodeWeights`, tfjs-core 4.22.0
 *
 * @example
 * ```ts
 * import { bytesSource, openTfjs, quantizationOf } from "@fanin/fanin/checkpoint";
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
  options: { readonly manifest?: string } = {},
): Promise<Checkpoint> {
  const action = "open TensorFlow.js weights";
  const { manifest } = withDefaults(action, options, {
    manifest: "model.json",
  });
  checkCallbacks(action, { open });
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

/** Parses a manifest: a list of groups, or a `model.json` that has one. */
function parseManifest(action: string, bytes: Uint8Array): Manifest {
  const json = parseJson("read a TensorFlow.js manifest", bytes, "any");
  const list = json instanceof Map ? json.get("weightsManifest") : json;
  const groups: string[][] = [];
  const sizes: number[] = [];
  const tensors = new Map<string, Placed>();
  for (const group of arrayOf(action, "the manifest", list)) {
    const members = objectOf(action, "a group", group);
    const weights = arrayOf(action, "weights", members.get("weights"));
    let offset = 0;
    for (const weight of weights) {
      const [name, info] = readWeight(action, weight);
      if (tensors.has(name)) {
        throw fault(action, "a tensor's name must come once", name);
      }
      tensors.set(name, { ...info, group: groups.length, offset });
      offset += info.bytes;
    }
    groups.push(readPaths(action, members.get("paths")));
    sizes.push(offset);
  }
  return { groups, sizes, tensors: recordOf(tensors) };
}

function readPaths(action: string, value: Json | undefined): string[] {
  return arrayOf(action, "paths", value).map((path) => {
    // Do not trust the manifest: it must not lead out of its folder.
    const inside = typeof path === "string" &&
      /^[^/\\:\0]/.test(path) && !/[\\:\0]/.test(path) &&
      !path.split("/").includes("..");
    if (!inside) {
      throw fault(
        action,
        "a path must be one below the manifest's folder",
        path,
      );
    }
    return path;
  });
}

function readWeight(action: string, value: Json): [string, TensorInfo] {
  const members = objectOf(action, "a weight", value);
  const name = members.get("name");
  if (typeof name !== "string") {
    throw fault(action, "a weight's name must be a string", name);
  }
  const what = `weight ${quoted(name)}`;
  const dtype = byName.get(String(members.get("dtype")));
  if (dtype === undefined) {
    throw fault(
      action,
      `the dtype of ${what} must be one of ${[...byName.keys()].join(", ")}`,
      members.get("dtype"),
    );
  }
  const shape = countsOf(
    action,
    `the shape of ${what}`,
    members.get("shape"),
  );
  const quantization = readQuantization(action, what, dtype, members);
  const { bits } = dtypes[quantization?.dtype ?? dtype];
  const bytes = byteLength(shape, bits);
  if (bytes === undefined) {
    throw fault(action, `${what} must have fewer than 2^53 bytes`, shape);
  }
  const info = { dtype, shape: Object.freeze(shape), bytes };
  return [name, quantization === undefined ? info : { ...info, quantization }];
}

function readQuantization(
  action: string,
  what: string,
  dtype: Dtype,
  weight: JsonObject,
): Quantization | undefined {
  if (!weight.has("quantization")) return undefined;
  const members = objectOf(
    action,
    `the quantization of ${what}`,
    weight.get("quantization"),
  );
  const stored = levels.find((level) => level === members.get("dtype"));
  if (
    stored === undefined || dtype !== "float32" && dtype !== "int32" ||
    stored === "float16" && dtype !== "float32"
  ) {
    throw fault(
      action,
      `the quantization of ${what}, ${dtype}, must be uint8, uint16, or float16 of float32`,
      members.get("dtype"),
    );
  }
  if (stored === "float16") return { dtype: stored, scale: 1, min: 0 };
  const [scale, min] = [members.get("scale"), members.get("min")];
  if (!Number.isFinite(scale) || !Number.isFinite(min)) {
    throw fault(action, `scale and min of ${what} must be numbers`, [
      scale,
      min,
    ]);
  }
  return { dtype: stored, scale: scale as number, min: min as number };
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
