/**
 * Plans which tensors go to which file, and which process writes it. The plan
 * follows from the spec alone, so each process makes it independently.
 *
 * @module
 */

import { dtypes } from "../../core/dtype.ts";
import { cannot, checkCount, describe } from "../../core/options.ts";
import { elementCount } from "../../core/shape.ts";
import type { Distribution, Scaled } from "../../random/distribution.ts";
import { wordsOf as wordsOfFill } from "../../random/torch/draw.ts";
import { blockLength, wordsForFew } from "../../random/torch/normal.ts";
import type { SpecTensor } from "./spec.ts";

/** A tensor of a plan. */
export interface PlannedTensor extends SpecTensor {
  /** Its bytes in the file. */
  readonly bytes: number;
  /**
   * The 32-bit words that it takes from the generator; undefined if that
   * depends on what is drawn.
   */
  readonly words: number | undefined;
}

/** A file of a plan. */
export interface PlannedFile {
  /** Its name in the folder. */
  readonly name: string;
  /** Its tensors, which follow each other in the spec. */
  readonly tensors: readonly PlannedTensor[];
  /** The place of the first of them in the spec. */
  readonly start: number;
  /** The bytes of the tensors; the header is not counted. */
  readonly bytes: number;
}

/** One of several processes. */
export interface Shard {
  /** Its number, from 0 on. */
  readonly index: number;
  /** How many processes there are. */
  readonly count: number;
}

/** The files to write. */
export interface Plan {
  /** The tensors in the order of the spec, in which they are drawn. */
  readonly tensors: readonly PlannedTensor[];
  /** The files in order. */
  readonly files: readonly PlannedFile[];
  /** The bytes of all tensors. */
  readonly bytes: number;
  /**
   * The most bytes that one tensor takes while it is made, besides its parts:
   * orthogonal matrices are made as a whole, sparse ones need one bit per
   * element.
   */
  readonly memory: number;
}

/** The default size of files, as Hugging Face had it. */
const usualSize = 2e9;

/** What is not made in parts that fit a buffer. */
const wholes: readonly Distribution["kind"][] = [
  "orthogonal",
  "deltaOrthogonal",
  "repeated",
  "chrono",
  "parts",
  "scaled",
];

/** What draws no normals, or says nothing of how many. */
const withoutNormals: readonly Distribution["kind"][] = [
  "constant",
  "ones",
  "repeated",
  "uniform",
  "chrono",
  "parts",
];

/**
 * Returns a plan. A file holds tensors that follow each other in the spec, as
 * many as fit; a tensor larger than that gets a separate file.
 *
 * @param spec The tensors.
 * @param shardSize The most bytes of tensors in a file, at least 1. Default:
 * 2 GB, or for several processes so much less that each may have a file.
 * @param processes How many processes write. Default: 1.
 * @throws {RangeError} If `shardSize` is no whole number above 0.
 *
 * @example
 * ```ts
 * import { planOf } from "./plan.ts";
 * import { parseSpec } from "./spec.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const json = `[
 *   {"name": "a", "shape": [3, 2], "init": "normal"},
 *   {"name": "b", "shape": [3, 2], "init": "uniform"},
 *   {"name": "c", "shape": [3], "init": "zeros"}
 * ]`;
 * const { files } = planOf(parseSpec(json), 36);
 * assertEquals(files.map(({ name, bytes }) => [name, bytes]), [
 *   ["model-00001-of-00002.safetensors", 24],
 *   ["model-00002-of-00002.safetensors", 36],
 * ]);
 * ```
 */
export function planOf(
  spec: readonly SpecTensor[],
  shardSize?: number,
  processes = 1,
): Plan {
  const words = wordsOf(spec);
  const tensors = spec.map((tensor, i) => ({
    ...tensor,
    bytes: elementCount(tensor.shape) * dtypes[tensor.dtype].bits / 8,
    words: words[i],
  }));
  const bytes = sumOfBytes(tensors);
  const size = shardSize === undefined
    ? Math.min(usualSize, Math.max(1, Math.ceil(bytes / processes)))
    : shardSize;
  checkCount("plan files", "the size of a file", size, 1);
  const files = named(packed(tensors, size));
  const memory = Math.max(0, ...tensors.map(memoryOf));
  return { tensors, files, bytes, memory };
}

/**
 * Returns the files that a process writes: consecutive ones, with about as many
 * bytes as for any other process.
 *
 * @param plan The plan.
 * @param shard Which process.
 * @throws {RangeError} If its number is not one of 0, 1, … below their count.
 */
export function filesOf(
  { files, bytes }: Plan,
  { index, count }: Shard,
): readonly PlannedFile[] {
  checkCount("plan files", "the number of processes", count, 1);
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) {
    throw new RangeError(
      cannot(
        "plan files",
        `the process must be one of 0 to ${count - 1}`,
        describe(index),
      ),
    );
  }
  let before = 0;
  return files.filter((file) => {
    const middle = before + file.bytes / 2;
    before += file.bytes;
    const owner = Math.floor(count * middle / Math.max(1, bytes));
    return Math.min(owner, count - 1) === index;
  });
}

