/**
 * `compare a.safetensors b.safetensors`: what differs between two checkpoints.
 *
 * @module
 */

import { openCheckpoint } from "../checkpoint/open.ts";
import { type DataOf, type Dtype, dtypes } from "../core/dtype.ts";
import { formatCount, formatNumber, formatShare } from "../core/format.ts";
import { elementCount, formatShape, type Shape } from "../core/shape.ts";
import type { Checkpoint, TensorInfo } from "../core/source.ts";
import { type Difference, DifferenceMeter } from "../numerics/difference.ts";
import { readArguments, UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import {
  type Column,
  jsonHelp,
  printJson,
  Progress,
  tableLines,
  type Terminal,
} from "./terminal.ts";

/** What a checkpoint says of a tensor. */
interface Outline {
  /** The element type. */
  readonly dtype: Dtype;
  /** Sizes along the axes, outermost first. */
  readonly shape: Shape;
}

/** A name, and what two checkpoints have by it. */
interface Compared {
  /** The tensor's name. */
  readonly name: string;
  /** Whether it is in both, with one dtype, one shape and the same bits. */
  readonly equal: boolean;
  /** What it is in the first; null where it is not there. */
  readonly a: Outline | null;
  /** What it is in the second. */
  readonly b: Outline | null;
  /** How far they are apart; null where dtypes, shapes or names differ. */
  readonly difference: Difference | null;
}

/** Bytes of a tensor that are read at a time. */
const partBytes = 2 ** 22;

/**
 * Returns what is in two checkpoints by each name: those of the first in its
 * order, then those of the second alone.
 *
 * @param a The first.
 * @param b The second.
 * @param onPart Called for each part with the bytes that were compared.
 */
async function compareTensors(
  a: Checkpoint,
  b: Checkpoint,
  onPart: (bytes: number, name: string) => void,
): Promise<Compared[]> {
  const rows: Compared[] = [];
  const names = new Set([...Object.keys(a.tensors), ...Object.keys(b.tensors)]);
  for (const name of names) {
    const [left, right] = [outlineIn(a, name), outlineIn(b, name)];
    const difference = isAlike(left, right)
      ? await differenceOf(a, b, name, (bytes) => onPart(bytes, name))
      : null;
    const equal = difference?.differing === 0;
    rows.push({ name, equal, a: left, b: right, difference });
  }
  return rows;
}

/**
 * Returns how many bytes of values two checkpoints have in common.
 *
 * @param a The first.
 * @param b The second.
 */
function commonBytes(a: Checkpoint, b: Checkpoint): number {
  return Object.entries(a.tensors)
    .filter(([name]) => isAlike(outlineIn(a, name), outlineIn(b, name)))
    .reduce((sum, [, info]) => sum + sizeOf(info), 0);
}

function outlineIn({ tensors }: Checkpoint, name: string): Outline | null {
  if (!Object.hasOwn(tensors, name)) return null;
  const { dtype, shape } = tensors[name];
  return { dtype, shape };
}

function isAlike(a: Outline | null, b: Outline | null): boolean {
  return a !== null && b !== null && a.dtype === b.dtype &&
    formatShape(a.shape) === formatShape(b.shape);
}

/** The bytes of the values, which may be more than those in a file. */
function sizeOf({ dtype, shape }: Pick<TensorInfo, "dtype" | "shape">): number {
  return elementCount(shape) * dtypes[dtype].bits / 8;
}

async function differenceOf(
  a: Checkpoint,
  b: Checkpoint,
  name: string,
  onPart: (bytes: number) => void,
): Promise<Difference> {
  const { dtype, shape } = a.tensors[name];
  const { bits } = dtypes[dtype];
  const count = elementCount(shape);
  // A multiple of 8, so that elements of 4 or 6 bits fill whole bytes.
  const most = Math.floor(partBytes / bits) * 8;
  const meter = new DifferenceMeter(dtype);
  const readAt = (start: number) => {
    const range = { start, end: Math.min(start + most, count) };
    return Promise.all([a.read(name, range), b.read(name, range)]);
  };
  let next = readAt(0);
  for (let start = 0; start < count; start += most) {
    const [left, right] = await next;
    // The next part is on its way while this one is compared.
    if (start + most < count) next = readAt(start + most);
    meter.add<Dtype>(left.data as DataOf<Dtype>, right.data as DataOf<Dtype>);
    onPart(left.data.byteLength);
  }
  return meter.result();
}

const help = `Compares the tensors of two checkpoints, bit for bit.

Usage: fanin compare <a> <b> [options]

A checkpoint is a .safetensors file, a .safetensors.index.json of several, an
.npz or .npy file, a model.json or weights_manifest.json of TensorFlow.js, or a
folder that has one of these. Files may be larger than memory; an array in an
.npz file may not. Metadata is not compared.

  differing     elements that are not the same bits: 0 and -0 are not, NaN and
                NaN of the same bits are
  max |a − b|   the largest difference where neither is NaN
  max ulps      the most steps from one number of the dtype to the next that lie
                between two elements
  NaN           elements that are NaN in one alone

  --differing             only the tensors that are not equal
${jsonHelp}

Exit codes: 0 all tensors are equal to the bit, 1 they are not, 2 a failure.

Permissions: --allow-read for both.

Examples:
  fanin compare before.safetensors after.safetensors
  fanin compare model/ model.npz --differing`;

/** The columns of the table. */
const columns: readonly Column[] = [
  { title: "tensor" },
  { title: "dtype" },
  { title: "shape" },
  { title: "differing", align: "right" },
  { title: "share", align: "right" },
  { title: "max |a − b|", align: "right" },
  { title: "max ulps", align: "right" },
  { title: "NaN", align: "right" },
];

/** Columns of a terminal from which on there is room for the share. */
const roomForShare = 100;

/** The command `compare`. */
export const compareCommand: Command = { help, run };

async function run(
  args: readonly string[],
  terminal: Terminal,
): Promise<number> {
  const { operands, flags } = readArguments(args, {
    flags: ["differing", "json"],
  });
  if (operands.length !== 2) {
    throw new UsageError(
      `Two checkpoints must be named: there are ${operands.length}`,
    );
  }
  using a = await openCheckpoint(operands[0]);
  using b = await openCheckpoint(operands[1]);
  const rows = await compareShowing(a, b, terminal);
  const equal = rows.every((row) => row.equal);
  const shown = flags.differing ? rows.filter((row) => !row.equal) : rows;
  if (flags.json) {
    printJson(terminal, { a: a.path, b: b.path, equal, tensors: shown });
  } else {
    printTable(shown, terminal);
    terminal.out(terminal.paint(sentenceOf(rows), "bold"));
  }
  return equal ? 0 : 1;
}

async function compareShowing(
  a: Checkpoint,
  b: Checkpoint,
  terminal: Terminal,
): Promise<Compared[]> {
  const progress = new Progress(terminal, commonBytes(a, b));
  try {
    return await compareTensors(
      a,
      b,
      (bytes, name) => progress.add(bytes, name),
    );
  } finally {
    progress.end();
  }
}

function printTable(rows: readonly Compared[], terminal: Terminal): void {
  if (rows.length === 0) return;
  const lines = rows.flatMap((row) =>
    cellsOf(row).map((cells) => ({ cells, equal: row.equal }))
  );
  const [titles, ...texts] = tableLines(
    columns,
    lines.map(({ cells }) =>
      terminal.room < roomForShare ? cells.with(4, "") : cells
    ),
    terminal.room,
  );
  terminal.out(terminal.paint(titles, "dim"));
  for (const [index, text] of texts.entries()) {
    terminal.out(lines[index].equal ? text : terminal.paint(text, "yellow"));
  }
  terminal.out("");
}

/** A line for what is alike, one for each checkpoint for what is not. */
function cellsOf({ name, a, b, equal, difference }: Compared): string[][] {
  const line = ({ dtype, shape }: Outline, ...cells: readonly string[]) => [
    ...[name, dtype, formatShape(shape), ...cells],
    ...new Array(columns.length - 3 - cells.length).fill(""),
  ];
  if (a === null || b === null || difference === null) {
    const only = a === null || b === null ? "only " : "";
    return [
      ...a === null ? [] : [line(a, `${only}in a`)],
      ...b === null ? [] : [line(b, `${only}in b`)],
    ];
  }
  if (equal) return [line(a, "equal")];
  const { elements, differing, place, maxAbs, maxUlps, oneNaN } = difference;
  return [line(
    a,
    formatCount(differing),
    formatShare(differing / elements).replace("below ", "<")
      .replace("above ", ">"),
    place === null ? "" : formatNumber(maxAbs ?? NaN),
    place === null || maxUlps === null ? "" : formatUlps(maxUlps),
    oneNaN === 0 ? "" : formatCount(oneNaN),
  )];
}

/** Beyond a million nobody counts. */
function formatUlps(ulps: number): string {
  return ulps < 1e6 ? formatCount(ulps) : formatNumber(ulps);
}

function sentenceOf(rows: readonly Compared[]): string {
  const count = (test: (row: Compared) => boolean) => rows.filter(test).length;
  const elements = rows.reduce(
    (sum, { difference }) => sum + (difference?.elements ?? 0),
    0,
  );
  const unequal = count(({ equal, a, b }) =>
    !equal && a !== null && b !== null
  );
  const alone = [count(({ b }) => b === null), count(({ a }) => a === null)];
  const tensors = `${formatCount(rows.length)} ${
    rows.length === 1 ? "tensor" : "tensors"
  }`;
  if (rows.every((row) => row.equal)) {
    return `equal to the bit: ${tensors}, ${formatCount(elements)} elements`;
  }
  return [
    `${formatCount(unequal)} of ${tensors} differ`,
    ...alone[0] === 0 ? [] : [`${formatCount(alone[0])} only in a`],
    ...alone[1] === 0 ? [] : [`${formatCount(alone[1])} only in b`],
  ].join(" · ");
}
