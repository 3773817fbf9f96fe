/**
 * Safetensors files larger than memory: tensors are made one after the other
 * and written at once.
 *
 * @module
 */

import { describe, withDefaults } from "../core/options.ts";
import { formatShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { quoted } from "../formats/fault.ts";
import type { SafetensorsOptions } from "../formats/safetensors/encode.ts";
import { layoutOf } from "../formats/safetensors/layout.ts";
import { checkTensor, type TensorSpec } from "../formats/specs.ts";
import { bytesOf, outline } from "../formats/storage.ts";
import { type FileSink, writeAtomically } from "./atomic.ts";

/**
 * A tensor, or its elements in parts that follow each other, of any shape. A
 * part is asked for while the one before it is being written, in this tensor or
 * another; so its memory may be that of the last but one.
 */
export type MadeTensor = Tensor | Iterable<Tensor> | AsyncIterable<Tensor>;

/**
 * Writes a safetensors file: the same bytes as `encodeSafetensors`, with no
 * more in memory than what is made at a time. As it is written atomically, it
 * is there when all tensors are.
 *
 * @param path The file; what was there is replaced.
 * @param specs The tensors' names, dtypes and shapes.
 * @param make Makes a tensor, or its parts; called in the order of `specs`,
 * whatever the order in the file.
 * @param options Metadata.
 * @throws {RangeError} If what was made is not what its spec says, or a name or
 * shape is none that a file may have.
 * @throws {TypeError} If what was made is no tensor, a dtype is unknown, or the
 * path is a folder's.
 * @throws What `make` throws; errors of the system with the path in their
 * message.
 *
 * @example
 * ```ts
 * import { empty } from "../core/create.ts";
 * import { decodeSafetensors } from "../formats/safetensors/decode.ts";
 * import { writeSafetensors } from "./write_safetensors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/model.safetensors`;
 * const specs = [{ name: "w", dtype: "float32", shape: [2, 3] }] as const;
 * await writeSafetensors(path, specs, ({ shape }) => empty(shape));
 * const { tensors } = decodeSafetensors(await Deno.readFile(path));
 * assertEquals(tensors.w.toArray(), [[0, 0, 0], [0, 0, 0]]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeSafetensors(
  path: string,
  specs: readonly TensorSpec[],
  make: (
    spec: TensorSpec,
    index: number,
  ) => MadeTensor | Promise<MadeTensor>,
  options: SafetensorsOptions = {},
): Promise<void> {
  const action = `write ${JSON.stringify(path)}`;
  const { metadata } = withDefaults(action, options, { metadata: {} });
  const { head, offsets, lengths } = layoutOf(action, specs, metadata);
  await writeAtomically(path, async (file) => {
    const queue = new Queue(file);
    await queue.write(0, head);
    for (const [index, spec] of specs.entries()) {
      const place = { start: offsets[index], length: lengths[index] };
      await writeMade(action, queue, spec, place, await make(spec, index));
    }
    await queue.end();
  });
}

/** Where a tensor's bytes go. */
interface Place {
  readonly start: number;
  readonly length: number;
}

/** Writes while the caller goes on: one at a time. */
class Queue {
  readonly #file: FileSink;
  #last: Promise<void> = Promise.resolve();

  constructor(file: FileSink) {
    this.#file = file;
  }

  /** Begins to write, when what was written before has ended. */
  async write(offset: number, bytes: Uint8Array): Promise<void> {
    await this.#last;
    this.#last = this.#file.write(offset, bytes);
    // Who waits for it hears of an error all the same.
    this.#last.catch(() => {});
  }

  /** Waits for the last. */
  end(): Promise<void> {
    return this.#last;
  }
}

async function writeMade(
  action: string,
  queue: Queue,
  spec: TensorSpec,
  { start, length }: Place,
  made: MadeTensor,
): Promise<void> {
  const what = `tensor ${quoted(spec.name)}`;
  let end = 0;
  for await (const part of partsOf(action, what, spec, made)) {
    checkTensor(action, `a part of ${what}`, part);
    const bytes = bytesOf(part);
    if (part.dtype !== spec.dtype || end + bytes.length > length) {
      throw new RangeError(
        `Cannot ${action} as ${what} must be ${
          outline(spec)
        } in all: current value is ${
          outline(part)
        } after ${end} of ${length} bytes`,
      );
    }
    await queue.write(start + end, bytes);
    end += bytes.length;
  }
  if (end !== length) {
    throw new RangeError(
      `Cannot ${action} as ${what} must have ${length} bytes: current value is ${end}`,
    );
  }
}

function partsOf(
  action: string,
  what: string,
  spec: TensorSpec,
  made: MadeTensor,
): Iterable<Tensor> | AsyncIterable<Tensor> {
  if (
    typeof made === "object" && made !== null &&
    (Symbol.iterator in made || Symbol.asyncIterator in made)
  ) {
    return made;
  }
  checkTensor(action, what, made);
  if (formatShape(made.shape) !== formatShape(spec.shape)) {
    throw new RangeError(
      `Cannot ${action} as ${what} must be ${outline(spec)}: current value is ${
        describe(outline(made))
      }`,
    );
  }
  return [made];
}
