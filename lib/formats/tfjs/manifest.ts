/**
 * The manifest of TensorFlow.js weights: groups of files, and what lies in them
 * one after the other.
 *
 * @module
 * @see `WeightsManifestConfig` in tfjs-core 4.22.0
 */

import { type Dtype, dtypes } from "../../core/dtype.ts";
import type { TensorInfo } from "../checkpoint.ts";
import { fault, quoted } from "../fault.ts";
import { parseJson } from "../json.ts";
import {
  arrayOf,
  countsOf,
  type Json,
  type JsonObject,
  objectOf,
} from "../json_value.ts";
import type { Quantization } from "../../core/quantization.ts";
import { byteLength } from "../storage.ts";

/** A tensor in a group of files. */
export interface Placed extends TensorInfo {
  /** The group's index. */
  readonly group: number;
  /** Its first byte in the group's files together. */
  readonly offset: number;
}

/** What a manifest says. */
export interface Manifest {
  /** The files of each group. */
  readonly groups: readonly (readonly string[])[];
  /** How many bytes each group has. */
  readonly sizes: readonly number[];
  /** The tensors by name. */
  readonly tensors: Readonly<Record<string, Placed>>;
}

const byName: ReadonlyMap<string, Dtype> = new Map([
  ["float32", "float32"],
  ["int32", "int32"],
  ["bool", "bool"],
  ["complex64", "C64"],
]);

const levels: readonly Quantization["dtype"][] = ["uint8", "uint16", "float16"];

/**
 * Returns what a manifest says: a list of groups, or a `model.json` that has
 * such a list as its `weightsManifest`.
 *
 * @param action What is being done, for the error's sentence.
 * @param bytes The manifest's JSON.
 * @throws {SyntaxError} If it does not parse, or a dtype is none of ours.
 */
export function parseManifest(action: string, bytes: Uint8Array): Manifest {
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
  return { groups, sizes, tensors: Object.fromEntries(tensors) };
}

function readPaths(action: string, value: Json | undefined): string[] {
  return arrayOf(action, "paths", value).map((path) => {
    // The manifest is from elsewhere: it must not lead out of its folder.
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
