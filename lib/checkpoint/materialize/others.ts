/**
 * Compares the files that other processes wrote with what the spec and the seed
 * give, so that files of two models are not joined. A jump of the generator
 * leads to any tensor, so it takes milliseconds a tensor and needs no notes that
 * the processes would leave for each other.
 *
 * @module
 */

import { cannot, quoted, renamed } from "../../core/options.ts";
import { elementCount, formatShape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { Turns } from "../../core/turns.ts";
import type { Generator } from "../../random/torch/generator.ts";
import { isSystemError } from "../files.ts";
import { bytesOf } from "../formats/bytes.ts";
import { openSafetensors } from "../formats/safetensors.ts";
import { type FileSource, openFile } from "../open.ts";
import { Buffers, type Drawing, partsOf } from "./parts.ts";
import {
  isFewNormals,
  isWhole,
  type Plan,
  type PlannedFile,
  type PlannedTensor,
  wordsOfOne,
} from "./plan.ts";

/** What is compared with what. */
interface Comparing {
  /** The folder of the files. */
  readonly folder: string;
  /** The plan of all files. */
  readonly plan: Plan;
  /** Those that this process writes, which are not compared. */
  readonly own: readonly PlannedFile[];
  /** Turns of the event loop, in which a signal may abort. */
  readonly turns: Turns;
}

/** Compares the first values of a part with those of a file. */
type CheckPart = (
  tensor: PlannedTensor,
  part: Tensor,
  seed: bigint,
) => Promise<void>;

/** So many bytes of each tensor are compared, or a few more. */
const comparedBytes = 4096;

/** Matrices that are made as a whole are compared if they are no larger. */
const mostElements = 2 ** 16;

/**
 * Compares the files that are there with what they must hold: all names, dtypes
 * and shapes, and each tensor's first values, up to the first tensor whose
 * number of words is known only by drawing it. Large matrices that are made as a
 * whole are passed over.
 *
 * @param comparing The files.
 * @param generator The generator at the first tensor of a file; it moves on.
 * @param from The place of that file in the plan. Default: 0.
 * @returns Whether all tensors were compared, not only those up to one whose
 * number of words is not known.
 * @throws {RangeError} If a file is of another spec or seed.
 * @throws {SyntaxError} If a file is broken.
 * @throws Errors of the system with the path in their message.
 */
export async function checkOthers(
  comparing: Comparing,
  generator: Generator,
  from = 0,
): Promise<boolean> {
  const { folder, plan, own } = comparing;
  if (own.length === plan.files.length) return true;
  let words: number | undefined = 0;
  for (const file of plan.files.slice(from)) {
    const source = own.includes(file)
      ? undefined
      : await openIfThere(`${folder}/${file.name}`);
    try {
      const check = source && await openPlanned(folder, file, source);
      if (words !== undefined) {
        words = await passFile(file, { comparing, generator, words, check });
      }
    } finally {
      source?.close();
    }
  }
  return words !== undefined;
}

/**
 * Passes the tensors of a file, and compares them if it is there. Returns the
 * words by which the generator is still to move; undefined if nothing tells.
 */
async function passFile(
  { tensors }: PlannedFile,
  { comparing: { turns }, generator, words: before, check }: {
    readonly comparing: Comparing;
    readonly generator: Generator;
    readonly words: number;
    readonly check: CheckPart | undefined;
  },
): Promise<number | undefined> {
  const buffers = new Buffers(comparedBytes, false);
  let words = before;
  for (const tensor of tensors) {
    const isFew = isFewNormals(tensor);
    if (isFew || check !== undefined && isQuick(tensor)) {
      generator.advance(words);
      words = 0;
      const part = await firstPart(tensor, {
        // Of few normals it may keep a spare one.
        generator: isFew ? generator : generator.clone(),
        buffers,
        threads: [],
      });
      await check?.(tensor, part, generator.initialSeed);
    }
    const more = isFew ? 0 : wordsOfOne(tensor);
    if (more === undefined) return undefined;
    words += more;
    await turns.pause();
  }
  return words;
}

async function openIfThere(path: string): Promise<FileSource | undefined> {
  try {
    return await openFile(path);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Compares what a file's header says; returns what compares the values. */
async function openPlanned(
  folder: string,
  file: PlannedFile,
  source: FileSource,
): Promise<CheckPart> {
  const { name: path, tensors } = file;
  const found = await openSafetensors(source).catch((error) => {
    throw error instanceof Error
      ? renamed(`read ${quoted(`${folder}/${path}`)}`, error)
      : error;
  });
  const isSame = Object.keys(found.tensors).length === tensors.length &&
    tensors.every(({ name, dtype, shape }) => {
      const info = Object.hasOwn(found.tensors, name) && found.tensors[name];
      return info && info.dtype === dtype &&
        formatShape(info.shape) === formatShape(shape);
    });
  if (!isSame) throw another(folder, "spec", `${path} with other tensors`);
  return async ({ name }, part, seed) => {
    const end = elementCount(part.shape);
    const bytes = bytesOf(await found.read(name, { start: 0, end }));
    if (bytesOf(part).some((byte, i) => byte !== bytes[i])) {
      const others = `${path} with other values of ${quoted(name)}`;
      throw another(folder, `spec and seed ${seed}`, others);
    }
  };
}

function isQuick(tensor: PlannedTensor): boolean {
  const { distribution, shape } = tensor;
  const count = elementCount(shape);
  const isAny = !isWhole(distribution) && distribution.kind !== "sparse";
  return count > 0 && (isAny || count <= mostElements);
}

/** Few normals are one part, so the generator then stands at their end. */
async function firstPart(
  tensor: PlannedTensor,
  drawing: Drawing,
): Promise<Tensor> {
  let first: Tensor | undefined;
  for await (const part of partsOf(tensor, drawing)) {
    first = part;
    break;
  }
  return first!;
}

function another(folder: string, whose: string, found: string): RangeError {
  return new RangeError(
    cannot(
      `materialize a model in ${JSON.stringify(folder)}`,
      `files that are there must be of this ${whose}; remove others, or name another folder`,
      found,
    ),
  );
}
