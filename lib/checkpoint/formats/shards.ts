/**
 * Checkpoints in several files, of safetensors or of PyTorch: an index gives the
 * file of each tensor.
 *
 * @module
 */

import {
  checkCallbacks,
  quoted,
  renamed,
  shownName,
  withDefaults,
} from "../../core/options.ts";
import {
  type Checkpoint,
  type ElementRange,
  infoOf,
  namesOf,
  recordOf,
  type TensorInfo,
  type Unread,
} from "../../core/source.ts";
import {
  type ByteSource,
  checkSource,
  fault,
  lacking,
  readAll,
  type SourceOpener,
} from "./bytes.ts";
import { JsonReader } from "./json.ts";
import { openSafetensors } from "./safetensors.ts";
import { headOf, isTorch } from "./starts.ts";
import { openTorch } from "./torch.ts";

/** The contents of an index. */
interface Index {
  /** The metadata, as text. */
  readonly metadata: Record<string, string>;
  /** The file of each tensor. */
  readonly places: Map<string, string>;
}

/** The most bytes that an index may have. */
const longestIndex = 100_000_000;

/** So many names are listed of tensors that the index leaves out. */
const mostNamed = 3;

/**
 * Opens a checkpoint in several files, reading only the index and the headers, or
 * the pickles of PyTorch. Its tensors are those of the index, in its order;
 * `notes` names those that the files have besides.
 *
 * @param open Returns the source of a file by its name: first the index, then
 * each file that it names, once. The names contain no folder.
 * @param options The index file's name; or else the files, where there is no
 * index: the checkpoint then has the tensors of all. Default: the index
 * `model.safetensors.index.json`.
 * @throws {TypeError} If `open` is no function, or gives no source.
 * @throws {SyntaxError} If the index or a file does not parse, or a file does
 * not have a tensor that the index puts there. The message names the file.
 *
 * @example
 * ```ts
 * import { tensor } from "@fanin/fanin";
 * import { bytesSource, encodeSafetensors, openShards } from "@fanin/fanin/checkpoint";
 * import { assertEquals } from "@std/assert";
 *
 * const files: Record<string, Uint8Array> = {
 *   "model.safetensors.index.json": new TextEncoder().encode(
 *     '{"metadata": {}, "weight_map": {"b": "2.safetensors", "w": "1.safetensors"}}',
 *   ),
 *   "1.safetensors": encodeSafetensors({ w: tensor([1, 2]) }),
 *   "2.safetensors": encodeSafetensors({ b: tensor([3]) }),
 * };
 * const model = await openShards((name) => bytesSource(files[name]));
 * assertEquals(Object.keys(model.tensors), ["b", "w"]);
 * assertEquals((await model.read("w")).toArray(), [1, 2]);
 * ```
 */
export async function openShards(
  open: SourceOpener,
  options: { readonly index?: string; readonly files?: readonly string[] } = {},
): Promise<Checkpoint> {
  const action = "open a sharded checkpoint";
  const { index, files } = withDefaults(action, options, {
    index: "model.safetensors.index.json",
    files: undefined as readonly string[] | undefined,
  });
  checkCallbacks(action, { open });
  const shards = new Map<string, Checkpoint>();
  const openAll = async (files: Iterable<string>) => {
    for (const file of files) shards.set(file, await openShard(file, open));
  };
  if (files !== undefined) await openAll(files);
  const { metadata, places } = files === undefined
    ? await readIndex(action, open, index)
    : { metadata: {}, places: placesIn(action, shards) };
  if (files === undefined) await openAll(new Set(places.values()));
  const found = new Map<string, TensorInfo>();
  const refused = new Map<string, Unread>();
  for (const [name, file] of places) {
    const { tensors: infos, unread: others = {} } = shards.get(file)!;
    if (Object.hasOwn(infos, name)) found.set(name, infos[name]);
    else if (Object.hasOwn(others, name)) refused.set(name, others[name]);
    else {
      throw fault(
        action,
        `${quoted(file)} must have tensor ${quoted(name)} as the index says`,
        `${Object.keys(infos).length} others`,
      );
    }
  }
  const notes = [...shards].flatMap(([file, shard]) =>
    notesOf(shard, file, places)
      .map((note) => `${shownName(file)} ${note}`)
  );
  const layouts = new Set([...shards.values()].map(({ layout }) => layout));
  const tensors = recordOf(found);
  return {
    metadata,
    tensors,
    layout: layouts.size === 1 ? [...layouts][0] : undefined,
    unread: recordOf(refused),
    notes,
    async read(name: string, range?: ElementRange) {
      const file = places.get(name);
      if (file === undefined) {
        infoOf("read a sharded checkpoint", tensors, name);
      }
      return await shards.get(file!)!.read(name, range);
    },
  };
}

