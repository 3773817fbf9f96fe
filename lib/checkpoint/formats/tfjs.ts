/**
 * Weights of TensorFlow.js: a manifest of groups of files that hold consecutive
 * tensors, some of them rounded.
 *
 * @module
 * @see `WeightsManifestConfig` in tfjs-core 4.22.0
 */

import { type Dtype, dtypes } from "../../core/dtype.ts";
import { checkCallbacks, quoted, withDefaults } from "../../core/options.ts";
import { elementCount } from "../../core/shape.ts";
import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  partOf,
  type Quantization,
  recordOf,
  setQuantization,
  type TensorInfo,
  type Unread,
} from "../../core/source.ts";
import { empty, type Tensor } from "../../core/tensor.ts";
import {
  byteLength,
  type ByteSource,
  checkReadable,
  checkSource,
  fault,
  joinedSource,
  lacking,
  readAll,
  readExactly,
  type SourceOpener,
  tensorOf,
} from "./bytes.ts";
import { JsonReader } from "./json.ts";

/** A tensor in a group of files. */
interface Placed extends TensorInfo {
  /** The group's index. */
  readonly group: number;
  /** Its first byte in the group's files together. */
  readonly offset: number;
}

/** How a manifest says that a weight was rounded. */
interface Levels {
  readonly dtype?: string;
  readonly scale?: number;
  readonly min?: number;
}

/** A weight of texts, whose bytes only the files tell. */
interface Texts {
  /** How many there are. */
  readonly count: number;
  /** What is said of it. */
  readonly unread: Unread;
}

/** A group of files that hold consecutive weights. */
interface Group {
  /** The files. */
  readonly paths: readonly string[];
  /** The weights, in order. */
  readonly weights: readonly (readonly [string, TensorInfo | Texts])[];
}

/** The dtypes of manifests that are read. */
const readDtypes: readonly Dtype[] = ["float32", "int32", "bool", "complex64"];

/** The stored dtype of rounded values. */
const levels: readonly Quantization["dtype"][] = ["uint8", "uint16", "float16"];

/** The dtype of texts: each a length of 4 bytes and as many of UTF-8. */
const texts = "string";

/** How many bytes the length of a text takes. */
const lengthBytes = 4;

/** How many bytes are read at a time to find where texts end. */
const pieceBytes = 2 ** 16;

/** The most bytes that a manifest may have. */
const longestManifest = 100_000_000;