/**
 * Whether a tensor's normals are made in pairs, where the generator keeps the
 * second for the next such tensor.
 *
 * @param tensor The tensor.
 */
export function isFewNormals(tensor: SpecTensor): boolean {
  const count = normalsOf(tensor);
  return count > 0 && count < blockLength &&
    !withoutNormals.includes(drawnBy(tensor).kind);
}

/**
 * Returns the words that a tensor takes, whatever was drawn before; undefined
 * if that depends on what is drawn.
 *
 * @param tensor The tensor, none of few normals.
 */
export function wordsOfOne(tensor: SpecTensor): number | undefined {
  const { dtype } = tensor;
  const distribution = drawnBy(tensor);
  const count = normalsOf(tensor);
  switch (distribution.kind) {
    case "constant":
    case "ones":
    case "repeated":
      return 0;
    case "truncatedNormal":
    case "parts":
      return count === 0 ? 0 : undefined;
    case "uniform":
    case "chrono":
      return wordsOfFill(distribution, dtype, count);
    default:
      return wordsOfFill({ kind: "normal", mean: 0, std: 1 }, dtype, count)! +
        wordsOfZeros(tensor);
  }
}

/**
 * Whether a tensor is made as a whole, and not in parts that fit a buffer.
 *
 * @param distribution What it is filled from.
 */
export function isWhole({ kind }: Distribution): boolean {
  return wholes.includes(kind);
}

/** Assigns tensors to files in order. */
function packed(
  tensors: readonly PlannedTensor[],
  size: number,
): PlannedTensor[][] {
  const files: PlannedTensor[][] = [[]];
  let taken = 0;
  for (const tensor of tensors) {
    if (taken > 0 && taken + tensor.bytes > size) {
      files.push([]);
      taken = 0;
    }
    files.at(-1)!.push(tensor);
    taken += tensor.bytes;
  }
  return files;
}

function named(files: readonly PlannedTensor[][]): PlannedFile[] {
  const digits = (number: number) => String(number).padStart(5, "0");
  let start = 0;
  return files.map((tensors, i) => {
    const name = files.length === 1
      ? "model.safetensors"
      : `model-${digits(i + 1)}-of-${digits(files.length)}.safetensors`;
    const file = { name, tensors, start, bytes: sumOfBytes(tensors) };
    start += tensors.length;
    return file;
  });
}

function sumOfBytes(tensors: readonly PlannedTensor[]): number {
  return tensors.reduce((sum, { bytes }) => sum + bytes, 0);
}

/**
 * The words that each tensor takes, if all are drawn in order from a seed.
 * Undefined where that depends on what is drawn: truncated normals, and after
 * fewer than 16 of them other few normals, which may find a spare one.
 */
function wordsOf(
  tensors: readonly SpecTensor[],
): (number | undefined)[] {
  let hasSpare: boolean | undefined = false;
  return tensors.map((tensor) => {
    const count = normalsOf(tensor);
    const { kind } = drawnBy(tensor);
    if (kind === "parts") hasSpare = undefined;
    if (!isFewNormals(tensor)) return wordsOfOne(tensor);
    if (kind === "truncatedNormal") hasSpare = undefined;
    if (hasSpare === undefined) return undefined;
    const few = wordsForFew(count, hasSpare);
    hasSpare = few.hasSpare;
    return few.words + wordsOfZeros(tensor);
  });
}

/** The distribution before it is scaled. */
function drawnBy(
  { distribution }: SpecTensor,
): Exclude<Distribution, Scaled> {
  let drawn = distribution;
  while (drawn.kind === "scaled") drawn = drawn.of;
  return drawn;
}

/** How many normals are drawn, if any: in a kernel only the matrix's. */
function normalsOf(tensor: SpecTensor): number {
  const { shape } = tensor;
  return elementCount(
    drawnBy(tensor).kind === "deltaOrthogonal" ? shape.slice(0, 2) : shape,
  );
}

/** The words that choose which elements of a sparse matrix are 0. */
function wordsOfZeros(tensor: SpecTensor): number {
  const [rows, columns] = tensor.shape;
  return drawnBy(tensor).kind === "sparse"
    ? columns * Math.max(0, rows - 1)
    : 0;
}

/**
 * A matrix is decomposed in double, one in a kernel by itself; what is scaled or
 * made of parts is first drawn as a whole.
 */
function memoryOf(tensor: PlannedTensor): number {
  const { distribution, dtype, shape, bytes } = tensor;
  const { kind } = drawnBy(tensor);
  const matrix = normalsOf(tensor);
  if (kind === "orthogonal") return bytes + 8 * matrix;
  if (kind === "deltaOrthogonal") {
    return bytes + (8 + dtypes[dtype].bits / 8) * matrix;
  }
  if (isWhole(distribution)) return bytes;
  return kind === "sparse" ? Math.ceil(elementCount(shape) / 8) : 0;
}
