/**
 * Checkpoints in several safetensors files: an index says which tensor is in
 * which.
 *
 * @module
 */

import { withDefaults } from "../../core/options.ts";
import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  type TensorInfo,
} from "../checkpoint.ts";
import { fault, quoted } from "../fault.ts";
import { parseJson } from "../json.ts";
import { type Json, objectOf } from "../json_value.ts";
import { readAll, type SourceOpener } from "../source.ts";
import { longestHeader } from "./header.ts";
import { openSafetensors } from "./open.ts";

/** Options of {@linkcode openSafetensorsShards}. */
export interface ShardsOptions {
  /** The index file's name. Default: `model.safetensors.index.json`. */
  readonly index?: string;
}

/**
 * Returns a checkpoint in several files, of which only the index and the
 * headers were read. Its tensors are those of the index, in its order.
 *
 * @param open Gives the source of a file by its name: the index, then each file
 * that it names, once. These names have no folder in them.
 * @param options The index file's name.
 * @throws {SyntaxError} If the index or a header does not parse, or a file does
 * not have a tensor that the index puts there.
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { bytesSource, encodeSafetensors, openSafetensorsShards } from "@fanin/fanin/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const files: Record<string, Uint8Array> = {
 *   "model.safetensors.index.json": new TextEncoder().encode(
 *     '{"metadata": {}, "weight_map": {"b": "2.safetensors", "w": "1.safetensors"}}',
 *   ),
 *   "1.safetensors": encodeSafetensors({ w: tensor([1, 2]) }),
 *   "2.safetensors": encodeSafetensors({ b: tensor([3]) }),
 * };
 * const model = await openSafetensorsShards((name) => bytesSource(files[name]));
 * assertEquals(Object.keys(model.tensors), ["b", "w"]);
 * assertEquals((await model.read("w")).toArray(), [1, 2]);
 * ```
 */
export async function openSafetensorsShards(
  open: SourceOpener,
  options: ShardsOptions = {},
): Promise<Checkpoint> {
  const action = "open a sharded safetensors checkpoint";
  const { index } = withDefaults(action, options, {
    index: "model.safetensors.index.json",
  });
  const { metadata, places } = await readIndex(action, open, index);
  const shards = new Map<string, Checkpoint>();
  for (const file of new Set(Object.values(places))) {
    shards.set(file, await openSafetensors(await open(file)));
  }
  const tensors = Object.entries(places).map(([name, file]) => {
    const { tensors } = shards.get(file)!;
    if (!Object.hasOwn(tensors, name)) {
      throw fault(
        action,
        `${quoted(file)} must have tensor ${quoted(name)} as the index says`,
        `${Object.keys(tensors).length} others`,
      );
    }
    return [name, tensors[name]] as [string, TensorInfo];
  });
  return {
    metadata,
    tensors: Object.fromEntries(tensors),
    async read(name: string, range?: ElementRange) {
      const file = infoOf("read a sharded checkpoint", places, name);
      return await shards.get(file)!.read(name, range);
    },
  };
}

/** What an index says. */
interface Index {
  /** What it says beside the names, as text. */
  readonly metadata: Record<string, string>;
  /** The file of each tensor. */
  readonly places: Record<string, string>;
}

async function readIndex(
  action: string,
  open: SourceOpener,
  name: string,
): Promise<Index> {
  const reading = `${action}'s index`;
  const bytes = await readAll(reading, await open(name), longestHeader);
  const index = objectOf(action, "its index", parseJson(reading, bytes, "any"));
  const map = objectOf(action, "weight_map", index.get("weight_map"));
  const metadata = index.has("metadata")
    ? objectOf(action, "metadata", index.get("metadata"))
    : [];
  for (const [tensor, file] of map) checkFileName(action, tensor, file);
  const texts = [...metadata].map(([key, value]) => [key, String(value)]);
  return {
    metadata: Object.fromEntries(texts),
    places: Object.fromEntries(map as ReadonlyMap<string, string>),
  };
}

/** The index is from elsewhere: it must not lead out of its folder. */
function checkFileName(action: string, tensor: string, file: Json): void {
  if (typeof file !== "string" || !/^(?!\.)[^/\\:\0]+$/.test(file)) {
    throw fault(
      action,
      `the file of tensor ${
        quoted(tensor)
      } must be a name without a folder in it`,
      file,
    );
  }
}