/**
 * Opens the weights of a TensorFlow.js model, reading only the manifest, a
 * `model.json` or just a list of groups; and of weights of texts, which are
 * listed in `unread`, the lengths of the texts.
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
  const tensors: [string, Placed][] = [];
  const refused: [string, Unread][] = [];
  const sources: ByteSource[] = [];
  for (
    const [group, { paths, weights }] of parseManifest(action, bytes).entries()
  ) {
    const source = joinedSource(await openAll(action, open, paths));
    let offset = 0;
    for (const [name, info] of weights) {
      if ("unread" in info) {
        refused.push([name, info.unread]);
        offset = await endOfTexts(action, name, source, offset, info.count);
      } else {
        tensors.push([name, { ...info, group, offset }]);
        offset += info.bytes;
      }
    }
    if (source.size !== offset) {
      throw fault(
        action,
        `the files of group ${group} must have ${offset} bytes`,
        source.size,
      );
    }
    sources.push(source);
  }
  const placed = recordOf(tensors);
  const unread = recordOf(refused);
  return {
    metadata: {},
    tensors: placed,
    unread,
    layout: "hwio",
    async read(name: string, range?: ElementRange) {
      const reading = `read weight ${quoted(name)} of TensorFlow.js`;
      checkReadable(reading, unread, name);
      const info = infoOf("read TensorFlow.js weights", placed, name);
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
function parseManifest(action: string, bytes: Uint8Array): Group[] {
  const json = new JsonReader("read a TensorFlow.js manifest", bytes);
  const groups: Group[] = [];
  const names = new Set<string>();
  const readGroups = () =>
    json.list("the manifest", () => {
      const paths: string[] = [];
      const weights: [string, TensorInfo | Texts][] = [];
      const has: { paths?: true; weights?: true } = {};
      json.members("a group", {
        paths() {
          has.paths = true;
          json.list("paths", () => paths.push(readPath(action, json)));
        },
        weights() {
          has.weights = true;
          json.list("weights", () => {
            const [name, info] = readWeight(action, json);
            if (names.has(name)) {
              throw fault(action, "a tensor's name must come once", name);
            }
            names.add(name);
            weights.push([name, info]);
          });
        },
      });
      if (!has.paths || !has.weights) {
        throw lacking(action, "a group", {
          paths: has.paths,
          weights: has.weights,
        });
      }
      groups.push({ paths, weights });
    });
  let hasManifest = json.isList;
  if (hasManifest) readGroups();
  else {
    json.members("the manifest", {
      weightsManifest() {
        hasManifest = true;
        readGroups();
      },
    });
  }
  json.end();
  if (!hasManifest) {
    throw lacking(action, "the model", { weightsManifest: undefined });
  }
  return groups;
}

function readPath(action: string, json: JsonReader): string {
  const path = json.text("a path");
  // Do not trust the manifest: it must not lead out of its folder.
  const inside = /^[^/\\:\0]/.test(path) && !/[\\:\0]/.test(path) &&
    !path.split("/").includes("..");
  if (inside) return path;
  throw fault(action, "a path must be one below the manifest's folder", path);
}

function readWeight(
  action: string,
  json: JsonReader,
): [string, TensorInfo | Texts] {
  const found: {
    name?: string;
    dtype?: string;
    shape?: readonly number[];
    levels?: Levels;
  } = {};
  json.members("a weight", {
    name: () => found.name = json.text("a weight's name"),
    dtype: () => found.dtype = json.text("a weight's dtype"),
    shape: () => found.shape = json.counts("a weight's shape"),
    quantization: () => found.levels = readLevels(json),
  });
  const { name, shape, levels } = found;
  if (name === undefined || shape === undefined) {
    throw lacking(action, "a weight", { name, dtype: found.dtype, shape });
  }
  const what = `weight ${quoted(name)}`;
  if (found.dtype === texts) {
    const unread = { dtype: texts, shape, reason: "it holds texts" };
    return [name, { count: elementCount(shape), unread }];
  }
  const dtype = readDtypes.find((known) => known === found.dtype);
  if (dtype === undefined) {
    throw fault(
      action,
      `the dtype of ${what} must be one of ${
        [...readDtypes, texts].join(", ")
      }`,
      found.dtype,
    );
  }
  const quantization = levels &&
    quantizationFrom(action, what, dtype, levels);
  const { bits } = dtypes[quantization?.dtype ?? dtype];
  const bytes = byteLength(shape, bits);
  if (bytes === undefined) {
    throw fault(action, `${what} must have fewer than 2^53 bytes`, shape);
  }
  const info = { dtype, shape: Object.freeze(shape), bytes };
  return [name, quantization === undefined ? info : { ...info, quantization }];
}

function readLevels(json: JsonReader): Levels {
  const found: { dtype?: string; scale?: number; min?: number } = {};
  json.members("a quantization", {
    dtype: () => found.dtype = json.text("a quantization's dtype"),
    scale: () => found.scale = json.number("a quantization's scale"),
    min: () => found.min = json.number("a quantization's min"),
  });
  return found;
}

function quantizationFrom(
  action: string,
  what: string,
  dtype: Dtype,
  { dtype: name, scale, min }: Levels,
): Quantization {
  const stored = levels.find((level) => level === name);
  if (
    stored === undefined || dtype !== "float32" && dtype !== "int32" ||
    stored === "float16" && dtype !== "float32"
  ) {
    throw fault(
      action,
      `the quantization of ${what}, ${dtype}, must be uint8, uint16, or float16 of float32`,
      name,
    );
  }
  if (stored === "float16") return { dtype: stored, scale: 1, min: 0 };
  if (scale === undefined || min === undefined) {
    throw fault(action, `scale and min of ${what} must be numbers`, [
      scale,
      min,
    ]);
  }
  return { dtype: stored, scale, min };
}

/** Returns where texts end in a group's files. */
async function endOfTexts(
  action: string,
  name: string,
  source: ByteSource,
  start: number,
  count: number,
): Promise<number> {
  const finding = `${action}' texts ${quoted(name)}`;
  let end = start;
  let piece = { start, bytes: new Uint8Array(0) };
  for (let index = 0; index < count; index++) {
    if (end + lengthBytes > piece.start + piece.bytes.length) {
      const length = Math.max(
        lengthBytes,
        Math.min(pieceBytes, source.size - end),
      );
      const bytes = await readExactly(finding, source, end, length);
      piece = { start: end, bytes: new Uint8Array(bytes) };
    }
    const { buffer } = piece.bytes;
    end += lengthBytes +
      new DataView(buffer).getUint32(end - piece.start, true);
  }
  return end;
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