/** The file of each tensor, where no index says it. */
function placesIn(
  action: string,
  shards: ReadonlyMap<string, Checkpoint>,
): Map<string, string> {
  const places = new Map<string, string>();
  for (const [file, { tensors, unread = {} }] of shards) {
    for (const name of [...namesOf(tensors), ...namesOf(unread)]) {
      if (places.has(name)) {
        throw fault(
          action,
          `tensor ${quoted(name)} must be in one file`,
          `${places.get(name)} and ${file}`,
        );
      }
      places.set(name, file);
    }
  }
  return places;
}

/** An error of a file names that file. */
async function openShard(
  file: string,
  open: SourceOpener,
): Promise<Checkpoint> {
  const action = `open shard ${quoted(file)}`;
  const source: ByteSource = await open(file);
  checkSource(action, source);
  const head = await headOf(action, source);
  try {
    return await (isTorch(head) ? openTorch : openSafetensors)(source);
  } catch (error) {
    throw error instanceof Error ? renamed(action, error) : error;
  }
}

/** What a file says of itself, and which tensors the index leaves out. */
function notesOf(
  { tensors, notes = [] }: Checkpoint,
  file: string,
  places: ReadonlyMap<string, string>,
): string[] {
  const left = namesOf(tensors).filter((name) => places.get(name) !== file);
  if (left.length === 0) return [...notes];
  const some = left.slice(0, mostNamed).map(shownName).join(", ");
  const more = left.length > mostNamed
    ? ` and ${left.length - mostNamed} more`
    : "";
  return [...notes, `has tensors that are not in the index: ${some}${more}`];
}

async function readIndex(
  action: string,
  open: SourceOpener,
  name: string,
): Promise<Index> {
  const reading = `${action}'s index`;
  const bytes = await readAll(reading, await open(name), longestIndex);
  const json = new JsonReader(reading, bytes);
  const files = new Map<string, string>();
  let metadata: Map<string, string> = new Map();
  let places: Map<string, string> | undefined;
  json.members("its index", {
    weight_map() {
      places = json.object("weight_map", (tensor) => {
        const file = json.text(() => `the file of tensor ${quoted(tensor)}`);
        const known = files.get(file);
        // One text for all that name the same file.
        if (known !== undefined) return known;
        checkFileName(reading, tensor, file);
        files.set(file, file);
        return file;
      });
    },
    metadata() {
      if (json.takeNull()) return;
      metadata = json.object("metadata", () => json.written());
    },
  });
  json.end();
  if (places === undefined) {
    throw lacking(reading, "its index", { weight_map: undefined });
  }
  return { metadata: Object.fromEntries(metadata), places };
}

/** Do not trust the index: it must not lead out of its folder. */
function checkFileName(action: string, tensor: string, file: string): void {
  if (!/^(?!\.)[^/\\:\0]+$/.test(file)) {
    throw fault(
      action,
      `the file of tensor ${
        quoted(tensor)
      } must be a name without a folder in it`,
      file,
    );
  }
}
