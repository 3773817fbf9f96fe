/**
 * Files that PyTorch made, and what it says is in them.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import {
  bytesSource,
  type Checkpoint,
  openTorch,
  quantizationOf,
} from "../../../lib/checkpoint/mod.ts";
import { elementCount } from "../../../lib/core/shape.ts";
import type { Tensor } from "../../../mod.ts";
import { bytesOf, sha256 } from "../../golden/golden.ts";

/** A tensor as PyTorch has it. */
interface TorchFact {
  readonly name: string;
  /** PyTorch's name, or NumPy's. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Of the row-major bytes, lowest first; null if the file has none. */
  readonly sha256: string | null;
  /** Of a quantized tensor: its real numbers, in float32. */
  readonly values?: readonly number[];
  /** The distances of levels along the axis; one for all. */
  readonly scales?: readonly number[];
  /** The levels of 0. */
  readonly zeros?: readonly number[];
  readonly axis?: number;
}

/** A file of PyTorch. */
export interface TorchRow {
  readonly name: string;
  readonly tensors: readonly TorchFact[];
  /** Some of the metadata that there must be; all, if it is empty. */
  readonly metadata: Readonly<Record<string, string>> | null;
  /** The file, in base64. */
  readonly file: string;
}

/** PyTorch's dtypes that are not read here. */
export const unreadDtypes: readonly string[] = ["complex32"];

/** PyTorch's dtypes that have another name here. */
const dtypeNames: Readonly<Record<string, string>> = {
  float4_e2m1fn_x2: "float4_e2m1fn",
};

/** The integers of a quantized dtype. */
const levels: Readonly<
  Record<string, (values: readonly number[]) => Uint8Array>
> = {
  quint8: (values) => Uint8Array.from(values),
  qint8: (values) => new Uint8Array(Int8Array.from(values).buffer),
  qint32: (values) => new Uint8Array(Int32Array.from(values).buffer),
};

/**
 * Returns the bytes of a row's file.
 *
 * @param row The row.
 */
export function fileOf({ file }: TorchRow): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromBase64(file);
}

/**
 * Asserts that a file holds what PyTorch says: names in order, dtypes, shapes,
 * and the bytes, read whole and in three parts.
 *
 * @param row The file.
 */
export async function checkTorchFile(row: TorchRow): Promise<void> {
  const checkpoint = await openTorch(bytesSource(fileOf(row)));
  const isUnread = ({ dtype, sha256 }: TorchFact) =>
    sha256 === null || unreadDtypes.includes(dtype);
  const [unread, read] = [true, false].map((is) =>
    row.tensors.filter((fact) => isUnread(fact) === is)
  );
  assertEquals(
    Object.keys(checkpoint.tensors).sort(),
    read.map(({ name }) => name).sort(),
  );
  assertEquals(
    Object.entries(checkpoint.unread!).map(([name, { dtype, shape }]) =>
      `${name} ${dtype} ${shape}`
    ),
    unread.map(({ name, dtype, shape }) => `${name} ${dtype} ${shape}`),
  );
  for (const fact of read) await checkTensor(checkpoint, fact);
  const { metadata } = row;
  if (metadata === null) return;
  const found = Object.keys(metadata).length === 0
    ? checkpoint.metadata
    : Object.fromEntries(
      Object.keys(metadata).map((key) => [key, checkpoint.metadata[key]]),
    );
  assertEquals(found, metadata);
}

async function checkTensor(
  checkpoint: Checkpoint,
  fact: TorchFact,
): Promise<void> {
  const { name, dtype } = fact;
  const isPair = dtype === "float4_e2m1fn_x2";
  const shape = isPair
    ? fact.shape.with(-1, 2 * fact.shape.at(-1)!)
    : fact.shape;
  const info = checkpoint.tensors[name];
  assertEquals(info.shape, shape, name);
  assertEquals(
    info.dtype,
    dtype in levels ? "float32" : dtypeNames[dtype] ?? dtype,
    name,
  );
  const count = elementCount(shape);
  const third = isPair ? 2 : Math.ceil(count / 3);
  const whole = await checkpoint.read(name);
  assertEquals(whole.shape, shape, name);
  const parts: Uint8Array[] = [];
  for (let start = 0; start < count; start += third) {
    const end = Math.min(count, start + third);
    parts.push(bytesOf(await checkpoint.read(name, { start, end })));
  }
  const joined = Uint8Array.from(parts.flatMap((part) => [...part]));
  assertEquals(joined, bytesOf(whole), name);
  const stored = dtype in levels ? levelsIn(whole, fact) : bytesOf(whole);
  assertEquals(await sha256(stored), fact.sha256, name);
}

/** The integers that real numbers were, checked against PyTorch's numbers. */
function levelsIn(tensor: Tensor, fact: TorchFact): Uint8Array<ArrayBuffer> {
  const { dtype, shape, scales, zeros, axis, values } = fact;
  const inner = elementCount(shape.slice(axis! + 1));
  const found = [...tensor.toFloat32()].map((value, index) => {
    const channel = Math.floor(index / inner) % shape[axis!] % scales!.length;
    const level = Math.round(value / scales![channel]) + zeros![channel];
    assertEquals(
      value,
      Math.fround((level - zeros![channel]) * scales![channel]),
    );
    // PyTorch rounds the scale first, and may then round twice.
    const most = 3e-7 *
      Math.max(Math.abs(value), Math.abs(zeros![channel] * scales![channel]));
    assertEquals(Math.abs(value - values![index]) <= most, true, `${index}`);
    return level;
  });
  const quantization = quantizationOf(tensor)!;
  assertEquals(quantization.dtype, dtype.slice(1));
  assertEquals(
    quantization.scale,
    scales!.length === 1 ? scales![0] : NaN,
  );
  assertEquals(
    quantization.min,
    scales!.length === 1 ? (0 - zeros![0]) * scales![0] : NaN,
  );
  return levels[dtype](found) as Uint8Array<ArrayBuffer>;
}
